/** A calendar date `YYYY-MM-DD` that exists. */
export type IsoDate = string;

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** True only for a date that stands in the calendar: 2026-02-30 does not. */
export function isIsoDate(value: unknown): value is IsoDate {
  if (typeof value !== 'string') return false;
  const match = DATE.exec(value);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

function daysIn(year: number, month: number): number {
  if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

/**
 * The clinic's business day of an instant.
 * @param instant milliseconds since the Unix epoch
 * @param timeZone IANA name, for example America/New_York
 * @throws RangeError when the zone is unknown
 */
export function clinicDate(instant: number, timeZone: string): IsoDate {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(instant);
  return parts;
}

/** Stock is usable through the end of its expiry date, so it is expired from the day after on. */
export function isExpired(expiryDate: IsoDate, today: IsoDate): boolean {
  return today > expiryDate;
}

/** Last day of the month of a date: GS1 writes "whole month" as day 00. */
export function endOfMonth(year: number, month: number): IsoDate {
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}

const DAY_MS = 86_400_000;

/** The date so many days later. @param days negative for earlier */
export function addDays(date: IsoDate, days: number): IsoDate {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** How many days from one date to another; negative when that lies before. */
export const daysBetween = (from: IsoDate, to: IsoDate): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);

const HOUR_MS = 3_600_000;
const wallClocks = new Map<string, Intl.DateTimeFormat>();

/** What a clock on the wall shows at an instant, as if that were UTC. */
function wallClock(instant: number, timeZone: string): number {
  let format = wallClocks.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    wallClocks.set(timeZone, format);
  }
  const part = Object.fromEntries(
    format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/**
 * The instant at which the clocks of a zone show a minute of a day. A time that comes twice (clocks
 * go back) is the first of the two; one that does not come (clocks go forward) is as long after
 * midnight as it would have been.
 * @param minute of the day, 0 to 1439
 * @throws RangeError when the zone is unknown
 */
export function instantOf(date: IsoDate, minute: number, timeZone: string): number {
  const wall = Date.parse(`${date}T00:00:00Z`) + minute * 60_000;
  const offsetAt = (instant: number): number => wallClock(instant, timeZone) - instant;
  // No zone changes its clocks twice within two days.
  const before = wall - offsetAt(wall - 24 * HOUR_MS);
  const after = wall - offsetAt(wall + 24 * HOUR_MS);
  const [earlier, later] = before <= after ? [before, after] : [after, before];
  if (wallClock(earlier, timeZone) === wall) return earlier;
  return wallClock(later, timeZone) === wall ? later : before;
}
