import { hasCheckDigit } from './check-digits.ts';
import { SEPARATOR, readBracketed, readElements } from './gs1.ts';
import type { Gs1Options } from './gs1.ts';
import { readHibc } from './hibc.ts';
import { EMPTY_READING } from './reading.ts';
import type { Reading, ScanResult } from './reading.ts';

/** What scanners write where they cannot send ASCII 29. */
const SEPARATORS = /\u241D|<GS>|\{GS\}/g;
/** Symbology identifiers (ISO/IEC 15424) that say: this is a GS1 element string. */
const SAYS_GS1 = /^\](?:C1|d2|Q3|e0|J1)/;
const IDENTIFIER = /^\][A-Za-z][0-9A-Za-z]/;
const GTIN_LENGTHS = new Set([8, 12, 13, 14]);
const OWN = /^ganger:\/\/([a-z]+\/[a-z]+)\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;
/** Longer than any symbol in use; what is longer is something else. */
const LONGEST = 500;

/**
 * Reads what a scanner or a person has entered: GS1 element strings, HIBC labels, bare GTINs, codes of
 * this suite, anything else as a plain code. Never guesses: what can be meant in two ways is asked.
 * @param scanned as it came, with or without line end and symbology identifier
 */
export function readScan(scanned: string, options: Gs1Options): ScanResult {
  const text = scanned
    .replace(/[\r\n\t\0]+$/g, '')
    .replaceAll(SEPARATORS, SEPARATOR)
    .replace(/^\uFEFF/, '');
  const code = text.replace(IDENTIFIER, '');
  if (code.trim() === '') return { outcome: 'empty' };
  if (code.length > LONGEST) return { outcome: 'plain', code: code.slice(0, LONGEST) };
  if (SAYS_GS1.test(text)) {
    return (
      readElements(code, options) ?? { outcome: 'damaged', symbology: 'gs1', why: 'structure' }
    );
  }
  const own = OWN.exec(code.trim());
  if (own) return { outcome: 'own', names: own[1] ?? '', id: (own[2] ?? '').toLowerCase() };
  const bracketed = readBracketed(code.trim(), options);
  if (bracketed) return bracketed;
  const hibc = readHibc(code);
  if (hibc) return hibc;
  const gtin = gtinOf(code.trim());
  const elements = readElements(code, options);
  if (!gtin) {
    if (elements && isLabel(elements)) return elements;
    // It names a product and goes on as no label does, or does not name it rightly.
    if (!/^0[12]\d{14}/.test(code)) return plain(code);
    const isDamaged = elements?.outcome === 'damaged';
    return isDamaged ? elements : { outcome: 'damaged', symbology: 'gs1', why: 'structure' };
  }
  const others = elements?.outcome === 'read' ? [elements.reading] : [];
  const asked = elements?.outcome === 'ask' ? elements.readings : others;
  const likely = asked.filter(hasMoreThanLot);
  if (likely.length === 0) return { outcome: 'read', reading: gtin };
  return { outcome: 'ask', why: 'more-than-one', readings: [gtin, ...likely] };
}

const plain = (code: string): ScanResult => ({ outcome: 'plain', code: code.trim() });

/**
 * A short number of a vendor can look like an element string (`2145` as serial number 45). Without a
 * symbology identifier it is taken for one only when it names a product, a date, or was cut short.
 */
function isLabel(result: ScanResult): boolean {
  if (result.outcome === 'read') return hasMoreThanLot(result.reading);
  if (result.outcome === 'ask') return result.readings.some(hasMoreThanLot);
  return false;
}

const hasMoreThanLot = ({ product, expiry, produced }: Reading): boolean =>
  product !== null || expiry !== null || produced !== null;

/** GTIN-8, -12, -13 or -14 as fourteen digits, or null. */
function gtinOf(code: string): Reading | null {
  if (!GTIN_LENGTHS.has(code.length) || !hasCheckDigit(code)) return null;
  const gtin = code.padStart(14, '0');
  return {
    ...EMPTY_READING,
    symbology: 'gtin',
    product: { kind: 'gtin', gtin },
    elements: [['01', gtin]],
  };
}
