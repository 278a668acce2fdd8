/** A calendar date `YYYY-MM-DD` that exists. */
export type IsoDate = string;

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** True only for a date that stands in the calendar: 2026-02-30 does not. */
export function isIsoDate(value: unknown): value is IsoDate {
  if (typeof value !== 'string') return false;
  const match = DATE.exec(value);
  if (!match) return false;
  const date = new Date(`${value}T00:00:00.000Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === value;
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
