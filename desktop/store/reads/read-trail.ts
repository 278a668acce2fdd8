import { isUuid } from '#shared/kernel/ids.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { AUDIT_LIMITS } from '#shared/protocol/audit.ts';
import { toAppError } from '#shared/errors/app-error.ts';
import type { Shown, ShownRecord } from '../views/definition.ts';
import type { NewEntry, ReadChain } from './read-chain.ts';

/**
 * One read: somebody gets the content of a record, of one kind (opened, or among others in a list). While
 * a window goes on showing it, and for ten minutes after, it is the same read, however often the screen
 * asks, is drawn anew or is opened again. The server counts fetches of files by the same ten minutes.
 */
export const ONE_READ_MS = 10 * 60_000;
/** Records of lists of one table that a window is remembered to have had. */
const MOST_LISTED = 5_000;

/** What one window gets. Its methods never throw: what cannot be noted is counted and logged. */
export interface SeatReads {
  /**
   * A watched answer is about to go to the window.
   * @param watch stands for the watch as long as it lasts
   */
  watched(watch: object, actor: string, screen: string, shown: readonly Shown[]): void;
  /** The window does not watch it any more. */
  unwatched(watch: object): void;
  /** Rows of a table are about to go to the window, once. */
  asked(actor: string, screen: string, shown: Shown): void;
  /**
   * Rows that the window shows leave the app. Which of them count is known here: by what the window got.
   * @throws AppError when it cannot be written down; then they must not leave
   */
  leave(actor: string, action: 'export' | 'print' | 'reveal', ids: readonly string[]): void;
}

export interface ReadTrail {
  seat(window: number): SeatReads;
  /** Something that is no read of a record. Never throws. */
  note(entry: NewEntry): void;
}

interface Watched {
  readonly screen: string;
  shown: readonly Shown[];
  /** Keys that count as shown as long as the watch lasts. */
  readonly held: Set<string>;
}

interface Options {
  readonly chain: () => Pick<ReadChain, 'append' | 'since'>;
  readonly now: () => number;
  readonly log: Logger;
  /** Told after something was noted. */
  readonly onNoted?: (() => void) | undefined;
}

/** Notes down what windows get, each read once. */
export function createReadTrail({ chain, now, log, onNoted }: Options): ReadTrail {
  /** When each read was seen last. */
  const recent = new Map<string, number>();
  /** How many watches show it now. */
  const held = new Map<string, number>();
  let cleaned = now();

  const keyOf = (actor: string, action: string, table: string, id: string): string =>
    `${actor} ${action} ${table} ${id}`;
  // A window that is there again after a kill reads on what it read before.
  for (const { at, actor, action, table, rows = [] } of chain().since(now() - ONE_READ_MS)) {
    if (actor === undefined || table === undefined) continue;
    if (action !== 'read' && action !== 'list') continue;
    for (const id of rows) recent.set(keyOf(actor, action, table, id), at);
  }

  const isOld = (at: number): boolean => Math.abs(now() - at) > ONE_READ_MS;
  const isKnown = (key: string): boolean => {
    const at = recent.get(key);
    return held.has(key) || (at !== undefined && !isOld(at));
  };
  const clean = (): void => {
    if (!isOld(cleaned)) return;
    cleaned = now();
    for (const [key, at] of recent) if (isOld(at)) recent.delete(key);
  };
  const write = (entries: readonly NewEntry[]): void => {
    if (entries.length === 0) return;
    chain().append(...entries);
    onNoted?.();
  };
  /** The screen goes on whatever the disk says; the chain counts what it could not take. */
  const quietly = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      log.error('a read was not noted', { code: toAppError(error).code });
    }
  };

  const entriesOf = (
    base: Pick<NewEntry, 'actor' | 'action' | 'table' | 'screen' | 'window' | 'how'>,
    records: readonly ShownRecord[],
  ): NewEntry[] => {
    const entries: NewEntry[] = [];
    for (let from = 0; from < records.length; from += AUDIT_LIMITS.ids) {
      const part = records.slice(from, from + AUDIT_LIMITS.ids);
      const patients = [...new Set(part.flatMap(({ patient }) => patient ?? []))];
      entries.push({
        ...base,
        rows: part.map(({ id }) => id),
        ...(patients.length > 0 ? { patients } : {}),
      });
    }
    return entries;
  };

  return {
    note: (entry) => quietly(() => write([entry])),
    seat(window) {
      const watches = new Map<object, Watched>();
      /** Rows of tables that the window asked for: table → record → whom it is about. */
      const listed = new Map<string, Map<string, ShownRecord>>();
      /** Patients whom its last search found: opening one of them is no accident. */
      let found: ReadonlySet<string> = new Set();

      /** @returns keys of what is shown */
      const noteShown = (actor: string, screen: string, shown: Shown): string[] => {
        const { kind, table } = shown;
        if (kind === 'names') {
          if (shown.isFound) found = new Set(shown.records.map(({ id }) => id));
          return [];
        }
        const action = kind === 'record' ? 'read' : 'list';
        const records = shown.records.filter(({ id }) => isUuid(id));
        const fresh = records.filter(({ id }) => !isKnown(keyOf(actor, action, table, id)));
        const isFound = kind === 'record' && fresh.some(({ patient }) => found.has(patient ?? ''));
        const how = isFound ? { how: 'search' as const } : {};
        quietly(() => write(entriesOf({ actor, action, table, screen, window, ...how }, fresh)));
        const keys = records.map(({ id }) => keyOf(actor, action, table, id));
        for (const key of keys) recent.set(key, now());
        clean();
        return keys;
      };
      const release = ({ held: keys }: Watched): void => {
        for (const key of keys) {
          const others = (held.get(key) ?? 1) - 1;
          if (others > 0) held.set(key, others);
          else held.delete(key);
          recent.set(key, now());
        }
      };

      return {
        watched(watch, actor, screen, shown) {
          const known = watches.get(watch) ?? { screen, shown, held: new Set<string>() };
          known.shown = shown;
          watches.set(watch, known);
          for (const part of shown) {
            for (const key of noteShown(actor, screen, part)) {
              if (known.held.has(key)) continue;
              known.held.add(key);
              held.set(key, (held.get(key) ?? 0) + 1);
            }
          }
        },
        unwatched(watch) {
          const known = watches.get(watch);
          if (!known) return;
          watches.delete(watch);
          release(known);
        },
        asked(actor, screen, shown) {
          noteShown(actor, screen, shown);
          const of = listed.get(shown.table) ?? new Map<string, ShownRecord>();
          for (const record of shown.records) of.set(record.id, record);
          for (const id of of.keys()) {
            if (of.size <= MOST_LISTED) break;
            of.delete(id);
          }
          listed.set(shown.table, of);
        },
        leave(actor, action, ids) {
          const wanted = new Set(ids);
          const leaving = new Map<string, { screen: string; records: Map<string, ShownRecord> }>();
          const add = (table: string, screen: string, records: Iterable<ShownRecord>): void => {
            const of = leaving.get(table) ?? { screen, records: new Map<string, ShownRecord>() };
            for (const record of records)
              if (wanted.has(record.id)) of.records.set(record.id, record);
            if (of.records.size > 0) leaving.set(table, of);
          };
          for (const { screen, shown } of watches.values()) {
            for (const { table, records } of shown) add(table, screen, records);
          }
          for (const [table, records] of listed) add(table, `table:${table}`, records.values());
          write(
            [...leaving].flatMap(([table, { screen, records }]) =>
              entriesOf({ actor, action, table, screen, window }, [...records.values()]),
            ),
          );
        },
      };
    },
  };
}
