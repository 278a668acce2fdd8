import { createRxDatabase } from 'rxdb/plugins/core';
import type { RxCollection, RxDatabase } from 'rxdb/plugins/core';
import { getRxStorageRemote } from 'rxdb/plugins/storage-remote';
import { newId } from '#shared/kernel/ids.ts';
import { DATABASE_NAME, PURGE_CONTEXT } from '#shared/ipc/port.ts';
import { rxSchemaOf } from '#shared/schema/rx-schema.ts';
import type { TableName, TableRow } from '#shared/schema/tables.ts';
import { CollectionPool } from './collection-pool.ts';
import type { Lease } from './collection-pool.ts';
import { quietStorage } from './quiet-storage.ts';
import { createStorageChannel } from './storage-channel.ts';
import type { StorageChannel, StoragePort } from './storage-channel.ts';

export type TableCollection<N extends TableName> = RxCollection<TableRow<N>>;
type AnyCollection = RxCollection<Record<string, unknown>>;

/** RxDB lets one process open 13 collections; one place stays free for a reopening. */
const MAX_OPEN = 12;

/** Longer than a screen needs to give its collections back to the next. */
const WAIT_FOR_PLACE_MS = 3_000;

const CLOSE_TIMEOUT_MS = 2_000;
const delay = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

interface Generation {
  readonly channel: StorageChannel;
  readonly database: Promise<RxDatabase>;
  readonly pool: CollectionPool<TableName, AnyCollection>;
}

/** Why collections have to be acquired again. */
export interface Reset {
  /** True when what was read is not this person's to see any more. */
  readonly forget: boolean;
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
  readonly #listeners = new Set<(reset: Reset) => void>();
  readonly #purgeListeners = new Set<(table: TableName) => void>();
  #portWaiters: (() => void)[] = [];

  /** Grows with every port or reset: leases of an earlier number are dead. */
  get number(): number {
    return this.#count;
  }

  /** Tells when collections have to be acquired again. */
  onReset(listener: (reset: Reset) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tells when rows of a table have left the device, so that its live queries run again. */
  onPurge(listener: (table: TableName) => void): () => void {
    this.#purgeListeners.add(listener);
    return () => this.#purgeListeners.delete(listener);
  }

  /** Takes a port into use, instead of the one before. */
  attach(port: StoragePort): void {
    this.#leaving?.retire({ closePort: true });
    this.#leaving = null;
    this.#drop();
    this.#port = port;
    for (const wake of this.#portWaiters.splice(0)) wake();
    this.#announce({ forget: false });
  }

  /** Starts anew over the same port for another person: nothing that was read is kept. */
  reset(): void {
    this.#reopen();
    this.#announce({ forget: true });
  }

  /** Closes everything; collections that the store does not close in time are given up. */
  #reopen(): void {
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

  #announce(reset: Reset): void {
    this.#count += 1;
    for (const listener of this.#listeners) listener(reset);
  }

  async #current(): Promise<Generation> {
    if (this.#generation) return this.#generation;
    await this.#closing;
    while (!this.#port) await new Promise<void>((resolve) => this.#portWaiters.push(resolve));
    this.#generation ??= this.#start(this.#port);
    return this.#generation;
  }

  #start(port: StoragePort): Generation {
    const channel = createStorageChannel(port, {
      onOverflow: () => {
        if (this.#generation?.channel !== channel) return;
        this.#reopen();
        this.#announce({ forget: false });
      },
    });
    // RxDB caches channels by this name, so every port needs its own.
    const identifier = newId();
    const storage = getRxStorageRemote({
      identifier,
      mode: 'one',
      messageChannelCreator: () => Promise.resolve(channel),
    });
    const database = createRxDatabase({
      name: DATABASE_NAME,
      storage: quietStorage(storage as never, `remote-${identifier}`) as never,
      multiInstance: false,
      eventReduce: true,
      closeDuplicates: true,
    });
    const pool = new CollectionPool<TableName, AnyCollection>({
      max: MAX_OPEN,
      waitMs: WAIT_FOR_PLACE_MS,
      open: async (name) => {
        const made = await (
          await database
        ).addCollections({ [name]: { schema: rxSchemaOf(name) as never } });
        const collection = made[name] as unknown as AnyCollection;
        this.#watchPurges(name, collection);
        return collection;
      },
      close: async (collection) => {
        await collection.close();
      },
    });
    return { channel, database, pool };
  }

  /**
   * RxDB works live counts and later pages out of what a deleted row held, which the event of a purge
   * does not say: all live queries of the table run again. It has no public way to ask for that.
   */
  #watchPurges(name: TableName, collection: AnyCollection): void {
    collection.eventBulks$.subscribe(({ context }) => {
      if (context !== PURGE_CONTEXT) return;
      for (const query of collection._queryCache._map.values()) query._latestChangeEvent = -1;
      for (const listener of this.#purgeListeners) listener(name);
    });
  }
}
