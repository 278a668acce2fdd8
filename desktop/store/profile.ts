import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { getRxReplicationMetaInstanceSchema } from 'rxdb/plugins/core';
import { Subject, map, merge } from 'rxjs';
import type { Observable } from 'rxjs';
import { inScope } from '#shared/access/rights.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { DATABASE_NAME } from '#shared/ipc/port.ts';
import type { SyncStatus } from '#shared/ipc/sync-status.ts';
import type { StoreConfig } from '#shared/ipc/store-host.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { hlcNodeOf, isHlc } from '#shared/kernel/hlc.ts';
import type { HybridClock } from '#shared/kernel/hlc.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { expandAct } from '#shared/merge/expand.ts';
import { stampsIn } from '#shared/merge/join.ts';
import { SessionReply } from '#shared/protocol/messages.ts';
import type { Row } from '#shared/schema/define.ts';
import { PUSHABLE, TABLE_NAMES, isTableName } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { SUITE_DEFINITIONS } from '#desktop/storage/definitions.ts';
import { refuseNewerFile } from '#desktop/storage/newer-file.ts';
import { openDatabase } from '#desktop/storage/open-database.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import { getRxStorageSqlite } from '#desktop/storage/rx-storage-sqlite.ts';
import type { SqliteStorageInstance } from '#desktop/storage/sqlite-storage-instance.ts';
import type { SqliteStorage, UpgradeProgress } from '#desktop/storage/storage-types.ts';
import { removeUnusedTables } from '#desktop/storage/unused-tables.ts';
import { confirmOnMetaWrite } from '#desktop/replication/meta-rows.ts';
import { startReplication } from '#desktop/replication/replication.ts';
import type { Replication } from '#desktop/replication/replication.ts';
import type { ServerApi } from '#desktop/replication/server-api.ts';
import { filledSchemaOf, metaCollectionOf } from '#desktop/replication/tables.ts';
import { createOriginSeq, createStoredHlc } from './counters.ts';
import type { Device } from './device.ts';
import { serverTimeBy, usableGrants } from './grants-in-time.ts';
import type { KnownSession } from './grants-in-time.ts';
import type { Host } from './host.ts';
import type { Writer } from './local-write.ts';
import { forgetTable, upgradeCopies } from './row-copies.ts';

const SESSION_KEY = 'session';

export interface Profile {
  readonly userId: string;
  readonly known: () => KnownSession;
  /** Takes note of newer grants. */
  learn(session: SessionReply): void;
  readonly writer: Writer;
  readonly instanceOf: (table: TableName) => SqliteStorageInstance<Row>;
  readonly read: EncryptedDatabase['read'];
  readonly changes$: Observable<{ readonly collections: readonly string[] }>;
  readonly replication: Replication;
  readonly status$: Observable<SyncStatus>;
  /** Ends with the profile; ports of windows end with it. */
  readonly ended$: Subject<void>;
  close(): Promise<void>;
}

export interface OpenProfile {
  readonly userId: string;
  /** What the server said just now; null: the person continues from what was stored. */
  readonly fresh: SessionReply | null;
  readonly config: StoreConfig;
  readonly device: Device;
  readonly host: Host;
  readonly api: ServerApi;
  readonly log: Logger;
  /** Told how far the upgrade of a file of an older build is. Must not throw. */
  readonly onUpgrade?: (progress: UpgradeProgress) => void;
}

/**
 * Opens a person's file on this device and starts its replication. A file of an older build is
 * upgraded first; one of a newer build is not touched.
 * @throws AppError STORE_KEY_MISSING, STORE_KEY_WRONG, STORE_DAMAGED; AUTH_SESSION_ENDED when
 *   nothing is known of the person; STORE_NEWER, STORE_UPGRADE_FAILED
 */
export async function openProfile(options: OpenProfile): Promise<Profile> {
  const { userId, fresh, config, host, log } = options;
  const file = profileFile(config.dataDir, userId);
  const exists = existsSync(file);
  if (!exists && !fresh) throw new AppError('AUTH_SESSION_ENDED');
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const key = await host.key(`profile-${userId}`, !exists);
  const { nativeBinding } = config;
  const database = openDatabase({ file, key, log, ...(nativeBinding ? { nativeBinding } : {}) });
  try {
    return await profileOf(database, options);
  } catch (error) {
    // Whatever it was: the file can be tried again, or looked at by somebody else.
    database.close();
    throw error;
  }
}

