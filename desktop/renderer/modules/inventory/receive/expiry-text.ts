import { endOfMonth, isIsoDate } from '#shared/kernel/dates.ts';
import type { LabelDate } from '#shared/barcode/reading.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';

export type ReadExpiry =
  | {
      readonly ok: true;
      readonly date: IsoDate;
      /** `month`: only the month was said, and the date is its last day. */
      readonly precision: 'day' | 'month';
    }
  | { readonly ok: false; readonly why: 'unreadable' | 'no-such-date' };

/**
 * Reads an expiry date as it stands on a package: 2027-03-31, 03/31/2027, 03/2027 (then the last day
 * of the month) and the 270331 of a barcode, where day 00 means the whole month.
 */
export function readExpiry(text: string): ReadExpiry {
  const typed = text.trim();
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(typed);
  if (iso) return calendar(iso[1], iso[2], iso[3]);
  const us = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/.exec(typed);
  if (us) return calendar(us[3], us[1], us[2]);
  const month =
    /^(\d{1,2})[-/.](\d{4})$/.exec(typed) ?? swap(/^(\d{4})[-/.](\d{1,2})$/.exec(typed));
  if (month) return calendar(month[2], month[1], '00');
  const gs1 = /^(\d{2})(\d{2})(\d{2})$/.exec(typed);
  if (gs1) return calendar(`20${gs1[1]}`, gs1[2], gs1[3]);
  return { ok: false, why: 'unreadable' };
}

function swap(match: RegExpExecArray | null): (string | undefined)[] | null {
  return match && [match[0], match[2], match[1]];
}

function calendar(
  year: string | undefined,
  month: string | undefined,
  day: string | undefined,
): ReadExpiry {
  const monthNumber = Number(month);
  if (Number(day) === 0 && day === '00' && monthNumber >= 1 && monthNumber <= 12) {
    return { ok: true, date: endOfMonth(Number(year), monthNumber), precision: 'month' };
  }
  const date = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  return isIsoDate(date)
    ? { ok: true, date, precision: 'day' }
    : { ok: false, why: 'no-such-date' };
}

/** A date of a label as somebody would type it: 03/31/2027, or 03/2027 where only the month is said. */
export function expiryText({ date, precision }: LabelDate): string {
  const [year = '', month = '', day = ''] = date.split('-');
  return precision === 'month' ? `${month}/${year}` : `${month}/${day}/${year}`;
}
