import {
  awaitRxStorageReplicationIdle,
  cancelRxStorageReplication,
  getRxReplicationMetaInstanceSchema,
  replicateRxStorageInstance,
} from 'rxdb/plugins/core';
import type { RxReplicationWriteToMasterRow } from 'rxdb/plugins/core';
import { defaultHashSha256 } from 'rxdb/plugins/utils';
import { Subject } from 'rxjs';
import { expect, test } from 'vitest';
import { sameContent } from '#shared/kernel/json.ts';
import { FILLED_NOTE_SCHEMA, changed, insertAll, note, testStore } from './fixtures.suite.ts';
import type { SqliteStorageInstance } from './sqlite-storage-instance.ts';
import type { StoredDocument } from './storage-types.ts';

type Instance = SqliteStorageInstance<Record<string, unknown>>;
type Row = Record<string, unknown> & { id: string; _deleted: boolean };
const IDENTIFIER = 'test-notes';

/** Shows RxDB's push side only what the server does not have. */
const localFeed = (instance: Instance): Instance =>
  new Proxy(instance, {
    get(target, key) {
      if (key === 'getChangedDocumentsSince') {
        return target.getChangedDocumentsSinceLocal.bind(target);
      }
      if (key === 'changeStream') return target.localChangeStream.bind(target);
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });

/** A device and a server that keeps its rows in a list; the newest push of a row wins. */
async function device() {
  const store = testStore({
    onWrite({ context, collection, rows, tx }) {
      // Pulled rows have their origin from the context alone.
      if (collection !== 'rx-meta-notes' || context !== 'replication-up-write-meta') return;
      for (const { itemId, docData } of rows) {
        tx.confirm('notes', itemId as string, docData as Record<string, unknown>);
      }
    },
  });
  const notes = await store.open('notes');
  const metaSchema = getRxReplicationMetaInstanceSchema(FILLED_NOTE_SCHEMA, false);
  const meta = await store.open('rx-meta-notes', metaSchema as never);
  const server: Row[] = [];
  const pushed: RxReplicationWriteToMasterRow<Record<string, unknown>>[] = [];
  const notice$ = new Subject<'RESYNC'>();

  const start = () =>
    replicateRxStorageInstance<Record<string, unknown>>({
      identifier: IDENTIFIER,
      pullBatchSize: 100,
      pushBatchSize: 10,
      forkInstance: localFeed(notes),
      metaInstance: meta as never,
      hashFunction: defaultHashSha256,
      skipStoringPullMeta: false,
      conflictHandler: {
        isEqual: (a, b) => sameContent(plain(a), plain(b)),
        resolve: async ({ realMasterState }) => realMasterState as never,
      },
      replicationHandler: {
        masterChangeStream$: notice$,
        masterChangesSince: async (checkpoint) => {
          const at = (checkpoint as { at: number } | undefined)?.at ?? 0;
          return { documents: server.slice(at), checkpoint: { at: server.length } };
        },
        masterWrite: async (rows) => {
          pushed.push(...rows);
          return [];
        },
      },
    });
  const serverSays = (row: Record<string, unknown> & { id: string }): void => {
    server.push({ cat: 'a', n: 0, active: true, _deleted: false, ...row });
  };
  return { store, notes, meta, pushed, notice$, start, serverSays };
}

function plain(document: Record<string, unknown>): Record<string, unknown> {
  const { _meta, _rev, _attachments, ...content } = document;
  return content;
}

test('what RxDB’s replication pulls carries origin server and is never pushed back', async () => {
  const { notes, pushed, start, serverSays } = await device();
  serverSays({ id: 'pulled' });
  let replication = start();
  await awaitRxStorageReplicationIdle(replication);
  expect(notes.originOf(['pulled']).get('pulled')).toBe('server');
  await cancelRxStorageReplication(replication);
  replication = start();
  await awaitRxStorageReplicationIdle(replication);
  expect(pushed).toEqual([]);
  await cancelRxStorageReplication(replication);
});

test('a pulled row whose meta row was lost in a crash is not pushed as this device’s', async () => {
  const { store, meta, pushed, start, serverSays } = await device();
  serverSays({ id: 'pulled' });
  let replication = start();
  await awaitRxStorageReplicationIdle(replication);
  await cancelRxStorageReplication(replication);
  store.database.run(`delete from "rx-meta-notes"`);
  expect(await meta.findDocumentsById(['pulled|0'], true)).toEqual([]);
  replication = start();
  await awaitRxStorageReplicationIdle(replication);
  expect(pushed).toEqual([]);
  await cancelRxStorageReplication(replication);
});

test('a pushed row counts as the server’s from the commit of its meta row on', async () => {
  const { notes, pushed, start } = await device();
  const replication = start();
  await awaitRxStorageReplicationIdle(replication);
  await insertAll(notes, [note({ id: 'mine' })], 'renderer-1');
  expect(notes.countOrigin('local')).toBe(1);
  await expect.poll(() => pushed).toMatchObject([{ newDocumentState: { id: 'mine' } }]);
  await expect.poll(() => notes.countOrigin('local')).toBe(0);
  await cancelRxStorageReplication(replication);
});

test('offline edits with a clock set back are all pushed after a restart', async () => {
  const { notes, pushed, start } = await device();
  let replication = start();
  await awaitRxStorageReplicationIdle(replication);
  await insertAll(notes, [note({ id: 'first' })], 'renderer-1');
  await expect.poll(() => pushed.length).toBe(1);
  await awaitRxStorageReplicationIdle(replication);
  await cancelRxStorageReplication(replication);
  const old = ['a', 'b', 'c'].map((id, n) => note({ id }, '1-x', 1_000 - n));
  for (const document of old) await insertAll(notes, [document], 'renderer-1');
  replication = start();
  await awaitRxStorageReplicationIdle(replication);
  expect(pushed.map((row) => row.newDocumentState['id'])).toEqual(['first', 'a', 'b', 'c']);
  await cancelRxStorageReplication(replication);
});

test('a purge during replication is not pushed, and the row can come again', async () => {
  const { store, notes, pushed, notice$, start, serverSays } = await device();
  serverSays({ id: 'a', n: 1 });
  const replication = start();
  await awaitRxStorageReplicationIdle(replication);
  store.storage.purge('notes', ['a'], { metaCollection: 'rx-meta-notes' });
  await awaitRxStorageReplicationIdle(replication);
  serverSays({ id: 'a', n: 2 });
  notice$.next('RESYNC');
  await expect.poll(() => notes.originOf(['a']).get('a')).toBe('server');
  expect(await notes.findDocumentsById(['a'], false)).toMatchObject([{ n: 2 }]);
  expect(pushed).toEqual([]);
  await cancelRxStorageReplication(replication);
});

test('a derived row follows the server only when its _meta.o names the replication', async () => {
  const { notes, pushed, notice$, start, serverSays } = await device();
  const hash = await defaultHashSha256(IDENTIFIER);
  const derive = (id: string, meta: object): StoredDocument => {
    const document = note({ id }, '1-derived');
    return { ...document, _meta: Object.assign({}, document._meta, meta) };
  };
  await insertAll(
    notes,
    [derive('followed', { o: { hash, _rev: 1 } }), derive('stuck', {})],
    'store-derived',
  );
  const replication = start();
  await awaitRxStorageReplicationIdle(replication);
  for (const id of ['followed', 'stuck']) serverSays({ id, n: 5 });
  notice$.next('RESYNC');
  await expect.poll(() => notes.originOf(['followed']).get('followed')).toBe('server');
  await awaitRxStorageReplicationIdle(replication);
  const [followed, stuck] = await notes.findDocumentsById(['followed', 'stuck'], false);
  expect(followed).toMatchObject({ n: 5 });
  expect(stuck).toMatchObject({ n: 0 });

  // An edit on this device makes it a local row like any other.
  if (followed) {
    const edited = changed(followed, { n: 6 });
    await notes.bulkWrite([{ previous: followed, document: edited }], 'renderer-1');
  }
  await expect.poll(() => pushed).toMatchObject([{ newDocumentState: { id: 'followed', n: 6 } }]);
  await cancelRxStorageReplication(replication);
});
