import type { ScanResult } from '#shared/barcode/reading.ts';
import { readScan } from '#shared/barcode/scan.ts';
import { readableScan, textOfRaw } from '../scan/raw.ts';

export type CodeKind = 'gtin' | 'hibc' | 'plain' | 'damaged';

/** A kept scan for reading: its text, what kind it is, and what it says. */
export interface CodeWords {
  readonly text: string;
  readonly kind: CodeKind;
  readonly result: ScanResult;
  /** The trade number, where it names exactly one. */
  readonly gtin: string | null;
}

/** @param raw bytes of the scan, base64; @param year in which it was scanned */
export function codeWords(raw: string, year: number): CodeWords {
  const scanned = textOfRaw(raw);
  const result = readScan(scanned, { year });
  const readings =
    result.outcome === 'read' ? [result.reading] : result.outcome === 'ask' ? result.readings : [];
  const products = readings.flatMap(({ product }) => (product ? [product] : []));
  const gtins = new Set(products.map((product) => (product.kind === 'gtin' ? product.gtin : null)));
  const [gtin = null] = gtins;
  return {
    text: readableScan(scanned.trim()),
    kind: kindOf(result),
    result,
    gtin: gtins.size === 1 ? gtin : null,
  };
}

function kindOf(result: ScanResult): CodeKind {
  if (result.outcome === 'damaged') return 'damaged';
  const reading = result.outcome === 'read' ? result.reading : null;
  const first = result.outcome === 'ask' ? result.readings[0] : reading;
  if (!first?.product) return 'plain';
  return first.product.kind;
}
