import { useMemo } from 'react';
import type { ScanCode } from '#shared/ipc/views.ts';
import { readScan } from '#shared/barcode/scan.ts';
import { readOnce } from '#desktop/collections/read-once.ts';
import { useQuery, useStore, useView } from '#desktop/collections/hooks.tsx';
import type { TableRow } from '#shared/schema/tables.ts';
import { CodeIndex, scanKey } from './meaning.ts';
import { textOfRaw } from './raw.ts';

const keyOfRaw = (raw: string): string | null =>
  scanKey(readScan(textOfRaw(raw), { year: new Date().getFullYear(), sendsSeparators: true }));

const indexOf = (codes: readonly ScanCode[]): CodeIndex => new CodeIndex(codes, keyOfRaw);

/**
 * Every code that names an item on this device; a scan that comes before they are here waits.
 * @param atHand whether they are kept ready for the next scan
 */
export function useCodes(atHand: boolean): () => Promise<CodeIndex> {
  const { client } = useStore();
  const { data } = useView('inventory.codes', atHand ? {} : null);
  const index = useMemo(() => (data ? indexOf(data) : null), [data]);
  return async () => index ?? indexOf(await readOnce(client, 'inventory.codes', {}));
}

export type UnmatchedScan = TableRow<'unmatched_scans'>;

/** Scans that named nothing and wait for somebody, the latest first. Null asks for nothing. */
export function useUnmatched(asked: boolean): readonly UnmatchedScan[] | undefined {
  const { data } = useQuery('unmatched_scans', asked ? OPEN : null);
  return useMemo(() => data?.toSorted((a, b) => b.scanned_at - a.scanned_at), [data]);
}

/** Of scans that nobody has said anything about. */
export const WAITING = { dismissed: false, resolved_item_id: null };
const OPEN = { selector: WAITING };
