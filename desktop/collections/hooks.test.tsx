import { StrictMode } from 'react';
import type { ReactNode } from 'react';
import type { Root } from 'react-dom/client';
import { exposeRxStorageRemote } from 'rxdb/plugins/storage-remote';
import type { MessageFromRemote, MessageToRemote } from 'rxdb/plugins/storage-remote';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PURGE_CONTEXT } from '#shared/ipc/port.ts';
import { newId } from '#shared/kernel/ids.ts';
import { TABLE_NAMES } from '#shared/schema/tables.ts';
import { PURGE_CONTEXT as CONTEXT_OF_STORAGE } from '#desktop/storage/origin.ts';
import { WindowDatabase } from './database.ts';
import { StoreProvider, useCount, useDoc, useQuery, useView } from './hooks.tsx';
import { headlessRoot } from './headless-root.suite.ts';
import { StoreClient } from './store-client.ts';
import type { TableQuery } from './live-queries.ts';
import type { Live } from './store-client.ts';
import { Tables } from './tables.ts';
import type { NewRow } from './tables.ts';

/** Hooks in React's real renderer, over a real port to RxDB's remote storage. */
const ports: MessagePort[] = [];
let database: WindowDatabase;
let client: StoreClient;
let tables: Tables;
let root: Root;
/** RxDB's memory storage is one for the whole process: every test has rows of its own. */
let item: string;
let byBin: TableQuery;

beforeEach(() => {
  item = newId();
  byBin = { selector: { item_id: item }, sort: [{ bin: 'asc' }] };
  database = new WindowDatabase();
  client = new StoreClient();
  tables = new Tables(database);
  root = headlessRoot();
});
afterEach(async () => {
  root.unmount();
  await database.close();
  for (const port of ports.splice(0)) port.close();
});

/** A store process as far as RxDB goes; `filter` may keep an answer back. */
function storeProcess(
  storage = getRxStorageMemory(),
  filter: (message: MessageFromRemote) => boolean = () => true,
) {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  const messages$ = new Subject<MessageToRemote>();
  port1.onmessage = (event: MessageEvent) => messages$.next(event.data as MessageToRemote);
  const connections = new Map<string, string>();
  messages$.subscribe(({ method, connectionId, params }) => {
    if (method === 'create') connections.set(params.collectionName, connectionId);
  });
  const send = (message: MessageFromRemote): void => {
    if (filter(message)) port1.postMessage(message);
  };
  exposeRxStorageRemote({ messages$, send, storage });
  return { port: port2, send, connections };
}

const place = (bin: string, extra: object = {}): NewRow<'item_locations'> => ({
  id: newId(),
  item_id: item,
  location_id: newId(),
  par: 10_000,
  min: null,
  max: null,
  reorder_qty: null,
  bin,
  is_stocked: true,
  ...extra,
});

function show(Component: () => ReactNode): void {
  root.render(
    <StrictMode>
      <StoreProvider access={{ client, database, tables }}>
        <Component />
      </StoreProvider>
    </StrictMode>,
  );
}

/** Everything that a screen was ever given, with the key that it had asked for. */
function recorder<T>() {
  const seen: { key: string; live: Live<T> }[] = [];
  return {
    seen,
    note: (key: string, live: Live<T>): null => {
      seen.push({ key, live });
      return null;
    },
    last: () => seen.at(-1)?.live,
  };
}

const bins = (live: Live<readonly { bin: string | null }[]> | undefined) => ({
  stale: live?.stale,
  bins: live?.data?.map(({ bin }) => bin),
});

