import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Rng } from '../../demo-data/rng.ts';
import { Findings } from '../fault-kind.ts';
import type { FaultCase, FaultKind } from '../fault-kind.ts';
import { SIDE_LOG, judgeDamage } from './damage.ts';
import { makeImages } from './image.ts';
import type { Image, Images } from './image.ts';
import { CLEAR, HMAC, IV, PAGE, SALT, readPages } from './pages.ts';
import type { PageKind } from './pages.ts';
import { Reader } from './reader-client.ts';

/**
 * One bit is turned in a file of the store, at every kind of place; then another process opens it and
 * reads everything.
 */

/** Where a bit is turned. */
interface Place {
  readonly image: Image;
  /** Name of the file beside the database. */
  readonly of: '' | '-wal' | '-shm' | typeof SIDE_LOG;
  readonly byte: number;
}

const WAL_HEAD = 32;
const FRAME_HEAD = 24;
const FRAME = FRAME_HEAD + PAGE;
const STEP = 7;

type Chooser = (images: Images, rng: Rng) => Place;

const PAGE_KINDS: readonly PageKind[] = [
  'header',
  'table interior',
  'table leaf',
  'index interior',
  'index leaf',
  'overflow or free',
];

/** A byte of a page of a kind, in its content, its IV or its HMAC. */
const inPage =
  (kind: PageKind, part: 'content' | 'iv' | 'hmac'): Chooser =>
  ({ clean }, rng) => {
    const pages = readPages(clean.file, clean.key).filter((page) => page.kind === kind);
    const { number } = rng.pick(pages);
    const end = PAGE - IV - HMAC;
    const first = number === 1 ? CLEAR : 0;
    const [from, to] = { content: [first, end], iv: [end, end + IV], hmac: [end + IV, PAGE] }[part];
    const byte = (number - 1) * PAGE + rng.int(from ?? 0, (to ?? PAGE) - 1);
    return { image: clean, of: '', byte };
  };

const inFrames =
  (image: 'log' | 'usedLog', from: number, to: number): Chooser =>
  (images, rng) => {
    const size = statSync(`${images[image].file}-wal`).size;
    const frames = Math.floor((size - WAL_HEAD) / FRAME);
    const byte = WAL_HEAD + rng.int(0, frames - 1) * FRAME + rng.int(from, to - 1);
    return { image: images[image], of: '-wal', byte };
  };

const PLACES: Readonly<Record<string, Chooser>> = {
  ...Object.fromEntries(
    PAGE_KINDS.flatMap((kind) =>
      (['content', 'iv', 'hmac'] as const).map((part) => [`${kind}, ${part}`, inPage(kind, part)]),
    ),
  ),
  salt: ({ clean }, rng) => ({ image: clean, of: '', byte: rng.int(0, SALT - 1) }),
  'clear header': ({ clean }, rng) => ({ image: clean, of: '', byte: rng.int(SALT, CLEAR - 1) }),
  'clear header, with a log': ({ log }, rng) => ({
    image: log,
    of: '',
    byte: rng.int(SALT, CLEAR - 1),
  }),
  'salt, with a log': ({ log }, rng) => ({ image: log, of: '', byte: rng.int(0, SALT - 1) }),
  'log: head': ({ log }, rng) => ({ image: log, of: '-wal', byte: rng.int(0, WAL_HEAD - 1) }),
  'log: head of a frame': inFrames('log', 0, FRAME_HEAD),
  'log: content': inFrames('log', FRAME_HEAD, FRAME),
  'used log: head of a frame': inFrames('usedLog', 0, FRAME_HEAD),
  'used log: content': inFrames('usedLog', FRAME_HEAD, FRAME),
  'shared memory': ({ log }, rng) => ({
    image: log,
    of: '-shm',
    byte: rng.int(0, statSync(`${log.file}-shm`).size - 1),
  }),
  'side log': ({ log }, rng) => ({
    image: log,
    of: SIDE_LOG,
    byte: rng.int(0, statSync(path.join(path.dirname(log.file), SIDE_LOG)).size - 1),
  }),
};

export const flips: FaultKind = {
  name: 'flips',
  mustCheck: ['bits turned', 'told STORE_DAMAGED', 'rebuilt after damage', 'exact data'],
  async start({ sizes, folder, rng }) {
    const images = await makeImages(path.join(folder, 'images'), rng);
    const reader = new Reader();
    const names = Object.keys(PLACES);
    const cases = Array.from({ length: sizes.flips }, (_, at): FaultCase => {
      // A step that shares no factor with their number: a short run meets every sort, too.
      const place = names[(at * STEP) % names.length] ?? '';
      return {
        name: `${at} ${place}`,
        async run() {
          const found = new Findings();
          const chance = rng(`case ${at}`);
          const chosen = PLACES[place]?.(images, chance);
          if (!chosen) throw new Error('no place');
          const bit = 1 << chance.int(0, 7);
          const { image, of, byte } = chosen;
          await judgeDamage({
            image,
            folder: path.join(folder, 'case'),
            reader,
            found,
            sideLog: of === SIDE_LOG,
            breakIt(file) {
              const target = of === SIDE_LOG ? path.join(path.dirname(file), of) : file + of;
              const bytes = readFileSync(target);
              bytes[byte] = (bytes[byte] ?? 0) ^ bit;
              writeFileSync(target, bytes);
              found.checked('bits turned');
            },
          });
          return found.result();
        },
      };
    });
    return { cases, end: () => reader.end() };
  },
};
