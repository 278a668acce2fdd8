import { RELEASING_ROLES, canBeReleased } from '#shared/access/matrix.ts';
import { derivedId } from '#shared/kernel/ids.ts';
import type { Row } from '#shared/schema/define.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { noteNew, refuse } from '../batch.ts';
import type { Batch } from '../batch.ts';
import { claimKeys } from '../claims/desk.ts';
import { locationOf } from '../conflict/contests.ts';
import { readFirst } from '../first-reads.ts';
import type { FirstReads } from '../first-reads.ts';
import { contentHash, readIncoming } from '../incoming.ts';
import type { Incoming } from '../incoming.ts';
import { writeAsEngine } from '../notes.ts';
import { refused } from '../outcome.ts';
import type { Outcome, Refusal } from '../outcome.ts';
import type { QuarantineEntry } from '../ports.ts';

/** So many rows of one person wait at most, whatever devices they name; what comes beyond stays on the device, refused. */
export const MOST_WAITING = 200;
/** A row that is longer is not taken in, as JSON text. */
const MOST_BYTES = 64 * 1024;

/**
 * Keeps what was written by somebody whose rights had ended when it arrived. It is neither applied nor
 * dropped: it is stored, somebody who may decide about such rows is asked, and the device is told that
 * it may show it no more. A row that comes again is told what was decided meanwhile.
 */
export async function keepQuarantined(batch: Batch): Promise<void> {
  if (batch.quarantine.length === 0) return;
  const { store } = batch;
  const places = batch.quarantine.flatMap(({ table, row }) => locationOf(table, row) ?? []);
  const known = await store.rows('locations', places);
  const entries = batch.quarantine.map((incoming) => ({
    incoming,
    entry: entryOf(batch, incoming, known),
  }));
  const kept = await store.quarantine(entries.map(({ entry }) => entry).filter(fits), MOST_WAITING);
  for (const { incoming, entry } of entries) {
    const state = kept.get(entry.id);
    refuse(
      batch,
      incoming,
      state ? { ...refused('SYNC_ROW_QUARANTINED'), kept: state } : refused('SYNC_ROW_REFUSED'),
    );
  }
  const waiting = entries.filter(({ entry }) => kept.get(entry.id) === 'waiting');
  await openReviews(
    batch,
    waiting.map(({ entry }) => ({ entry, again: null })),
  );
}

const fits = ({ content, base }: QuarantineEntry): boolean =>
  Buffer.byteLength(JSON.stringify([content, base])) <= MOST_BYTES;

function entryOf(
  { userId, deviceId, grants, ended, now }: Batch,
  { table, id, base, sent, row }: Incoming,
  places: ReadonlyMap<string, Row>,
): QuarantineEntry {
  const place = locationOf(table, row);
  return {
    id: derivedId('quarantine', deviceId, userId, table, id, contentHash(sent)),
    userId,
    deviceId,
    table,
    rowId: id,
    locationId: place !== null && places.has(place) ? place : null,
    base,
    content: sent,
    reason: ended.reason,
    grants: [...grants, ...ended.grants],
    receivedAt: now,
    status: 'waiting',
  };
}

interface Asking {
  readonly entry: QuarantineEntry;
  /** Set when it was to be released and could not be: why, and by which decision. */
  readonly again: { readonly problem: string; readonly cause: string } | null;
}

/** Asks somebody; for one entry and one cause once, however often the row comes. */
async function openReviews(batch: Batch, asking: readonly Asking[]): Promise<void> {
  const reviews = asking.map(({ entry, again }) => ({
    table: 'review_items' as const,
    row: {
      id: derivedId('quarantine-review', entry.id, again?.cause ?? ''),
      created_at: batch.now,
      created_by: null,
      device_id: null,
      location_id: entry.locationId,
      kind: 'quarantined',
      table_name: entry.table,
      row_id: entry.rowId,
      field: null,
      facts: {
        entry: entry.id,
        by: entry.userId,
        device: entry.deviceId,
        reason: entry.reason,
        received_at: entry.receivedAt,
        ...(isPrivate(entry) ? { private: true } : { row: entry.content }),
        ...(again ? { problem: again.problem } : {}),
      },
      status: 'open',
      decision: null,
      decided_by: null,
      field_hlc: { status: batch.hlc.next() },
    } satisfies Row,
  }));
  for (const { table, row } of await writeAsEngine(batch, reviews)) noteNew(batch, table, row);
}