describe('useQuery', () => {
  test('is stale and empty while it loads, then follows writes in the order of the query', async () => {
    database.attach(storeProcess().port);
    const rows = recorder<readonly { bin: string | null }[]>();
    show(() => rows.note('', useQuery('item_locations', byBin)));
    await vi.waitFor(() => expect(bins(rows.last())).toEqual({ stale: false, bins: [] }));
    expect(rows.seen[0]?.live).toEqual({ stale: true, data: undefined, error: null });
    await tables.insert('item_locations', place('B'));
    await tables.insert('item_locations', place('A'));
    await vi.waitFor(() => expect(bins(rows.last())).toEqual({ stale: false, bins: ['A', 'B'] }));
  });

  test('is stale with its last rows while the store restarts under it, then fresh', async () => {
    const disk = getRxStorageMemory();
    database.attach(storeProcess(disk).port);
    await tables.insert('item_locations', place('A'));
    const rows = recorder<readonly { bin: string | null }[]>();
    show(() => rows.note('', useQuery('item_locations', byBin)));
    await vi.waitFor(() => expect(bins(rows.last())).toEqual({ stale: false, bins: ['A'] }));
    database.attach(storeProcess(disk, () => false).port);
    await vi.waitFor(() => expect(bins(rows.last())).toEqual({ stale: true, bins: ['A'] }));
    database.attach(storeProcess(disk).port);
    await vi.waitFor(() => expect(bins(rows.last())).toEqual({ stale: false, bins: ['A'] }));
    expect(rows.seen.every(({ live }) => live.error === null)).toBe(true);
  });

  test('never shows the rows of another key', async () => {
    database.attach(storeProcess().port);
    await tables.insert('item_locations', place('A', { par: 1 }));
    await tables.insert('item_locations', place('B', { par: 2 }));
    const rows = recorder<readonly { bin: string | null; par: number | null }[]>();
    const Screen = (props: { par: number }) =>
      rows.note(
        String(props.par),
        useQuery('item_locations', { selector: { item_id: item, par: props.par } }),
      );
    for (const par of [1, 2, 1, 3, 2]) {
      show(() => <Screen par={par} />);
      await vi.waitFor(() => {
        expect(rows.seen.at(-1)).toMatchObject({ key: String(par), live: { stale: false } });
      });
    }
    for (const { key, live } of rows.seen) {
      expect((live.data ?? []).every(({ par }) => String(par) === key)).toBe(true);
    }
  });

  test('an unmount while it loads gives the collection back', async () => {
    const { port } = storeProcess();
    const rows = recorder<readonly unknown[]>();
    show(() => rows.note('', useQuery('item_locations', byBin)));
    await vi.waitFor(() => expect(rows.seen.length).toBeGreaterThan(0));
    show(() => null);
    database.attach(port);
    // With one that is still held, the other tables would not all find a place.
    for (const name of TABLE_NAMES.slice(0, 30)) await tables.read(name, newId());
    expect(rows.last()?.stale).toBe(true);
  });

  test('a reader that fails is stale with its error, and comes back by itself', async () => {
    let broken = true;
    const { port, send } = storeProcess(undefined, (message) => {
      if (!broken || message.method !== 'query') return true;
      const { return: _rows, ...rest } = message;
      send({ ...rest, method: 'count', error: { name: 'Error', message: 'STORE_IO' } as never });
      return false;
    });
    database.attach(port);
    const rows = recorder<readonly unknown[]>();
    show(() => rows.note('', useQuery('item_locations', byBin)));
    await vi.waitFor(() =>
      expect(rows.last()).toMatchObject({ stale: true, error: { code: 'STORE_IO' } }),
    );
    broken = false;
    await vi.waitFor(() => expect(rows.last()).toEqual({ stale: false, data: [], error: null }), {
      timeout: 5_000,
    });
  });

  test('another person finds nothing of what was read before', async () => {
    const disk = getRxStorageMemory();
    let answers = true;
    database.attach(storeProcess(disk, () => answers).port);
    await tables.insert('item_locations', place('A'));
    const rows = recorder<readonly { bin: string | null }[]>();
    show(() => rows.note('', useQuery('item_locations', byBin)));
    await vi.waitFor(() => expect(bins(rows.last())).toEqual({ stale: false, bins: ['A'] }));
    answers = false;
    database.reset();
    await vi.waitFor(() => expect(rows.last()?.data).toBeUndefined());
  });
});

