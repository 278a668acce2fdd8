import { inScope, mayDo, replicaScopes } from '#shared/access/rights.ts';
import { canonicalJson } from '#shared/kernel/json.ts';
import { MAX_CLOCK_AHEAD_MS, parseHlc } from '#shared/kernel/hlc.ts';
import { editsOf } from '#shared/merge/decide.ts';
import { expandAct } from '#shared/merge/expand.ts';
import { stampsOf } from '#shared/merge/join.ts';
import type { Row } from '#shared/schema/define.ts';
import { deviceFields } from '#shared/schema/rows.ts';
import { isTableName, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { isHandedOver } from '#desktop/replication/failures.ts';
import { readCheckpoint } from '#desktop/replication/checkpoint.ts';
import { TABLES } from '../world/clinic.ts';
import type { SimDevice } from '../world/sim-device.ts';
import type { World } from '../world/world.ts';

/** Rights that changed so short a time ago may still be on their way to a disk, milliseconds. */
const RIGHTS_SETTLE_MS = 120_000;

/** Parents that whoever sees the child sees too, where they are in their scope. */
const PARENTS: ReadonlySet<string> = new Set([
  'inventory_items',
  'stock_acts',
  'inventory_lots',
  'count_sessions',
  'eos_teams',
  'l10_meetings',
  'issues',
]);

/** What was seen of one device so far. */
class Watch {
  readonly places = new Map<TableName, number>();
  readonly stamps = new Map<string, string>();
  commits = -1;
}

/** Looks at disks and screens while everything goes on. */
export class DeviceChecks {
  readonly #world: World;
  readonly #watches = new Map<SimDevice, Watch>();
  #restoredAt = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** Has every screen looked at in the moment in which it changes. */
  watchScreens(device: SimDevice): void {
    device.onStatus = () => this.checkScreen(device);
  }

  /** After each step. */
  look(): void {
    const world = this.#world;
    if (world.restoredAt !== this.#restoredAt) {
      // What the server has lost may be seen again as it was before.
      this.#restoredAt = world.restoredAt;
      this.#watches.clear();
    }
    for (const device of world.replaced) this.#watches.delete(device);
    world.replaced.clear();
    for (const device of world.devices) {
      if (!device.isOn) continue;
      this.checkScreen(device);
      const watch = this.#watches.get(device) ?? new Watch();
      this.#watches.set(device, watch);
      if (watch.commits === device.commits) continue;
      watch.commits = device.commits;
      for (const table of device.tablesChangedSince(watch.places)) {
        const { rows, seq } = device.changedRows(table, watch.places.get(table) ?? 0);
        watch.places.set(table, seq);
        for (const { row, origin } of rows) {
          this.#checkWhole(device, table, row);
          this.#checkParents(device, table, row);
          if (origin !== 'derived') this.#checkOrder(device, watch, table, row);
        }
      }
    }
  }

  /** 13: the screen never says "synced" while a write waits. */
  checkScreen(device: SimDevice): void {
    if (!device.isOn) return;
    const { status } = device.replication;
    if (status.state !== 'synced') return;
    const parked = new Set(device.replication.parked().map(({ table, id }) => `${table}/${id}`));
    const waiting = device.localRows().filter(({ table, id }) => !parked.has(`${table}/${id}`));
    const [first] = waiting;
    const problem = first
      ? `device ${device.options.line} says synced, ${first.table} waits`
      : null;
    this.#world.tally.check(13, problem);
  }

  /** 8: what lies before the place up to which a table was read is on the disk, as it is. */
  checkCursors(device: SimDevice): void {
    const { db, tally } = this.#world;
    if (!device.isOn || this.#areRightsNew(device)) return;
    for (const table of TABLES) {
      const checkpoint = readCheckpoint(device.checkpoint(table));
      if (!checkpoint || checkpoint.epoch !== db.epoch) continue;
      const here = device.rows(table);
      const decided = decidedHere(device, table);
      const parts = Object.entries(checkpoint.scopes);
      const missing = db.all(table).filter(({ row, xid, isDeleted }) => {
        const isBehind = parts.some(
          ([part, [at, id]]) =>
            (xid < Number(at) || (xid === Number(at) && row.id <= id)) && inScope(table, part, row),
        );
        if (!isBehind || isDeleted || !this.#mayHold(device, table, row)) return false;
        const own = here.get(row.id);
        if (!own) return true;
        return own.origin === 'server' && !decided.has(row.id) && !sameContent(table, own.row, row);
      });
      const [first] = missing;
      const line = device.options.line;
      tally.check(
        8,
        first ? `device ${line} is past ${table} ${first.row.id} and has it not` : null,
      );
    }
  }

  /** 3: on every disk an act stands with what it stands for. */
  #checkWhole(device: SimDevice, table: TableName, row: Row): void {
    if (table !== 'stock_acts' && table !== 'stock_movements') return;
    if (this.#areRightsNew(device)) return;
    const { tally } = this.#world;
    if (table === 'stock_movements') {
      const has = device.row('stock_acts', String(row['act_id'])) !== null;
      tally.check(
        3,
        has ? null : `device ${device.options.line} has movement ${row.id} without its act`,
      );
      return;
    }
    const missing = expandAct(table, row).find((made) => !device.row(made.table, made.row.id));
    const problem = missing ? `device ${device.options.line} has act ${row.id} in part` : null;
    tally.check(3, problem);
  }

  /** 4: no row is shown before the row that it refers to. */
  #checkParents(device: SimDevice, table: TableName, row: Row): void {
    if (this.#areRightsNew(device)) return;
    for (const [field, { references }] of deviceFields(tableOf(table))) {
      const id = row[field];
      if (typeof id !== 'string' || !isTableName(references) || !PARENTS.has(references)) continue;
      const parent = this.#world.db.committed(references, id);
      if (!parent || !this.#mayHold(device, references, parent.row)) continue;
      const has = device.row(references, id) !== null;
      const what = `device ${device.options.line} shows ${table} ${row.id} before its ${field}`;
      this.#world.tally.check(4, has ? null : what);
    }
  }

  /** 5: what a disk has once shown of a field it never takes back, over restarts as well. */
  #checkOrder(device: SimDevice, watch: Watch, table: TableName, row: Row): void {
    if (tableOf(table).kind !== 'record') return;
    const { tally, ledger, time } = this.#world;
    const wasGivenUp = ledger.promises.some(
      (promise) => promise.excuse !== null && promise.table === table && promise.id === row.id,
    );
    // What the server keeps unapplied leaves the screen, and the person is told.
    const wasHandedOver = device.replication
      .parked()
      .some(({ id, code }) => id === row.id && isHandedOver(code));
    for (const [field, stamp] of Object.entries(stampsOf(row))) {
      const rule = tableOf(table).fields[field]?.merge;
      if (rule !== 'LWW' && rule !== 'HR') continue;
      const key = `${table}/${row.id}/${field}`;
      const seen = watch.stamps.get(key);
      watch.stamps.set(key, stamp);
      // A stamp from the future comes back from the server with the server's time.
      if (!seen || wasGivenUp || wasHandedOver) continue;
      if (parseHlc(seen).ms > time.now() + MAX_CLOCK_AHEAD_MS / 2) continue;
      if (this.#isOfDecisionNotTaken(device, seen)) continue;
      const problem = `device ${device.options.line} went back in ${table} ${row.id} ${field}`;
      tally.check(5, stamp >= seen ? null : problem);
    }
  }

  /** What a decision says that the server did not take, or took with another stamp, is taken back. */
  #isOfDecisionNotTaken(device: SimDevice, stamp: string): boolean {
    const here = [...device.rows('review_decisions').values()].find(({ row }) => row.hlc === stamp);
    const id = this.#world.ledger.decidedAt.get(stamp) ?? here?.row.id;
    return id !== undefined && this.#world.db.committed('review_decisions', id)?.row.hlc !== stamp;
  }

  #areRightsNew(device: SimDevice): boolean {
    const { rightsChangedAt, time } = this.#world;
    const changed = rightsChangedAt.get(device.options.userId);
    return changed !== undefined && changed > time.now() - RIGHTS_SETTLE_MS;
  }

  #mayHold(device: SimDevice, table: TableName, row: Row): boolean {
    return mayHold(this.#world, device.options.userId, table, row);
  }
}

/** Rows of a table whose fields a decision has set here which the server has not judged yet. */
function decidedHere(device: SimDevice, table: TableName): ReadonlySet<string> {
  const refused = new Set(device.replication.parked().map(({ id }) => id));
  return new Set(
    [...device.rows('review_decisions').values()]
      .filter(({ row, origin }) => origin === 'local' && !refused.has(row.id))
      .flatMap(({ row }) => editsOf(row))
      .flatMap((edit) => (edit.table === table ? edit.id : [])),
  );
}

/** True when a row belongs on the disk of a person, by the rights that they have now. */
export function mayHold(world: World, userId: string, table: TableName, row: Row): boolean {
  const grants = world.grantsOf(userId);
  return (
    mayDo(grants, userId, table, 'read', row) &&
    replicaScopes(grants, userId, table).some((part) => inScope(table, part, row))
  );
}

/** Equal in all that devices know. */
export function sameContent(table: TableName, a: Row, b: Row): boolean {
  return contentOf(table, a) === contentOf(table, b);
}

export function contentOf(table: TableName, row: Row): string {
  const names = ['id', 'created_at', 'created_by', 'device_id', 'field_hlc', 'hlc', 'origin_seq'];
  const known = [...names, ...deviceFields(tableOf(table)).map(([name]) => name)];
  return canonicalJson(Object.fromEntries(known.map((name) => [name, row[name] ?? null])));
}
