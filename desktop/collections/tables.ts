import type { MangoQuerySelector } from 'rxdb/plugins/core';
import { sameContent } from '#shared/kernel/json.ts';
import { ZERO_HLC } from '#shared/kernel/hlc.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { SystemColumns } from '#shared/schema/define.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName, TableRow } from '#shared/schema/tables.ts';
import type { TableCollection, WindowDatabase } from './database.ts';
import type { Selector } from './live-queries.ts';
import { isRestart, isUnanswered, writeError } from './write-errors.ts';

/** What a window fills in of a row: its id and the fields of the table. */
export type NewRow<N extends TableName> = { id: string } & Omit<TableRow<N>, keyof SystemColumns>;
export type Changes<N extends TableName> = Partial<Omit<TableRow<N>, keyof SystemColumns>>;

/** Reads and writes single rows of the tables that a window has at hand. */
export class Tables {
  readonly #database: WindowDatabase;

  constructor(database: WindowDatabase) {
    this.#database = database;
  }

  /** A row as it is now, or null. @throws AppError when the store cannot be read. */
  read<N extends TableName>(name: N, id: string): Promise<TableRow<N> | null> {
    return this.#with(name, async (collection) => {
      const row = await collection.findOne(id).exec();
      return row ? (row.toMutableJSON() as TableRow<N>) : null;
    });
  }

  /** The rows that match, as they are now, in no order. @throws AppError when the store cannot be read. */
  find<N extends TableName>(name: N, selector: Selector): Promise<TableRow<N>[]> {
    return this.#with(name, async (collection) => {
      const rows = await collection
        .find({ selector: selector as MangoQuerySelector<TableRow<N>> })
        .exec();
      return rows.map((row) => row.toMutableJSON() as TableRow<N>);
    });
  }

  /**
   * Changes fields of a record; it is saved on the device when the promise resolves.
   * @throws AppError: NOT_FOUND, ROW_INVALID with the names of the fields, or what the store says
   */
  patch<N extends TableName>(name: N, id: string, changes: Changes<N>): Promise<void> {
    let again = false;
    return this.#with(name, async (collection) => {
      const row = await collection.findOne(id).exec();
      if (!row) throw new AppError('NOT_FOUND', { table: name });
      // After a restart in the middle the first attempt may have been written.
      if (again && has(row.toJSON() as TableRow<N>, changes)) return;
      again = true;
      await row.incrementalPatch(changes as Partial<TableRow<N>>);
    });
  }

  /**
   * Adds a row. Who made it, where and when is set by the store process; what stands here are
   * placeholders of the right type.
   * @throws AppError: ROW_INVALID with the names of the fields, or what the store says
   */
  insert<N extends TableName>(name: N, row: NewRow<N>): Promise<void> {
    let again = false;
    const insert = async (collection: TableCollection<N>): Promise<void> => {
      // After a restart in the middle the first attempt may have been written.
      if (again && (await collection.findOne(row.id).exec())) return;
      again = true;
      await collection.insert(whole(name, row));
    };
    // Its id makes it the same row, so that it can be tried again also without an answer.
    return this.#with(name, insert, isUnanswered);
  }

  /**
   * Adds rows in parts, each part in one write: a row that is refused harms no other.
   * @param onPart told how many of them have been tried
   * @returns the rows that were refused, by id, and why
   * @throws AppError when the store cannot be written at all; what was written before stays
   */
  async insertMany<N extends TableName>(
    name: N,
    rows: readonly NewRow<N>[],
    onPart?: (done: number) => void,
  ): Promise<Map<string, AppError>> {
    const refused = new Map<string, AppError>();
    for (let at = 0; at < rows.length; at += PART) {
      const part = rows.slice(at, at + PART).map((row) => whole(name, row));
      const write = async (collection: TableCollection<N>): Promise<void> => {
        const { error } = await collection.bulkInsert(part);
        // One that is there already is this very row, written before an answer was lost.
        for (const one of error) {
          if (one.status !== 409) refused.set(one.documentId, writeError(one));
        }
      };
      await this.#with(name, write, isUnanswered);
      onPart?.(Math.min(rows.length, at + PART));
    }
    return refused;
  }

  /**
   * Changes fields of many records, in parts as `insertMany`.
   * @returns the records that were not changed, by id, and why
   * @throws AppError when the store cannot be written at all; what was written before stays
   */
  async patchMany<N extends TableName>(
    name: N,
    changes: ReadonlyMap<string, Changes<N>>,
    onPart?: (done: number) => void,
  ): Promise<Map<string, AppError>> {
    const refused = new Map<string, AppError>();
    const all = [...changes];
    for (let at = 0; at < all.length; at += PART) {
      const part = all.slice(at, at + PART);
      const write = async (collection: TableCollection<N>): Promise<void> => {
        const rows = await collection.findByIds(part.map(([id]) => id)).exec();
        const writes = part.map(async ([id, wanted]) => {
          const row = rows.get(id);
          if (!row) throw new AppError('NOT_FOUND', { table: name });
          if (has(row.toJSON() as TableRow<N>, wanted)) return;
          await row.incrementalPatch(wanted as Partial<TableRow<N>>);
        });
        for (const [index, done] of (await Promise.allSettled(writes)).entries()) {
          if (done.status === 'fulfilled') continue;
          const error = writeError(done.reason);
          // The store went away in the middle: the part is tried once more.
          if (isRestart(error)) throw error;
          refused.set(part[index]?.[0] ?? '', error);
        }
      };
      await this.#with(name, write);
      onPart?.(Math.min(all.length, at + PART));
    }
    return refused;
  }

  async #with<N extends TableName, R>(
    name: N,
    work: (collection: TableCollection<N>) => Promise<R>,
    mayRepeat: (error: AppError) => boolean = isRestart,
  ): Promise<R> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const lease = await this.#database.acquire(name);
        try {
          return await work(lease.item);
        } finally {
          lease.release();
        }
      } catch (error) {
        const known = writeError(error);
        if (attempt === 1 && mayRepeat(known)) continue;
        throw known;
      }
    }
  }
}

/** Rows of one write: few enough that others get their turn in between. */
const PART = 250;

/** A row with what the store will set itself, as placeholders of the right type. */
function whole<N extends TableName>(name: N, row: NewRow<N>): TableRow<N> {
  const { kind } = tableOf(name);
  const system: Omit<SystemColumns, 'id'> = {
    created_at: Date.now(),
    created_by: null,
    device_id: null,
    ...(kind === 'record' ? { field_hlc: {} } : {}),
    ...(kind === 'fact' ? { hlc: ZERO_HLC, origin_seq: null } : {}),
  };
  return { ...system, ...row } as unknown as TableRow<N>;
}

/** True when a row has all of these values already. */
function has<R extends object>(row: R, changes: Partial<R>): boolean {
  return Object.entries(changes).every(([key, value]) => sameContent(row[key as keyof R], value));
}
