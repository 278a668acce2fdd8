import {
  appendFileSync,
  copyFileSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { Findings } from '../fault-kind.ts';
import type { FaultCase, FaultKind } from '../fault-kind.ts';
import { SIDE_LOG, judgeDamage } from './damage.ts';
import { makeImages } from './image.ts';
import type { Image, Images } from './image.ts';
import { PAGE } from './pages.ts';
import { Reader } from './reader-client.ts';

/** Files of the store that are cut, emptied, swapped, missing or longer than they were. */

interface Break {
  readonly image: keyof Images;
  readonly sideLog?: boolean;
  /** True: a whole file of an earlier day counts as an earlier state. */
  readonly older?: boolean;
  breakIt(file: string, images: Images): void;
}

const FRAME = PAGE + 24;
const cut = (file: string, bytes: number): void => truncateSync(file, Math.max(0, bytes));
const sizeOf = (file: string): number => statSync(file).size;
const zero = (file: string, from: number, bytes: number): void => {
  const all = readFileSync(file);
  all.fill(0, from, Math.min(all.length, from + bytes));
  writeFileSync(file, all);
};
const logOf = (file: string): string => `${file}-wal`;
const sideLogOf = (file: string): string => path.join(path.dirname(file), SIDE_LOG);
const removeSides = (file: string): void => {
  for (const side of ['-wal', '-shm']) rmSync(file + side, { force: true });
};

const FIXED: Readonly<Record<string, Break>> = {
  'file of no bytes': { image: 'clean', breakIt: (file) => cut(file, 0) },
  'file of one byte': { image: 'clean', breakIt: (file) => cut(file, 1) },
  'file of half a page': { image: 'clean', breakIt: (file) => cut(file, 2_048) },
  'file of one page': { image: 'clean', breakIt: (file) => cut(file, PAGE) },
  'file without its last page': {
    image: 'clean',
    breakIt: (file) => cut(file, sizeOf(file) - PAGE),
  },
  'file without its last byte': { image: 'clean', breakIt: (file) => cut(file, sizeOf(file) - 1) },
  'file of no bytes, with a log': { image: 'log', breakIt: (file) => cut(file, 0) },
  'file of half a page, with a log': { image: 'log', breakIt: (file) => cut(file, 2_048) },
  'file of one page, with a log': { image: 'log', breakIt: (file) => cut(file, PAGE) },
  'file is gone, its log is there': { image: 'log', breakIt: (file) => rmSync(file) },
  'first 100 bytes are zero': { image: 'clean', breakIt: (file) => zero(file, 0, 100) },
  'first page is zero': { image: 'clean', breakIt: (file) => zero(file, 0, PAGE) },
  'first page is zero, with a log': { image: 'log', breakIt: (file) => zero(file, 0, PAGE) },
  'a page in the middle is zero': {
    image: 'clean',
    breakIt: (file) => zero(file, PAGE * Math.floor(sizeOf(file) / PAGE / 2), PAGE),
  },
  'all is zero': { image: 'clean', breakIt: (file) => zero(file, 0, sizeOf(file)) },
  'log of no bytes': { image: 'log', breakIt: (file) => cut(logOf(file), 0) },
  'log is gone': { image: 'log', breakIt: (file) => rmSync(logOf(file)) },
  'log and shared memory are gone': { image: 'log', breakIt: removeSides },
  'log of its head alone': { image: 'log', breakIt: (file) => cut(logOf(file), 32) },
  'log without its last byte': {
    image: 'log',
    breakIt: (file) => cut(logOf(file), sizeOf(logOf(file)) - 1),
  },
  'log without its last frame': {
    image: 'log',
    breakIt: (file) => cut(logOf(file), sizeOf(logOf(file)) - FRAME),
  },
  'log of zeros': { image: 'log', breakIt: (file) => zero(logOf(file), 0, sizeOf(logOf(file))) },
  'shared memory is gone': { image: 'log', breakIt: (file) => rmSync(`${file}-shm`) },
  'shared memory of no bytes': { image: 'log', breakIt: (file) => cut(`${file}-shm`, 0) },
  'shared memory of zeros': {
    image: 'log',
    breakIt: (file) => zero(`${file}-shm`, 0, sizeOf(`${file}-shm`)),
  },
  'shared memory of garbage': {
    image: 'log',
    breakIt: (file) => writeFileSync(`${file}-shm`, Buffer.alloc(32_768, 0xa5)),
  },
  'shared memory of another file': {
    image: 'log',
    breakIt: (file, { olderLog }) => copyFileSync(`${olderLog.file}-shm`, `${file}-shm`),
  },
  'log of another store under the same key': {
    image: 'log',
    breakIt: (file, { other }) => copyFileSync(logOf(other.file), logOf(file)),
  },
  'log of another store beside a closed file': {
    image: 'clean',
    breakIt: (file, { other }) => copyFileSync(logOf(other.file), logOf(file)),
  },
  'an older log of this file in place of its own': {
    image: 'log',
    breakIt: (file, { olderLog }) => copyFileSync(logOf(olderLog.file), logOf(file)),
  },
  'an older log of this file beside the closed file': {
    image: 'clean',
    breakIt: (file, { olderLog }) => copyFileSync(logOf(olderLog.file), logOf(file)),
  },
  'an older file under a newer log': {
    image: 'log',
    breakIt: (file, { olderLog }) => copyFileSync(olderLog.file, file),
  },
  'an older file without a log': {
    image: 'clean',
    older: true,
    breakIt(file, { olderLog }) {
      removeSides(file);
      copyFileSync(olderLog.file, file);
    },
  },
  'a file under another key': {
    image: 'clean',
    breakIt: (file, { stranger }) => copyFileSync(stranger.file, file),
  },
  'a log under another key': {
    image: 'log',
    breakIt: (file, { stranger }) => copyFileSync(logOf(stranger.file), logOf(file)),
  },
  'a page of garbage after the end': {
    image: 'clean',
    breakIt: (file) => appendFileSync(file, Buffer.alloc(PAGE, 0x5a)),
  },
  'some garbage after the end': {
    image: 'clean',
    breakIt: (file) => appendFileSync(file, Buffer.alloc(100, 0x5a)),
  },
  'garbage after the end of the log': {
    image: 'log',
    breakIt: (file) => appendFileSync(logOf(file), Buffer.alloc(FRAME + 7, 0x5a)),
  },
  'a log of garbage beside a closed file': {
    image: 'clean',
    breakIt: (file) => writeFileSync(logOf(file), Buffer.alloc(3 * FRAME, 0x5a)),
  },
  'a journal of garbage beside the file': {
    image: 'clean',
    breakIt: (file) => writeFileSync(`${file}-journal`, Buffer.alloc(PAGE, 0x5a)),
  },
  'a text in place of the file': {
    image: 'clean',
    breakIt: (file) => writeFileSync(file, 'no database\n'.repeat(2_000)),
  },
  'side log is gone': { image: 'log', sideLog: true, breakIt: (file) => rmSync(sideLogOf(file)) },
  'side log of no bytes': {
    image: 'log',
    sideLog: true,
    breakIt: (file) => cut(sideLogOf(file), 0),
  },
  'side log without its last byte': {
    image: 'log',
    sideLog: true,
    breakIt: (file) => cut(sideLogOf(file), sizeOf(sideLogOf(file)) - 1),
  },
  'side log with garbage after its end': {
    image: 'log',
    sideLog: true,
    breakIt: (file) => appendFileSync(sideLogOf(file), Buffer.alloc(500, 0x5a)),
  },
  'side log of zeros': {
    image: 'log',
    sideLog: true,
    breakIt: (file) => zero(sideLogOf(file), 0, sizeOf(sideLogOf(file))),
  },
};

/** Cuts at chance places, of the file, of its log and of both logs. */
const AT_CHANCE = 12;
/** A spread of everything, for every build. */
const SMALL_EVERY = 6;
/** What no checksum tells: every page is as it was written, and they are of two times. */
const SMALL_ALWAYS = new Set([
  'an older log of this file in place of its own',
  'an older log of this file beside the closed file',
  'an older file under a newer log',
]);

export const truncation: FaultKind = {
  name: 'truncation',
  mustCheck: ['files broken', 'exact data', 'earlier state', 'brought back from the side log'],
  async start({ sizes, folder, rng }) {
    const images = await makeImages(path.join(folder, 'images'), rng);
    const reader = new Reader();
    const chosen: [string, Break][] = Object.entries(FIXED);
    for (let at = 0; at < AT_CHANCE; at += 1) {
      const part = rng(`cut ${at}`).float();
      const at100 = Math.round(part * 10_000) / 100;
      const share = (file: string): void => cut(file, Math.floor(sizeOf(file) * part));
      chosen.push([`file cut at ${at100} %`, { image: 'clean', breakIt: share }]);
      chosen.push([`file cut at ${at100} %, with a log`, { image: 'log', breakIt: share }]);
      chosen.push([
        `log cut at ${at100} %`,
        { image: 'log', breakIt: (file) => share(logOf(file)) },
      ]);
      chosen.push([
        `used log cut at ${at100} %`,
        { image: 'usedLog', breakIt: (file) => share(logOf(file)) },
      ]);
    }
    const isSmall = (name: string, at: number): boolean =>
      at % SMALL_EVERY === 0 || SMALL_ALWAYS.has(name);
    const taken = sizes.small ? chosen.filter(([name], at) => isSmall(name, at)) : chosen;
    const cases = taken.map(([name, { image: which, sideLog, older, breakIt }]): FaultCase => ({
      name,
      async run() {
        const found = new Findings();
        const { states } = images.olderLog;
        const image: Image = older
          ? { ...images[which], states: [...states, ...images[which].states] }
          : images[which];
        await judgeDamage({
          image,
          folder: path.join(folder, 'case'),
          reader,
          found,
          ...(sideLog ? { sideLog } : {}),
          breakIt(file) {
            breakIt(file, images);
            found.checked('files broken');
          },
        });
        return found.result();
      },
    }));
    return { cases, end: () => reader.end() };
  },
};
