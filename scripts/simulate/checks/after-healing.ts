import { MAX_CLOCK_AHEAD_MS, parseHlc } from '#shared/kernel/hlc.ts';
import { expandAct } from '#shared/merge/expand.ts';
import { fieldReviewId } from '#shared/merge/ids.ts';
import { textOf } from '#shared/merge/shared-text.ts';
import { stampsOf } from '#shared/merge/join.ts';
import { mayDo } from '#shared/access/rights.ts';
import { membersOf } from '#shared/schema/or-set.ts';
import type { OrSet } from '#shared/schema/or-set.ts';
import type { Row } from '#shared/schema/define.ts';
import { PUSHABLE, tableOf } from '#shared/schema/tables.ts';
import { isHandedOver } from '#desktop/replication/failures.ts';
import type { QuarantineEntry } from '#server/sync/ports.ts';
import { faultOfChain } from '../model/audit-chain.ts';
import { TABLES } from '../world/clinic.ts';
import type { Promised } from '../world/ledger.ts';
import type { SimDevice } from '../world/sim-device.ts';
import type { World } from '../world/world.ts';
import { contentOf, mayHold } from './on-devices.ts';

/** 9: thirty seconds after all is well again nothing waits that a person need not look at. */
export function checkQueues(world: World): void {
  for (const device of world.devices) {
    const parked = new Set(device.replication.parked().map(({ table, id }) => `${table}/${id}`));
    const [first] = device.localRows().filter(({ table, id }) => !parked.has(`${table}/${id}`));
    const { state, problem } = device.replication.status;
    const what = `device ${device.options.line} still has ${first?.table} ${first?.id} to send (${state}, ${problem})`;
    world.tally.check(9, first ? what : null);
  }
}

/** Everything that has to hold once nothing moves any more. */
export function checkAll(world: World): void {
  for (const device of world.devices) checkContent(world, device);
  for (const promise of world.ledger.promises) checkPromise(world, promise);
  checkConflicts(world);
  checkStamps(world);
  checkChains(world);
}

/** 6: each disk holds what its person may hold of what the server has, and nothing else. */
function checkContent(world: World, device: SimDevice): void {
  const { db, tally } = world;
  const { userId, line } = device.options;
  // What an act stands for stays with it while it waits for a person.
  const ofWaiting = new Set(
    [...device.rows('stock_acts').values()]
      .filter(({ origin }) => origin === 'local')
      .flatMap(({ row }) => expandAct('stock_acts', row).map((made) => made.row.id)),
  );
  for (const table of TABLES) {
    const here = device.rows(table);
    const expected = db
      .all(table)
      .filter(({ row, isDeleted }) => !isDeleted && mayHold(world, userId, table, row));
    const wanted = new Map(expected.map(({ row }) => [row.id, row]));
    let problem: string | null = null;
    for (const [id, row] of wanted) {
      const own = here.get(id);
      if (!own) problem ??= `device ${line} has not ${table} ${id}`;
      // A change that waits for a person stands in its row's place.
      else if (own.origin !== 'local' && contentOf(table, own.row) !== contentOf(table, row)) {
        problem ??= `device ${line} has another ${table} ${id}`;
      }
    }
    for (const [id, { row, origin }] of here) {
      if (wanted.has(id) || origin === 'local' || ofWaiting.has(id)) continue;
      // What somebody may make and not read stays where it was made.
      const made = row.created_by === userId && db.committed(table, id) !== null;
      if (made && !mayDo(world.grantsOf(userId), userId, table, 'read', row)) continue;
      problem ??= `device ${line} keeps ${table} ${id}`;
    }
    tally.check(6, problem);
  }
}

/** 1 and 7: what was promised stands at the server, or beside what won, or before a person's eyes. */
function checkPromise(world: World, promise: Promised): void {
  const invariant = promise.kind === 'value' ? 7 : 1;
  const { table, id, kind, field, value, device, step } = promise;
  const { via } = promise;
  const waits = (row: Pick<Promised, 'device' | 'table' | 'id'>): boolean =>
    waitsForPerson(world, row);
  const isKept =
    promise.excuse !== null ||
    hasLanded(world, promise) ||
    (via === null
      ? waits(promise)
      : waits({ device: promise.device, table: 'review_decisions', id: via }));
  const what = `${table} ${id} ${kind} ${field} ${JSON.stringify(value)} of device ${device.options.line}, step ${step}`;
  world.tally.check(1, isKept ? null : what);
  if (invariant === 7) world.tally.check(7, isKept ? null : what);
}

/**
 * On the device, or on another one of that person which brought it back after a restore and was refused;
 * or at the server, which keeps what came after its author's rights had ended.
 */
function waitsForPerson(
  world: World,
  { device, table, id }: Pick<Promised, 'device' | 'table' | 'id'>,
): boolean {
  // What was handed over is only listed there.
  const isListed = world.devices
    .filter(({ options }) => options.userId === device.options.userId)
    .flatMap(({ replication }) => replication.parked())
    .some((change) => change.table === table && change.id === id && !isHandedOver(change.code));
  if (isListed) return true;
  const { deviceId } = device.options;
  const isKept = world.db.all('quarantine').some(({ row }) => {
    const entry = row['entry'] as QuarantineEntry;
    const isOf = entry.deviceId === deviceId && entry.table === table && entry.rowId === id;
    return isOf && entry.status !== 'released';
  });
  const isAsked = ({ row }: { row: Row }): boolean =>
    row['kind'] === 'quarantined' && row['row_id'] === id;
  return isKept && world.db.all('review_items').some(isAsked);
}

