import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { inScope } from '#shared/access/rights.ts';
import type { Grant } from '#shared/access/rights.ts';
import { toAppError } from '#shared/errors/app-error.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { hlcNodeOf } from '#shared/kernel/hlc.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import type { Row } from '#shared/schema/define.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { onProfileWrite } from '#desktop/store/write-hook.ts';
import { startReplication } from '#desktop/replication/replication.ts';
import type { Replication } from '#desktop/replication/replication.ts';
import type { ServerApi } from '#desktop/replication/server-api.ts';
import { DOWN_ID, metaCollectionOf, openTableInstances } from '#desktop/replication/tables.ts';
import { openDatabase } from '#desktop/storage/open-database.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import { getRxStorageSqlite } from '#desktop/storage/rx-storage-sqlite.ts';
import type { SqliteStorageInstance } from '#desktop/storage/sqlite-storage-instance.ts';
import type { Origin, SqliteStorage, WriteEvent } from '#desktop/storage/storage-types.ts';
import { checkDecision } from '#desktop/store/check-decision.ts';
import { createOriginSeq, createStoredHlc } from '#desktop/store/counters.ts';
import type { StoredClock } from '#desktop/store/counters.ts';
import { serverTimeBy, usableGrants } from '#desktop/store/grants-in-time.ts';
import type { KnownSession } from '#desktop/store/grants-in-time.ts';
import type { Writer } from '#desktop/store/local-write.ts';
import { writeForWindow } from '#desktop/store/ports/window-write.ts';
import { createSessionKeeper } from '#desktop/store/session-keeper.ts';
import type { SessionKeeper } from '#desktop/store/session-keeper.ts';
import type { VirtualTime } from './virtual-time.ts';

export const DATABASE = 'clinic';
const KEY = '1f'.repeat(32);
const SESSION = 'session';
/** A person whose session the server does not take signs in again after a while. */
const SIGN_IN_AGAIN_MS = 20_000;

/** What breaks on purpose, to show that the checks find it. */
export interface BrokenDevice {
  /** Stands in the place of what a profile does inside its write transactions. */
  readonly onWrite?: (event: WriteEvent, asAlways: () => void) => void;
  /** Stands between the replication and the network. */
  readonly api?: (api: ServerApi) => ServerApi;
  /** A start finds the disk as it was at the start before. */
  readonly forgetsOnKill?: boolean;
}

export interface SimDeviceOptions {
  /** Number of its line in the network. */
  readonly line: number;
  readonly deviceId: string;
  readonly userId: string;
  readonly file: string;
  readonly tables: readonly TableName[];
  readonly time: VirtualTime;
  readonly random: () => number;
  readonly api: ServerApi;
  readonly broken?: BrokenDevice | undefined;
}

/** A row as it lies on a disk. */
export interface OnDisk {
  readonly row: Row;
  readonly origin: Origin;
}

/** What a write of a person came to. */
export type WriteOutcome =
  | { readonly kind: 'saved'; readonly row: Row; readonly before: Row | null }
  /** The store said no at once, with a code. */
  | { readonly kind: 'refused'; readonly code: string }
  /** Replication wrote the row at the same time, or the device is off. */
  | { readonly kind: 'unknown' }
  /** The process was killed: the row may be on the disk, and nobody was told. */
  | { readonly kind: 'cut-short'; readonly row: Row; readonly before: Row | null };

/**
 * One machine of one person: the real encrypted store, the real write path of windows, the real
 * session keeper and the real replication, on a disk in memory and a clock that may be wrong.
 */
export class SimDevice {
  readonly options: SimDeviceOptions;
  /** Milliseconds by which its clock is ahead. */
  skewMs = 0;
  /** What the screen has said since the start of the process. */
  onStatus: () => void = () => undefined;
  #database: EncryptedDatabase | null = null;
  #storage: SqliteStorage | null = null;
  #replication: Replication | null = null;
  #keeper: SessionKeeper | null = null;
  #writer: Writer | null = null;
  #known: KnownSession | null = null;
  #killIn: number | null = null;
  /** Commits since it was made, over all starts: tells whether there is anything new to look at. */
  commits = 0;

  constructor(options: SimDeviceOptions) {
    this.options = options;
  }

  get isOn(): boolean {
    return this.#replication !== null && this.database.isOpen;
  }

  /** True for a process that has died and was not cleared away. */
  get isDead(): boolean {
    return this.#replication !== null && !this.database.isOpen;
  }

