import { hibcCheckCharacter, isHibcText } from './check-digits.ts';
import { EMPTY_READING, labelDate } from './reading.ts';
import type { LabelDate, Reading, ScanResult } from './reading.ts';

type Parts = { -readonly [K in keyof Reading]?: Reading[K] };
type Fault = 'check-character' | 'date' | 'structure';

/**
 * Reads a label of the Health Industry Bar Code (supplier standard, ANSI/HIBC 2.6): the primary part
 * (labeler, product), the secondary part (lot, serial, dates, quantity), both in one, or both one
 * behind the other. Null when it is no such label.
 */
export function readHibc(scanned: string): ScanResult | null {
  const text = scanned.replace(/^\*(.*)\*$/, '$1').toUpperCase();
  if (!/^\+(?:[A-Z][A-Z0-9]{3}|\$|\d{5})/.test(text) || !isHibcText(text)) return null;
  const whole = message(text);
  if (typeof whole !== 'string') return { outcome: 'read', reading: whole };
  const both = twoLines(text);
  if (both) return { outcome: 'read', reading: both };
  return { outcome: 'damaged', symbology: 'hibc', why: whole };
}

/**
 * A label in two parts: what both say together, when they belong together.
 * @returns null when the link of the second is not the check character of the first
 */
export function joinHibc(primary: Reading, secondary: Reading): Reading | null {
  const belongs =
    primary.symbology === 'hibc' &&
    secondary.symbology === 'hibc' &&
    primary.product !== null &&
    secondary.product === null &&
    primary.link !== null &&
    primary.link === secondary.link;
  if (!belongs) return null;
  return {
    ...secondary,
    product: primary.product,
    link: null,
    elements: [...primary.elements, ...secondary.elements],
  };
}

function twoLines(text: string): Reading | null {
  for (let at = text.indexOf('+', 1); at > 0; at = text.indexOf('+', at + 1)) {
    const [first, second] = [message(text.slice(0, at)), message(text.slice(at))];
    if (typeof first === 'string' || typeof second === 'string') continue;
    const joined = joinHibc(first, second);
    if (joined) return joined;
  }
  return null;
}

/** One message with its check character. */
function message(text: string): Reading | Fault {
  const check = text.at(-1) ?? '';
  if (hibcCheckCharacter(text.slice(0, -1)) !== check) return 'check-character';
  const body = text.slice(1, -1);
  return /^[A-Z]/.test(body) ? primary(body, check) : secondaryAlone(body);
}

const PRIMARY = /^([A-Z][A-Z0-9]{3})([A-Z0-9]{1,18})(\d)$/;

function primary(body: string, check: string): Reading | Fault {
  const [first = '', ...more] = body.split('/');
  const match = PRIMARY.exec(first);
  if (!match) return 'structure';
  const [, labeler = '', number = '', unit = ''] = match;
  const parts: Parts = {
    product: { kind: 'hibc', labeler, number, unit: Number(unit) },
    elements: [
      ['labeler', labeler],
      ['product', number],
      ['unit', unit],
    ],
  };
  for (const [index, field] of more.entries()) {
    const fault = index === 0 ? secondary(field, parts) : supplement(field, parts);
    if (fault) return fault;
  }
  // In one message nothing has to be linked.
  return { ...EMPTY_READING, symbology: 'hibc', link: more.length === 0 ? check : null, ...parts };
}

function secondaryAlone(body: string): Reading | Fault {
  const link = body.at(-1);
  if (link === undefined) return 'structure';
  const parts: Parts = { elements: [] };
  const [first = '', ...more] = body.slice(0, -1).split('/');
  const fault = secondary(first, parts);
  if (fault) return fault;
  for (const field of more) {
    const other = supplement(field, parts);
    if (other) return other;
  }
  return { ...EMPTY_READING, symbology: 'hibc', ...parts, link };
}

/** Lot or serial number with date and quantity before it. */
function secondary(field: string, parts: Parts): Fault | null {
  const withFlag = /^(\$\$?\+?)(.*)$/.exec(field);
  if (!withFlag) {
    if (/^\d{5}/.test(field)) {
      const fault = expiry(julian(field.slice(0, 5)), field.slice(0, 5), parts);
      return fault ?? named('lot', field.slice(5), parts);
    }
    return supplement(field, parts);
  }
  const [, flag = '', rest = ''] = withFlag;
  const name = flag.endsWith('+') ? 'serial' : 'lot';
  if (!flag.startsWith('$$')) return named(name, rest, parts);
  return dated(name, rest, parts);
}