/** @param asked promises about which the question leads here: an undo brings a value back */
export function hasLanded(
  world: World,
  promise: Promised,
  asked: ReadonlySet<Promised> = new Set(),
): boolean {
  if (asked.has(promise)) return false;
  const { table, id, kind, field, value } = promise;
  const row = world.db.committed(table, id)?.row;
  if (!row) return false;
  switch (kind) {
    case 'row':
      return true;
    case 'value':
      return isSame(row[field], value) || isBeside(world, promise, new Set([...asked, promise]));
    case 'member': {
      const isMember = membersOf((row[field] ?? {}) as OrSet).includes(String(value));
      return isMember || isTakenAway(world, promise);
    }
    case 'gone':
      return !membersOf((row[field] ?? {}) as OrSet).includes(String(value));
    case 'token':
      return textOf(String(row[field])).includes(String(value));
    case 'counted': {
      const counter = (row[field] ?? {}) as Record<string, number>;
      return (counter[promise.device.options.deviceId] ?? 0) >= Number(value);
    }
  }
}

/** A value that lost is written down, or was seen by whoever wrote the next one. */
function isBeside(world: World, promise: Promised, asked: ReadonlySet<Promised>): boolean {
  if (world.everLost.has(JSON.stringify(promise.value))) return true;
  const isOnTop = (other: Promised): boolean =>
    other.kind === 'value' &&
    other.table === promise.table &&
    other.id === promise.id &&
    other.field === promise.field &&
    isSame(other.before, promise.value);
  const { promises, untold } = world.ledger;
  // Known limit: of what a database got before and after it was set back nothing is known to be contested.
  const since = (value: unknown): number => world.writtenAfter.get(JSON.stringify(value)) ?? 0;
  const isAcrossRestore = (other: Promised): boolean =>
    other.kind === 'value' &&
    other.table === promise.table &&
    other.id === promise.id &&
    other.field === promise.field &&
    since(other.value) !== since(promise.value);
  return (
    promises.some((other) => isAcrossRestore(other) && hasLanded(world, other, asked)) ||
    promises.some(
      (other) =>
        isOnTop(other) &&
        // What a decision says can be refused and taken back.
        ((other.device === promise.device && other.via === null) ||
          other.excuse !== null ||
          hasLanded(world, other, asked)),
    ) ||
    // Of these nobody knows whether they reached the disk, unless they reached the server.
    untold.some((other) => isOnTop(other) && hasLanded(world, other, asked))
  );
}

function isTakenAway(world: World, promise: Promised): boolean {
  return world.ledger.promises.some(
    (other) =>
      other.kind === 'gone' &&
      other.table === promise.table &&
      other.id === promise.id &&
      other.value === promise.value,
  );
}

const isSame = (a: unknown, b: unknown): boolean =>
  JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** 7: a clinical field is never overwritten in silence: both values lie before a person. */
function checkConflicts(world: World): void {
  const { db, tally } = world;
  for (const { row } of db.all('conflict_log')) {
    const sides = [row['kept_hlc'], row['lost_hlc']].map(String);
    // A machine and its copy can give one stamp to two values.
    const isOne = sides[0] === sides[1] && isSame(row['kept_value'], row['lost_value']);
    tally.check(7, isOne ? `conflict ${row.id} is none` : null);
    if (row['rule'] !== 'HR') continue;
    const contest = {
      field: String(row['field']),
      kept: { hlc: sides[0] ?? '', value: null },
      lost: { hlc: sides[1] ?? '', value: null },
      rule: 'HR' as const,
      keptMine: true,
    };
    const review = db.committed(
      'review_items',
      fieldReviewId(String(row['table_name']), String(row['row_id']), contest),
    );
    const facts = review?.row['facts'] as { kept: { value: unknown }; lost: { value: unknown } };
    const has =
      review !== null &&
      isSame(facts.kept.value, row['kept_value']) &&
      isSame(facts.lost.value, row['lost_value']);
    tally.check(7, has ? null : `conflict ${row.id} lies before nobody`);
  }
}

/** 7: nobody wins by a clock that is ahead. */
function checkStamps(world: World): void {
  const limit = world.time.now() + MAX_CLOCK_AHEAD_MS;
  for (const table of PUSHABLE) {
    for (const { row } of world.db.all(table)) {
      const stamps =
        tableOf(table).kind === 'fact' ? [row.hlc ?? ''] : Object.values(stampsOf(row));
      const ahead = stamps.some((stamp) => stamp !== '' && parseHlc(stamp).ms > limit);
      world.tally.check(7, ahead ? `${table} ${row.id} is stamped in the future` : null);
    }
  }
}

/** 11: every device's chain is whole. */
function checkChains(world: World): void {
  const byDevice = Map.groupBy(
    world.db.all('audit_logs').map(({ row }) => row),
    (row) => String(row.device_id),
  );
  for (const [device, rows] of byDevice) {
    const head = world.db.committed('audit_heads', device)?.row ?? null;
    const fault = faultOfChain(rows, head as Row | null);
    world.tally.check(11, fault === null ? null : `chain of ${device}: ${fault}`);
  }
}
