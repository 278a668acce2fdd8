import { hasCheckDigit } from './check-digits.ts';
import { identifierAt, isGs1Text } from './gs1-identifiers.ts';
import { EMPTY_READING, labelDate } from './reading.ts';
import type { LabelDate, Reading, ScanResult } from './reading.ts';

/** Ends a value of variable length (ASCII 29); scanners send it in the place of FNC1. */
export const SEPARATOR = '\u001D';

export type Element = readonly [identifier: string, value: string];

export interface Gs1Options {
  /** The day of the scan, which tells the century of a date. */
  readonly year: number;
  /**
   * True for a scanner that is known to send separators: then a value without one ends the label.
   * A scan that holds one shows it by itself.
   */
  readonly sendsSeparators?: boolean;
}

/** Identifiers that a label of a medical product may hold behind a swallowed separator. */
const LIKELY = new Set(['01', '02', '10', '11', '13', '15', '17', '21', '30', '37', '240', '241']);
/** More readings than a person would look through say no more than that. */
const MOST_READINGS = 6;

/**
 * Reads an element string: identifiers and values one behind the other. What ends with a value of
 * variable length may hide more elements when the scanner has swallowed a separator; then all that
 * can be meant is returned, what was read as it came first.
 */
export function readElements(text: string, options: Gs1Options): ScanResult | null {
  const plain = strictly(text);
  const isSure = options.sendsSeparators === true || text.includes(SEPARATOR);
  const hidden = isSure ? [] : withHidden(text);
  if (!plain && hidden.length === 0) return null;
  const faults = new Set<'check-character' | 'date' | 'structure'>();
  const readings: Reading[] = [];
  for (const elements of [...(plain ? [plain] : []), ...hidden]) {
    const reading = readingOf(elements, options.year);
    if (typeof reading === 'string') {
      if (elements === plain) faults.add(reading);
    } else readings.push(reading);
  }
  const [first] = readings;
  if (!first) {
    return { outcome: 'damaged', symbology: 'gs1', why: [...faults][0] ?? 'structure' };
  }
  // Read as it came it would be wrong: what fits only with a separator put in is asked about, too.
  if (readings.length === 1 && plain && faults.size === 0)
    return { outcome: 'read', reading: first };
  return { outcome: 'ask', why: 'separator-lost', readings: readings.slice(0, MOST_READINGS) };
}

/** The elements as they stand, or null when it is no element string. */
function strictly(text: string): readonly Element[] | null {
  const elements: Element[] = [];
  let rest = text.startsWith(SEPARATOR) ? text.slice(1) : text;
  while (rest !== '') {
    const at = identifierAt(rest);
    if (!at) return null;
    const { identifier, value } = at;
    rest = rest.slice(identifier.length);
    const end = rest.indexOf(SEPARATOR);
    const until = value.predefined ? value.max : end < 0 ? rest.length : end;
    const content = rest.slice(0, until);
    if (!fits(content, value)) return null;
    elements.push([identifier, content]);
    rest = rest.slice(until);
    if (rest.startsWith(SEPARATOR)) rest = rest.slice(1);
  }
  return elements.length === 0 ? null : elements;
}

/** All ways in which values of variable length may have lost what ended them. */
function withHidden(text: string): (readonly Element[])[] {
  const found: (readonly Element[])[] = [];
  const walk = (rest: string, before: readonly Element[], split: boolean): void => {
    if (found.length > MOST_READINGS) return;
    if (rest === '') {
      if (split) found.push(before);
      return;
    }
    const at = identifierAt(rest);
    if (!at || (split && !LIKELY.has(at.identifier))) return;
    const { identifier, value } = at;
    if (before.some(([known]) => known === identifier)) return;
    const tail = rest.slice(identifier.length);
    const lengths = value.predefined
      ? [value.max]
      : Array.from({ length: Math.max(0, value.max - value.min + 1) }, (_, n) => value.min + n);
    for (const length of lengths) {
      if (length > tail.length) break;
      const content = tail.slice(0, length);
      const next = tail.slice(length);
      if (!fits(content, value)) continue;
      // A value of variable length that something follows is where a separator is missing.
      const isSplit = split || (!value.predefined && next !== '');
      walk(next, [...before, [identifier, content]], isSplit);
    }
  };
  walk(text, [], false);
  return found.filter((elements) => elements.every(([identifier]) => LIKELY.has(identifier)));
}

const fits = (
  content: string,
  { min, max, digits }: { min: number; max: number; digits: boolean },
): boolean =>
  content.length >= min &&
  content.length <= max &&
  (digits ? /^\d+$/.test(content) : isGs1Text(content));

const WITH_CHECK_DIGIT = new Set(['00', '01', '02', '03']);
const DATES = new Set(['11', '12', '13', '15', '16', '17']);

/** What elements say, or why they cannot be true. */
export function readingOf(
  elements: readonly Element[],
  year: number,
): Reading | 'check-character' | 'date' | 'structure' {
  const values = new Map<string, string>();
  const dates = new Map<string, LabelDate>();
  for (const [identifier, value] of elements) {
    const other = values.get(identifier);
    if (other !== undefined && other !== value) return 'structure';
    values.set(identifier, value);
    const isNumber = WITH_CHECK_DIGIT.has(identifier) || /^41[0-7]$/.test(identifier);
    if (isNumber && !hasCheckDigit(value)) return 'check-character';
    if (!DATES.has(identifier)) continue;
    const date = dateOf(value, year);
    if (!date) return 'date';
    dates.set(identifier, date);
  }
  const gtin = values.get('01') ?? values.get('02');
  const quantity = values.get('30') ?? values.get('37');
  return {
    ...EMPTY_READING,
    symbology: 'gs1',
    product: gtin === undefined ? null : { kind: 'gtin', gtin },
    lot: values.get('10') ?? null,
    serial: values.get('21') ?? null,
    expiry: dates.get('17') ?? null,
    produced: dates.get('11') ?? null,
    quantity: quantity === undefined ? null : Number(quantity),
    elements,
  };
}

/**
 * A date of six digits, YYMMDD; day 00 is the whole month. The century is the one in which the year
 * lies within fifty years. Source: GS1 General Specifications, sections 3.4 and 7.12.
 */
export function dateOf(digits: string, thisYear: number): LabelDate | null {
  const [yy = 0, month = 0, day = 0] = [0, 2, 4].map((at) => Number(digits.slice(at, at + 2)));
  const century = Math.floor(thisYear / 100) * 100;
  const ahead = yy - (thisYear % 100);
  const year = century + yy + (ahead >= 51 ? -100 : ahead <= -50 ? 100 : 0);
  return labelDate(year, month, day);
}

/** Reads what is printed below a symbol: identifiers in brackets. Null when it is none. */
export function readBracketed(text: string, { year }: Gs1Options): ScanResult | null {
  if (!/^\(\d{2,4}\)/.test(text)) return null;
  const parts = [...text.matchAll(/\((\d{2,4})\)([^(]*)/g)];
  const elements = parts.map(([, identifier = '', value = '']): Element => [
    identifier,
    value.trim(),
  ]);
  const isWhole = elements.every(([identifier, value]) => {
    const at = identifierAt(identifier);
    return at?.identifier === identifier && fits(value, at.value);
  });
  if (!isWhole) return { outcome: 'damaged', symbology: 'gs1', why: 'structure' };
  const reading = readingOf(elements, year);
  return typeof reading === 'string'
    ? { outcome: 'damaged', symbology: 'gs1', why: reading }
    : { outcome: 'read', reading };
}
