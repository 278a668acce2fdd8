import path from 'node:path';
import { toAppError } from '#shared/errors/app-error.ts';
import type { Origin } from '#desktop/storage/storage-types.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import type { SideLogEntry } from '#desktop/vault/side-log/entries.ts';
import type { Settled } from '#desktop/vault/side-log/reapply.ts';
import { openSideLog } from '#desktop/vault/side-log/side-log.ts';
import { COLLECTIONS, openStore } from './open-store.ts';
import type { OpenOptions, OpenStore, Plain } from './open-store.ts';
import { perform } from './operations.ts';
import type { Document, Operation } from './operations.ts';

/** A row as it is read from a store. */
export interface DumpRow {
  readonly document: Document;
  readonly origin: Origin;
  readonly seq: number;
}

export interface DumpTable {
  /** In the order of the change feed. */
  readonly rows: readonly DumpRow[];
  readonly lastSeq: number;
  /** True: the change feed and the primary key lead to the same documents. */
  readonly agrees: boolean;
  /** What the counter of waiting rows says. */
  readonly waiting: number;
  /** Ids in the order of an index and by the covering count, to see that indexes agree. */
  readonly liveIds: readonly string[];
  readonly liveCount: number;
}

/** All that a store holds. */
export interface Dump {
  readonly tables: Readonly<Record<string, DumpTable>>;
  readonly kept: Readonly<Record<string, string>>;
  readonly quickCheck: readonly string[];
  /** More than the product looks at by itself: that indexes and tables agree. */
  readonly integrityCheck: readonly string[];
}

/** A row of the side log. */
export type LoggedRow = Pick<SideLogEntry, 'table' | 'id' | 'version' | 'row'>;

/** What came of opening and reading a file. */
export type Read =
  | {
      readonly dump: Dump;
      /** What came back from the side log; null: opened without it. */
      readonly settled: Settled | null;
      /** What stood in the side log before the file was opened. */
      readonly logged: readonly LoggedRow[];
    }
  | { readonly code: string; readonly at: 'open' | 'read'; readonly reason: string };

/**
 * Opens a file as a profile does and reads everything in it, every way the product reads.
 * @param after done when everything was read
 */
export async function readStore(options: OpenOptions, after?: Operation): Promise<Read> {
  let store: OpenStore;
  let logged: readonly LoggedRow[];
  try {
    logged = options.sideLog ? rowsInSideLog(options) : [];
    store = await openStore(options);
  } catch (error) {
    return failed(error, 'open');
  }
  try {
    const { settled = null } = store;
    const dump = await dumpOf(store);
    if (after) await perform(store, after);
    return { dump, settled, logged };
  } catch (error) {
    return failed(error, 'read');
  } finally {
    store.sideLog?.close();
    store.database.close();
  }
}

function rowsInSideLog({ file, key }: OpenOptions): LoggedRow[] {
  const sideLog = openSideLog({ folder: path.dirname(file), key, log: silentLogger });
  try {
    return sideLog.waiting().map(({ table, id, version, row }) => ({ table, id, version, row }));
  } finally {
    sideLog.close();
  }
}

function failed(error: unknown, at: 'open' | 'read'): Read {
  const { code, safe, cause } = toAppError(error);
  const why = cause instanceof Error ? `${cause.message} ${cause.stack ?? ''}` : '';
  return { code, at, reason: `${JSON.stringify(safe)} ${why}`.slice(0, 600) };
}

export async function dumpOf({ database, instance }: OpenStore): Promise<Dump> {
  const tables: Record<string, DumpTable> = {};
  for (const collection of COLLECTIONS) {
    const open = instance(collection);
    const { documents } = await open.getChangedDocumentsSince(1_000_000);
    const primaryPath = idPathOf(open.schema.primaryKey);
    const ids = documents.map((document) => String((document as Plain)[primaryPath]));
    const origins = open.originOf(ids);
    const seqs = new Map(
      database
        .read<{ id: string; seq: number }>(`select id, seq from "${collection}" order by seq`)
        .map((row) => [row.id, row.seq]),
    );
    const [registry] = database.read<{ last: number }>(
      'select last_seq as last from ganger_tables where name = ?',
      [collection],
    );
    const liveIds = database.read<{ id: string }>(
      `select id from "${collection}" where deleted = 0 order by id`,
    );
    const [count] = database.read<{ n: number }>(
      `select count(*) as n from "${collection}" where deleted = 0`,
    );
    const rows = documents.map((document, at): DumpRow => {
      const id = ids[at] ?? '';
      return {
        document: document as unknown as Document,
        origin: origins.get(id) ?? ('missing' as Origin),
        seq: seqs.get(id) ?? -1,
      };
    });
    // By id as well: another way through the file to the same documents.
    const byId = await open.findDocumentsById(ids, true);
    tables[collection] = {
      rows,
      agrees: JSON.stringify(byId) === JSON.stringify(documents),
      lastSeq: registry?.last ?? -1,
      waiting: open.countOrigin('local'),
      liveIds: liveIds.map(({ id }) => id),
      liveCount: count?.n ?? -1,
    };
  }
  const kept = database.read<{ k: string; v: string }>(
    "select k, v from kv where k like 'faults.%' order by k",
  );
  const check = (pragma: string): string[] =>
    database.read<Record<string, string>>(pragma).flatMap((row) => Object.values(row));
  return {
    tables,
    kept: Object.fromEntries(kept.map(({ k, v }) => [k, v])),
    quickCheck: check('pragma quick_check'),
    integrityCheck: check('pragma integrity_check'),
  };
}

/** The path of the id; of a composite key RxDB gives the path it is composed into. */
const idPathOf = (primaryKey: string | { readonly key: string }): string =>
  typeof primaryKey === 'string' ? primaryKey : primaryKey.key;
