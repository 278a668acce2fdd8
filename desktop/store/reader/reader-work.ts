import { toAppError } from '#shared/errors/app-error.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import type { CommitNotice } from '#desktop/storage/storage-types.ts';
import type { Read, ViewDefinition } from '../views/definition.ts';
import { STORE_VIEWS } from '../views/registry.ts';
import { shownBy, showsPeople } from '../views/shown.ts';
import type { Shown } from '../views/definition.ts';
import { ViewState } from '../views/view-state.ts';
import type { FromReader, ToReader } from './messages.ts';

interface Watched {
  readonly id: number;
  readonly state: ViewState;
  /** What the present answer shows of people; nothing for views that cannot. */
  shown(): { readonly shown?: readonly Shown[] };
  /** Changes since the last run; null: everything may have changed. */
  changes: Map<string, Set<string>> | null;
  /** When it is to run; infinite: nothing to do. */
  due: number;
  /** What the last run took, in milliseconds. */
  cost: number;
  /** Asked for as a whole. */
  wantsWhole: boolean;
}

/** Changes that come within this time are answered once, in milliseconds. */
const SETTLE_MS = 8;
/** A costly answer waits longer for more changes, but no longer than this. */
const LONGEST_SETTLE_MS = 250;
/** More changed rows than this are "everything". */
const MANY_IDS = 1_000;

/**
 * Keeps the watched views up to date on one connection: the cheapest first, so that a long one holds
 * nobody up who is quick. One that has waited longer than it takes is next in any case.
 */
export class ReaderWork {
  readonly #database: EncryptedDatabase;
  /** One function for one database: what views remember of a database, they remember by it. */
  readonly #read: Read;
  readonly #tell: (message: FromReader) => void;
  readonly #views: Readonly<Record<string, ViewDefinition<never, unknown>>>;
  readonly #watched = new Map<number, Watched>();
  #timer: NodeJS.Timeout | null = null;

  constructor(
    database: EncryptedDatabase,
    tell: (message: FromReader) => void,
    views: Readonly<Record<string, ViewDefinition<never, unknown>>> = STORE_VIEWS,
  ) {
    this.#database = database;
    this.#read = database.read.bind(database);
    this.#tell = tell;
    this.#views = views;
  }

  take(message: ToReader): void {
    if (message.kind === 'watch') {
      const view = this.#views[message.view];
      if (!view) return;
      const state = new ViewState(view, message.arg);
      const counts = showsPeople(view);
      this.#watched.set(message.id, {
        id: message.id,
        state,
        shown: () => (counts ? { shown: shownBy(view, message.arg, state.answer()) } : {}),
        changes: null,
        due: Date.now(),
        cost: 0,
        wantsWhole: false,
      });
    } else if (message.kind === 'unwatch') {
      this.#watched.delete(message.id);
    } else if (message.kind === 'whole') {
      const watched = this.#watched.get(message.id);
      if (!watched) return;
      watched.wantsWhole = true;
      watched.due = Math.min(watched.due, Date.now());
    } else if (message.kind === 'changed') {
      for (const watched of this.#watched.values()) note(watched, message.notice);
    }
    this.#schedule();
  }

  stop(): void {
    this.#watched.clear();
    if (this.#timer) clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#timer) clearTimeout(this.#timer);
    const next = Math.min(Infinity, ...[...this.#watched.values()].map(({ due }) => due));
    if (next === Infinity) return;
    // One run a turn: what has been asked meanwhile, or is not wanted any more, is heard between.
    this.#timer = setTimeout(() => this.#turn(), Math.max(0, next - Date.now()));
  }

  #turn(): void {
    const now = Date.now();
    const weight = (watched: Watched): number => watched.cost - (now - watched.due);
    const [first] = [...this.#watched.values()]
      .filter(({ due }) => due <= now)
      .toSorted((a, b) => weight(a) - weight(b));
    if (first) this.#run(first);
    this.#schedule();
  }

  #run(watched: Watched): void {
    const { id, state, changes, wantsWhole } = watched;
    const started = performance.now();
    watched.changes = new Map();
    watched.due = Infinity;
    watched.wantsWhole = false;
    try {
      const told = this.#inOneState((read) => state.run(read, changes));
      watched.cost = performance.now() - started;
      const said = told || wantsWhole ? watched.shown() : {};
      if (told?.isPatch) this.#tell({ kind: 'patch', id, json: told.json, ...said });
      else if (told) this.#tell({ kind: 'whole', id, json: told.json, isForNew: false, ...said });
      if (wantsWhole && (!told || told.isPatch)) {
        const json = state.whole() ?? 'null';
        this.#tell({ kind: 'whole', id, json, isForNew: true, ...said });
      }
    } catch (error) {
      const { code, cause } = toAppError(error);
      watched.changes = null;
      this.#watched.delete(id);
      this.#tell({
        kind: 'failed',
        id,
        code,
        reason: cause instanceof Error ? cause.name : typeof cause,
      });
    }
  }

  /** All reads of one answer see the same state, and one no older than any answer before. */
  #inOneState<T>(fn: (read: Read) => T): T {
    const database = this.#database;
    database.prepare('begin').run();
    try {
      return fn(this.#read);
    } finally {
      database.prepare('commit').run();
    }
  }
}

function note(watched: Watched, { collections, ids }: CommitNotice): void {
  const concerned = collections.filter((name) => watched.state.reads([name]));
  if (concerned.length === 0) return;
  for (const name of concerned) {
    const changed = ids?.[name];
    const known = watched.changes?.get(name) ?? new Set<string>();
    if (!changed || known.size + changed.length > MANY_IDS) watched.changes = null;
    else {
      for (const id of changed) known.add(id);
      watched.changes?.set(name, known);
    }
  }
  const settle = Math.min(LONGEST_SETTLE_MS, Math.max(SETTLE_MS, 2 * watched.cost));
  watched.due = Math.min(watched.due, Date.now() + settle);
}
