import type { Clock } from '#shared/kernel/clock.ts';
import type { HybridClock } from '#shared/kernel/hlc.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { PROTOCOL_VERSION } from '#shared/protocol/messages.ts';
import type { PushReply, PushRequest } from '#shared/protocol/messages.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { isWorthRepeating, mayHaveCommitted } from '../db/pg-errors.ts';
import type { Caller } from '../http/route.ts';
import type { Change, ChangeSet } from '../realtime/change.ts';
import { requireKnown, standingOf } from './access.ts';
import { Overtaken, createBatch, isFaultOfSomeRow, refuse, writeDown } from './batch.ts';
import type { Batch } from './batch.ts';
import { claimKeys } from './claims/desk.ts';
import { judgeCounts } from './counts.ts';
import { readFirst } from './first-reads.ts';
import type { FirstReads } from './first-reads.ts';
import { readIncoming } from './incoming.ts';
import type { Incoming } from './incoming.ts';
import { later, toResult } from './outcome.ts';
import { judgeOrders, orderKeys } from './orders.ts';
import { rowKey } from './ports.ts';
import type { OpenPush, PushStore } from './ports.ts';
import { pushDecisions } from './push-decisions.ts';
import { pushFacts } from './push-facts.ts';
import { mergeKeys, pushMerges } from './push-merges.ts';
import { pushRecords } from './push-records.ts';
import { decideQuarantined, keepQuarantined } from './quarantine/quarantine.ts';
import { judgeShelves, judgeTransfers, stockKeys } from './stock.ts';
import { judgeVials } from './vials.ts';

export interface PushDeps {
  readonly open: OpenPush;
  readonly clock: Clock;
  /** The server's own clock of stamps. */
  readonly hlc: HybridClock;
  /** Told of every committed change; never waits and never throws. */
  readonly announce: (set: ChangeSet) => void;
  readonly log: Logger;
}

const MOST_ATTEMPTS = 5;

/**
 * Takes the rows of a device: judges each against the rights and the master of this moment, merges,
 * and writes them with their effects and audit in one transaction. First all rows go as sets; when
 * the database objects to one, the push begins anew and isolates it, so that it blocks no other.
 * Any request may come again: what was written is found as written and changes nothing.
 * @returns one result for each row, in the order of the request
 * @throws AppError as `requireKnown`, and errors of the database that are no row's fault
 */
export async function push(
  deps: PushDeps,
  caller: Caller,
  request: PushRequest,
): Promise<PushReply> {
  let careful = false;
  for (let attempt = 1; ; attempt += 1) {
    let written: readonly Change[] = [];
    try {
      const { result, xid } = await deps.open(caller, async (store) => {
        const done = await runPush(deps, caller, request, store, careful);
        written = done.changes;
        return done;
      });
      if (xid !== null) deps.announce({ xid, changes: result.changes });
      const reply = { results: result.results, serverTime: deps.clock.now() };
      const knowsEpoch = (caller.protocol ?? PROTOCOL_VERSION) >= 2;
      return knowsEpoch ? { ...reply, epoch: result.epoch } : reply;
    } catch (error) {
      // A repetition of what stands changes nothing and tells nobody: if it stands, they hear now.
      if (mayHaveCommitted(error)) deps.announce({ xid: null, changes: written });
      const again = isWorthRepeating(error) || error instanceof Overtaken;
      if (attempt >= MOST_ATTEMPTS || (!again && (careful || !isFaultOfSomeRow(error)))) {
        throw error;
      }
      if (!again) careful = true;
      deps.log.debug('push begins anew', { attempt, careful });
    }
  }
}

async function runPush(
  deps: PushDeps,
  caller: Caller,
  request: PushRequest,
  store: PushStore,
  careful: boolean,
): Promise<{ results: PushReply['results']; changes: Change[]; epoch: string }> {
  const now = deps.clock.now();
  const { readable, unreadable } = readIncoming(request.rows, now, caller.protocol);
  const [first = [], ...again] = roundsOf(readable);
  const [, firstReads, access] = await Promise.all([
    store.lockKeys([
      ...claimKeys(readable),
      ...orderKeys(readable),
      ...stockKeys(readable),
      ...mergeKeys(readable),
    ]),
    readFirst(store, first),
    // Behind the locks, which are the person's: each change of role is a statement.
    store.access(),
  ]);
  const known = requireKnown(access, ['active', 'retired']);
  const standing = standingOf(known);
  const batch = createBatch({
    store,
    userId: caller.userId,
    deviceId: caller.deviceId,
    lineage: request.lineage,
    ...standing,
    now,
    hlc: deps.hlc,
    careful,
  });
  for (const row of unreadable) refuse(batch, row, row.refusal);
  await pushRound(batch, first, firstReads);
  for (const round of again) await pushRound(batch, round, await readFirst(store, round));
  await decideQuarantined(batch, pushRound);
  await keepQuarantined(batch);
  await judgeCounts(batch);
  await judgeOrders(batch);
  await judgeShelves(batch);
  await judgeTransfers(batch);
  await judgeVials(batch);
  await writeDown(batch);

  const results = request.rows.map(({ table, row }, index) => {
    const id = typeof row['id'] === 'string' ? row['id'].slice(0, 60) : '';
    return toResult(table, id, batch.outcomes.get(index) ?? later('INTERNAL'), caller.protocol);
  });
  return { results, changes: batch.changes.list(), epoch: known.epoch };
}

/** Parents first, so that a row meets in the database what it refers to. */
async function pushRound(
  batch: Batch,
  rows: readonly Incoming[],
  reads: FirstReads,
): Promise<void> {
  const byTable = [...Map.groupBy(rows, ({ table }) => table)];
  for (const [table, own] of byTable.toSorted(([a], [b]) => placeOf(a) - placeOf(b))) {
    if (table === 'review_decisions') await pushDecisions(batch, own, reads);
    else if (table === 'item_merges') await pushMerges(batch, own, reads);
    else if (tableOf(table).kind === 'fact') await pushFacts(batch, table, own, reads);
    else await pushRecords(batch, table, own, reads);
  }
}

/** Rows that name the same id twice are taken one after the other, as they were sent. */
function roundsOf(rows: readonly Incoming[]): Incoming[][] {
  const rounds: Incoming[][] = [];
  const seen = new Map<string, number>();
  for (const row of rows.toSorted((a, b) => placeOf(a.table) - placeOf(b.table))) {
    const key = rowKey(row.table, row.id);
    const round = seen.get(key) ?? 0;
    seen.set(key, round + 1);
    (rounds[round] ??= []).push(row);
  }
  return rounds;
}

const places = new Map(TABLE_NAMES.map((table, place) => [table, place]));
const placeOf = (table: TableName): number => places.get(table) ?? 0;
