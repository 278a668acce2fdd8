import type { TableName } from '#shared/schema/tables.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { KeyValueStore } from '#desktop/storage/open-database.ts';

/**
 * Which tables have been loaded to their end, ever and since the connection came (back). Kept in the
 * profile's database, so that a first sync goes on after a restart.
 */
export interface Progress {
  /** A table was asked to its end. @returns tables whose turn has come: the next of the first sync */
  pulled(table: TableName): TableName[];
  /** The connection came (back): what happened meanwhile is unknown. */
  restart(): void;
  /** Tables that may be asked now: in a first sync the more important ones go first. */
  readonly open: readonly TableName[];
  readonly caughtUp: boolean;
  /** True once a table has been loaded to its end, ever. */
  isLoaded(table: TableName): boolean;
  /** Null once every table has been loaded once. */
  readonly firstSync: { readonly done: number; readonly total: number } | null;
  readonly lastSyncedAt: number | null;
  /** Writes down what is only kept in memory. */
  save(): void;
}

const LAST_SYNCED = 'sync.last';
/** The instant of the last sync is written down at most so often, milliseconds. */
const SAVE_EVERY_MS = 15_000;

const firstKey = (table: TableName): string => `sync.first.${table}`;

export function openProgress(options: {
  readonly kv: KeyValueStore;
  readonly tables: readonly TableName[];
  readonly now: () => number;
}): Progress {
  const { kv, tables, now } = options;
  const loaded = new Set(tables.filter((table) => kv.get(firstKey(table)) !== undefined));
  let behind = new Set(tables);
  const stored = kv.get(LAST_SYNCED);
  let lastSyncedAt = stored === undefined ? null : Number(stored);
  let savedAt = lastSyncedAt ?? 0;

  const openNow = (): TableName[] => {
    const missing = tables.filter((table) => !loaded.has(table));
    const turn = Math.min(...missing.map((table) => tableOf(table).priority));
    return tables.filter((table) => loaded.has(table) || tableOf(table).priority <= turn);
  };

  const save = (): void => {
    if (lastSyncedAt === null || lastSyncedAt === savedAt) return;
    kv.set(LAST_SYNCED, String(lastSyncedAt));
    savedAt = lastSyncedAt;
  };

  return {
    pulled(table) {
      const before = new Set(openNow());
      if (!loaded.has(table)) {
        kv.set(firstKey(table), '1');
        loaded.add(table);
      }
      behind.delete(table);
      if (behind.size === 0) {
        lastSyncedAt = now();
        if (lastSyncedAt - savedAt >= SAVE_EVERY_MS) save();
      }
      return openNow().filter((candidate) => !before.has(candidate));
    },
    restart() {
      behind = new Set(tables);
    },
    get open() {
      return openNow();
    },
    isLoaded: (table) => loaded.has(table),
    get caughtUp() {
      return behind.size === 0;
    },
    get firstSync() {
      return loaded.size === tables.length ? null : { done: loaded.size, total: tables.length };
    },
    get lastSyncedAt() {
      return lastSyncedAt;
    },
    save,
  };
}
