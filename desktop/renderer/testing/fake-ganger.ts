import { Subject } from 'rxjs';
import type { RxStorageInstance } from 'rxdb/plugins/core';
import { exposeRxStorageRemote } from 'rxdb/plugins/storage-remote';
import type { MessageToRemote } from 'rxdb/plugins/storage-remote';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { AppError, toAppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import type { MainCall } from '#shared/ipc/main-contract.ts';
import { PORTS_MESSAGE, ToStore } from '#shared/ipc/port.ts';
import type { FromStore } from '#shared/ipc/port.ts';
import type { ShownScreen } from '#shared/ipc/presence.ts';
import type { AuthState } from '#shared/ipc/store-contract.ts';
import type { SyncState, SyncStatus } from '#shared/ipc/sync-status.ts';
import { VIEWS } from '#shared/ipc/views.ts';
import type { ViewName } from '#shared/ipc/views.ts';
import type { Role } from '#shared/schema/roles.ts';
import type { Row } from '#shared/schema/define.ts';
import { isTableName, PULL_ORDER, TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { fakeTransfers } from './fake-files.ts';
import { params } from './fake-params.ts';
import { fakeOthers, showScreens } from './fake-presence.ts';
import { beginWork, profileCall, profileState, storeWork } from './fake-profile.ts';
import { fakePatients } from './fake-patients.ts';
import { fakeRows, ME, OTHER, SITES } from './fake-rows.ts';
import { fakeView } from './fake-views.ts';

const role = (params.get('role') ?? 'MG') as Role;
const seed = fakeRows(Number(params.get('items') ?? 40));
addCounts();
const rows = new Map<TableName, Map<string, Row>>();
const table = (name: TableName) => {
  const known = rows.get(name) ?? new Map<string, Row>();
  rows.set(name, known);
  return known;
};
for (const [name, list] of Object.entries(seed)) {
  for (const row of list ?? []) table(name as TableName).set(row.id, row);
}
for (const row of fakePatients()) table('patients').set(row.id, row);

let auth: AuthState =
  params.get('auth') === 'out'
    ? { state: 'signed-out', because: null }
    : (profileState(params.get('auth')) ?? signedIn());
let sync: SyncStatus = {
  state: (params.get('sync') ?? 'synced') as SyncState,
  online: params.get('sync') !== 'offline',
  waiting: Number(params.get('waiting') ?? 0),
  needsYou: params.get('sync') === 'needs-you' ? 1 : 0,
  lastSyncedAt: Date.now() - 17 * 60_000,
  firstSync: params.get('first') ? { done: 4, total: 15 } : null,
  problem: params.get('sync') === 'failed' ? 'SERVER_ANSWER_INVALID' : null,
};

function signedIn(): AuthState {
  const site = role === 'LM' ? (SITES[1]?.id ?? null) : null;
  return {
    state: 'signed-in',
    who: {
      userId: ME,
      displayName: params.get('name') ?? 'Ana Ruiz',
      email: 'ana@example.com',
      deviceId: OTHER,
      broughtBack: Number(params.get('back') ?? 0),
      grants: [{ role, locationId: site, validFrom: 0, validTo: null }],
    },
  };
}

function addCounts(): void {
  for (let n = 0; n < Number(params.get('counts') ?? 2); n += 1) {
    const id = `00000000-0000-4000-8000-00000000000${n}`;
    seed.count_sessions?.push({
      id,
      created_at: Date.now(),
      created_by: n === 0 ? OTHER : ME,
      device_id: null,
      field_hlc: {},
      location_id: SITES[0]?.id,
      kind: 'spot',
      zone: null,
      blind: true,
      status: n === 0 ? 'in_review' : 'open',
      counted_by: n === 0 ? OTHER : ME,
      started_at: Date.now() - (n + 1) * 3_000_000,
      note: null,
    });
    seed.count_lines?.push({
      id: `00000000-0000-4000-9000-00000000000${n}`,
      created_at: Date.now(),
      created_by: ME,
      device_id: null,
      session_id: id,
      location_id: SITES[0]?.id,
      item_id: seed.inventory_items?.[1]?.id,
      lot_id: null,
      counted_qty: 70_000,
      counted_at: Date.now() - 2_000_000,
      counter_id: ME,
      pass: 1,
    });
  }
}

const watchers = new Set<() => void>();
const changed = () => {
  for (const tell of watchers) tell();
};
const setSync = (next: Partial<SyncStatus>) => {
  sync = { ...sync, ...next };
  changed();
};

/** What a write does beside the row: an act makes lots and movements, then it is "sent". */
function written(name: TableName, row: Row): void {
  table(name).set(row.id, row);
  const acts = tableOf(name).expand?.({ ...row, created_by: ME }) ?? [];
  for (const { table: target, row: made } of acts) {
    table(target as TableName).set(made.id, { ...(made as unknown as Row), origin_seq: 1 });
  }
  if (sync.state === 'offline') setSync({ waiting: sync.waiting + 1 });
  else {
    setSync({ state: 'queued', waiting: sync.waiting + 1 });
    setTimeout(() => setSync({ state: 'synced', waiting: 0, lastSyncedAt: Date.now() }), 1500);
  }
}

const memory = getRxStorageMemory();
const opened = new Set<string>();

/** The memory storage, filled with the invented rows when a table is first opened. */
const storage = {
  name: 'memory',
  rxdbVersion: memory.rxdbVersion,
  createStorageInstance: async (asked: Parameters<typeof memory.createStorageInstance>[0]) => {
    const instance = (await memory.createStorageInstance(asked)) as unknown as RxStorageInstance<
      Row,
      unknown,
      unknown
    >;
    const name = asked.collectionName;
    if (isTableName(name) && !opened.has(name)) {
      opened.add(name);
      await instance.bulkWrite(
        [...table(name).values()].map((row) => ({ document: asStored(row) as never })),
        'seed',
      );
      instance.changeStream().subscribe(({ events }) => {
        for (const { documentData } of events) {
          const { _rev, _meta, _attachments, _deleted, ...row } = documentData as never as Row;
          written(name, row as Row);
        }
      });
      // Keeps the data when the window closes its own connection.
      await memory.createStorageInstance(asked);
    }
    return instance;
  },
};

const asStored = (row: Row) => ({
  ...row,
  _deleted: false,
  _attachments: {},
  _meta: { lwt: Date.now() },
  _rev: '1-fake',
});

const profileWorld = {
  auth: () => auth,
  setAuth: (next: AuthState) => {
    auth = next;
    changed();
  },
  signedIn,
  setSync,
  changed,
};
setTimeout(() => beginWork(profileWorld), 100);

const arranged = new Map<string, string>();

async function call(name: string, arg: unknown): Promise<unknown> {
  const answer = await profileCall(profileWorld, name, arg);
  if (answer !== undefined) return answer;
  if (name === 'auth.signInWithPassword') {
    await new Promise((resolve) => setTimeout(resolve, 400));
    const refusals: Record<string, Code> = {
      wrong: 'AUTH_WRONG_PASSWORD',
      down: 'SERVER_UNREACHABLE',
      many: 'AUTH_TOO_MANY_ATTEMPTS',
    };
    const refusal = refusals[params.get('password') ?? ''];
    if (refusal) throw new AppError(refusal);
    auth = signedIn();
    changed();
  } else if (name === 'auth.signInWithGoogle') {
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  } else if (name === 'auth.signOut') {
    auth = { state: 'signed-out', because: null };
    changed();
  } else if (name === 'presence.show') {
    showScreens((arg as { screens: ShownScreen[] }).screens);
    changed();
  } else if (name === 'sync.parked') {
    return [
      {
        table: 'item_locations',
        id: table('item_locations').keys().next().value,
        code: 'SYNC_ROW_REFUSED',
        fields: ['par'],
        parkedAt: Date.now() - 600_000,
      },
    ];
  } else if (name === 'sync.details') {
    const loaded = sync.firstSync?.done ?? TABLE_NAMES.length;
    return {
      lastContactAt: Date.now() - 4_000,
      tables: PULL_ORDER.map((name, n) => ({ table: name, isLoaded: n < loaded })),
    };
  } else if (name === 'sync.waiting') {
    return [...table('item_locations').keys()].slice(0, sync.waiting).map((id, n) => ({
      table: 'item_locations',
      id,
      isNew: n % 3 === 2,
      fields: n % 3 === 2 ? [] : ['par', 'bin'],
      since: Date.now() - (sync.waiting - n) * 420_000,
    }));
  } else if (name === 'screen.recall') {
    return { value: arranged.get((arg as { name: string }).name) ?? null };
  } else if (name === 'screen.remember') {
    const { name: what, value: how } = arg as { name: string; value: string };
    arranged.set(what, how);
  } else if (name === 'sync.discard') setSync({ state: 'synced', needsYou: 0 });
  return null;
}

function value(name: string, arg: unknown): unknown {
  if (name === 'auth.state') return auth;
  if (name === 'sync.status') return sync;
  if (name === 'store.work') return storeWork();
  if (name === 'files.transfers') return fakeTransfers();
  if (name === 'presence.others') return fakeOthers(SITES[1]?.id);
  if (!(name in VIEWS)) throw new AppError('CALL_NOT_ALLOWED');
  return fakeView(name as ViewName, arg as Record<string, unknown>, (wanted) => [
    ...table(wanted).values(),
  ]);
}

function servePorts(): void {
  const files = new MessageChannel();
  const calls = new MessageChannel();
  const messages$ = new Subject<MessageToRemote>();
  files.port1.onmessage = (event) => messages$.next(event.data as MessageToRemote);
  exposeRxStorageRemote({
    messages$,
    send: (message) => files.port1.postMessage(message),
    storage: storage as never,
  });
  const send = (message: FromStore) => calls.port1.postMessage(message);
  const stops = new Map<number, () => void>();
  const fail = (id: number, error: unknown) => {
    const { code, safe } = toAppError(error);
    send({ kind: 'failed', id, error: { code, details: safe as Record<string, string> } });
  };
  calls.port1.onmessage = (event) => {
    const message = ToStore.parse(event.data);
    if (message.kind === 'call') {
      call(message.name, message.arg).then(
        (answer) => send({ kind: 'answer', id: message.id, value: answer }),
        (error: unknown) => fail(message.id, error),
      );
    } else if (message.kind === 'watch') {
      if (params.get('views') === 'wait' && message.name in VIEWS) return;
      let last = '';
      const tell = () => {
        try {
          const json = JSON.stringify(value(message.name, message.arg));
          if (json !== last) send({ kind: 'next', id: message.id, json });
          last = json;
        } catch (error) {
          fail(message.id, error);
        }
      };
      watchers.add(tell);
      stops.set(message.id, () => watchers.delete(tell));
      setTimeout(tell, 5);
    } else stops.get(message.id)?.();
  };
  window.postMessage({ type: PORTS_MESSAGE }, window.origin, [files.port2, calls.port2]);
}

Object.defineProperty(window, 'ganger', {
  value: {
    call: (name: MainCall) => {
      if (name === 'store.ports') {
        servePorts();
        return Promise.resolve({ ok: true, value: null });
      }
      const language = params.get('lang') ?? 'en';
      const info = { version: '0.0.0', platform: 'linux', kiosk: false, language, window: 1 };
      const others: Partial<Record<MainCall, unknown>> = {
        'app.info': info,
        'link.waits': false,
        'link.copy': true,
        'desk.settings': { notifies: true },
      };
      return Promise.resolve({ ok: true, value: others[name] ?? null });
    },
    restartStore: servePorts,
  },
});
