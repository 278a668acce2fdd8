import { INTERNAL_STORE_SCHEMA } from 'rxdb/plugins/core';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import type { MessageFromRemote } from 'rxdb/plugins/storage-remote';
import { expect, test } from 'vitest';
import { DATABASE_NAME } from '#shared/ipc/port.ts';
import { FairQueue } from './fair-queue.ts';
import {
  ALL,
  connect,
  database,
  ended$,
  place,
  raw,
  rawTable,
  table,
} from './window-storage.suite.ts';

/** What a window may not exceed, and what is left of it. */

test('a window of another kind may do no more than its list says', async () => {
  const port = connect({
    mayUse: (name, method) => name === 'item_locations' && method !== 'bulkWrite',
  });
  expect((await rawTable(port, 'stock_acts')).made.error?.message).toBe('CALL_NOT_ALLOWED');
  const { made, ask } = await rawTable(port);
  expect(made.return).toBe('ok');
  expect((await ask('query', ALL)).return).toBe('{"documents":[]}');
  const row = { document: { ...place(), _rev: '1-a', _deleted: false } };
  expect((await ask('bulkWrite', [row], 'x')).error?.message).toBe('CALL_NOT_ALLOWED');
});

test('what is too large, misshapen or of no open table is refused with a code', async () => {
  const port = connect();
  const { ask } = await rawTable(port);
  const many = Array.from({ length: 20_001 }, () => 'x');
  const codes = [
    await ask('findDocumentsById', many, true),
    await ask('bulkWrite', [{ document: { _rev: '1-a', note: 'x'.repeat(34_000_000) } }], 'x'),
    await ask('findDocumentsById', [{ $ne: null }], true),
    await ask('query', { query: { selector: 'all' } }),
    await ask('query', ALL, ALL),
    await ask('bulkWrite', [], 7),
    await raw(port, { connectionId: 'nobody', method: 'query', params: [ALL] }),
  ].map(({ error }) => error?.message);
  expect(codes).toEqual([
    'REQUEST_TOO_LARGE',
    'REQUEST_TOO_LARGE',
    'REQUEST_INVALID',
    'REQUEST_INVALID',
    'REQUEST_INVALID',
    'REQUEST_INVALID',
    'CALL_NOT_ALLOWED',
  ]);
});

test('an error that crosses the port carries its code and nothing of a document', async () => {
  const { ask } = await rawTable(connect());
  const secret = place({ bin: 'Quetzalcoatlus' });
  await table().bulkWrite(
    [
      {
        document: { ...secret, _rev: '1-a', _deleted: false, _attachments: {}, _meta: { lwt: 1 } },
      },
    ],
    'x',
  );
  database.close();
  const answer = await ask('query', ALL);
  expect(answer.error).toEqual({ name: 'Error', message: 'STORE_NOT_OPEN' });
});

test('a request beyond what may wait is refused, and those that wait are answered', async () => {
  const port = connect({ queue: new FairQueue({ running: 2, waiting: 10 }) });
  const { ask } = await rawTable(port);
  const answers = await Promise.all(Array.from({ length: 40 }, () => ask('query', ALL)));
  const refused = answers.filter(({ error }) => error?.message === 'STORE_OVERLOADED');
  expect(refused.length).toBeGreaterThan(0);
  expect(answers.length - refused.length).toBeGreaterThanOrEqual(10);
  expect((await ask('query', ALL)).error).toBeUndefined();
});

test('a window is answered while another has a long row of big lists', async () => {
  const rows = Array.from({ length: 2_000 }, () => ({
    document: { ...place(), _rev: '1-a', _deleted: false, _attachments: {}, _meta: { lwt: 1 } },
  }));
  await table().bulkWrite(rows as never, 'x');
  const greedy = await rawTable(connect());
  const modest = await rawTable(connect());
  let done = 0;
  const lists = Array.from({ length: 60 }, async () => {
    await greedy.ask('query', ALL);
    done += 1;
  });
  await modest.ask('count', { ...ALL, query: { ...ALL.query, limit: undefined } });
  expect(done).toBeLessThan(30);
  await Promise.all(lists);
});

test('a window that takes nothing in is sent a bounded number of events, then told to start over', async () => {
  const port = connect();
  await rawTable(port);
  const methods: string[] = [];
  port.on('message', (message: MessageFromRemote) => methods.push(message.method));
  const write = async (): Promise<void> => {
    const document = {
      ...place(),
      _rev: '1-a',
      _deleted: false,
      _attachments: {},
      _meta: { lwt: 1 },
    };
    await table().bulkWrite([{ document }] as never, 'x');
  };
  for (let n = 0; n < 1_200; n += 1) await write();
  await expect.poll(() => methods.at(-1)).toBe('overflow');
  expect(methods.filter((method) => method === 'changeStream')).toHaveLength(1_000);
  // Nothing more for what is cut; a table that is opened anew is served again, once it acknowledges.
  port.postMessage({ method: 'ack', events: 1_000 });
  await rawTable(port);
  await write();
  await expect.poll(() => methods.at(-1)).toBe('changeStream');
  expect(methods.filter((method) => method === 'changeStream')).toHaveLength(1_001);
});

test('fifty windows that came and died leave nothing behind', async () => {
  const queue = new FairQueue({ running: 8, waiting: 100 });
  const states = getRxStorageMemory().collectionStates;
  const count = () => ({
    lanes: queue.size,
    memory: states.size,
    ended: ended$.observers.length,
    events: ((table().changeStream() as unknown as { observers?: unknown[] }).observers ?? [])
      .length,
  });
  const before = count();
  for (let n = 0; n < 50; n += 1) {
    const port = connect({ queue });
    const params = {
      databaseName: DATABASE_NAME,
      collectionName: '_rxdb_internal',
      schema: INTERNAL_STORE_SCHEMA,
    };
    const kept = await raw(port, { connectionId: `i-${n}`, method: 'create', params });
    expect(kept.return).toBe('ok');
    const { ask } = await rawTable(port);
    if (n % 3 === 0) await ask('query', ALL);
    // Some ask for more than they stay to hear.
    for (let more = 0; more < n % 5; more += 1) void ask('query', ALL);
    port.close();
  }
  await expect.poll(count).toEqual(before);
});
