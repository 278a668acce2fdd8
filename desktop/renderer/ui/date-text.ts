import { addDays, isIsoDate } from '#shared/kernel/dates.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';

export { addDays } from '#shared/kernel/dates.ts';

/** Which year a date without one means: the nearest, the next to come, or the last that was. */
export type Prefer = 'near' | 'coming' | 'past';

const YEARS_AHEAD = 20;

/**
 * Reads a date as people type it: 3/4 (month first, as the clinics write), 3/4/27, 3-4-2027, 2027-03-04,
 * a day of this month alone, +7 and -3 days from today, and a word for today.
 * @param today the clinic's date
 * @param todayWords words that mean today, in small letters
 * @returns null when the text is no date, or one that no calendar has
 */
export function readDate(
  text: string,
  today: IsoDate,
  prefer: Prefer = 'near',
  todayWords: readonly string[] = [],
): IsoDate | null {
  const typed = text.trim().toLowerCase();
  if (typed !== '' && todayWords.includes(typed)) return today;
  const days = /^([+-])\s?(\d{1,4})$/.exec(typed);
  if (days) return addDays(today, Number(`${days[1]}${days[2]}`));
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(typed);
  if (iso) return dateOf(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const us = /^(\d{1,2})[-/. ](\d{1,2})(?:[-/. ](\d{4}|\d{2}))?$/.exec(typed);
  if (us) {
    const [month, day] = [Number(us[1]), Number(us[2])];
    if (us[3] === undefined) return inYear(month, day, today, prefer);
    return dateOf(yearOf(us[3], today, prefer), month, day);
  }
  const alone = /^(\d{1,2})$/.exec(typed);
  if (alone) return dateOf(Number(today.slice(0, 4)), Number(today.slice(5, 7)), Number(alone[1]));
  return null;
}

/** A date as it is typed: 3/4/2027. */
export function plainDate(date: IsoDate): string {
  const [year, month, day] = date.split('-').map(Number);
  return `${month}/${day}/${year}`;
}

function dateOf(year: number, month: number, day: number): IsoDate | null {
  const two = (n: number) => String(n).padStart(2, '0');
  const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
  return isIsoDate(date) ? date : null;
}

function inYear(month: number, day: number, today: IsoDate, prefer: Prefer): IsoDate | null {
  const year = Number(today.slice(0, 4));
  // February 29 may be four years away, at the turn of some centuries eight.
  const years = Array.from({ length: 17 }, (_, n) => year - 8 + n);
  const dates = years.map((one) => dateOf(one, month, day)).filter((date) => date !== null);
  if (prefer === 'coming') return dates.find((date) => date >= today) ?? null;
  if (prefer === 'past') return dates.findLast((date) => date <= today) ?? null;
  const away = (date: IsoDate) => Math.abs(Date.parse(date) - Date.parse(today));
  return dates.toSorted((a, b) => away(a) - away(b))[0] ?? null;
}

function yearOf(typed: string, today: IsoDate, prefer: Prefer): number {
  if (typed.length === 4) return Number(typed);
  const now = Number(today.slice(0, 4));
  const here = Math.floor(now / 100) * 100 + Number(typed);
  const last = prefer === 'past' ? now : now + YEARS_AHEAD;
  return here > last ? here - 100 : here;
}