describe('useCount and later pages', () => {
  test('run again after a purge, whose events hold no content', async () => {
    expect(PURGE_CONTEXT).toBe(CONTEXT_OF_STORAGE);
    const disk = getRxStorageMemory();
    const { port, send, connections } = storeProcess(disk);
    database.attach(port);
    const all = ['A', 'B', 'C', 'D'].map((bin) => place(bin));
    for (const row of all) await tables.insert('item_locations', row);
    const page = recorder<readonly { bin: string | null }[]>();
    const count = recorder<number>();
    const Page = () => page.note('', useQuery('item_locations', { ...byBin, skip: 1, limit: 2 }));
    const Count = () => count.note('', useCount('item_locations', { item_id: item }));
    show(() => (
      <>
        <Page />
        <Count />
      </>
    ));
    await vi.waitFor(() => expect(bins(page.last())).toEqual({ stale: false, bins: ['B', 'C'] }));
    await vi.waitFor(() => expect(count.last()?.data).toBe(4));

    const [state] = [...disk.collectionStates]
      .filter(([key]) => key.includes('item_locations'))
      .map(([, value]) => value);
    const gone = all[0]?.id ?? '';
    // The storage has no such row any more; what a deletion would do, without its event.
    const [index] = [...(state?.byIndexArray ?? [])];
    expect(index).toBeDefined();
    for (const one of state?.byIndexArray ?? []) {
      one.docsWithIndex = one.docsWithIndex.filter(([, , id]) => id !== gone);
    }
    state?.documents.delete(gone);
    send({
      connectionId: connections.get('item_locations') ?? '',
      answerTo: 'changestream',
      method: 'changeStream',
      return: {
        id: newId(),
        context: PURGE_CONTEXT,
        checkpoint: {},
        events: [
          {
            documentId: gone,
            operation: 'DELETE',
            documentData: {
              id: gone,
              _deleted: true,
              _attachments: {},
              _rev: '1-x',
              _meta: { lwt: 1 },
            },
          },
        ],
      },
    });
    await vi.waitFor(() => expect(bins(page.last())).toEqual({ stale: false, bins: ['C', 'D'] }));
    await vi.waitFor(() => expect(count.last()).toEqual({ stale: false, data: 3, error: null }));
  });
});

describe('useDoc', () => {
  test('tells a row that does not exist from one that is loading', async () => {
    database.attach(storeProcess().port);
    const row = place('A');
    const doc = recorder<{ bin: string | null } | null>();
    show(() => doc.note('', useDoc('item_locations', row.id)));
    await vi.waitFor(() => expect(doc.last()).toEqual({ stale: false, data: null, error: null }));
    expect(doc.seen[0]?.live.data).toBeUndefined();
    await tables.insert('item_locations', row);
    await vi.waitFor(() => expect(doc.last()).toMatchObject({ stale: false, data: { bin: 'A' } }));
    await tables.patch('item_locations', row.id, { bin: 'B' });
    await vi.waitFor(() => expect(doc.last()).toMatchObject({ stale: false, data: { bin: 'B' } }));
  });
});

describe('collections', () => {
  test('a screen that needs more than twelve at once hears it', async () => {
    database.attach(storeProcess().port);
    const seen = new Map<string, Live<unknown>>();
    const One = (props: { name: (typeof TABLE_NAMES)[number] }) => {
      seen.set(props.name, useCount(props.name, {}));
      return null;
    };
    show(() => TABLE_NAMES.slice(0, 13).map((name) => <One key={name} name={name} />));
    await vi.waitFor(
      () => {
        const states = [...seen.values()];
        expect(states.filter(({ stale }) => !stale)).toHaveLength(12);
        expect(states.find(({ stale }) => stale)?.error?.code).toBe('STORE_OVERLOADED');
      },
      { timeout: 10_000 },
    );
  });
});

describe('useView', () => {
  test('in strict mode asks once, and again over a new port', async () => {
    const asked: number[] = [];
    const connect = (): void => {
      const { port1, port2 } = new MessageChannel();
      ports.push(port1, port2);
      port1.onmessage = (event: MessageEvent<{ kind: string; id: number }>) => {
        if (event.data.kind !== 'watch') return;
        asked.push(event.data.id);
        port1.postMessage({ kind: 'next', id: event.data.id, n: 1, json: '[]' });
      };
      client.attach(port2);
    };
    connect();
    const lots = recorder<readonly unknown[]>();
    show(() => lots.note('', useView('inventory.lots', { itemId: item })));
    await vi.waitFor(() => expect(lots.last()).toEqual({ stale: false, data: [], error: null }));
    expect(asked).toHaveLength(1);
    connect();
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    await vi.waitFor(() => expect(lots.last()?.stale).toBe(false));
    expect(lots.seen.some(({ live }) => live.stale && live.data !== undefined)).toBe(true);
  });
});
