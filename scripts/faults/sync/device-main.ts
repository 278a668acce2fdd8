// A device as a process of its own: the store as the app runs it, over an encrypted file in a folder,
// with a window that writes. Told what to do by the run that started it, which may kill it any time.
import { appendFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { DeviceWork } from './device-work.ts';
import type { DeviceCalls, DeviceConfig, FromDevice, ToDevice } from './device-messages.ts';
import { skewClock, clockSkew } from './skewed-clock.ts';
import { openTestWindow } from './device-window.ts';
import { watchDevice } from './device-watch.ts';
import { digestsOf } from './content.ts';
import { SmallDisk } from '../store/small-disk.ts';
import { toAppError } from '#shared/errors/app-error.ts';
import type { Grant } from '#shared/access/rights.ts';
import { createLogger } from '#shared/logging/logger.ts';
import type { Row } from '#shared/schema/define.ts';
import { PUSHABLE, TABLE_NAMES, isTableName, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { createKeyChain, unprotectedWrap } from '#desktop/main/keys/key-chain.ts';
import { rowOf } from '#desktop/replication/server-rows.ts';
import type { Profile } from '#desktop/store/profile.ts';
import { Store } from '#desktop/store/store.ts';
import { DEMO_AUTH_KEY } from '../../dev/dev-stack.ts';

const KEPT_LINES = 400;

const config = JSON.parse(process.argv[2] ?? '') as DeviceConfig;
skewClock(config.skewMs);
const tell = (message: FromDevice): void => void process.send?.(message);

const counts = { requests: 0, authRequests: 0 };
const send = globalThis.fetch;
globalThis.fetch = (input, init) => {
  const url = input instanceof Request ? input.url : String(input);
  if (url.startsWith(config.serverUrl)) counts.requests += 1;
  else counts.authRequests += 1;
  const body = init?.body;
  if (config.recordTo !== null && url.endsWith('/v1/push') && typeof body === 'string') {
    appendFileSync(config.recordTo, `${body}\n`);
  }
  return send(input, init);
};

const lines: string[] = [];
const log = createLogger({
  level: 'debug',
  write: (line) => {
    lines.push(line);
    if (lines.length > KEPT_LINES) lines.shift();
  },
});

const keys = createKeyChain(path.join(config.dataDir, 'keys'), () => unprotectedWrap);
const store = new Store(
  {
    secret: (name, create) => keys.key(name, create),
    forgetSecret: (name) => keys.forget(name),
    keychain: () => keys.backend(),
    askPath: () => Promise.resolve(null),
    askCopyPath: () => Promise.resolve(null),
    openExternal: () => undefined,
    renewPorts: () => undefined,
    ready: () => undefined,
    stopped: () => undefined,
  },
  {
    dataDir: config.dataDir,
    serverUrl: config.serverUrl,
    authUrl: config.authUrl,
    authKey: DEMO_AUTH_KEY,
    deviceName: config.name,
    deviceKind: 'desktop',
    nativeBinding: null,
    logLevel: 'debug',
    recoveryKey: null,
    appVersion: '0.0.0',
    queryLog: false,
  },
  log,
);
const window = openTestWindow(store);

const profile = (): Profile => store.profiles.signedIn().profile;
const work = new DeviceWork({
  name: config.name,
  index: config.index,
  life: config.life,
  profile,
  onTry: (change) => {
    if (change.before !== null) tell({ kind: 'trying', change });
  },
  onAck: (ack) => tell({ kind: 'ack', ack }),
  async read(patient) {
    await window.look('patients.timeline', { patientId: patient, limit: 10 });
    tell({ kind: 'read', patient });
  },
});
let resting = false;

async function rowsOf(table: TableName): Promise<Row[]> {
  const { documents } = await profile().instanceOf(table).getChangedDocumentsSince(10_000_000);
  return documents
    .filter((document) => !document._deleted)
    .map((document) => rowOf(document as never));
}

type Handlers = {
  [C in keyof DeviceCalls]: (arg: DeviceCalls[C][0]) => Promise<DeviceCalls[C][1]>;
};

const handlers: Handlers = {
  async signIn(arg) {
    await window.ask('auth.signInWithPassword', arg);
    return null;
  },
  async status() {
    const auth = store.profiles.auth$.value;
    const open = store.profiles.profile$.value;
    const status = open?.replication.status;
    return {
      auth: auth.state,
      problem:
        auth.state === 'stuck' ? auth.problem : auth.state === 'signed-out' ? auth.because : null,
      state: status?.state ?? null,
      online: status?.online ?? false,
      waiting: status?.waiting ?? 0,
      needsYou: status?.needsYou ?? 0,
      firstSync: status ? status.firstSync === null : false,
      syncProblem: status?.problem ?? null,
      now: Date.now(),
    };
  },
  work(order) {
    resting = false;
    return work.run(order, {
      isOver: () => resting,
      step: (ms) => {
        if (ms !== 0) skewClock(clockSkew() + ms);
      },
    });
  },
  async rest() {
    resting = true;
    return null;
  },
  write({ table, id, values }) {
    if (!isTableName(table)) throw new Error(`no table ${table}`);
    return work.write(table, id, values);
  },
  async writeText({ table, json }) {
    if (!isTableName(table)) throw new Error(`no table ${table}`);
    await work.write(table, null, JSON.parse(json) as Record<string, unknown>);
    return null;
  },
  async clock({ skewMs }) {
    skewClock(skewMs);
    return null;
  },
  async sync() {
    profile().replication.online();
    profile().replication.syncNow();
    return null;
  },
  async parked() {
    return profile()
      .replication.parked()
      .map(({ table, id, code }) => ({ table, id, code }));
  },
  async waiting() {
    const waiting: { table: string; row: Row }[] = [];
    for (const table of PUSHABLE) {
      const instance = profile().instanceOf(table);
      if (instance.countOrigin('local') === 0) continue;
      const rows = await rowsOf(table);
      const origins = instance.originOf(rows.map(({ id }) => id));
      for (const row of rows) if (origins.get(row.id) === 'local') waiting.push({ table, row });
    }
    return waiting;
  },
  async digests() {
    const { session } = profile().known();
    const content = new Map<TableName, Row[]>();
    for (const table of TABLE_NAMES) content.set(table, await rowsOf(table));
    return digestsOf(content, session.grants as readonly Grant[], session.user.id);
  },
  async rows({ table }) {
    return isTableName(table) ? await rowsOf(table) : [];
  },
  async missing({ acks, stamps }) {
    const missing: string[] = [];
    for (const ack of acks) {
      if (!isTableName(ack.table)) continue;
      const [row] = await profile().instanceOf(ack.table).findDocumentsById([ack.id], false);
      if (!row) missing.push(`${ack.table} ${ack.id} of ${ack.device}`);
      else if (stamps && tableOf(ack.table).kind === 'record') {
        const own = (row as unknown as Row).field_hlc ?? {};
        for (const field of Object.keys(ack.values)) {
          const written = ack.stamps[field];
          if (written !== undefined && (own[field] ?? '') < written) {
            missing.push(`${ack.table} ${ack.id} ${field} went back on ${config.name}`);
          }
        }
      }
    }
    return missing;
  },
  async counts() {
    const { file } = profile().file.database;
    const wal = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    const rss = process.memoryUsage().rss;
    return { ...counts, rssMb: Math.round(rss / 1e6), walMb: Math.round(wal / 1e6) };
  },
  ask: ({ call, arg }) => window.call(call, arg),
  async fill({ root, blocks }) {
    new SmallDisk(root).fill(blocks);
    return null;
  },
  async empty({ root }) {
    new SmallDisk(root).empty();
    return null;
  },
  log: async () => lines,
  async device() {
    const open = store.profiles.profile$.value;
    return { id: open?.writer.deviceId ?? '', userId: open?.userId ?? null };
  },
};

process.on('message', (raw) => {
  const { id, call, arg } = raw as ToDevice;
  const run = async (): Promise<unknown> => handlers[call](arg as never);
  run().then(
    (value) => tell({ kind: 'answer', id, value }),
    (error: unknown) => {
      const { code, safe, cause } = toAppError(error);
      const why = `${JSON.stringify(safe)} ${cause instanceof Error ? (cause.stack ?? '') : ''}`;
      tell({ kind: 'failed', id, code, why: why.slice(0, 600) });
    },
  );
});
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => {
  void store.stop().then(() => process.exit(0));
});

watchDevice({
  profile$: store.profiles.profile$,
  onWrong: (words) => tell({ kind: 'wrong', words: `${config.name}: ${words}` }),
  onLooked: (what) => tell({ kind: 'looked', what }),
});
await store.start();
tell({ kind: 'ready' });
