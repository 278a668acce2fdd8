import type { TableName } from '#shared/schema/tables.ts';
import type { ModelDatabase, Snapshot, Stored, StoreName, Written } from './database.ts';
import type { LockMode } from './locks.ts';
import { connectionLost, databaseError } from './model-errors.ts';

/** Told of each transaction that begins. */
export type Opened = (tx: Transaction) => void;
export const ignore: Opened = () => undefined;

const keyOf = (table: StoreName, id: string): string => `${table}/${id}`;

/**
 * One transaction on one connection. Statements are taken in the order in which they were sent, each
 * after the one before it, and take some time; the first one that fails ends all that come after it
 * until the transaction, or the part of it behind a savepoint, is rolled back.
 */
export class Transaction {
  readonly name: number;
  readonly userId: string | null;
  /** Time at which it began, milliseconds: what `now()` says in it. */
  readonly now: number;
  xid: number | null = null;
  /** Called once it has ended in any way. */
  onEnd: () => void = () => undefined;
  readonly #db: ModelDatabase;
  #writes = new Map<string, Written>();
  #tail: Promise<unknown> = Promise.resolve();
  #failed = false;
  #lost: Error | null = null;
  #snapshot: Snapshot | null = null;

  constructor(db: ModelDatabase, name: number, userId: string | null) {
    this.#db = db;
    this.name = name;
    this.userId = userId;
    this.now = db.clock.now();
  }

  get db(): ModelDatabase {
    return this.#db;
  }

  /** The moment that all statements see, for transactions that see one only. */
  get snapshot(): Snapshot {
    this.#snapshot ??= this.#db.snapshot();
    return this.#snapshot;
  }

  /** Sends a statement behind those that were sent before. */
  statement<T>(work: () => T | Promise<T>): Promise<T> {
    const run = this.#tail.then(async () => {
      await this.#pass();
      if (this.#failed) throw databaseError('25P02');
      try {
        const result = await work();
        if (this.#lost) throw this.#lost;
        return result;
      } catch (error) {
        this.#failed = true;
        throw error;
      }
    });
    this.#tail = run.catch(() => undefined);
    return run;
  }

  async #pass(): Promise<void> {
    const longest = this.#db.statementMs;
    if (longest > 0) {
      await new Promise<void>((resolve) => {
        this.#db.timers.after(Math.ceil(this.#db.random() * longest), resolve);
      });
    }
    if (this.#lost) throw this.#lost;
  }

  /** Runs work that may fail alone; what it did, and the locks it took, are given back then. */
  async attempt<T>(work: () => Promise<T>): Promise<T> {
    const { writes, mark } = await this.statement(() => ({
      writes: new Map(this.#writes),
      mark: this.#db.locks.mark(this),
    }));
    try {
      const result = await work();
      await this.statement(() => undefined);
      return result;
    } catch (error) {
      await this.#tail;
      if (this.#lost) throw this.#lost;
      this.#writes = writes;
      this.#db.locks.release(this, Math.max(mark, 0));
      this.#failed = false;
      throw error;
    }
  }

  /**
   * Makes what was written stand. The connection may break before or after it.
   * @throws what an earlier statement threw; an error of the network, by which nobody knows
   */
  async commit(): Promise<void> {
    await this.#tail;
    await this.#pass();
    if (this.#failed) throw new Error('the commit became a rollback');
    const fate = this.userId === null ? 'kept' : this.#db.fateOfCommit();
    if (fate === 'lost-before') throw connectionLost();
    this.#db.finish(this, this.#writes);
    this.#lost = connectionLost();
    this.onEnd();
    if (fate === 'lost-after') throw connectionLost();
  }

  async rollback(): Promise<void> {
    await this.#tail;
    this.end();
  }

  /** Gives everything back, at once. */
  end(): void {
    this.#lost ??= connectionLost();
    this.#writes = new Map();
    this.#db.forget(this);
    this.onEnd();
  }

  /** The connection breaks from the other side. */
  cut(error: Error): void {
    this.#lost = error;
    this.#writes = new Map();
    this.#db.locks.interrupt(this, error);
    this.#db.forget(this);
    this.onEnd();
  }

  async lock(key: string, mode: LockMode): Promise<void> {
    await this.#db.locks.take(this, key, mode);
    if (this.#lost) {
      this.#db.locks.release(this);
      throw this.#lost;
    }
    this.assignXid();
  }

  assignXid(): number {
    this.xid ??= this.#db.takeXid();
    return this.xid;
  }

  /** A row as this transaction sees it now: its own writes before what others committed. */
  read(table: StoreName, id: string): Stored | null {
    const own = this.#writes.get(keyOf(table, id));
    return own ? own.after : this.#db.committed(table, id);
  }

  all(table: StoreName): Stored[] {
    const rows = new Map(this.#db.all(table).map((stored) => [stored.row.id, stored]));
    for (const written of this.#writes.values()) {
      if (written.table === table) rows.set(written.id, written.after);
    }
    return [...rows.values()];
  }

  /** Writes a row without asking anything; its place in the feed is that of this transaction. */
  write(table: StoreName, next: Omit<Stored, 'xid'>): void {
    const { id } = next.row;
    const xid = this.assignXid();
    const before = this.#writes.get(keyOf(table, id))?.before ?? this.#db.committed(table, id);
    const after = { ...next, xid };
    this.#writes.set(keyOf(table, id), { table, id, before, after });
  }

  /** True when this transaction made or changed the row. */
  hasWritten(table: TableName, id: string): boolean {
    return this.#writes.has(keyOf(table, id));
  }
}
