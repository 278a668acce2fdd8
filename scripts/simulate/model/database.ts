import { createHash } from 'node:crypto';
import type { Clock } from '#shared/kernel/clock.ts';
import { canonicalJson } from '#shared/kernel/json.ts';
import type { Row } from '#shared/schema/define.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { Timers } from '#desktop/replication/timers.ts';
import { LockTable } from './locks.ts';
import { connectionLost, connectionRefused } from './model-errors.ts';
import { Transaction } from './transaction.ts';

/** Tables that no device knows. */
export type PrivateTable = 'push_memory' | 'audit_heads' | 'outbox' | 'quarantine';
export type StoreName = TableName | PrivateTable;

/** A row as it stands in the database. */
export interface Stored {
  readonly row: Row;
  readonly fieldBy: Readonly<Record<string, string>>;
  readonly isDeleted: boolean;
  /** The transaction that wrote it last. */
  readonly xid: number;
}

/** What a row was after a commit; commits are numbered in their own order, which is not that of xids. */
interface Version {
  readonly commit: number;
  readonly stored: Stored | null;
}

/** One moment of the database, and what can no longer be overtaken at it. */
export interface Snapshot {
  readonly commit: number;
  /** As `pg_snapshot_xmin`: every transaction before it has ended. */
  readonly xmin: number;
  /** As `pg_snapshot_xmax`: no transaction from it on has begun to write. */
  readonly xmax: number;
}

/** A copy of the database to which it can be set back. */
export interface Backup {
  readonly commit: number;
  readonly nextXid: number;
}

/** A row that a commit has changed. */
export interface Written {
  readonly table: StoreName;
  readonly id: string;
  readonly before: Stored | null;
  readonly after: Stored;
}

/** What breaks on purpose, to show that the checks find it. */
export interface BrokenDatabase {
  /** Readers see rows behind which older ones may still come. */
  readonly noFence?: boolean;
  /** Commits are answered and forgotten now and then. */
  readonly losesCommits?: boolean;
  /** Appending to an audit chain takes no lock. */
  readonly noAuditLock?: boolean;
  /** Rights are not judged a second time. */
  readonly noPolicies?: boolean;
  /** Rows may refer to what is not there. */
  readonly noForeignKeys?: boolean;
  /** A restored database keeps its old name. */
  readonly noNewEpoch?: boolean;
}

export interface DatabaseOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Longest time of one statement, milliseconds; 0: at once. */
  readonly statementMs: number;
  readonly broken?: BrokenDatabase;
}

/** What happens to a connection at the commit of its transaction. */
export type CommitFate = 'kept' | 'lost-before' | 'lost-after';

/**
 * Postgres as far as the sync engine can tell: several transactions open at once, xids given at the
 * first write, commits in another order than xids, statements that see what was committed when they
 * began (pushes) or one moment for all (pulls), row locks with waits, deadlocks and time-outs, keys,
 * uniqueness and references checked as Postgres checks them, triggers and policies of the tables that
 * the simulation uses, savepoints, a transaction that an error has ended, connections that break
 * before or after the commit, a crash that loses what was not committed, a restore.
 *
 * Not in it: checks of single values (the engine parses every row first), the limits of time but for
 * locks, JSON as `jsonb` writes it, windows of patients, trade item numbers, guards of steps that need
 * other tables (orders, claims, signatures), serializable transactions (the product has none).
 */
export class ModelDatabase {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: () => number;
  readonly statementMs: number;
  readonly broken: BrokenDatabase;
  readonly locks: LockTable;
  /** Called in the moment of a commit, with what it changed. */
  onCommit: (tx: Transaction, written: readonly Written[]) => void = () => undefined;
  /** Asked at each commit. */
  fateOfCommit: () => CommitFate = () => 'kept';
  isDown = false;
  readonly #stores = new Map<StoreName, Map<string, Version[]>>();
  readonly #running = new Set<Transaction>();
  #commit = 0;
  #nextXid = 1_000;
  #nextName = 1;
  #generation = 1;

  constructor(options: DatabaseOptions) {
    this.clock = options.clock;
    this.timers = options.timers;
    this.random = options.random;
    this.statementMs = options.statementMs;
    this.broken = options.broken ?? {};
    this.locks = new LockTable(options.timers);
  }

  get epoch(): string {
    return `model-1-${this.#generation}`;
  }

  get commits(): number {
    return this.#commit;
  }

  /** Transactions that are open. */
  get open(): number {
    return this.#running.size;
  }

