import type { Language } from './format.ts';

/** Dates, numbers and quantities as one language writes them, in the zone of one clinic. */
export interface Formats {
  /** A calendar date: "Mar 5, 2027". */
  date(isoDate: string): string;
  /** The month of a date: "March 2027". */
  month(isoDate: string): string;
  /** Time of day in the clinic's zone: "09:41". */
  time(instant: number): string;
  /** Date and time in the clinic's zone, with seconds where they can matter. */
  exact(instant: number): string;
  /** "3 minutes ago", "yesterday"; after a week the date. */
  relative(instant: number, now: number): string;
  number(value: number): string;
  /** A quantity of 1/10,000 base unit. */
  quantity(quantity: number): string;
  /** An amount of cents: "$12.50". */
  money(cents: number): string;
  /** As `quantity`, with its sign: "+3", "−1.5". */
  signed(quantity: number): string;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const QUANTITY_SCALE = 10_000;

/**
 * @param timeZone IANA name of the clinic's zone
 * @throws RangeError when the zone is unknown
 */
export function createFormats(language: Language, timeZone: string): Formats {
  // The clinics stand in the United States: its order of dates, its decimal point.
  const locale = language === 'es' ? 'es-US' : 'en-US';
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone });
  const month = new Intl.DateTimeFormat(locale, {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  const time = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone,
  });
  const exact = new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'medium',
    timeZone,
  });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 4 });
  const signed = new Intl.NumberFormat(locale, {
    maximumFractionDigits: 4,
    signDisplay: 'exceptZero',
  });

  const dollars = new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD' });

  /** A minus as wide as the plus, so that columns of figures stand straight. */
  const minus = (written: string) => written.replace('-', '\u2212');
  const trunc = (value: number, unit: Intl.RelativeTimeFormatUnit) =>
    relative.format(Math.trunc(value), unit);

  return {
    date: (isoDate) => date.format(new Date(`${isoDate}T12:00:00Z`)),
    month: (isoDate) => month.format(new Date(`${isoDate}T12:00:00Z`)),
    time: (instant) => time.format(instant),
    exact: (instant) => exact.format(instant),
    relative: (instant, now) => {
      // A clock that runs ahead must not make the past look like the future.
      const past = Math.min(0, instant - now);
      if (past > -MINUTE) return relative.format(0, 'second');
      if (past > -HOUR) return trunc(past / MINUTE, 'minute');
      if (past > -DAY) return trunc(past / HOUR, 'hour');
      if (past > -7 * DAY) return trunc(past / DAY, 'day');
      return day.format(instant);
    },
    number: (value) => minus(number.format(value)),
    quantity: (quantity) => minus(number.format(quantity / QUANTITY_SCALE)),
    money: (cents) => minus(dollars.format(cents / 100)),
    signed: (quantity) => minus(signed.format(quantity / QUANTITY_SCALE)),
  };
}