  get database(): EncryptedDatabase {
    if (!this.#database) throw new Error('device is off');
    return this.#database;
  }

  get replication(): Replication {
    if (!this.#replication) throw new Error('device is off');
    return this.#replication;
  }

  /** What the device believes that its person may do. */
  get grants(): readonly Grant[] {
    return this.#writer?.grants() ?? [];
  }

  #clock: Clock = { now: () => this.options.time.now() + this.skewMs };

  async start(): Promise<void> {
    const { file, tables, api, time, random, deviceId, userId, broken } = this.options;
    const database = openDatabase({ file, key: KEY, log: silentLogger });
    this.#database = database;
    this.#killIn = null;
    this.#countCommits(database);
    const hlc = createStoredHlc(database.kv, this.#clock, hlcNodeOf(deviceId));
    const storage: SqliteStorage = getRxStorageSqlite({
      database,
      log: silentLogger,
      hooks: {
        onWrite: (event) => {
          const asAlways = (): void => onProfileWrite(event, { hlc, storage, database });
          if (broken?.onWrite) broken.onWrite(event, asAlways);
          else asAlways();
        },
      },
    });
    this.#storage = storage;
    for (const table of tables) await openTableInstances(storage, DATABASE, table);
    const stored = database.kv.get(SESSION);
    this.#known = stored === undefined ? null : (JSON.parse(stored) as KnownSession);
    const writer: Writer = {
      userId,
      deviceId,
      grants: () =>
        this.#known ? usableGrants(this.#known, serverTimeBy(this.#known, this.#clock.now())) : [],
      hlc,
      now: () => this.#clock.now(),
      nextOriginSeq: createOriginSeq(database.kv),
      check: (table, row) => {
        if (table === 'review_decisions') checkDecision(row, database, writer);
      },
      serverNow: () =>
        this.#known ? serverTimeBy(this.#known, this.#clock.now()) : this.#clock.now(),
    };
    this.#writer = writer;
    const reached = broken?.api ? broken.api(api) : api;
    this.#replication = await startReplication({
      api: reached,
      database,
      storage,
      databaseName: DATABASE,
      tables,
      inScope,
      clock: this.#clock,
      timers: time,
      random,
      log: silentLogger,
    });
    this.#replication.status$.subscribe(() => this.onStatus());
    this.#keepSession(reached, hlc);
  }

  #keepSession(api: ServerApi, hlc: StoredClock): void {
    const { deviceId, time } = this.options;
    const replication = this.#replication;
    const keeper = createSessionKeeper({
      ask: () => api.session({ id: deviceId, name: 'Desk', kind: 'desktop' }),
      onSession: (session) => {
        if (this.#replication !== replication || !this.isOn) return;
        this.#known = { session, fetchedAt: this.#clock.now() };
        this.database.kv.set(SESSION, JSON.stringify(this.#known));
        const { waiting, needsYou } = this.replication.status;
        if (waiting === 0 && needsYou === 0) hlc.settle(session.serverTime);
      },
      onEnd: () => {
        time.after(SIGN_IN_AGAIN_MS, () => {
          if (this.#replication === replication && this.isOn) keeper.start(false);
        });
      },
    });
    this.#keeper = keeper;
    keeper.start(false);
  }

  /** Asks anew who the person is, as at a sign-in. */
  signIn(): void {
    if (this.isOn) this.#keeper?.start(false);
  }

  /** Dies after so many more commits, wherever that is. */
  killAfter(commits: number): void {
    this.#killIn = commits;
  }

  /** A kill at any await: the disk is what it was after one commit, and nothing is told to anybody. */
  #countCommits(database: EncryptedDatabase): void {
    const commit = database.transaction.bind(database);
    database.transaction = <T>(fn: () => T): T => {
      const isOuter = !database.inTransaction;
      const result = commit(fn);
      this.commits += 1;
      if (isOuter && this.#killIn !== null) {
        this.#killIn -= 1;
        if (this.#killIn <= 0) database.close();
      }
      return result;
    };
  }

  /** As a SIGKILL: nothing more reaches the disk. */
  async kill(): Promise<void> {
    this.#database?.close();
    await this.stop();
  }

  async stop(): Promise<void> {
    this.#keeper?.stop();
    const replication = this.#replication;
    this.#keeper = null;
    await replication?.stop();
    this.#replication = null;
    this.#writer = null;
    this.#database?.close();
    this.#database = null;
    this.#storage = null;
  }

  /** The disk as it is now, under another name. */
  copyDisk(to: string): void {
    removeDisk(to);
    for (const end of ['', '-wal']) {
      if (existsSync(this.options.file + end)) copyFileSync(this.options.file + end, to + end);
    }
  }

  /** The disk as it was when it was copied; the device is off. */
  bringBackDisk(from: string): void {
    removeDisk(this.options.file);
    for (const end of ['', '-wal']) {
      if (existsSync(from + end)) copyFileSync(from + end, this.options.file + end);
    }
  }

  /** What a person does in a window: the row as the window sends it, on top of what is there. */
  async write(
    table: TableName,
    id: string,
    change: (before: Row | null) => Record<string, unknown>,
  ): Promise<WriteOutcome> {
    const writer = this.#writer;
    if (!writer || !this.isOn) return { kind: 'unknown' };
    let cutShort: WriteOutcome = { kind: 'unknown' };
    try {
      const instance = this.#instance(table);
      const [previous] = await instance.findDocumentsById([id], true);
      const before = previous ? rowOf(previous) : null;
      const height = previous ? Number.parseInt(previous._rev, 10) : 0;
      const document = { ...before, ...change(before), id, _rev: `${height + 1}-window` };
      cutShort = { kind: 'cut-short', row: rowOf(document), before };
      const rows = [{ ...(previous ? { previous } : {}), document }] as never;
      const { error } = await writeForWindow(table, instance, rows, writer, 'window');
      const [refused] = error as { status: number; code?: string }[];
      if (!this.database.isOpen) return cutShort;
      if (refused?.status === 409) return { kind: 'unknown' };
      if (refused) return { kind: 'refused', code: refused.code ?? 'INTERNAL' };
      const [after] = await instance.findDocumentsById([id], true);
      if (!after) return { kind: 'unknown' };
      return { kind: 'saved', row: rowOf(after), before };
    } catch (error) {
      // Killed in the middle of it: nobody was told anything.
      if (toAppError(error).code === 'STORE_NOT_OPEN') return cutShort;
      throw error;
    }
  }

  /** All rows of a table that are not deleted. */
  rows(table: TableName): Map<string, OnDisk> {
    const found = this.database.read<{ id: string; origin: Origin; doc: string }>(
      `select id, origin, doc from "${table}" where deleted = 0`,
    );
    return new Map(
      found.map(({ id, origin, doc }) => [
        id,
        { row: rowOf(JSON.parse(doc) as Record<string, unknown>), origin },
      ]),
    );
  }

  /** Rows written after a place in the store's own order, and the place that they reach. */
  changedRows(table: TableName, after: number): { rows: OnDisk[]; seq: number } {
    const found = this.database.read<{ origin: Origin; doc: string; seq: number; deleted: number }>(
      `select origin, doc, seq, deleted from "${table}" where seq > ? order by seq`,
      [after],
    );
    return {
      rows: found
        .filter(({ deleted }) => deleted === 0)
        .map(({ doc, origin }) => ({ row: rowOf(JSON.parse(doc) as Row), origin })),
      seq: found.at(-1)?.seq ?? after,
    };
  }

  row(table: TableName, id: string): Row | null {
    const [found] = this.database.read<{ doc: string }>(
      `select doc from "${table}" where id = ? and deleted = 0`,
      [id],
    );
    return found ? rowOf(JSON.parse(found.doc) as Row) : null;
  }

  /** Tables with rows written after their place in the store's own order. */
  tablesChangedSince(places: ReadonlyMap<TableName, number>): TableName[] {
    const each = this.options.tables.map(
      (table) => `select '${table}' as t, max(seq) as s from "${table}"`,
    );
    return this.database
      .read<{ t: TableName; s: number | null }>(each.join(' union all '))
      .filter(({ t, s }) => (s ?? 0) > (places.get(t) ?? 0))
      .map(({ t }) => t);
  }

  /** Rows with changes that the server has not answered well: table and id. */
  localRows(): { table: TableName; id: string }[] {
    const each = this.options.tables.map(
      (table) => `select '${table}' as "table", id from "${table}" where origin = 'local'`,
    );
    return this.database.read<{ table: TableName; id: string }>(each.join(' union all '));
  }

  /** The place up to which a table was pulled, as it stands on the disk. */
  checkpoint(table: TableName): unknown {
    const [found] = this.database.read<{ doc: string }>(
      `select doc from "${metaCollectionOf(table)}" where id = ? and deleted = 0`,
      [DOWN_ID],
    );
    return found
      ? (JSON.parse(found.doc) as { checkpointData?: unknown }).checkpointData
      : undefined;
  }

  #instance(table: TableName): SqliteStorageInstance<Row> {
    const instance = this.#storage?.instance(table);
    if (!instance) throw new Error(`${table} is not open`);
    return instance as unknown as SqliteStorageInstance<Row>;
  }
}

export function removeDisk(file: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true });
}

/** Makes a disk with all tables, to start others from. */
export async function makeTemplate(file: string, tables: readonly TableName[]): Promise<void> {
  const database = openDatabase({ file, key: KEY, log: silentLogger });
  const storage = getRxStorageSqlite({ database, log: silentLogger });
  for (const table of tables) await openTableInstances(storage, DATABASE, table);
  database.secureCheckpoint();
  database.close();
}

/** The row of a document: without what RxDB and the storage add. */
export function rowOf(doc: Readonly<Record<string, unknown>>): Row {
  return Object.fromEntries(Object.entries(doc).filter(([key]) => !key.startsWith('_'))) as Row;
}
