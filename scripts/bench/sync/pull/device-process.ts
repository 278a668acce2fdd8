import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { silentLogger } from '#shared/logging/logger.ts';
import type { PullReply } from '#shared/protocol/messages.ts';
import { PULL_ORDER, TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { createFileApi } from '#desktop/files/file-api.ts';
import { createServerApi } from '#desktop/replication/server-api.ts';
import type { ServerApi } from '#desktop/replication/server-api.ts';
import { openDatabase } from '#desktop/storage/open-database.ts';
import { openProfile } from '#desktop/store/profile.ts';
import { Witnesses } from '#desktop/store/witnesses.ts';
import type { Profile } from '#desktop/store/profile.ts';
import { openSideLog } from '#desktop/vault/side-log/side-log.ts';
import type { Held } from './clinic.ts';

/**
 * A device as the store process is one: the profile's encrypted file, side log, reader thread and
 * replication, against a real server. Loads what its person may hold, then says how that went.
 */

export interface DeviceOrder {
  readonly url: string;
  readonly token: string;
  readonly userId: string;
  readonly deviceId: string;
  /** Of the profile; a second order on the same one goes on where the first was killed. */
  readonly folder: string;
}

export interface FirstSync {
  /** From the first request to the last row on the disk, milliseconds. */
  readonly ms: number;
  /** Until today's list (patients, visits, catalogue, the kiosks' schedule) was all there. */
  readonly todayMs: number | null;
  /** Rows that came over the wire this time, and when, milliseconds since the first request. */
  readonly arrived: readonly { readonly ms: number; readonly rows: number }[];
  readonly pages: number;
  /** Documents on the disk at the end, the server's all of them: their ids by table. */
  readonly held: Held;
  readonly documents: number;
  readonly cpuMs: number;
  readonly fileMb: number;
}

/** Said while it loads: rows that have come so far. */
export interface DeviceNote {
  readonly rows: number;
}

const EVERYTHING = 10_000_000;
const KEY = '5c'.repeat(32);
/** Tables up to this priority are what somebody at the desk needs first. */
const TODAY = 2;
const TODAY_TABLES = PULL_ORDER.filter((table) => tableOf(table).priority <= TODAY).length;

async function load(order: DeviceOrder): Promise<FirstSync> {
  const { url, token, userId, deviceId, folder } = order;
  await mkdir(folder, { recursive: true });
  const own = openDatabase({ file: path.join(folder, 'device.db'), key: KEY, log: silentLogger });
  const file = path.join(folder, 'ganger.db');
  const database = openDatabase({ file, key: KEY, log: silentLogger });
  const sideLog = openSideLog({ folder, key: KEY, log: silentLogger });
  const server = {
    baseUrl: url,
    getToken: () => Promise.resolve(token),
    deviceId,
    log: silentLogger,
  };
  const api = createServerApi(server);
  const begun = performance.now();
  const { user, system } = process.cpuUsage();
  const fresh = await api.session({ id: deviceId, name: 'Bench', kind: 'desktop' });
  const arrived: { ms: number; rows: number }[] = [];
  let rows = 0;
  const count = (reply: PullReply): void => {
    const came = reply.tables.reduce((sum, share) => sum + share.rows.length, 0);
    rows += came;
    arrived.push({ ms: performance.now() - begun, rows: came });
    process.send?.({ note: { rows } satisfies DeviceNote });
  };
  const profile = await openProfile({
    userId,
    file: {
      folder,
      database,
      sideLog,
      key: KEY,
      isNew: database.kv.get('session') === undefined,
      close: () => database.close(),
    },
    fresh,
    config: {
      dataDir: folder,
      serverUrl: url,
      authUrl: url,
      authKey: 'bench',
      deviceName: 'Bench',
      deviceKind: 'desktop',
      nativeBinding: null,
      logLevel: 'silent',
      recoveryKey: null,
      appVersion: '0.0.0',
      queryLog: false,
    },
    device: {
      id: deviceId,
      kv: own.kv,
      database: own,
      isAnew: false,
      close: () => own.close(),
    },
    api: counted(api, count),
    fileApi: createFileApi(server),
    witnesses: new Witnesses({
      userId,
      config: { dataDir: folder },
      // Nobody confirms anything here.
      secrets: {
        get: () => Promise.reject(new Error('no keychain in a bench')),
        forget: () => Promise.resolve(),
        backend: () => Promise.resolve('none'),
      },
      kv: own.kv,
      log: silentLogger,
    }),
    log: silentLogger,
    onWork: () => undefined,
    onDamaged: () => undefined,
    onRights: () => undefined,
  });
  const today = untilToday(profile, begun);
  await profile.replication.firstSyncDone;
  const ms = performance.now() - begun;
  const used = process.cpuUsage();
  const held: Partial<Record<TableName, readonly string[]>> = {};
  let documents = 0;
  for (const table of TABLE_NAMES) {
    const instance = profile.instanceOf(table);
    const found = await instance.getChangedDocumentsSince(EVERYTHING);
    const ids = found.documents.map(({ id }) => id);
    documents += instance.countOrigin('server');
    if (ids.length > 0) held[table] = ids;
  }
  const pages = Number(database.read<{ page_count: number }>('pragma page_count')[0]?.page_count);
  const todayMs = await today;
  await profile.close();
  own.close();
  return {
    ms,
    todayMs,
    arrived,
    pages: arrived.length,
    held,
    documents,
    cpuMs: (used.user + used.system - user - system) / 1_000,
    fileMb: (pages * 4096) / 2 ** 20,
  };
}

function counted(api: ServerApi, count: (reply: PullReply) => void): ServerApi {
  return {
    ...api,
    async pull(request, signal) {
      const reply = await api.pull(request, signal);
      count(reply);
      return reply;
    },
  };
}

/** Null when there was nothing left to wait for at the start. */
function untilToday(profile: Profile, begun: number): Promise<number | null> {
  return new Promise((resolve) => {
    if (profile.replication.status.firstSync === null) return resolve(null);
    const watch = profile.status$.subscribe(({ firstSync }) => {
      if (firstSync !== null && firstSync.done < TODAY_TABLES) return;
      resolve(performance.now() - begun);
      queueMicrotask(() => watch.unsubscribe());
    });
  });
}

process.on('message', (order: DeviceOrder) => {
  load(order).then(
    (result) => process.send?.({ result }),
    (error: unknown) =>
      process.send?.({ failed: error instanceof Error ? (error.stack ?? '') : String(error) }),
  );
});
process.on('disconnect', () => process.exit());