/** What is for leaders and owners only is decided about unseen; it was private or not from its birth. */
const isPrivate = ({ table, content }: QuarantineEntry): boolean =>
  tableOf(table).fields['private'] !== undefined && content['private'] !== false;

/** Judges and writes rows; handed in, since it is what leads here. */
export type PushRound = (
  batch: Batch,
  rows: readonly Incoming[],
  reads: FirstReads,
) => Promise<void>;

/**
 * Does what was decided about quarantined rows in this push. Release: the row is judged and written as
 * if its author's rights had not ended; author, device and stamps stay.
 * What cannot be written even so is asked about again, with the reason. Reject: it stays where it is.
 */
export async function decideQuarantined(batch: Batch, pushRound: PushRound): Promise<void> {
  if (batch.decided.length === 0) return;
  const ids = batch.decided.map((review) => String(entryIdOf(review)));
  const entries = await batch.store.quarantined(ids);
  for (const review of batch.decided) {
    const entry = entries.get(String(entryIdOf(review)));
    if (entry?.status !== 'waiting') continue;
    if (review['decision'] !== 'release') {
      await batch.store.settleQuarantined(entry.id, 'rejected', batch.userId);
      noteDecision(batch, entry, 'rejected');
      continue;
    }
    const outcome = await release(batch, entry, pushRound);
    if (outcome.outcome === 'ok' || outcome.outcome === 'master') {
      await batch.store.settleQuarantined(entry.id, 'released', batch.userId);
      noteDecision(batch, entry, 'released');
    } else {
      const cause = String(review.field_hlc?.['status'] ?? '');
      await openReviews(batch, [{ entry, again: { problem: outcome.code, cause } }]);
    }
  }
}

const entryIdOf = (review: Row): unknown => (review['facts'] as { entry?: unknown }).entry;

function noteDecision(batch: Batch, entry: QuarantineEntry, outcome: string): void {
  batch.audit.push({
    action: outcome === 'released' ? 'update' : 'refuse',
    table_name: entry.table,
    row_id: entry.rowId,
    outcome,
    location_id: entry.locationId,
    field_names: [],
    occurred_at: entry.receivedAt,
  });
}

async function release(
  batch: Batch,
  entry: QuarantineEntry,
  pushRound: PushRound,
): Promise<Outcome> {
  // It may have been kept when it still could be.
  if (!canBeReleased(entry.table)) return refused('SYNC_ROW_REFUSED');
  const { readable, unreadable } = readIncoming(
    [{ table: entry.table, base: entry.base, row: entry.content }],
    batch.now,
  );
  const [incoming] = readable;
  if (!incoming) return unreadable[0]?.refusal ?? refused('SYNC_ROW_INVALID');
  const store = batch.store.releasing(entry.userId);
  // What is scarce is decided under its lock, which this push does not hold yet.
  await store.lockKeys(claimKeys([incoming]));
  const inTheirName: Batch = {
    ...batch,
    store,
    userId: entry.userId,
    deviceId: entry.deviceId,
    grants: entry.grants,
    ended: { grants: [], reason: entry.reason },
    outcomes: new Map(),
    refusals: [],
    memories: new Map(),
    quarantine: [],
    decided: [],
  };
  await pushRound(inTheirName, [incoming], await readFirst(store, [incoming]));
  return inTheirName.outcomes.get(incoming.index) ?? refused('INTERNAL');
}

/** True for a review whose decision settles a quarantined row. */
export const isAboutQuarantine = (table: TableName, row: Row): boolean =>
  table === 'review_items' && row['kind'] === 'quarantined';

/** Why a decision about a quarantined row cannot be taken, or null when it can. */
export function whyNotSettled({ grants }: Batch, review: Row): Refusal | null {
  const place = review['location_id'];
  const decides = grants.some(
    ({ role, locationId }) =>
      RELEASING_ROLES.has(role) && (locationId === null || locationId === place),
  );
  if (!decides) return refused('SYNC_ROW_REFUSED', ['status']);
  const known = review['decision'] === 'release' || review['decision'] === 'reject';
  return known ? null : refused('SYNC_ROW_INVALID', ['decision']);
}
