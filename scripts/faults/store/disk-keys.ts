import { toAppError } from '#shared/errors/app-error.ts';
import { differences } from './compare.ts';
import type { AtSite, Site } from './disk-sites.ts';
import { openStore } from './open-store.ts';
import { Model, perform } from './operations.ts';
import { makePlan } from './plan.ts';
import { openProfileWorld } from './profile-keys.ts';
import type { ProfileWorld } from './profile-keys.ts';
import { dumpOf } from './read-store.ts';

/** Keys on a full disk: a key file is whole or as before, and no data is without its key. */

const LEVELS = [0, 1, 2, 3, 4, 5, 6, 8, 12, 16];

/** Tries something and tells whether it worked. */
async function tried(at: AtSite, words: string, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    at.found.checked('went through');
    return true;
  } catch (error) {
    const { code, safe } = toAppError(error);
    at.found.checked(`told ${code}`);
    if (code !== 'STORE_DISK_FULL') {
      at.found.problem(`${words}: ${code} ${JSON.stringify(safe)} ${String(error)}`);
    }
    return false;
  }
}

/** Opens a world for one thing. */
async function inWorld<T>(root: string, work: (world: ProfileWorld) => Promise<T>): Promise<T> {
  const world = openProfileWorld(root);
  try {
    return await work(world);
  } finally {
    world.close();
  }
}

const keyOf = (root: string): Promise<string> =>
  inWorld(root, ({ keys }) => (keys.presence() === 'absent' ? keys.create() : keys.unlock(null)));

const creation: Site = async (at) => {
  const { disk, found, small } = at;
  for (const level of small ? LEVELS.slice(0, 3) : LEVELS) {
    const root = disk.folder();
    const world = openProfileWorld(root);
    disk.fill(level);
    found.checked('times full');
    let key: string | undefined;
    await tried(at, `${level} blocks free`, async () => (key = await world.keys.create()));
    disk.empty();
    if (key === undefined) {
      const goesOn = async () =>
        (key = await (world.keys.presence() === 'absent'
          ? world.keys.create()
          : world.keys.unlock(null)));
      await tried(at, `${level} blocks free, space again`, goesOn);
    }
    world.close();
    if (key === undefined || (await keyOf(root)) !== key) found.lost(`${level}: another key`);
    found.checked('went on');
    disk.remove(root);
  }
};

/** A key wrapped anew: the same key opens with the old or the new wrapping. */
const rewrapping: Site = async (at) => {
  const { disk, found, small } = at;
  for (const level of small ? LEVELS.slice(0, 3) : LEVELS) {
    const root = disk.folder();
    const key = await keyOf(root);
    disk.fill(level);
    found.checked('times full');
    await tried(at, `${level} blocks free`, () =>
      inWorld(root, async ({ keys }) => {
        await keys.unlock(null);
        await keys.rewrap(null);
      }),
    );
    disk.empty();
    if ((await keyOf(root)) !== key) found.lost(`${level} blocks free: another key`);
    found.checked('went on');
    disk.remove(root);
  }
};

const rotating: Site = async (at) => {
  const { disk, found, rng, small } = at;
  for (const level of small ? [0] : [0, 4, 64, 256, 512, 768, 1_024, 1_400, 1_800]) {
    const root = disk.folder();
    const key = await keyOf(root);
    const world = openProfileWorld(root);
    await world.keys.unlock(null);
    const model = new Model();
    const store = await openStore({ file: world.file, key, notesVersion: 1 });
    for (const operation of makePlan(rng, model, 120)) {
      await perform(store, operation);
      model.apply(operation);
    }
    await store.close();
    const compare = async (words: string, its: string): Promise<void> => {
      const again = await openStore({ file: world.file, key: its, notesVersion: 1 });
      const [first] = differences(model, await dumpOf(again));
      if (first) found.lost(`${words}: ${first.kind} ${first.words}`);
      found.checked('rows', model.rows('stock_movements').size);
      await again.close();
    };
    disk.fill(level);
    found.checked('times full');
    let next = key;
    await tried(at, `${level} blocks free`, async () => (next = await world.keys.rotate()));
    disk.empty();
    await compare(`${level} blocks free`, next);
    await tried(at, `${level} blocks free, space again`, async () => {
      next = await world.keys.rotate();
    });
    await compare(`${level} blocks free, rotated again`, next);
    world.close();
    if ((await keyOf(root)) !== next) found.lost(`${level} blocks free: another key`);
    found.checked('went on');
    disk.remove(root);
  }
};

export const KEY_SITES: Readonly<Record<string, Site>> = {
  'making a key': creation,
  'wrapping a key anew': rewrapping,
  'a new data key': rotating,
};
