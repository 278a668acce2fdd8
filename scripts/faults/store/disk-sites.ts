import { existsSync } from 'node:fs';
import path from 'node:path';
import { toAppError } from '#shared/errors/app-error.ts';
import { metaOf } from '#desktop/storage/definitions.ts';
import type { Rng } from '../../demo-data/rng.ts';
import type { Findings } from '../fault-kind.ts';
import { brokenRules, differences } from './compare.ts';
import { missingUnsent } from './damage.ts';
import { KEY_SITES } from './disk-keys.ts';
import { NOTES, openStore } from './open-store.ts';
import type { OpenOptions, OpenStore } from './open-store.ts';
import { Model, perform } from './operations.ts';
import type { Operation } from './operations.ts';
import { MIXED, makePlan } from './plan.ts';
import type { Weights } from './plan.ts';
import { dumpOf } from './read-store.ts';
import type { SmallDisk } from './small-disk.ts';

export interface AtSite {
  readonly disk: SmallDisk;
  readonly found: Findings;
  readonly rng: Rng;
  readonly small: boolean;
}

export type Site = (at: AtSite) => Promise<void>;

const KEY = '5f'.repeat(32);
/** Blocks that are left free, one try after the other. */
const LEVELS = [0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 40, 48, 64, 96, 128, 192, 256];
const MANY_LEVELS = [...LEVELS, 384, 512, 768, 1_024, 1_536, 2_048];

/** Codes that may be told while the disk is full. */
const CLEAR = new Set(['STORE_DISK_FULL']);

/** Tries something and tells whether it worked. */
async function tried(found: Findings, words: string, work: () => Promise<unknown>) {
  try {
    await work();
    found.checked('went through');
    return true;
  } catch (error) {
    const { code, cause, safe } = toAppError(error);
    found.checked(`told ${code}`);
    if (!CLEAR.has(code)) {
      const why = cause instanceof Error ? cause.message : '';
      found.problem(`${words}: ${code} ${JSON.stringify(safe)} ${why}`);
    }
    return false;
  }
}

/** Compares a whole store with what it must hold. */
async function compare(found: Findings, words: string, store: OpenStore, model: Model) {
  const dump = await dumpOf(store);
  for (const { rows } of Object.values(dump.tables)) found.checked('rows', rows.length);
  const different = differences(model, dump);
  const [first] = different;
  if (first) found.lost(`${words}: ${first.kind} ${first.words}`, different.length);
  for (const rule of brokenRules(dump)) found.problem(`${words}: ${rule}`);
  const { sideLog } = store;
  if (!sideLog || sideLog.trouble !== null) return;
  const logged = sideLog.count();
  let waiting = 0;
  for (const { origin } of [...model.tables.values()].flatMap((rows) => [...rows.values()])) {
    if (origin === 'local') waiting += 1;
  }
  found.checked('side log compared');
  if (logged !== waiting) found.problem(`${words}: side log has ${logged} of ${waiting} rows`);
}

const openAt = (folder: string, options: Partial<OpenOptions> = {}): Promise<OpenStore> =>
  openStore({
    file: path.join(folder, 'ganger.db'),
    key: KEY,
    notesVersion: 1,
    sideLog: true,
    ...options,
  });

/** A store with some content. */
async function filledStore(folder: string, rng: Rng, count = 120) {
  const model = new Model();
  const store = await openAt(folder);
  for (const operation of makePlan(rng, model, count, MIXED, 12)) {
    await perform(store, operation);
    model.apply(operation);
  }
  return { store, model };
}

/** One kind of write after the other on an open store, each time with a little more room. */
const writing =
  (weights: Weights, rows = 12): Site =>
  async ({ disk, found, rng, small }) => {
    const folder = disk.folder();
    const filled = await filledStore(folder, rng);
    let { store } = filled;
    const { model } = filled;
    const write = async (operation: Operation): Promise<void> => {
      await perform(store, operation);
      model.apply(operation);
    };
    for (const level of small ? LEVELS.slice(0, 5) : LEVELS) {
      const [operation] = makePlan(rng, model, 1, weights, rows);
      if (!operation) throw new Error('no operation');
      // An empty log, or there would be room in the file that is there already.
      store.database.secureCheckpoint();
      disk.fill(level);
      found.checked('times full');
      const words = `${level} blocks free`;
      const worked = await tried(found, words, () => write(operation));
      await compare(found, `${words}, still full`, store, model);
      disk.empty();
      if (!worked) {
        const goesOn = await tried(found, `${words}, space again`, () => write(operation));
        if (!goesOn) return;
      }
      const [next] = makePlan(rng, model, 1, { insertOne: 1 }, rows);
      if (next) await write(next);
      found.checked('went on');
      await compare(found, `${words}, went on`, store, model);
      if (level % 4 === 0) {
        await store.close();
        store = await openAt(folder);
        await compare(found, `${words}, opened again`, store, model);
      }
    }
    await store.close();
  };

