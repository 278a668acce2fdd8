import { fillWithDefaultSettings } from 'rxdb/plugins/core';
import { expect, test } from 'vitest';
import { DATABASE_NAME } from '#shared/ipc/port.ts';
import { newId } from '#shared/kernel/ids.ts';
import type { Row } from '#shared/schema/define.ts';
import { rxSchemaOf } from '#shared/schema/rx-schema.ts';
import {
  ME,
  collection,
  connect,
  databases,
  ended$,
  instances,
  openWindow,
  place,
  raw,
  table,
  writer,
} from './window-storage.suite.ts';
import { writeForWindow } from './window-write.ts';

/** RxDB's remote storage between windows and the store, over real ports. */

test('two windows share one table: what one writes the other sees, stamped by the store', async () => {
  const a = await collection(await openWindow(connect()), 'item_locations');
  const b = await collection(await openWindow(connect()), 'item_locations');
  const row = place({ created_by: newId(), field_hlc: { par: 'ffffffffffff-ffff-ffffffffffff' } });
  const seen: (string | null)[] = [];
  b.find().$.subscribe((docs) => seen.push((docs[0]?.toJSON() as Row)?.created_by ?? null));
  await a.insert(row);
  await expect.poll(() => seen.at(-1)).toBe(ME);
  const [stored] = await table().findDocumentsById([row.id], true);
  expect(stored?.created_by).toBe(ME);
  expect(stored?.field_hlc?.['par']).toMatch(/0123456789ab$/);
});

test('two edits in a row from a window that has not heard its own stamps lose no stamp', async () => {
  const a = await collection(await openWindow(connect()), 'item_locations');
  const document = await a.insert(place());
  await Promise.all([
    document.incrementalPatch({ par: 20_000 }),
    document.incrementalPatch({ bin: 'B-2' }),
  ]);
  const [stored] = await table().findDocumentsById([document.id], true);
  expect(stored).toMatchObject({ par: 20_000, bin: 'B-2' });
  const { par, bin, max } = stored?.field_hlc ?? {};
  expect(par !== max && bin !== max && par !== bin).toBe(true);
});

test('a write that may not be comes back with code and fields, and the others of the bulk go through', async () => {
  const a = await collection(await openWindow(connect()), 'item_locations');
  const good = place();
  const bad = place({ par: -1 });
  const foreign = place({ location_id: newId() });
  const { error } = await a.bulkInsert([good, bad, foreign]);
  expect(error.map((e) => e.status)).toEqual([422, 422]);
  expect(new Set(error.map((e) => e.documentId))).toEqual(new Set([bad.id, foreign.id]));
  expect(JSON.stringify(error)).toContain('ROW_INVALID');
  expect(JSON.stringify(error)).toContain('SYNC_ROW_REFUSED');
  const stored = await table().findDocumentsById([good.id, bad.id, foreign.id], true);
  expect(stored.map(({ id }) => id)).toEqual([good.id]);
});

test('what a window may not ask for is refused, twice and more, and the store lives', async () => {
  const port = connect();
  const params = (extra: object) => ({
    databaseName: DATABASE_NAME,
    collectionName: 'item_locations',
    schema: fillWithDefaultSettings(rxSchemaOf('item_locations') as never),
    ...extra,
  });
  for (let i = 0; i < 3; i += 1) {
    for (const bad of [
      { method: 'create', params: params({ collectionName: 'kv' }) },
      { method: 'create', params: params({ collectionName: 'sqlite_master' }) },
      { method: 'create', params: params({ databaseName: 'other' }) },
      { method: 'create', params: params({ schema: { version: 7 } }) },
      { method: 'create', params: params({ collectionName: '_rxdb_internal', schema: null }) },
      { method: 'custom', params: {} },
      { method: 'getChangedDocumentsSince', params: [1, null] },
      { method: 'constructor', params: [] },
    ]) {
      expect((await raw(port, bad)).error).toBeTruthy();
    }
  }
  port.postMessage('nonsense');
  port.postMessage({ method: 'bulkWrite' });
  const a = await collection(await openWindow(connect()), 'item_locations');
  await expect(a.insert(place())).resolves.toBeTruthy();
});

test('a crafted request cannot get a row past the store', async () => {
  const instance = table();
  const write = (...rows: object[]) =>
    writeForWindow('item_locations', instance, rows as never, writer, 'crafted');
  const bare = (extra: object = {}) => ({
    ...place(),
    _deleted: false,
    _attachments: {},
    _rev: '1-a',
    _meta: { lwt: 1 },
    ...extra,
  });
  const good = bare();
  // The second row names the first as its base, which is not stored when it is looked at.
  const forged = {
    ...good,
    created_by: newId(),
    par: 'many',
    field_hlc: { par: 'ffffffffffff-ffff-ffffffffffff' },
    _rev: '2-evil',
  };
  const { error } = await write({ document: good }, { previous: good, document: forged });
  expect(error.map((e) => e.status)).toEqual([422]);
  expect(await instance.findDocumentsById([good.id], true)).toMatchObject([
    { created_by: ME, par: 10_000 },
  ]);

  for (const crafted of [{ _deleted: 1 }, { _rev: 'abc' }, { _rev: '' }, { _rev: '0-x' }]) {
    expect((await write({ document: bare(crafted) })).error).toHaveLength(1);
  }
  const [stored] = await instance.findDocumentsById([good.id], true);
  for (const [crafted, status] of [
    [{ previous: stored, document: { ...forged, _rev: '1-same', par: 1 } }, 422],
    [{ previous: { ...stored, _rev: '7-x' }, document: { ...forged, par: 1 } }, 409],
    [{ document: { ...forged, par: 1 } }, 409],
  ] as const) {
    expect((await write(crafted)).error.map((e) => e.status)).toEqual([status]);
  }
  expect(await instance.findDocumentsById([good.id], true)).toEqual([stored]);
});

test('closing or removing in one window ends nothing for another', async () => {
  const mine = await openWindow(connect());
  const a = await collection(mine, 'item_locations');
  const b = await collection(await openWindow(connect()), 'item_locations');
  const { id } = await b.insert(place());
  await a.remove().catch(() => undefined);
  await mine.close();
  expect((await b.findOne(id).exec())?.get('bin')).toBe('A-1');
  await b.insert(place());
  const stored = await table().findDocumentsById([id], false);
  expect(stored).toHaveLength(1);
});

test('a window that dies leaves no observer behind', async () => {
  const observers = (): number => {
    const { changes$ } = instances.get('item_locations') as unknown as {
      changes$?: { observers: unknown[] };
    };
    return changes$?.observers.length ?? -1;
  };
  const before = observers();
  const port = connect();
  await collection(await openWindow(port), 'item_locations');
  databases.pop();
  port.close();
  await expect.poll(observers).toBe(before);
});

test('when the profile ends, its windows get no more events', async () => {
  const a = await collection(await openWindow(connect()), 'item_locations');
  let events = 0;
  a.$.subscribe(() => (events += 1));
  await a.insert(place());
  await expect.poll(() => events).toBe(1);
  ended$.next();
  // Nobody answers this window any more, not even its closing.
  databases.pop();
  const instance = table();
  const { id } = place();
  await instance.bulkWrite(
    [
      {
        document: {
          ...place(),
          id,
          _deleted: false,
          _attachments: {},
          _rev: '1-x',
          _meta: { lwt: Date.now() },
        },
      },
    ],
    'other',
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(events).toBe(1);
});
