import { AppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { sameContent } from '#shared/kernel/json.ts';
import { applyEdit, editsOf, movedFields } from '#shared/merge/decide.ts';
import { expandAct } from '#shared/merge/expand.ts';
import { conflictId } from '#shared/merge/ids.ts';
import { clampStamps } from '#shared/kernel/hlc.ts';
import {
  clampRow,
  frozenDifferences,
  joinStamps,
  mergeRecord,
  stampsIn,
  stampsOf,
} from '#shared/merge/join.ts';
import type { Contest, Stamps } from '#shared/merge/join.ts';
import { PROTOCOL_VERSION } from '#shared/protocol/messages.ts';
import type {
  Cursor,
  KeptState,
  LiveMessage,
  PullReply,
  PushResult,
} from '#shared/protocol/messages.ts';
import type { PullRequest, PushRequest } from '#shared/protocol/messages.ts';
import type { Row } from '#shared/schema/define.ts';
import { deviceFields, parseRow } from '#shared/schema/rows.ts';
import { PUSHABLE, TABLE_NAMES, isTableName, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { ZERO_CURSOR } from '../checkpoint.ts';
import type { LiveConnection, LiveHandlers } from '../live-socket.ts';
import type { InScope } from '../purge-parts.ts';
import type { ServerApi } from '../server-api.ts';

export interface MemoryServerOptions {
  readonly clock: Clock;
  readonly inScope: InScope;
  /** Parts of a table that a user may hold. */
  scopesOf(userId: string, table: TableName): readonly string[];
  /** A reason to refuse a row, or null. */
  refuse?(
    userId: string,
    table: TableName,
    row: Row,
  ): { code: Code; fields: string[]; kept?: KeptState } | null;
  /** Rows of all tables together in one pull answer. */
  readonly pageRows?: number;
}

export interface Conflict {
  readonly table: TableName;
  readonly rowId: string;
  readonly contest: Contest;
}

interface Stored {
  row: Row;
  xid: number;
  isDeleted?: true;
}

/**
 * A sync server in memory with the real merge: what the replication may expect of any server, fast
 * and without a network. Rows get the number of their transaction, as Postgres gives xids.
 */
export class MemoryServer {
  epoch = 'epoch-1';
  readonly conflicts = new Map<string, Conflict>();
  /** Counts of requests that were answered. */
  readonly requests = { pull: 0, push: 0, rows: 0 };
  readonly #options: MemoryServerOptions;
  readonly #tables = new Map<TableName, Map<string, Stored>>(
    TABLE_NAMES.map((name) => [name, new Map()]),
  );
  /** Per device and row the base and the state of its last push. */
  readonly #lastPush = new Map<string, { base: Stamps | null; mine: Stamps }>();
  readonly #listeners = new Set<LiveHandlers>();
  #xid = 1;

  constructor(options: MemoryServerOptions) {
    this.#options = options;
  }

  row(table: TableName, id: string): Row | undefined {
    return this.#tables.get(table)?.get(id)?.row;
  }

  rows(table: TableName): Row[] {
    return [...(this.#tables.get(table)?.values() ?? [])].map(({ row }) => row);
  }

  /** A change that comes from somewhere else. */
  put(table: TableName, row: Row, options: { silent: boolean } = { silent: false }): void {
    const parsed = parseRow(table, row);
    if (!parsed.ok) throw new Error(`memory server: ${table} ${parsed.fields.join(' ')}`);
    this.#store(table, parsed.row as Row, ++this.#xid);
    if (!options.silent) this.notify([table]);
  }

  /** Deletes a row; devices are told its id and nothing else. */
  remove(table: TableName, id: string): void {
    const stored = this.#tables.get(table)?.get(id);
    if (!stored) return;
    stored.isDeleted = true;
    stored.xid = ++this.#xid;
    this.notify([table]);
  }

  /**
   * The database comes back from an older state: another identity, transaction ids start again, and
   * nothing is remembered of what was pushed since.
   * @param keep whether a row was in the backup, or the older state of it that was
   */
  restore(epoch: string, keep: (table: TableName, row: Row) => boolean | Row): void {
    this.epoch = epoch;
    this.#xid = 1;
    this.#lastPush.clear();
    for (const [table, rows] of this.#tables) {
      for (const [id, stored] of rows) {
        const kept = keep(table, stored.row);
        if (kept === false) rows.delete(id);
        else {
          stored.xid = ++this.#xid;
          if (kept !== true) stored.row = structuredClone(kept);
        }
      }
    }
  }

  notify(tables: readonly TableName[]): void {
    const message: LiveMessage = { type: 'changed', tables: [...tables] };
    for (const { onMessage } of this.#listeners) onMessage(message);
  }

  /** Cuts all live connections. */
  disconnect(): void {
    const cut = [...this.#listeners];
    this.#listeners.clear();
    for (const { onClose } of cut) onClose();
  }

  get connections(): number {
    return this.#listeners.size;
  }

  api(userId: string, deviceId: string): ServerApi {
    const { clock } = this.#options;
    return {
      session: () =>
        Promise.resolve({
          user: { id: userId, displayName: 'Test Person', email: 'person@example.com' },
          grants: [],
          epoch: this.epoch,
          serverTime: clock.now(),
        }),
      pull: async (request) => this.#pull(userId, request),
      push: async (request) => this.#push(userId, deviceId, request),
      live: async (handlers) => this.#live(handlers),
    };
  }

  #live(handlers: LiveHandlers): LiveConnection {
    this.#listeners.add(handlers);
    const { clock } = this.#options;
    queueMicrotask(() => {
      handlers.onMessage({ type: 'hello', epoch: this.epoch, serverTime: clock.now() });
    });
    return {
      ping: () => Promise.resolve(),
      show: () => undefined,
      close: () => void this.#listeners.delete(handlers),
    };
  }

  #pull(userId: string, request: PullRequest): PullReply {
    this.requests.pull += 1;
    const { clock, pageRows = 5000 } = this.#options;
    const isSameEpoch = request.epoch === null || request.epoch === this.epoch;
    let left = pageRows;
    const tables = request.tables.map(({ table, cursors, limit }): PullReply['tables'][number] => {
      const scopes = this.#options.scopesOf(userId, table);
      const ended = Object.keys(cursors).filter((part) => !scopes.includes(part));
      const found = new Map<string, Record<string, unknown>>();
      const answered: Record<string, Cursor> = {};
      let more = false;
      for (const part of scopes) {
        const after = isSameEpoch ? (cursors[part] ?? ZERO_CURSOR) : ZERO_CURSOR;
        const rows = this.#after(table, part, after);
        const page = rows.slice(0, Math.min(limit, left));
        left -= page.length;
        if (page.length < rows.length) more = true;
        for (const { row, isDeleted } of page) {
          found.set(row.id, isDeleted ? { id: row.id, _deleted: true } : structuredClone(row));
        }
        const last = page.at(-1);
        if (last) answered[part] = [String(last.xid), last.row.id];
      }
      return { table, rows: [...found.values()], cursors: answered, ended, more };
    });
    return { epoch: this.epoch, serverTime: clock.now(), tables };
  }

  #after(table: TableName, part: string, [xid, id]: Cursor): Stored[] {
    return [...(this.#tables.get(table)?.values() ?? [])]
      .filter((s) => s.xid > Number(xid) || (s.xid === Number(xid) && s.row.id > id))
      .filter((s) => this.#options.inScope(table, part, s.row))
      .toSorted((a, b) => a.xid - b.xid || (a.row.id < b.row.id ? -1 : 1));
  }

  #push(userId: string, deviceId: string, request: PushRequest) {
    this.requests.push += 1;
    this.requests.rows += request.rows.length;
    const xid = ++this.#xid;
    const changed = new Set<TableName>();
    const results = request.rows.map(({ table, base, row }): PushResult => {
      const id = String(row['id']);
      const parsed = parseRow(table, row);
      if (!parsed.ok) {
        const { fields } = parsed;
        return { outcome: 'refused', table, id, code: 'SYNC_ROW_INVALID', fields };
      }
      const stamps = [...stampsIn(parsed.row, table), ...Object.values(base ?? {})];
      const clamped = clampStamps(stamps, this.#options.clock.now());
      const mine = clampRow(parsed.row, clamped, table);
      const no = this.#options.refuse?.(userId, table, mine) ?? null;
      if (no) return { outcome: 'refused', table, id, ...no };
      if (!PUSHABLE.includes(table)) return refused(table, id, 'SYNC_ROW_REFUSED');
      const made = expandAct(table, mine);
      const own = new Set([mine.id, ...made.map(({ row: of }) => of.id)]);
      const missing = [{ table, row: mine }, ...made].some((each) =>
        this.#missingParent(each.table, each.row, own),
      );
      if (missing) return { outcome: 'retry', table, id, code: 'SYNC_PARENT_MISSING' };
      if (this.#isTaken(table, mine)) return refused(table, id, 'SYNC_UNIQUE_TAKEN');
      const write = (target: TableName, written: Row): void => {
        this.#store(target, written, xid);
        changed.add(target);
      };
      return tableOf(table).kind === 'fact'
        ? this.#pushFact(table, mine, write)
        : this.#pushRecord(deviceId, table, base, mine, write);
    });
    if (changed.size > 0) queueMicrotask(() => this.notify([...changed]));
    return { results, serverTime: this.#options.clock.now(), epoch: this.epoch };
  }

  #pushFact(table: TableName, mine: Row, write: (table: TableName, row: Row) => void): PushResult {
    const { id } = mine;
    const there = this.row(table, id);
    if (there) {
      return sameContent(there, mine)
        ? { outcome: 'ok', table, id }
        : refused(table, id, 'SYNC_ROW_IMMUTABLE');
    }
    if (table === 'review_decisions') return this.#pushDecision(mine, write);
    write(table, mine);
    for (const expanded of expandAct(table, mine)) {
      if (!this.row(expanded.table, expanded.row.id)) write(expanded.table, expanded.row);
    }
    return { outcome: 'ok', table, id };
  }

  #pushDecision(mine: Row, write: (table: TableName, row: Row) => void): PushResult {
    const { id } = mine;
    const edits = editsOf(mine).flatMap((edit) => {
      const row = this.row(edit.table, edit.id);
      return row ? [{ edit, row }] : [];
    });
    const isStale = edits.some(
      ({ edit, row }) => edit.table === mine['table_name'] && movedFields(row, mine).length > 0,
    );
    if (isStale) return refused('review_decisions', id, 'REVIEW_MOVED_ON');
    const row = { ...mine, accepted_at: this.#options.clock.now() };
    write('review_decisions', row);
    for (const { edit, row: before } of edits) write(edit.table, applyEdit(before, edit));
    return { outcome: 'master', table: 'review_decisions', id, row: structuredClone(row) };
  }

  #pushRecord(
    deviceId: string,
    table: TableName,
    base: Stamps | null,
    mine: Row,
    write: (table: TableName, row: Row) => void,
  ): PushResult {
    const { id } = mine;
    const theirs = this.row(table, id);
    const key = `${deviceId}/${table}/${id}`;
    // The same base again: this device has not learnt the answer to its last push, so what it sent
    // then is what it has seen.
    const last = this.#lastPush.get(key);
    const seen =
      last && sameContent(last.base, base) ? joinStamps(base ?? {}, last.mine) : (base ?? {});
    this.#lastPush.set(key, { base, mine: stampsOf(mine) });
    // It comes from an act, which has not arrived.
    if (!theirs && !tableOf(table).inserted) {
      return { outcome: 'retry', table, id, code: 'SYNC_PARENT_MISSING' };
    }
    if (!theirs) {
      write(table, mine);
      return { outcome: 'ok', table, id };
    }
    if (frozenDifferences(table, mine, theirs).length > 0) {
      return refused(table, id, 'SYNC_ROW_IMMUTABLE');
    }
    const { row, contests } = mergeRecord(table, seen, mine, theirs);
    for (const contest of contests) {
      const conflict = { table, rowId: id, contest };
      this.conflicts.set(conflictId(table, id, contest), conflict);
    }
    if (!sameContent(row, theirs)) write(table, row);
    return sameContent(row, mine)
      ? { outcome: 'ok', table, id }
      : { outcome: 'master', table, id, row: structuredClone(row) };
  }

  #missingParent(table: TableName, row: Row, own: ReadonlySet<string>): boolean {
    return deviceFields(tableOf(table)).some(([field, { references }]) => {
      const id = row[field];
      if (references === null || typeof id !== 'string' || !isTableName(references)) return false;
      return PUSHABLE.includes(references) && !own.has(id) && !this.row(references, id);
    });
  }

  #isTaken(table: TableName, row: Row): boolean {
    return tableOf(table).unique.some((columns) =>
      this.rows(table).some(
        (other) =>
          other.id !== row.id && columns.every((name) => sameContent(other[name], row[name])),
      ),
    );
  }

  #store(table: TableName, row: Row, xid: number): void {
    this.#tables.get(table)?.set(row.id, { row: structuredClone(row), xid });
  }
}

const refused = (table: TableName, id: string, code: Code): PushResult => ({
  outcome: 'refused',
  table,
  id,
  code,
  fields: [],
});

/** What goes wrong on the way to the server and back. */
export interface Faults {
  /** Called before a request reaches the server; throwing drops it. */
  before?(kind: 'pull' | 'push' | 'live', rows: PushRequest['rows']): void | Promise<void>;
  /** Called after the server has done its work; throwing loses the answer. */
  after?(kind: 'pull' | 'push' | 'live'): void | Promise<void>;
}

export const unreachable = (): AppError => new AppError('SERVER_UNREACHABLE');

/** The same server over a network with faults. */
export function overNetwork(api: ServerApi, faults: Faults): ServerApi {
  return {
    get serverVersion() {
      return api.serverVersion ?? PROTOCOL_VERSION;
    },
    session: (device) => api.session(device),
    async pull(request) {
      await faults.before?.('pull', []);
      const reply = await api.pull(structuredClone(request));
      await faults.after?.('pull');
      return structuredClone(reply);
    },
    async push(request) {
      await faults.before?.('push', request.rows);
      const reply = await api.push(structuredClone(request));
      await faults.after?.('push');
      return structuredClone(reply);
    },
    async live(handlers) {
      await faults.before?.('live', []);
      return api.live(handlers);
    },
  };
}
