import { clinicDate } from '#shared/kernel/dates.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';
import { TIME_ZONE } from '../../supabase/demo/stock.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** One day at the sites. */
export interface Day {
  readonly date: IsoDate;
  /** 1 Monday to 7 Sunday. */
  readonly weekday: number;
  /** Days since the data begins; the days of today and later go on. */
  readonly index: number;
  /** Milliseconds since the Unix epoch of midnight, as the clocks of the day say. */
  readonly midnight: number;
}

/** The instant at which the sites' clocks show so many minutes since midnight. */
export const at = (day: Day, minute: number): number => day.midnight + minute * MINUTE_MS;

/** A date so many days later (or earlier). */
export function addDays(date: IsoDate, days: number): IsoDate {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The same day of the month so many months before; the last of the month where there is none. */
export function monthsBefore(date: IsoDate, months: number): IsoDate {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const last = new Date(Date.UTC(year, month - months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 - months, Math.min(day, last)))
    .toISOString()
    .slice(0, 10);
}

export const weekdayOf = (date: IsoDate): number => new Date(`${date}T00:00:00Z`).getUTCDay() || 7;

/** The Monday of a date's week. */
export const mondayOf = (date: IsoDate): IsoDate => addDays(date, 1 - weekdayOf(date));

/** As 2026-Q4. */
export const quarterOf = (date: IsoDate): string =>
  `${date.slice(0, 4)}-Q${Math.ceil(Number(date.slice(5, 7)) / 3)}`;

/** The last day of a date's quarter. */
export function quarterEnd(date: IsoDate): IsoDate {
  const last = Math.ceil(Number(date.slice(5, 7)) / 3) * 3;
  return new Date(Date.UTC(Number(date.slice(0, 4)), last, 0)).toISOString().slice(0, 10);
}

/** A day by its date. `index` is counted from `from`. */
export function dayOf(date: IsoDate, from: IsoDate): Day {
  const utc = Date.parse(`${date}T00:00:00Z`);
  return {
    date,
    weekday: weekdayOf(date),
    index: Math.round((utc - Date.parse(`${from}T00:00:00Z`)) / DAY_MS),
    midnight: utc - offsetAt(utc + 17 * HOUR_MS),
  };
}

/** Days from one date to another, both included. */
export function daysBetween(from: IsoDate, to: IsoDate): Day[] {
  const days: Day[] = [];
  for (let date = from; date <= to; date = addDays(date, 1)) days.push(dayOf(date, from));
  return days;
}

const CLOCK = new Intl.DateTimeFormat('en-US', {
  timeZone: TIME_ZONE,
  hour: 'numeric',
  minute: 'numeric',
  hourCycle: 'h23',
});

/**
 * How far the sites' clocks are from UTC at an instant in the middle of their day. The sites are
 * closed when the clocks change, so one offset a day is right for all that happens there.
 */
function offsetAt(instant: number): number {
  const [hour = 0, minute = 0] = CLOCK.format(instant).split(':').map(Number);
  const utc = new Date(instant);
  const shown = Date.UTC(
    ...(clinicDate(instant, TIME_ZONE)
      .split('-')
      .map((part, place) => Number(part) - (place === 1 ? 1 : 0)) as [number, number, number]),
    hour,
    minute,
  );
  return shown - Math.floor(utc.getTime() / MINUTE_MS) * MINUTE_MS;
}

/** Holidays on which all sites are closed. */
export function isHoliday({ date, weekday }: Day): boolean {
  const month = Number(date.slice(5, 7));
  const day = Number(date.slice(8, 10));
  if ((month === 1 && day === 1) || (month === 7 && day === 4)) return true;
  if (month === 12 && (day === 25 || day === 24)) return true;
  if (month === 5 && weekday === 1 && day > 24) return true;
  if (month === 9 && weekday === 1 && day < 8) return true;
  return month === 11 && weekday === 4 && day > 21 && day < 29;
}
