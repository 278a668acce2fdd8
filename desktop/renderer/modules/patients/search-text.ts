import type { SearchTerm } from '#shared/ipc/patient-views.ts';
import { isIsoDate } from '#shared/kernel/dates.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';
import { nameWords, phoneDigits } from '#shared/kernel/fold.ts';
import { readDate } from '../../ui/date-text.ts';

/** Fewer digits than this stand in nearly every number. */
const LEAST_DIGITS = 3;
const MOST_TERMS = 12;
const NUMERIC = /^[+(\d][\d()\-./+]*$/;
/** A date with its year, in which digits mean nothing else. */
const PARTED = /^\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}$/;

/**
 * What somebody typed into the search of patients, as things to look for: beginnings of names, a birth
 * date as people write it (3/4/61, 1961-03-04, 03041961, 3/4 of any year, 1961), digits of a phone or
 * of a record number. Words may stand in any order; what says too little yet is left out.
 * @param today the clinic's date: a year of two digits lies before it
 */
export function readSearch(text: string, today: IsoDate): SearchTerm[] {
  const terms: SearchTerm[] = [];
  let numbers: string[] = [];
  const flush = (): void => {
    terms.push(...numericTerms(numbers, today));
    numbers = [];
  };
  for (const token of text.split(/[\s,;]+/).filter((one) => one !== '')) {
    if (NUMERIC.test(token)) {
      numbers.push(token);
      continue;
    }
    flush();
    terms.push(...nameWords(token).map((word) => ({ text: word, digits: '', births: [] })));
  }
  flush();
  return terms.slice(0, MOST_TERMS).map((term) => ({ ...term, text: term.text.slice(0, 80) }));
}

/** Numbers beside each other are one date or one phone number, or each stands for itself. */
function numericTerms(tokens: readonly string[], today: IsoDate): SearchTerm[] {
  if (tokens.length === 0) return [];
  const whole = tokens.join(' ');
  const digits = phoneDigits(whole);
  if (tokens.length > 1 && !PARTED.test(whole) && (digits.length < 7 || digits.length > 10)) {
    return tokens.flatMap((token) => numericTerms([token], today));
  }
  const births = birthsOf(whole, today);
  const isDate = PARTED.test(whole) || (births.length > 0 && /\D/.test(whole));
  const usable = isDate || digits.length < LEAST_DIGITS ? '' : digits.slice(0, 20);
  return births.length === 0 && usable === '' ? [] : [{ text: '', digits: usable, births }];
}

function birthsOf(text: string, today: IsoDate): string[] {
  if (PARTED.test(text)) {
    const date = readDate(text, today, 'past');
    return date === null ? [] : [date];
  }
  const day = /^(\d{1,2})[-/.](\d{1,2})$/.exec(text);
  if (day) {
    const [month = '', ofMonth = ''] = [day[1], day[2]].map((part) => part?.padStart(2, '0'));
    // A leap year has every day.
    return isIsoDate(`2000-${month}-${ofMonth}`) ? [`-${month}-${ofMonth}`] : [];
  }
  if (/^(?:19|20)\d{2}$/.test(text)) return [`${text}-`];
  if (!/^\d{8}$/.test(text)) return [];
  const american = `${text.slice(4)}-${text.slice(0, 2)}-${text.slice(2, 4)}`;
  const sorted = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
  return [american, sorted].filter((date) => isIsoDate(date) && date >= '1880' && date <= today);
}