/** Something that opens a file: fails while there is no room, works afterwards on the same files. */
const opening =
  (options: {
    readonly prepare: (folder: string, rng: Rng) => Promise<Model>;
    readonly open?: Partial<OpenOptions>;
    readonly levels?: readonly number[];
  }): Site =>
  async ({ disk, found, rng, small }) => {
    const { prepare, open = {}, levels = LEVELS } = options;
    for (const level of small ? levels.slice(0, 6) : levels) {
      const folder = disk.folder();
      const model = await prepare(folder, rng);
      disk.fill(level);
      found.checked('times full');
      const words = `${level} blocks free`;
      let store: OpenStore | undefined;
      const worked = await tried(found, words, async () => {
        store = await openAt(folder, open);
      });
      if (worked && store) await compare(found, `${words}, still full`, store, model);
      disk.empty();
      // What could be opened goes on; what could not is opened again, in the same process.
      store ??= await openAt(folder, open);
      await compare(found, `${words}, space again`, store, model);
      const [next] = makePlan(rng, model, 1, { insertMany: 1 });
      if (next) {
        await perform(store, next);
        model.apply(next);
      }
      await compare(found, `${words}, went on`, store, model);
      found.checked('went on');
      await store.close();
      // The full disk may have left a name and nothing in it.
      if (!existsSync(path.join(folder, 'ganger.db'))) found.lost(`${words}: no file`);
      disk.remove(folder);
      if (worked) return;
    }
  };

/** A file with a log, as a kill leaves it. */
async function killedStore({ disk, rng }: AtSite, folder: string): Promise<Model> {
  const from = disk.folder();
  const { store, model } = await filledStore(from, rng);
  disk.copy(store.database.file, path.join(folder, 'ganger.db'));
  store.sideLog?.close();
  store.database.close();
  disk.remove(from);
  return model;
}

/** Closing a store on a full disk may fail to tidy up, and loses nothing. */
const closing: Site = async ({ disk, found, rng, small }) => {
  for (const level of small ? [0, 1] : [0, 1, 2, 4, 8, 16]) {
    const folder = disk.folder();
    const { store, model } = await filledStore(folder, rng);
    disk.fill(level);
    found.checked('times full');
    const words = `${level} blocks free`;
    await tried(found, words, () => store.close());
    if (store.database.isOpen) store.database.close();
    disk.empty();
    const again = await openAt(folder);
    await compare(found, `${words}, opened again`, again, model);
    found.checked('went on');
    await again.close();
    disk.remove(folder);
  }
};

/** While the log takes nothing, writes go on as long as the database does, and catch up later. */
const sideLogAlone: Site = async ({ disk, found, rng, small }) => {
  const folder = disk.folder();
  const { store, model } = await filledStore(folder, rng);
  for (let round = 0; round < (small ? 3 : 20); round += 1) {
    // The room that the database needs is in its log already, from the start of it; the side log has
    // none.
    for (const operation of makePlan(rng, model, 10, { insertMany: 1 }, 30)) {
      await perform(store, operation);
      model.apply(operation);
    }
    store.database.read('pragma wal_checkpoint(restart)');
    const plan = makePlan(rng, model, 4, { insertMany: 1, edit: 1, act: 1 }, 10);
    disk.fill(round % 5);
    found.checked('times full');
    for (const operation of plan) {
      const worked = await tried(found, `round ${round}`, () => perform(store, operation));
      if (!worked) break;
      model.apply(operation);
    }
    if (store.sideLog?.trouble === 'STORE_DISK_FULL') found.checked('side log told of it');
    await compare(found, `round ${round}, still full`, store, model);
    disk.empty();
    const [next] = makePlan(rng, model, 1, { insertOne: 1 });
    if (next) {
      await perform(store, next);
      model.apply(next);
    }
    if (store.sideLog?.trouble !== null) found.problem(`round ${round}: side log stays in trouble`);
    await compare(found, `round ${round}, space again`, store, model);
    found.checked('went on');
    // All of it is in the log: a new store gets every row from it.
    disk.fill(round % 7);
    await tried(found, `round ${round}: compaction`, async () => store.sideLog?.compact());
    disk.empty();
    store.sideLog?.compact();
    await compare(found, `round ${round}, compacted`, store, model);
  }
  store.sideLog?.close();
  store.database.close();
  const fresh = path.join(disk.folder(), 'ganger.db');
  disk.copy(path.join(folder, 'unsent.log'), path.join(path.dirname(fresh), 'unsent.log'));
  const rebuilt = await openAt(path.dirname(fresh));
  const missing = missingUnsent({ states: [model] }, await dumpOf(rebuilt));
  found.checked('rebuilt from the side log');
  if (missing.length > 0) found.lost(`not in the side log: ${missing.slice(0, 3).join(', ')}`);
  await rebuilt.close();
};

/** All places at which the store writes. */
export const DISK_SITES: Readonly<Record<string, Site>> = {
  ...Object.fromEntries(
    (Object.keys(MIXED) as (keyof Weights)[]).map((kind) => [kind, writing({ [kind]: 1 })]),
  ),
  'a large batch': writing({ insertMany: 1 }, 400),
  creation: opening({ prepare: () => Promise.resolve(new Model()) }),
  'creation of all tables': opening({
    prepare: () => Promise.resolve(new Model()),
    open: { allTables: true },
    levels: MANY_LEVELS,
  }),
  'opening after a kill': (at) => opening({ prepare: (folder) => killedStore(at, folder) })(at),
  upgrade: opening({
    async prepare(folder, rng) {
      const { store, model } = await filledStore(folder, rng, 250);
      await store.close();
      return model.upgradeNotes({ notes: NOTES, meta: metaOf(NOTES) });
    },
    open: { notesVersion: 2 },
    levels: MANY_LEVELS,
  }),
  closing,
  'side log': sideLogAlone,
  ...KEY_SITES,
};
