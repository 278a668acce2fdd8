import type { Formats } from '#shared/i18n/formats.ts';
import { clinicDate, instantOf } from '#shared/kernel/dates.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';

/** The day with whose midnight something begins, null where it begins at a time of day. */
export function beginsWith(instant: number, timeZone: string): IsoDate | null {
  const day = clinicDate(instant, timeZone);
  return instantOf(day, 0, timeZone) === instant ? day : null;
}

/** When something begins, in words: a day, or a day with its time. */
export function beginWords(
  fmt: Pick<Formats, 'date' | 'exact'>,
  instant: number,
  timeZone: string,
): string {
  const day = beginsWith(instant, timeZone);
  return day === null ? fmt.exact(instant) : fmt.date(day);
}
