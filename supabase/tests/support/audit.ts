import type pg from 'pg';
import { newId } from '#shared/kernel/ids.ts';
import { asCaller } from './callers.ts';

/** A site and a person of the demo data. */
export const SITE = '5a000000-0000-4000-8000-000000000001';
export const ROSA = '5b000000-0000-4000-8000-000000000001';
export const ANOTHER = '5b000000-0000-4000-8000-000000000002';

export interface Entry {
  readonly action: string;
  readonly table_name: string;
  readonly row_id: string;
  readonly outcome: string;
  readonly location_id?: string;
  readonly field_names?: readonly string[];
  readonly occurred_at?: number;
  readonly acting_as?: string;
  readonly purpose?: string;
  readonly patient_ref?: string;
}

export const entry = (values: Partial<Entry> = {}): Entry => ({
  action: 'insert',
  table_name: 'stock_acts',
  row_id: newId(),
  outcome: 'ok',
  location_id: SITE,
  field_names: ['kind', 'lines'],
  occurred_at: Date.parse('2026-11-20T15:04:05.678Z'),
  ...values,
});

/** Appends entries to the chain of a device, as the sync server does for somebody. */
export const append = (
  sync: pg.Pool,
  device: string,
  entries: readonly Entry[],
  user = ROSA,
): Promise<number> =>
  asCaller(
    sync,
    { role: 'ganger_engine', user },
    async (tx) => {
      const { rows } = await tx.query<{ last: number }>(
        'select private.append_audit($1, $2) as last',
        [device, JSON.stringify(entries)],
      );
      return rows[0]?.last ?? -1;
    },
    { keep: true },
  );

export interface Verdict {
  readonly checked: number;
  readonly broken_seq: number | null;
  readonly fault: string | null;
}

/** What the database says of a chain, reckoned again. */
export async function verify(pool: pg.Pool, device: string): Promise<Verdict | undefined> {
  const { rows } = await pool.query<Verdict>(
    'select checked, broken_seq, fault from private.verify_audit($1)',
    [device],
  );
  return rows[0];
}
