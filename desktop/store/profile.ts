import { getRxReplicationMetaInstanceSchema } from 'rxdb/plugins/core';
import { Subject, defaultIfEmpty, filter, first, merge } from 'rxjs';
import type { Observable } from 'rxjs';
import { inScope, mayDo } from '#shared/access/rights.ts';
import { isStockTable } from '#shared/access/stock-rules.ts';
import { AppError, toAppError } from '#shared/errors/app-error.ts';
import { DATABASE_NAME } from '#shared/ipc/port.ts';
import type { SyncStatus } from '#shared/ipc/sync-status.ts';
import type { StoreWork } from '#shared/ipc/store-contract.ts';
import type { StoreConfig } from '#shared/ipc/store-host.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { hlcNodeOf } from '#shared/kernel/hlc.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { joinRecords } from '#shared/merge/join.ts';
import { SessionReply } from '#shared/protocol/messages.ts';
import type { Row } from '#shared/schema/define.ts';
import { PUSHABLE, TABLE_NAMES, isTableName, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { refuseNewerFile } from '#desktop/storage/newer-file.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import { getRxStorageSqlite } from '#desktop/storage/rx-storage-sqlite.ts';
import type { SqliteStorageInstance } from '#desktop/storage/sqlite-storage-instance.ts';
import type { SqliteStorage } from '#desktop/storage/storage-types.ts';
import { SUITE_DEFINITIONS } from '#desktop/storage/suite-definitions.ts';
import { removeUnusedTables } from '#desktop/storage/unused-tables.ts';
import {
  keepBeforeUpgrade,
  removeUpgradeCopy,
  willRewrite,
} from '#desktop/vault/backup/upgrade-copy.ts';
import { checkInWorker } from '#desktop/vault/damage/check-in-worker.ts';
import { UNPLACED_SEQ } from '#desktop/vault/side-log/entries.ts';
import { settleSideLog } from '#desktop/vault/side-log/reapply.ts';
import type { Join } from '#desktop/vault/side-log/reapply.ts';
import type { Truth } from '#desktop/vault/side-log/side-log.ts';
import { sideLogHook, truthOf } from '#desktop/vault/side-log/store-truth.ts';
import type { FileApi } from '#desktop/files/file-api.ts';
import { startReplication } from '#desktop/replication/replication.ts';
import type { Replication } from '#desktop/replication/replication.ts';
import type { ServerApi } from '#desktop/replication/server-api.ts';
import {
  filledSchemaOf,
  metaCollectionOf,
  openTableInstances,
} from '#desktop/replication/tables.ts';
import { checkAct } from './check-act.ts';
import { checkDecision } from './check-decision.ts';
import { checkMerge } from './check-merge.ts';
import { createOriginSeq, createStoredHlc } from './counters.ts';
import type { Device } from './device.ts';
import { serverTimeBy, toldGrants, usableGrants } from './grants-in-time.ts';
import type { KnownSession } from './grants-in-time.ts';
import type { Writer } from './local-write.ts';
import type { OpenFile } from './profile-door.ts';
import { openProfileFiles } from './profile-files.ts';
import type { ProfileFiles } from './profile-files.ts';
import { startReader } from './reader/reader.ts';
import type { Reader } from './reader/reader.ts';
import { forgetTable, upgradeCopies } from './row-copies.ts';
import { keepSafetySheets } from './safety-sheets.ts';
import type { Witnesses } from './witnesses.ts';
import { onProfileWrite } from './write-hook.ts';

/** Tables from which it follows what a person may do. */
const RIGHTS: ReadonlySet<string> = new Set<TableName>(['user_roles', 'eos_team_members']);
const SESSION_KEY = 'session';
/** The file is read through when the start is over and people are at work. */
const CHECK_AFTER_MS = 10_000;
/** As source the thread's script lies beside what starts it; built, in the folder of the store's. */
const CHECK_WORKER = import.meta.url.endsWith('.ts')
  ? undefined
  : new URL('check-worker.js', import.meta.url);

export interface Profile {
  readonly userId: string;
  readonly known: () => KnownSession;
  /** Takes note of newer grants. */
  learn(session: SessionReply): void;
  readonly writer: Writer;
  /** Who has confirmed what they saw with a PIN of their own. */
  readonly witnesses: Witnesses;
  readonly instanceOf: (table: TableName) => SqliteStorageInstance<Row>;
  /** Derived reads, computed beside the store's own thread. */
  readonly reader: Reader;
  readonly file: OpenFile;
  /** Rows that came back from the side log when the file was opened. */
  readonly broughtBack: number;
  readonly replication: Replication;
  readonly files: ProfileFiles;
  readonly status$: Observable<SyncStatus>;
  /** Ends with the profile; ports of windows end with it. */
  readonly ended$: Subject<void>;
  /** Never throws: whatever does not work on the way, the file is closed. */
  close(): Promise<void>;
}

export interface OpenProfile {
  readonly userId: string;
  readonly file: OpenFile;
  /** What the server said just now; null: the person continues from what was stored. */
  readonly fresh: SessionReply | null;
  readonly config: StoreConfig;
  readonly device: Device;
  readonly api: ServerApi;
  readonly fileApi: FileApi;
  readonly witnesses: Witnesses;
  readonly log: Logger;
  /** Told of long work over the whole file; null when it is over. Must not throw. */
  readonly onWork: (work: StoreWork | null) => void;
  /** Told when a part of the file turns out to be damaged while it is in use. */
  readonly onDamaged: () => void;
  /** Told when the rights of this person or device may have changed. */
  readonly onRights: () => void;
}

/**
 * Makes a profile of a person's open file and starts its replication. A file of an older build is
 * upgraded first; one of a newer build is not touched. What the file has lost of this device's work
 * comes back from the side log.
 * @throws AppError AUTH_SESSION_ENDED when nothing is known of the person; STORE_NEWER,
 *   STORE_UPGRADE_FAILED, STORE_DAMAGED, STORE_DISK_FULL. The file is closed then.
 */
export async function openProfile(options: OpenProfile): Promise<Profile> {
  let reader: Reader | null = null;
  try {
    return await profileOf(options, (started) => (reader = started));
  } catch (error) {
    await (reader as Reader | null)?.close();
    // Whatever it was: the file can be tried again, or looked at by somebody else.
    options.file.close();
    throw error;
  }
}

async function profileOf(
  options: OpenProfile,
  onReader: (reader: Reader) => void,
): Promise<Profile> {
  const { userId, file, fresh, config, device, api, log, onWork, onDamaged } = options;
  const { database, sideLog } = file;
  refuseNewerFile(database);
  const hlc = createStoredHlc(device.kv, systemClock, hlcNodeOf(device.id));
  const afterCommit = sideLogHook({
    sideLog,
    database,
    tables: PUSHABLE,
    definitions: SUITE_DEFINITIONS,
  });
  const storage = getRxStorageSqlite({
    database,
    log,
    queryLog: config.queryLog,
    definitions: SUITE_DEFINITIONS,
    onProgress: ({ done, total }) => onWork({ kind: 'upgrade', done, total }),
    hooks: {
      onUpgrade: (event) => upgradeCopies(database, event),
      onWrite: (event) => onProfileWrite(event, { hlc, storage, database }),
      afterCommit,
      onDamaged,
    },
  });
  if (
    !file.isNew &&
    willRewrite(database) &&
    keepBeforeUpgrade(database, file.folder) === 'no-room'
  ) {
    log.warn('no room for a copy from before the upgrade');
  }
  bringUpToDate(database, storage, log);

  // While the rest is being opened here, its thread gets ready.
  const reader = startReader({
    file: database.file,
    key: file.key,
    nativeBinding: config.nativeBinding ?? undefined,
    // A confirmed row changes no content, but what the screen says about waiting.
    changes$: merge(storage.changes$, storage.waiting$),
    log,
    onProblem: (error) => {
      if (error.code === 'STORE_DAMAGED') onDamaged();
    },
  });
  onReader(reader);
  const instances = new Map<TableName, SqliteStorageInstance<Row>>();
  for (const table of TABLE_NAMES) {
    const { fork } = await openTableInstances(storage, DATABASE_NAME, table);
    instances.set(table, fork as unknown as SqliteStorageInstance<Row>);
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

  const { witnesses } = options;
  const writer: Writer = {
    userId,
    deviceId: device.id,
    grants: () => usableGrants(current(), serverTimeBy(current(), Date.now())),
    hlc,
    now: () => Date.now(),
    nextOriginSeq: createOriginSeq(device.kv),
    check: (table, row) => {
      if (table === 'review_decisions') checkDecision(row, database, writer);
      checkAct(table, row, database);
      if (table === 'item_merges') checkMerge(row, database, writer);
      // Last: a confirmation that was used up by an act that is wrong would have to be given again.
      if (isStockTable(table)) witnesses.take(row);
    },
    serverNow: () => serverTimeBy(current(), Date.now()),
  };

  const settled = await settleSideLog({
    storage,
    database,
    sideLog,
    tables: PUSHABLE,
    definitions: SUITE_DEFINITIONS,
    openTable: (table) =>
      isTableName(table) ? openTableInstances(storage, DATABASE_NAME, table) : Promise.resolve(),
    join: joinLogged,
    log,
    onProgress: ({ done, total }) => onWork({ kind: 'reapply', done, total }),
  });
  onWork(null);

  const replication = await startReplication({
    api,
    storage,
    database,
    databaseName: DATABASE_NAME,
    tables: TABLE_NAMES,
    inScope,
    mayRead: (table, row) => mayDo(toldGrants(current()), userId, table, 'read', row),
    clock: systemClock,
    random: Math.random,
    log,
    onRights: options.onRights,
  });

  // A notice may be lost; the rows from which rights follow come in any case.
  const watchesRights = storage.changes$
    .pipe(filter(({ collections }) => collections.some((name) => RIGHTS.has(name))))
    .subscribe(() => options.onRights());

  const settleClock = (session: SessionReply): void => {
    if (replication.status.waiting === 0 && replication.status.needsYou === 0) {
      hlc.settle(session.serverTime);
    }
  };
  if (fresh) settleClock(fresh);

  const { fileApi } = options;
  const files = openProfileFiles({ file, api: fileApi, writer, instanceOf, replication, log });

  const stopSheets = keepSafetySheets({
    database,
    fetch: (fileId) => files.fetch(fileId),
    status$: replication.status$,
    changes$: storage.changes$,
    log,
  });

  const stopCheck = checkLater(options);
  // In step with the server, nobody needs the copy from before an upgrade any more.
  const synced = replication.status$.pipe(
    first(({ state }) => state === 'synced'),
    defaultIfEmpty(null),
  );
  const unkept = synced.subscribe((status) => {
    if (!status) return;
    try {
      removeUpgradeCopy(file.folder);
    } catch (error) {
      log.error('copy from before the upgrade stays', { code: toAppError(error).code });
    }
  });

  const ended$ = new Subject<void>();
  return {
    userId,
    known: current,
    learn(session) {
      learn(session);
      settleClock(session);
    },
    writer,
    witnesses,
    instanceOf,
    reader,
    file,
    broughtBack: settled.inserted + settled.joined,
    replication,
    files,
    status$: replication.status$,
    ended$,
    async close() {
      unkept.unsubscribe();
      watchesRights.unsubscribe();
      ended$.next();
      ended$.complete();
      const steps: readonly (() => unknown)[] = [
        // Files first: a sheet that is on its way ends with its connection.
        () => files.stop(),
        stopSheets,
        () => replication.stop(),
        stopCheck,
        () => reader.close(),
        ...[...instances.values()].map((instance) => () => instance.close()),
        // What became the server's is noted lazily; whoever opens or restores next reads the truth.
        () => sideLog.compact(truthBeside(file)),
        () => database.secureCheckpoint(),
        () => file.close(),
      ];
      for (const step of steps) {
        try {
          await step();
        } catch (error) {
          // A full or damaged disk keeps nobody from leaving: all that counts is on it already.
          log.error('profile not closed as it should be', { code: toAppError(error).code });
        }
      }
    },
  };
}

/** What the database says, and beside it the rows of the log that found no place in it. */
function truthBeside({ database, sideLog }: OpenFile): Truth {
  const unplaced = sideLog.waiting().filter(({ seq }) => seq === UNPLACED_SEQ);
  const truth = truthOf(database, PUSHABLE, Date.now, SUITE_DEFINITIONS);
  const rows = (function* () {
    yield* truth.rows;
    yield* unplaced;
  })();
  return { ...truth, rows };
}

/** What the log knows of a row and what is there: of a fact the latter, of a record the later fields. */
const joinLogged: Join = (table, logged, present) =>
  isTableName(table) && tableOf(table).kind === 'record'
    ? joinRecords(table, logged as Row, present as Row)
    : present;

/**
 * Reads all of the file in a thread of its own once the start is over, so that damage is found before
 * somebody needs the page that has it.
 * @returns ends it
 */
function checkLater({ file, config, log, onDamaged }: OpenProfile): () => Promise<void> {
  const stop = new AbortController();
  let checking: Promise<void> = Promise.resolve();
  const check = async (): Promise<void> => {
    try {
      const report = await checkInWorker({
        file: file.database.file,
        key: file.key,
        nativeBinding: config.nativeBinding ?? undefined,
        worker: CHECK_WORKER,
        signal: stop.signal,
      });
      if (report.state === 'damaged') onDamaged();
    } catch (error) {
      log.error('the file could not be checked', { code: toAppError(error).code });
    }
  };
  const timer = setTimeout(() => {
    checking = check();
  }, CHECK_AFTER_MS);
  return async () => {
    clearTimeout(timer);
    stop.abort();
    await checking;
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

function readKnown(database: EncryptedDatabase): KnownSession | null {
  const text = database.kv.get(SESSION_KEY);
  if (!text) return null;
  const { session, fetchedAt } = JSON.parse(text) as KnownSession;
  const parsed = SessionReply.safeParse(session);
  return parsed.success ? { session: parsed.data, fetchedAt } : null;
}
