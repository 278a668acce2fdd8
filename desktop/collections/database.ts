import { createRxDatabase } from 'rxdb/plugins/core';
import type { RxCollection, RxDatabase } from 'rxdb/plugins/core';
import { getRxStorageRemote } from 'rxdb/plugins/storage-remote';
import { newId } from '#shared/kernel/ids.ts';
import { DATABASE_NAME } from '#shared/ipc/port.ts';
import { rxSchemaOf } from '#shared/schema/rx-schema.ts';
import type { TableName, TableRow } from '#shared/schema/tables.ts';
import { CollectionPool } from './collection-pool.ts';
import type { Lease } from './collection-pool.ts';
import { createStorageChannel } from './storage-channel.ts';
import type { StorageChannel, StoragePort } from './storage-channel.ts';

export type TableCollection<N extends TableName> = RxCollection<TableRow<N>>;
type AnyCollection = RxCollection<Record<string, unknown>>;

/** RxDB lets one process open 13 collections; one place stays free for a reopening. */
const MAX_OPEN = 12;

const CLOSE_TIMEOUT_MS = 2_000;
const delay = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

interface Generation {
  readonly channel: StorageChannel;
  readonly database: Promise<RxDatabase>;
  readonly pool: CollectionPool<TableName, AnyCollection>;
}

/**
 * The window's RxDB database over the storage of the store process. It can be pointed at a new port
 * at any time; whoever uses collections is told and asks for them again.
 */
export class WindowDatabase {
  #port: StoragePort | null = null;
  #generation: Generation | null = null;
  #closing: Promise<void> = Promise.resolve();
  /** What `reset` is closing over a port that may go away meanwhile. */
  #leaving: StorageChannel | null = null;
  #count = 0;
  readonly #listeners = new Set<() => void>();
  #portWaiters: (() => void)[] = [];

  /** Grows with every port or reset: leases of an earlier number are dead. */
  get number(): number {
    return this.#count;
  }

  /** Tells when collections have to be acquired again. */
  onReset(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes a port into use, instead of the one before. */
  attach(port: StoragePort): void {
    this.#leaving?.retire({ closePort: true });
    this.#leaving = null;
    this.#drop();
    this.#port = port;
    for (const wake of this.#portWaiters.splice(0)) wake();
    this.#announce();
  }

  /**
   * Closes everything and starts anew over the same port, for another person's rows. Collections
   * that the store does not close in time are given up.
   */
  reset(): void {
    const former = this.#generation;
    const port = this.#port;
    if (!former || !port) return;
    this.#generation = null;
    const { channel } = former;
    this.#leaving = channel;
    const closed = former.database.then((database) => database.close());
    this.#closing = Promise.race([closed, delay(CLOSE_TIMEOUT_MS)])
      .catch(() => undefined)
      .then(() => {
        channel.retire({ closePort: false });
        if (this.#leaving === channel) this.#leaving = null;
      });
    this.#announce();
  }

  /** Gives the port up. Whoever still asks for collections waits for the next port. */
  async close(): Promise<void> {
    this.#drop();
    await this.#closing;
  }

  /** Leases a collection; the caller releases it. Waits while there is no port. */
  async acquire<N extends TableName>(name: N): Promise<Lease<TableCollection<N>>> {
    const { pool } = await this.#current();
    return (await pool.acquire(name)) as unknown as Lease<TableCollection<N>>;
  }

  #drop(): void {
    const former = this.#generation;
    this.#generation = null;
    this.#port = null;
    if (!former) return;
    former.channel.retire({ closePort: true });
    this.#closing = former.database
      .then(async (database) => {
        await database.close();
      })
      .catch(() => undefined);
  }

  #announce(): void {
    this.#count += 1;
    for (const listener of this.#listeners) listener();
  }

  async #current(): Promise<Generation> {
    if (this.#generation) return this.#generation;
    await this.#closing;
    while (!this.#port) await new Promise<void>((resolve) => this.#portWaiters.push(resolve));
    this.#generation ??= this.#start(this.#port);
    return this.#generation;
  }

  #start(port: StoragePort): Generation {
    const channel = createStorageChannel(port);
    const storage = getRxStorageRemote({
      // RxDB caches channels by this name, so every port needs its own.
      identifier: newId(),
      mode: 'one',
      messageChannelCreator: () => Promise.resolve(channel),
    });
    const database = createRxDatabase({
      name: DATABASE_NAME,
      storage,
      multiInstance: false,
      eventReduce: true,
      closeDuplicates: true,
    });
    const pool = new CollectionPool<TableName, AnyCollection>({
      max: MAX_OPEN,
      open: async (name) => {
        const made = await (
          await database
        ).addCollections({ [name]: { schema: rxSchemaOf(name) as never } });
        return made[name] as unknown as AnyCollection;
      },
      close: async (collection) => {
        await collection.close();
      },
    });
    return { channel, database, pool };
  }
}
