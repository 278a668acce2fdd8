import { now as rxNow } from 'rxdb/plugins/utils';
import type { Clock } from '#shared/kernel/clock.ts';
import { createHlc, hlcNodeOf } from '#shared/kernel/hlc.ts';
import type { HybridClock } from '#shared/kernel/hlc.ts';
import { newId } from '#shared/kernel/ids.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { expandAct } from '#shared/merge/expand.ts';
import { stampEdit } from '#shared/merge/join.ts';
import type { Row } from '#shared/schema/define.ts';
import { parseRow } from '#shared/schema/rows.ts';
import { isTableName, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { openDatabase } from '#desktop/storage/open-database.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import { SUITE_DEFINITIONS } from '#desktop/storage/suite-definitions.ts';
import { getRxStorageSqlite } from '#desktop/storage/rx-storage-sqlite.ts';
import type {
  CommittedChange,
  SqliteStorage,
  StoredDocument,
  WriteEvent,
} from '#desktop/storage/storage-types.ts';
import { applyDecisions } from '../decisions.ts';
import { confirmOnMetaWrite } from '../meta-rows.ts';
import type { InScope, MayRead } from '../purge-parts.ts';
import { startReplication } from '../replication.ts';
import type { Replication } from '../replication.ts';
import { rowOf } from '../server-rows.ts';
import type { ServerApi } from '../server-api.ts';
import type { ReplicationStatus } from '../sync-state.ts';
import { openTableInstances } from '../tables.ts';
import type { Timers } from '../timers.ts';
import { overNetwork } from './memory-server.ts';
import type { Faults } from './memory-server.ts';

/** Time that runs `speed` times as fast as the machine's, so that waits of minutes take moments. */
export function fastTime(speed: number, from = Date.UTC(2026, 5, 1)): Clock & Timers {
  const start = performance.now();
  return {
    now: () => Math.floor(from + (performance.now() - start) * speed),
    after(ms, run) {
      const handle = setTimeout(run, ms / speed);
      return () => clearTimeout(handle);
    },
  };
}

export interface DeviceOptions {
  /** The way to the server, asked for at each start of the replication. */
  readonly api: () => ServerApi;
  readonly file: string;
  readonly userId: string;
  readonly deviceId: string;
  readonly tables: readonly TableName[];
  readonly inScope: InScope;
  readonly mayRead?: MayRead;
  readonly time: Clock & Timers;
  readonly random?: () => number;
  readonly log?: Logger;
}

/** A device with a real encrypted store, which stamps writes as the store process does. */
export class Device {
  readonly faults: Faults = {};
  /** Called inside every write transaction; throwing makes the write fail. */
  onWrite: (event: WriteEvent) => void = () => undefined;
  /** Called after every commit. */
  afterCommit: (changes: readonly CommittedChange[]) => void = () => undefined;
  readonly #options: DeviceOptions;
  readonly #hlc: HybridClock;
  #database: EncryptedDatabase | null = null;
  #storage: SqliteStorage | null = null;
  #replication: Replication | null = null;
  #originSeq = 0;

  constructor(options: DeviceOptions) {
    this.#options = options;
    this.#hlc = createHlc({ clock: options.time, node: hlcNodeOf(options.deviceId) });
  }

  get database(): EncryptedDatabase {
    if (!this.#database) throw new Error('device is off');
    return this.#database;
  }

  get storage(): SqliteStorage {
    if (!this.#storage) throw new Error('device is off');
    return this.#storage;
  }

  get replication(): Replication {
    if (!this.#replication) throw new Error('device does not replicate');
    return this.#replication;
  }

  get status(): ReplicationStatus {
    return this.replication.status;
  }

  /** Opens the store, without any network. */
  async open(): Promise<void> {
    const { file, tables } = this.#options;
    this.#database = openDatabase({ file, key: '1f'.repeat(32), log: silentLogger });
    this.#storage = getRxStorageSqlite({
      database: this.#database,
      log: silentLogger,
      definitions: SUITE_DEFINITIONS,
      hooks: {
        onWrite: (event) => this.#hook(event),
        afterCommit: (changes) => this.afterCommit(changes),
      },
    });
    for (const table of tables) await openTableInstances(this.#storage, 'clinic', table);
  }

  async startSync(): Promise<void> {
    const { api, tables, inScope, mayRead, time, random, log } = this.#options;
    this.#replication = await startReplication({
      api: overNetwork(api(), this.faults),
      database: this.database,
      storage: this.storage,
      databaseName: 'clinic',
      tables,
      inScope,
      ...(mayRead ? { mayRead } : {}),
      clock: time,
      timers: time,
      random: random ?? Math.random,
      log: log ?? silentLogger,
    });
  }

  async start(): Promise<void> {
    await this.open();
    await this.startSync();
  }

  async stopSync(): Promise<void> {
    await this.#replication?.stop();
    this.#replication = null;
  }

  async stop(): Promise<void> {
    await this.stopSync();
    this.#database?.close();
    this.#database = null;
  }

  /** As a SIGKILL: nothing more reaches the disk, nobody is asked to finish. */
  async kill(): Promise<void> {
    this.#database?.close();
    await this.stop();
  }

  async get(table: TableName, id: string): Promise<Row | undefined> {
    const [found] = await this.#fork(table).findDocumentsById([id], false);
    return found ? rowOf(found) : undefined;
  }

  async all(table: TableName): Promise<Row[]> {
    const { documents } = await this.#fork(table).getChangedDocumentsSince(1_000_000);
    return documents.filter((document) => !document._deleted).map(rowOf);
  }

  originOf(table: TableName, id: string): string | undefined {
    return this.#fork(table).originOf([id]).get(id);
  }

  /** A new row as a person makes it. */
  async insert(table: TableName, fields: Record<string, unknown>): Promise<string> {
    const { userId, deviceId, time } = this.#options;
    const id = typeof fields['id'] === 'string' ? fields['id'] : newId();
    const system = { id, created_at: time.now(), created_by: userId, device_id: deviceId };
    const stamped =
      tableOf(table).kind === 'fact'
        ? { hlc: this.#hlc.next(), origin_seq: ++this.#originSeq }
        : { field_hlc: {} };
    await this.#write(table, { ...fields, ...system, ...stamped } as Row, undefined);
    return id;
  }

  /** Changes fields of a row as a person does. @returns the row as it was */
  async edit(table: TableName, id: string, patch: Record<string, unknown>): Promise<Row> {
    const [before] = await this.#fork(table).findDocumentsById([id], true);
    if (!before) throw new Error(`no such row in ${table}`);
    const old = rowOf(before);
    await this.#write(table, { ...old, ...patch }, before);
    return old;
  }

  #fork(table: TableName) {
    const instance = this.storage.instance(table);
    if (!instance) throw new Error(`${table} is not open`);
    return instance;
  }

  async #write(table: TableName, row: Row, before: StoredDocument | undefined): Promise<void> {
    const isRecord = tableOf(table).kind === 'record';
    const old = before ? rowOf(before) : null;
    const stamped = isRecord
      ? stampEdit(table, old, row, this.#hlc.next(), this.#options.deviceId)
      : row;
    const parsed = parseRow(table, stamped);
    if (!parsed.ok) throw new Error(`bad test row in ${table}: ${parsed.fields.join(' ')}`);
    const height = before ? Number.parseInt(before._rev, 10) : 0;
    const document: StoredDocument = {
      ...parsed.row,
      _deleted: false,
      _attachments: {},
      _meta: { ...before?._meta, lwt: rxNow() },
      _rev: `${height + 1}-window`,
    };
    const write = before ? { previous: before, document } : { document };
    const { error } = await this.#fork(table).bulkWrite([write], 'window-1');
    if (error.length > 0) throw new Error(`test write failed: ${error[0]?.status}`);
  }

  #hook(event: WriteEvent): void {
    this.onWrite(event);
    confirmOnMetaWrite(event);
    applyDecisions(event, { storage: this.storage, database: this.database });
    const { collection, tx } = event;
    if (!isTableName(collection) || !tableOf(collection).expand) return;
    for (const document of event.rows) {
      for (const { table, row } of expandAct(collection, rowOf(document))) {
        tx.insertDerived(table, [row]);
      }
    }
  }
}
