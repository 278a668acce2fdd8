import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { saltOf } from '#desktop/vault/damage/examine-file.ts';
import type { Rng } from '../../demo-data/rng.ts';
import { openStore } from './open-store.ts';
import type { OpenStore } from './open-store.ts';
import { Model, perform } from './operations.ts';
import { makePlan } from './plan.ts';
import type { Weights } from './plan.ts';

/** The files of a store at one moment, and what they hold. */
export interface Image {
  readonly name: string;
  /** The database; its log and its shared memory beside it where they are. */
  readonly file: string;
  readonly key: string;
  readonly notesVersion: number;
  /** First bytes of the file, as they are noted elsewhere. */
  readonly salt: string;
  /** What the store held after each write since the database file was last complete; the last is now. */
  readonly states: readonly Model[];
}

/**
 * `clean`: closed, without a log · `log`: with a log of committed writes, as a kill leaves it · `older
 * log`: the same, some checkpoints earlier · `used log`: a log that was begun anew, with frames of
 * its former life behind · `other`: another store under the same key · `stranger`: under another key
 */
export interface Images {
  readonly clean: Image;
  readonly log: Image;
  readonly olderLog: Image;
  readonly usedLog: Image;
  readonly other: Image;
  readonly stranger: Image;
}

/** Work that leaves room for everything: pages of every kind, rows of every origin. */
const BEFORE = 220;
const SINCE = 30;
const SMALL_WRITES: Weights = {
  insertOne: 8,
  edit: 8,
  act: 5,
  pulled: 2,
  pushed: 5,
  deleted: 2,
  keep: 1,
};

export async function makeImages(folder: string, rng: (label: string) => Rng): Promise<Images> {
  const key = rng('key').hex(64);
  const maker = await Maker.start(path.join(folder, 'main'), key, rng('main'));
  await maker.work(BEFORE);
  maker.complete();
  await maker.work(SINCE, SMALL_WRITES);
  const olderLog = maker.copy('older log');
  maker.complete();
  await maker.work(SINCE, SMALL_WRITES);
  // Back to the start of the log, without a new file: what stood there stays behind the new end.
  maker.store.database.read('pragma wal_checkpoint(restart)');
  maker.forgetStates();
  await maker.work(6, SMALL_WRITES);
  const usedLog = maker.copy('used log');
  maker.complete();
  await maker.work(SINCE, SMALL_WRITES);
  const log = maker.copy('log');
  maker.complete();
  const clean = maker.copy('clean');
  await maker.store.close();

  const another = async (name: string, itsKey: string): Promise<Image> => {
    const itsMaker = await Maker.start(path.join(folder, name), itsKey, rng(name));
    await itsMaker.work(60);
    const image = itsMaker.copy(name);
    await itsMaker.store.close();
    return image;
  };
  const other = await another('other', key);
  const stranger = await another('stranger', rng('other key').hex(64));
  return { clean, log, olderLog, usedLog, other, stranger };
}

class Maker {
  readonly store: OpenStore;
  readonly #folder: string;
  readonly #key: string;
  readonly #rng: Rng;
  #states: Model[] = [new Model()];

  static async start(folder: string, key: string, rng: Rng): Promise<Maker> {
    mkdirSync(folder, { recursive: true });
    const file = path.join(folder, 'ganger.db');
    const store = await openStore({ file, key, notesVersion: 1, sideLog: true });
    return new Maker(store, folder, key, rng);
  }

  constructor(store: OpenStore, folder: string, key: string, rng: Rng) {
    this.store = store;
    this.#folder = folder;
    this.#key = key;
    this.#rng = rng;
  }

  get #now(): Model {
    return this.#states.at(-1) ?? new Model();
  }

  async work(count: number, weights?: Weights): Promise<void> {
    for (const operation of makePlan(this.#rng, this.#now, count, weights, 6)) {
      await perform(this.store, operation);
      this.#states.push(new Model(this.#now).apply(operation));
      if (operation.kind === 'checkpoint') this.forgetStates();
    }
  }

  /** The log goes into the file. */
  complete(): void {
    this.store.database.secureCheckpoint();
    this.forgetStates();
  }

  /** What was before cannot come back: the file itself is at the present state. */
  forgetStates(): void {
    this.#states = [this.#now];
  }

  copy(name: string): Image {
    const folder = path.join(this.#folder, name.replace(' ', '-'));
    mkdirSync(folder);
    const file = path.join(folder, 'ganger.db');
    for (const suffix of ['', '-wal', '-shm']) {
      const from = `${this.store.database.file}${suffix}`;
      // A log without content is that of a closed file.
      if (name !== 'clean' || suffix === '')
        if (existsSync(from)) copyFileSync(from, file + suffix);
    }
    copyFileSync(path.join(this.#folder, 'unsent.log'), path.join(folder, 'unsent.log'));
    const salt = saltOf(file) ?? '';
    return { name, file, key: this.#key, notesVersion: 1, salt, states: this.#states };
  }
}