function dated(name: 'lot' | 'serial', text: string, parts: Parts): Fault | null {
  let rest = text;
  const digits = rest.startsWith('8') ? 2 : rest.startsWith('9') ? 5 : 0;
  if (digits > 0) {
    const quantity = rest.slice(1, 1 + digits);
    if (!new RegExp(`^\\d{${digits}}$`).test(quantity)) return 'structure';
    parts.quantity = Number(quantity);
    add(parts, 'quantity', quantity);
    rest = rest.slice(1 + digits);
  }
  if (rest === '') return digits > 0 ? null : 'structure';
  const flag = rest[0] ?? '';
  if (flag === '7') return named(name, rest.slice(1), parts);
  const format = FORMATS[flag];
  const [skip, length] = format ? [1, format.length] : [0, 4];
  if (!format && !/^[01]/.test(flag)) return 'structure';
  const said = rest.slice(skip, skip + length);
  if (!/^\d+$/.test(said) || said.length !== length) return 'structure';
  const read = format ? format.read(said) : monthYear(said);
  return expiry(read, said, parts) ?? named(name, rest.slice(skip + length), parts);
}

interface Format {
  readonly length: number;
  read(digits: string): LabelDate | null;
}

const number = (digits: string, from: number, to: number): number => Number(digits.slice(from, to));
const monthYear = (d: string): LabelDate | null =>
  labelDate(2000 + number(d, 2, 4), number(d, 0, 2), 0);
const day = (year: number, month: number, of: number): LabelDate | null =>
  of === 0 ? null : labelDate(2000 + year, month, of);
/** YYJJJ: the day of the year. */
const julian = (d: string): LabelDate | null => {
  const [year, of] = [2000 + number(d, 0, 2), number(d, 2, 5)];
  const date = new Date(Date.UTC(year, 0, of));
  if (of < 1 || date.getUTCFullYear() !== year) return null;
  return labelDate(year, date.getUTCMonth() + 1, date.getUTCDate());
};
/** The digit before a date says how it is written; hours are not kept. */
const FORMATS: Readonly<Record<string, Format>> = {
  '2': { length: 6, read: (d) => day(number(d, 4, 6), number(d, 0, 2), number(d, 2, 4)) },
  '3': { length: 6, read: (d) => day(number(d, 0, 2), number(d, 2, 4), number(d, 4, 6)) },
  '4': { length: 8, read: (d) => day(number(d, 0, 2), number(d, 2, 4), number(d, 4, 6)) },
  '5': { length: 5, read: julian },
  '6': { length: 7, read: julian },
};

/** What may follow behind further slashes: serial, made on, expires on, quantity. */
function supplement(field: string, parts: Parts): Fault | null {
  const dateField = /^(14|16)D(\d{4})(\d{2})(\d{2})$/.exec(field);
  if (dateField) {
    const [, which, year, month, of] = dateField;
    const date = labelDate(Number(year), Number(month), Number(of));
    if (which === '14') return expiry(date, field.slice(3), parts);
    if (!date) return 'date';
    parts.produced = date;
    add(parts, 'produced', field.slice(3));
    return null;
  }
  const quantity = /^Q(\d{1,9})$/.exec(field)?.[1];
  if (quantity !== undefined) {
    parts.quantity = Number(quantity);
    add(parts, 'quantity', quantity);
    return null;
  }
  if (field.startsWith('S')) return named('serial', field.slice(1), parts);
  return field.startsWith('$') ? secondary(field, parts) : 'structure';
}

function expiry(date: LabelDate | null, said: string, parts: Parts): Fault | null {
  if (!date) return 'date';
  parts.expiry = date;
  add(parts, 'expiry', said);
  return null;
}

function named(name: 'lot' | 'serial', value: string, parts: Parts): Fault | null {
  if (value === '') return null;
  if (!/^[A-Z0-9.\-% ]{1,20}$/.test(value)) return 'structure';
  parts[name] = value;
  add(parts, name, value);
  return null;
}

const add = (parts: Parts, name: string, value: string): void => {
  parts.elements = [...(parts.elements ?? []), [name, value]];
};
