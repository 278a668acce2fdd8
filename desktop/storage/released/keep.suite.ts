/**
 * Makes a profile file as this build leaves it behind on a device, to be kept for good:
 *
 *   node desktop/storage/released/keep.suite.ts desktop/storage/released/vX.Y.Z.db
 *
 * Every table has rows that came from the server by the real replication, rows that wait, and rows
 * derived from acts; where devices push, also rows that the server has accepted, refused ones (with
 * their entries among the parked) and edits of the server's rows. All data are invented.
 */
import { existsSync } from 'node:fs';
import { now as rxNow } from 'rxdb/plugins/utils';
import { systemClock } from '#shared/kernel/clock.ts';
import { createHlc, hlcNodeOf } from '#shared/kernel/hlc.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { expandAct } from '#shared/merge/expand.ts';
import { stampEdit } from '#shared/merge/join.ts';
import { DATABASE_NAME } from '#shared/ipc/port.ts';
import type { Row } from '#shared/schema/define.ts';
import { deviceFields, parseRow } from '#shared/schema/rows.ts';
import { PUSHABLE, TABLE_NAMES, isTableName, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { startReplication } from '#desktop/replication/replication.ts';
import { confirmOnMetaWrite } from '#desktop/replication/meta-rows.ts';
import { openParkedStore } from '#desktop/replication/parked-store.ts';
import { openTableInstances } from '#desktop/replication/tables.ts';
import { MemoryServer } from '#desktop/replication/testing/memory-server.ts';
import { openDatabase } from '../open-database.ts';
import { getRxStorageSqlite } from '../rx-storage-sqlite.ts';
import { SUITE_DEFINITIONS } from '../suite-definitions.ts';
import type { SqliteStorageInstance } from '../sqlite-storage-instance.ts';
import { sampleId, sampleValues } from './samples.suite.ts';

/** The key of all kept files. It protects nothing: all in them is invented. */
export const KEPT_KEY = '5a'.repeat(32);

const USER = sampleId('users', 0);
const DEVICE = sampleId('devices', 0);
const WINDOW = 'window-kept';
const WITHIN_MS = 20_000;

/** Which numbers the sample rows of a table have, by where they come from. */
const PULLED = [0, 1, 2];
const ACCEPTED = 3;
const REFUSED = 4;
const WAITING = [5, 6];
const DERIVED = [7, 8];
/** Comes from the server and is deleted there. */
const DELETED = 9;

export async function keepFile(file: string): Promise<void> {
  if (existsSync(file)) throw new Error('a kept file never changes');
  const hlc = createHlc({ clock: systemClock, node: hlcNodeOf(DEVICE) });
  const database = openDatabase({ file, key: KEPT_KEY, log: silentLogger });
  const storage = getRxStorageSqlite({
    database,
    log: silentLogger,
    definitions: SUITE_DEFINITIONS,
    hooks: {
      onWrite(event) {
        confirmOnMetaWrite(event);
        const { collection, origin, rows, tx } = event;
        if (origin !== 'local' || !isTableName(collection)) return;
        for (const document of rows) {
          for (const { table, row } of expandAct(collection, document as unknown as Row)) {
            tx.insertDerived(table, [row]);
          }
        }
      },
    },
  });
  const forks = new Map<TableName, SqliteStorageInstance<Record<string, unknown>>>();
  for (const table of TABLE_NAMES) {
    forks.set(table, (await openTableInstances(storage, DATABASE_NAME, table)).fork);
  }

  let originSeq = 0;
  const sample = (table: TableName, n: number): Row => {
    const { kind } = tableOf(table);
    const system = { created_at: Date.now(), created_by: USER, device_id: DEVICE };
    const bare = { ...sampleValues(table, n), id: sampleId(table, n), ...system };
    const stamped =
      kind === 'fact'
        ? { ...bare, hlc: hlc.next(), origin_seq: (originSeq += 1) }
        : kind === 'record'
          ? stampEdit(table, null, { ...bare, field_hlc: {} } as Row, hlc.next())
          : bare;
    const parsed = parseRow(table, stamped);
    if (!parsed.ok) throw new Error(`no sample for ${table}: ${parsed.fields.join(' ')}`);
    return parsed.row;
  };
  const write = async (table: TableName, row: Row, context: string): Promise<void> => {
    const fork = forks.get(table);
    const [previous] = (await fork?.findDocumentsById([row.id], true)) ?? [];
    const height = previous ? Number.parseInt(previous._rev, 10) : 0;
    const document = {
      ...row,
      _deleted: false,
      _attachments: {},
      _meta: { ...previous?._meta, lwt: rxNow() },
      _rev: `${height + 1}-kept`,
    };
    const written = await fork?.bulkWrite(
      [previous ? { previous, document } : { document }],
      context,
    );
    if (written?.error.length !== 0) throw new Error(`${table} was not written`);
  };

  const refused = new Set(PUSHABLE.map((table) => sampleId(table, REFUSED)));
  const server = new MemoryServer({
    clock: systemClock,
    inScope: () => true,
    scopesOf: () => ['org'],
    refuse: (_user, _table, { id }) =>
      refused.has(id) ? { code: 'SYNC_ROW_REFUSED', fields: [] } : null,
  });
  for (const table of TABLE_NAMES) {
    for (const n of [...PULLED, DELETED]) server.put(table, sample(table, n));
  }
  for (const table of PUSHABLE) {
    // A row that is what it refers to, that an act stands for, or that is an act over rows of its
    // lines would wait at the server for what is not there.
    const { identity, inserted } = tableOf(table);
    const accepted = sample(table, ACCEPTED);
    const isAct = expandAct(table, accepted).length > 0;
    if (!identity && inserted && !isAct) await write(table, accepted, WINDOW);
    await write(table, sample(table, REFUSED), WINDOW);
  }
  const replication = await startReplication({
    api: server.api(USER, DEVICE),
    storage,
    database,
    databaseName: DATABASE_NAME,
    tables: TABLE_NAMES,
    inScope: () => true,
    clock: systemClock,
    random: Math.random,
    log: silentLogger,
  });
  await replication.firstSyncDone;
  await until(
    () => replication.status.waiting === 0,
    () => `answers to ${replication.status.waiting} rows`,
  );
  for (const [table, fork] of forks) {
    const id = sampleId(table, DELETED);
    server.remove(table, id);
    const isGone = async () => (await fork.findDocumentsById([id], false)).length === 0;
    await until(isGone, () => `a deletion in ${table}`);
  }
  await replication.stop();

  // From here on the device is offline.
  const parked = openParkedStore(database);
  for (const table of TABLE_NAMES) {
    for (const n of DERIVED) await write(table, sample(table, n), 'store-derived');
    for (const n of WAITING) await write(table, sample(table, n), WINDOW);
    if (!PUSHABLE.includes(table) || tableOf(table).kind !== 'record') continue;
    const edited = editOf(table, server.row(table, sampleId(table, 1)));
    if (!edited) continue;
    // While it waits, the server's row comes in another state.
    parked.rememberMaster(table, edited.id, server.row(table, edited.id) ?? {});
    await write(table, stampEdit(table, edited.before, edited.row, hlc.next()), WINDOW);
  }
  database.kv.set('session', JSON.stringify(session()));
  for (const fork of forks.values()) await fork.close();
  database.secureCheckpoint();
  database.close();
}

async function until(holds: () => boolean | Promise<boolean>, what: () => string): Promise<void> {
  for (const end = Date.now() + WITHIN_MS; !(await holds());) {
    if (Date.now() > end) throw new Error(`did not come: ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** An edit of one field that people may change, or null where a table has none. */
function editOf(table: TableName, before: Row | undefined) {
  if (!before) return null;
  const other = sampleValues(table, 2);
  const field = deviceFields(tableOf(table)).find(
    ([name, { merge }]) => merge === 'LWW' && other[name] !== before[name],
  );
  if (!field) return null;
  return { id: before.id, before, row: { ...before, [field[0]]: other[field[0]] } as Row };
}

const session = () => ({
  session: {
    user: { id: USER, displayName: 'Kim Sample', email: 'kim.sample@example.com' },
    grants: [{ role: 'MG', locationId: null, validFrom: 0, validTo: null }],
    epoch: 'epoch-1',
    serverTime: Date.now(),
  },
  fetchedAt: Date.now(),
});

if (process.argv[1] === import.meta.filename) {
  const [file] = process.argv.slice(2);
  if (!file) throw new Error('which file?');
  await keepFile(file);
}
