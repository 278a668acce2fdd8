import { randomUUID } from 'node:crypto';
import { metaOf } from '#desktop/storage/definitions.ts';
import type { Definitions } from '#desktop/storage/definitions.ts';
import { SUITE_DEFINITIONS } from '#desktop/storage/suite-definitions.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import type { CommittedChange, PlainRow } from '#desktop/storage/storage-types.ts';
import { quoted } from '#desktop/storage/table-layout.ts';
import { readRegistry } from '#desktop/storage/table-registry.ts';
import { bareRow } from './entries.ts';
import type { SideLogEntry } from './entries.ts';
import type { SideLog, Truth } from './side-log.ts';

const STORE_ID = 'store.id';
const PAGE_ROWS = 200;

/** Names the file of a store, so that numbers of one file are never compared with those of another. */
export function storeIdOf(database: EncryptedDatabase): string {
  const known = database.kv.get(STORE_ID);
  return known ?? renewStoreId(database);
}

/** For a file that goes on from an older state: its numbers will be given a second time. */
export function renewStoreId(database: EncryptedDatabase): string {
  const id = randomUUID();
  database.kv.set(STORE_ID, id);
  return id;
}

/** What the database knows of rows that the server does not have, for `SideLog.compact`. */
export function truthOf(
  database: EncryptedDatabase,
  tables: readonly string[],
  now: () => number = Date.now,
  definitions: Definitions = SUITE_DEFINITIONS,
): Truth {
  const there = readRegistry(database);
  const present = tables.filter((table) => there.has(table));
  const lastSeq = new Map<string, number>();
  const records = database.read<{ name: string; seq: number }>(
    'select name, last_seq as seq from ganger_tables',
  );
  for (const { name, seq } of records) if (present.includes(name)) lastSeq.set(name, seq);
  return {
    storeId: storeIdOf(database),
    lastSeq,
    rows: localRows(database, present, now(), definitions),
  };
}

function* localRows(
  database: EncryptedDatabase,
  tables: readonly string[],
  at: number,
  definitions: Definitions,
): Generator<SideLogEntry> {
  for (const table of tables) {
    const version = definitions.of(table)?.version ?? 0;
    const baseOf = basesIn(database, table);
    let after = 0;
    for (;;) {
      const page = database.read<{ id: string; seq: number; doc: string }>(
        `select id, seq, doc from ${quoted(table)} where origin = 'local' and seq > ?
         order by seq limit ${PAGE_ROWS}`,
        [after],
      );
      for (const { id, seq, doc } of page) {
        const row = bareRow(JSON.parse(doc) as PlainRow);
        yield { table, id, seq, version, row, base: baseOf(id), at };
        after = seq;
      }
      if (page.length < PAGE_ROWS) break;
    }
  }
}

/** What the server is known to have of a row, by the replication's meta rows. */
function basesIn(database: EncryptedDatabase, table: string): (id: string) => PlainRow | null {
  const meta = metaOf(table);
  if (!readRegistry(database).has(meta)) return () => null;
  const sql = `select doc from ${quoted(meta)} where id = ? and deleted = 0`;
  return (id) => {
    const doc = database.prepare(sql, 'pluck').get(`${id}|0`);
    if (typeof doc !== 'string') return null;
    const { docData } = JSON.parse(doc) as { docData?: PlainRow };
    return docData === undefined ? null : bareRow(docData);
  };
}

export interface SideLogHook {
  readonly sideLog: SideLog;
  readonly database: EncryptedDatabase;
  /** Tables whose rows go to the server. */
  readonly tables: readonly string[];
  readonly now?: () => number;
  readonly definitions?: Definitions;
}

/**
 * What the storage has to call after each commit (`StorageHooks.afterCommit`): what this device
 * wrote goes into the log before the write is acknowledged; what became the server's, or was
 * removed, leaves it.
 */
export function sideLogHook(options: SideLogHook): (changes: readonly CommittedChange[]) => void {
  const { sideLog, database, now = Date.now, definitions = SUITE_DEFINITIONS } = options;
  const tables = new Set(options.tables);
  const bases = new Map<string, (id: string) => PlainRow | null>();
  const baseOf = (table: string, id: string): PlainRow | null => {
    let read = bases.get(table);
    if (!read) {
      read = basesIn(database, table);
      // A table without meta rows may get them when its replication starts.
      if (readRegistry(database).has(metaOf(table))) bases.set(table, read);
    }
    return read(id);
  };
  const storeId = storeIdOf(database);
  return (changes) => {
    // What another file held is not settled by what happens in this one before it has been brought
    // back (`settleSideLog`).
    const isOurs = sideLog.storeId === storeId;
    const entries: SideLogEntry[] = [];
    for (const { collection: table, origin, rows, settled, purged } of changes) {
      if (!tables.has(table)) continue;
      if (settled.length > 0 && isOurs) {
        if (purged) sideLog.dropped(table, settled);
        else sideLog.confirmed(table, settled);
      }
      if (origin !== 'local') {
        if (rows.length > 0 && isOurs) {
          sideLog.confirmed(
            table,
            rows.map(({ id }) => id),
          );
        }
        continue;
      }
      const version = definitions.of(table)?.version ?? 0;
      for (const { id, seq, document } of rows) {
        const base = baseOf(table, id);
        entries.push({ table, id, seq, version, row: bareRow(document), base, at: now() });
      }
    }
    sideLog.append(entries);
  };
}
