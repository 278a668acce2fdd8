import type { IsoDate } from '#shared/kernel/dates.ts';

/** How old somebody is, in the unit in which a clinic says it. */
export interface Age {
  readonly unit: 'years' | 'months' | 'days';
  readonly n: number;
}

const DAY_MS = 86_400_000;
/** Below this many months a child's age is said in months. */
const IN_MONTHS = 24;
/** Nobody has grown older: an age beyond it is a mistyped date. */
export const OLDEST = 122;

/**
 * The age on a day; somebody born on February 29 is a year older on March 1 of other years.
 * @returns null for a birth date after the day
 */
export function ageOn(birth: IsoDate, day: IsoDate): Age | null {
  if (birth > day) return null;
  const [birthYear = 0, birthMonth = 0, birthDay = 0] = birth.split('-').map(Number);
  const [year = 0, month = 0, ofMonth = 0] = day.split('-').map(Number);
  const months = (year - birthYear) * 12 + month - birthMonth - (ofMonth < birthDay ? 1 : 0);
  if (months >= IN_MONTHS) return { unit: 'years', n: Math.floor(months / 12) };
  if (months >= 1) return { unit: 'months', n: months };
  const days = (Date.parse(`${day}T00:00:00Z`) - Date.parse(`${birth}T00:00:00Z`)) / DAY_MS;
  return { unit: 'days', n: Math.round(days) };
}

/** True for an age that makes a birth date doubtful: not born yet, or older than anybody was. */
export function isOddAge(birth: IsoDate, day: IsoDate): boolean {
  const age = ageOn(birth, day);
  return age === null || (age.unit === 'years' && age.n > OLDEST);
}
