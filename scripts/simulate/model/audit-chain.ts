import { createHash } from 'node:crypto';
import { derivedId } from '#shared/kernel/ids.ts';
import type { Row } from '#shared/schema/define.ts';
import type { AuditEntry } from '#server/sync/ports.ts';
import type { Transaction } from './transaction.ts';

const FIRST = '0'.repeat(64);

/**
 * Appends entries to the chain of a device, whose head stays locked until the end of the transaction.
 * Each hash is that of the one before it and of the text of its own entry, as in the migration
 * "audit"; ids follow from the place in the chain, so that a run can be repeated.
 */
export async function appendAudit(
  tx: Transaction,
  deviceId: string,
  entries: readonly AuditEntry[],
): Promise<void> {
  if (!tx.db.broken.noAuditLock) await tx.lock(`audit:${deviceId}`, 'update');
  const head = tx.read('audit_heads', deviceId)?.row;
  let seq = Number(head?.['seq'] ?? 0);
  let hash = (head?.['hash'] as string | undefined) ?? FIRST;
  const known = (table: 'users' | 'locations', id: string | null): string | null =>
    id !== null && tx.read(table, id) ? id : null;
  for (const entry of entries) {
    seq += 1;
    const row: Row = {
      id: derivedId('model-audit', deviceId, String(seq), tx.db.epoch),
      created_at: tx.now,
      created_by: tx.userId,
      device_id: deviceId,
      location_id: known('locations', entry.location_id),
      seq,
      prev_hash: hash,
      actor_id: known('users', tx.userId),
      action: entry.action,
      table_name: entry.table_name,
      row_id: entry.row_id,
      outcome: entry.outcome,
      field_names: [...entry.field_names],
      occurred_at: entry.occurred_at,
    };
    hash = hashOf(row);
    tx.write('audit_logs', {
      row: Object.freeze({ ...row, hash }),
      fieldBy: {},
      isDeleted: false,
    });
  }
  const next: Row = {
    id: deviceId,
    created_at: 0,
    created_by: null,
    device_id: deviceId,
    seq,
    hash,
  };
  tx.write('audit_heads', { row: Object.freeze(next), fieldBy: {}, isDeleted: false });
}

/** The hash that an entry must have. */
export function hashOf(row: Row): string {
  const text = JSON.stringify([
    row.device_id,
    row['seq'],
    row.id,
    row.created_by,
    row['actor_id'],
    row['location_id'],
    row['action'],
    row['table_name'],
    row['row_id'],
    row['outcome'],
    row['field_names'],
    row['occurred_at'],
    row.created_at,
  ]);
  return createHash('sha256')
    .update(`${row['prev_hash'] as string}${text}`)
    .digest('hex');
}

/** What is wrong with a chain, or null: a number that is missing or twice, a link, a hash, its end. */
export function faultOfChain(rows: readonly Row[], head: Row | null): string | null {
  let previous = FIRST;
  const inOrder = rows.toSorted((a, b) => Number(a['seq']) - Number(b['seq']));
  for (const [at, row] of inOrder.entries()) {
    if (row['seq'] !== at + 1) return `number ${at + 1} is not there once`;
    if (row['prev_hash'] !== previous) return `${at + 1} does not follow the one before`;
    previous = hashOf(row);
    if (row['hash'] !== previous) return `${at + 1} is not what was written`;
  }
  if (Number(head?.['seq'] ?? 0) !== inOrder.length) return 'it does not end at its head';
  return null;
}