async function profileOf(database: EncryptedDatabase, options: OpenProfile): Promise<Profile> {
  const { userId, fresh, device, api, log } = options;
  refuseNewerFile(database);
  const hlc = createStoredHlc(device.kv, systemClock, hlcNodeOf(device.id));
  const storage = getRxStorageSqlite({
    database,
    log,
    onProgress: options.onUpgrade,
    hooks: {
      onUpgrade: (event) => upgradeCopies(database, event),
      onWrite(event) {
        confirmOnMetaWrite(event);
        if (!isTableName(event.collection)) return;
        for (const doc of event.rows) {
          if (event.origin === 'server') followStamps(hlc, event.collection, doc as unknown as Row);
          // The act and what it stands for are one transaction, wherever the act comes from.
          for (const { table, row } of expandAct(event.collection, bare(doc as never))) {
            event.tx.insertDerived(table, [row]);
          }
        }
      },
    },
  });
  bringUpToDate(database, storage, log);
  const instances = new Map<TableName, SqliteStorageInstance<Row>>();
  for (const table of TABLE_NAMES) {
    const instance = await storage.createStorageInstance<Row>({
      databaseInstanceToken: 'store',
      databaseName: DATABASE_NAME,
      collectionName: table,
      schema: filledSchemaOf(table) as never,
      options: {},
      multiInstance: false,
      devMode: false,
    });
    instances.set(table, instance);
  }
  const instanceOf = (table: TableName): SqliteStorageInstance<Row> => {
    const instance = instances.get(table);
    if (!instance) throw new AppError('STORE_NOT_OPEN', { table });
    return instance;
  };

  let known = readKnown(database);
  const learn = (session: SessionReply): void => {
    known = { session, fetchedAt: Date.now() };
    database.kv.set(SESSION_KEY, JSON.stringify(known));
  };
  if (fresh) learn(fresh);
  const current = (): KnownSession => {
    if (!known) throw new AppError('AUTH_SESSION_ENDED');
    return known;
  };
  if (!known) throw new AppError('AUTH_SESSION_ENDED');

  const writer: Writer = {
    userId,
    deviceId: device.id,
    grants: () => usableGrants(current(), serverTimeBy(current(), Date.now())),
    hlc,
    now: () => Date.now(),
    nextOriginSeq: createOriginSeq(device.kv),
  };

  const replication = await startReplication({
    api,
    storage,
    database,
    databaseName: DATABASE_NAME,
    tables: TABLE_NAMES,
    inScope,
    clock: systemClock,
    random: Math.random,
    log,
  });

  const settleClock = (session: SessionReply): void => {
    if (replication.status.waiting === 0 && replication.status.needsYou === 0) {
      hlc.settle(session.serverTime);
    }
  };
  if (fresh) settleClock(fresh);

  const ended$ = new Subject<void>();
  return {
    userId,
    known: current,
    learn(session) {
      learn(session);
      settleClock(session);
    },
    writer,
    instanceOf,
    read: database.read.bind(database),
    // A confirmed row changes no content, but what the screen says about waiting.
    changes$: merge(
      storage.changes$,
      storage.waiting$.pipe(map(() => ({ collections: PUSHABLE }))),
    ),
    replication,
    status$: replication.status$,
    ended$,
    async close() {
      ended$.next();
      ended$.complete();
      await replication.stop();
      for (const instance of instances.values()) await instance.close();
      database.secureCheckpoint();
      database.close();
    },
  };
}

/** All tables and their meta tables as this build wants them, before anything reads them. */
function bringUpToDate(database: EncryptedDatabase, storage: SqliteStorage, log: Logger): void {
  storage.prepareTables(
    DATABASE_NAME,
    TABLE_NAMES.flatMap((table) => {
      const schema = filledSchemaOf(table);
      const meta = getRxReplicationMetaInstanceSchema(schema, false);
      return [
        { collection: table, schema },
        { collection: metaCollectionOf(table), schema: meta },
      ];
    }),
  );
  const { dropped } = SUITE_DEFINITIONS;
  const { removed, kept } = removeUnusedTables(database, dropped);
  for (const table of dropped) if (!kept.includes(table)) forgetTable(database, table);
  if (removed.length > 0) database.secureCheckpoint();
  if (kept.length > 0) log.warn('dropped tables with changes that wait', { tables: kept });
}

function profileFile(dataDir: string, userId: string): string {
  return path.join(dataDir, 'profiles', userId, 'ganger.db');
}

function readKnown(database: EncryptedDatabase): KnownSession | null {
  const text = database.kv.get(SESSION_KEY);
  if (!text) return null;
  const { session, fetchedAt } = JSON.parse(text) as KnownSession;
  const parsed = SessionReply.safeParse(session);
  return parsed.success ? { session: parsed.data, fetchedAt } : null;
}

/** The server has judged its stamps already: however slow this machine's clock, it follows them. */
function followStamps(hlc: HybridClock, table: TableName, row: Row): void {
  for (const stamp of stampsIn(row, table)) if (isHlc(stamp)) hlc.follow(stamp);
}

function bare(doc: Row & { _deleted?: boolean }): Row {
  return Object.fromEntries(Object.entries(doc).filter(([key]) => !key.startsWith('_'))) as Row;
}