  /** @throws an error of the network when the database is down */
  begin(userId: string | null): Transaction {
    if (this.isDown) throw connectionRefused();
    const tx = new Transaction(this, this.#nextName, userId);
    this.#nextName += 1;
    this.#running.add(tx);
    return tx;
  }

  takeXid(): number {
    const xid = this.#nextXid;
    this.#nextXid += 1;
    return xid;
  }

  snapshot(): Snapshot {
    const oldest = [...this.#running].flatMap(({ xid }) => (xid === null ? [] : [xid]));
    const xmin = this.broken.noFence ? Number.MAX_SAFE_INTEGER : Math.min(this.#nextXid, ...oldest);
    return { commit: this.#commit, xmin, xmax: this.#nextXid };
  }

  /** What was committed last of a row, or at a moment. */
  committed(table: StoreName, id: string, at = this.#commit): Stored | null {
    const versions = this.#stores.get(table)?.get(id);
    return versions?.findLast(({ commit }) => commit <= at)?.stored ?? null;
  }

  /** All rows of a table as they are committed, or were at a moment. */
  all(table: StoreName, at = this.#commit): Stored[] {
    const rows: Stored[] = [];
    for (const versions of this.#stores.get(table)?.values() ?? []) {
      const stored = versions.findLast(({ commit }) => commit <= at)?.stored;
      if (stored) rows.push(stored);
    }
    return rows;
  }

  /** Every change of a row that was committed up to a moment, each beside what the row was before. */
  changes(table: StoreName, at: number): { readonly before: Stored; readonly after: Stored }[] {
    return [...(this.#stores.get(table)?.values() ?? [])].flatMap((versions) =>
      versions.flatMap(({ commit, stored: after }, place) => {
        const before = versions[place - 1]?.stored;
        return before && after && commit <= at ? [{ before, after }] : [];
      }),
    );
  }

  /** Ends a transaction and makes what it wrote visible to all that begin a statement from now on. */
  finish(tx: Transaction, writes: ReadonlyMap<string, Written>): void {
    this.#running.delete(tx);
    this.locks.release(tx);
    if (writes.size === 0) return;
    if (this.broken.losesCommits && this.random() < 0.05) return;
    this.#commit += 1;
    for (const { table, id, after } of writes.values()) {
      const store = this.#stores.get(table) ?? new Map<string, Version[]>();
      this.#stores.set(table, store);
      const versions = store.get(id) ?? [];
      store.set(id, versions);
      versions.push({ commit: this.#commit, stored: after });
    }
    this.onCommit(tx, [...writes.values()]);
  }

  forget(tx: Transaction): void {
    this.#running.delete(tx);
    this.locks.release(tx);
  }

  /** The process dies: what is not committed is gone, and so is every connection. */
  crash(): void {
    for (const tx of this.#running) tx.cut(connectionLost());
  }

  backup(): Backup {
    return { commit: this.#commit, nextXid: this.#nextXid };
  }

  /** Sets the database back to an earlier state; xids are given again, under another epoch. */
  restore({ commit, nextXid }: Backup): void {
    this.crash();
    for (const store of this.#stores.values()) {
      for (const [id, versions] of store) {
        const kept = versions.filter((version) => version.commit <= commit);
        if (kept.length > 0) store.set(id, kept);
        else store.delete(id);
      }
    }
    this.#commit = commit;
    this.#nextXid = nextXid;
    if (!this.broken.noNewEpoch) this.#generation += 1;
  }

  /** Another database with the same content, on which something can be tried out at once. */
  fork(): ModelDatabase {
    const copy = new ModelDatabase({
      clock: this.clock,
      timers: this.timers,
      random: this.random,
      statementMs: 0,
      broken: this.broken,
    });
    for (const [name, store] of this.#stores) {
      copy.#stores.set(
        name,
        new Map([...store].map(([id, versions]) => [id, versions.slice(-1)] as const)),
      );
    }
    copy.#commit = this.#commit;
    copy.#nextXid = this.#nextXid;
    copy.#generation = this.#generation;
    return copy;
  }

  /** The rows in which this database differs from another one. */
  differences(other: ModelDatabase): { readonly table: StoreName; readonly id: string }[] {
    const names = new Set([...this.#stores.keys(), ...other.#stores.keys()]);
    return [...names].flatMap((table) => {
      const [mine, theirs] = [this.all(table), other.all(table)].map(
        (rows) => new Map(rows.map((stored) => [stored.row.id, canonicalJson(stored)])),
      );
      return [...new Set([...(mine?.keys() ?? []), ...(theirs?.keys() ?? [])])]
        .filter((id) => mine?.get(id) !== theirs?.get(id))
        .map((id) => ({ table, id }));
    });
  }

  /** A digest of everything that is committed: equal when nothing has changed. */
  fingerprint(): string {
    const hash = createHash('sha256');
    for (const name of [...this.#stores.keys()].toSorted()) {
      const rows = this.all(name).toSorted((a, b) => (a.row.id < b.row.id ? -1 : 1));
      hash.update(canonicalJson([name, rows]));
    }
    return hash.digest('hex');
  }
}
