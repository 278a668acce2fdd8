import {
  awaitRxStorageReplicationIdle,
  cancelRxStorageReplication,
  replicateRxStorageInstance,
} from 'rxdb/plugins/core';
import type { RxReplicationWriteToMasterRow } from 'rxdb/plugins/core';
import { defaultHashSha256 } from 'rxdb/plugins/utils';
import { Subject } from 'rxjs';
import { expect, test } from 'vitest';
import { sameContent } from '#shared/kernel/json.ts';
import type { Row } from '#shared/schema/define.ts';
import { changed, insertAll, note, temporaryFolder, testStore } from './fixtures.suite.ts';
import type { SqliteStorageInstance } from './sqlite-storage-instance.ts';
import { definitionsOf, openTable } from './upgrade.suite.ts';
import type { OpenTable, Version } from './upgrade.suite.ts';

type Instance = SqliteStorageInstance<Record<string, unknown>>;
type ServerRow = Record<string, unknown> & { id: string; _deleted: boolean };

const V1: Version = { fields: { name: 'text' } };
const V2: Version = {
  fields: { title: 'text', hint: 'nullable' },
  upgrade: ({ name, ...row }) => ({ ...row, title: String(name).toUpperCase() }) as unknown as Row,
};

/** RxDB's replication of the people, and what it pushes. */
function replicate({ rows, meta }: OpenTable, server: readonly ServerRow[]) {
  const pushed: RxReplicationWriteToMasterRow<Record<string, unknown>>[] = [];
  const local = new Proxy(rows, {
    get(target, key) {
      if (key === 'getChangedDocumentsSince') {
        return target.getChangedDocumentsSinceLocal.bind(target);
      }
      if (key === 'changeStream') return target.localChangeStream.bind(target);
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  }) as Instance;
  const plain = ({ _meta, _rev, _attachments, ...row }: Record<string, unknown>) => row;
  const notice$ = new Subject<'RESYNC'>();
  const state = replicateRxStorageInstance<Record<string, unknown>>({
    identifier: 'test',
    pullBatchSize: 100,
    pushBatchSize: 10,
    forkInstance: local,
    metaInstance: meta as never,
    hashFunction: defaultHashSha256,
    skipStoringPullMeta: false,
    conflictHandler: {
      isEqual: (a, b) => sameContent(plain(a), plain(b)),
      resolve: ({ realMasterState }) => Promise.resolve(realMasterState as never),
    },
    replicationHandler: {
      masterChangeStream$: notice$,
      masterChangesSince: (checkpoint) => {
        const at = (checkpoint as { at: number } | undefined)?.at ?? 0;
        return Promise.resolve({ documents: server.slice(at), checkpoint: { at: server.length } });
      },
      masterWrite: (written) => {
        pushed.push(...written);
        return Promise.resolve([]);
      },
    },
  });
  const stop = (): Promise<void> => cancelRxStorageReplication(state);
  return { pushed, idle: () => awaitRxStorageReplicationIdle(state), notice$, stop };
}

test('after an upgrade only what waited is pushed, on the upgraded base, and newer server rows come in', async () => {
  const folder = temporaryFolder();
  const server: ServerRow[] = ['a', 'b', 'c'].map((id) => ({
    id,
    name: `from server ${id}`,
    _deleted: false,
  }));
  const old = testStore(undefined, folder, { definitions: definitionsOf({ people: [V1] }) });
  const before = await openTable(old.storage, 'people', [V1]);
  const first = replicate(before, server);
  await first.idle();
  await first.stop();
  // Offline: one edit of a server's row, one new row.
  const [b] = await before.rows.findDocumentsById(['b'], false);
  if (!b) throw new Error('not pulled');
  const edit = { previous: b, document: changed(b, { name: 'edited b' }) };
  await before.rows.bulkWrite([edit], 'window-1');
  const fresh = { id: 'd', name: 'new d', cat: undefined, n: undefined, active: undefined };
  await insertAll(before.rows, [note(fresh)], 'window-1');
  old.database.close();

  const versions = [V1, V2];
  const definitions = definitionsOf({ people: versions });
  const now = testStore(undefined, folder, { definitions });
  const after = await openTable(now.storage, 'people', versions);
  const second = replicate(after, server);
  await second.idle();
  const pushed = second.pushed.map(({ assumedMasterState: base, newDocumentState: row }) => [
    base?.['title'],
    row['id'],
    row['title'],
    row['name'],
  ]);
  expect(pushed).toEqual([
    ['FROM SERVER B', 'b', 'EDITED B', undefined],
    [undefined, 'd', 'NEW D', undefined],
  ]);
  // Upgraded rows must not pass for local edits, or RxDB would skip what the server says of them.
  server.push({ id: 'a', title: 'LATER', hint: 'x', _deleted: false });
  second.notice$.next('RESYNC');
  await expect
    .poll(() => after.rows.findDocumentsById(['a'], false))
    .toMatchObject([{ title: 'LATER', hint: 'x' }]);
  await second.idle();
  expect(second.pushed).toHaveLength(2);
  await second.stop();
});
