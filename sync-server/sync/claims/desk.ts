import type { TableName } from '#shared/schema/tables.ts';
import type { Batch } from '../batch.ts';
import type { Incoming } from '../incoming.ts';
import type { RecordUnit } from '../push-records.ts';
import { sessionDesk } from './sessions.ts';
import { slotDesk } from './slots.ts';

/**
 * Decides about rows that claim something scarce, under the lock of its key, which the push holds
 * from its beginning (`claimKeys`): of two pushes at once the second sees what the first was given.
 */
export interface ClaimDesk {
  /** Before anything is written: changes what is to be written, or answers a row and leaves it out. */
  before(): Promise<RecordUnit[]>;
  /** Gives and takes back, for those of the rows that were written. */
  after(written: readonly RecordUnit[]): Promise<void>;
}

/** The desk for rows of a table, or null when they claim nothing. */
export async function claimDesk(
  batch: Batch,
  table: TableName,
  units: readonly RecordUnit[],
): Promise<ClaimDesk | null> {
  if (units.length === 0) return null;
  if (table === 'pharma_appointments') return slotDesk(batch, units);
  return table === 'kiosk_sessions' ? sessionDesk(batch, units) : null;
}

/** What the rows of a push may claim: one key for the rooms of a site, one for each visit. */
export function claimKeys(rows: readonly Incoming[]): string[] {
  return [
    ...new Set(
      rows.flatMap(({ table, row }) => {
        if (table === 'pharma_appointments') return [slotKey(String(row['location_id']))];
        const visit = row['appointment_id'];
        return table === 'kiosk_sessions' && typeof visit === 'string' ? [sessionKey(visit)] : [];
      }),
    ),
  ];
}

/** The key under which the check-in of a visit is decided. */
export const sessionKey = (appointmentId: string): string => `kiosk/${appointmentId}`;

/** The key under which everything about the rooms of a site is decided. */
export const slotKey = (locationId: string): string => `slots/${locationId}`;
