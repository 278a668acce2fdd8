import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { canonicalJson } from '#shared/kernel/json.ts';
import { expandAct } from '#shared/merge/expand.ts';
import type { Row } from '#shared/schema/define.ts';
import { isTableName } from '#shared/schema/tables.ts';
import type { Findings } from '../fault-kind.ts';
import { brokenRules, differences } from './compare.ts';
import type { Dump, DumpRow } from './read-store.ts';
import type { Image } from './image.ts';
import { NOTES, bare } from './open-store.ts';
import { Model } from './operations.ts';
import type { Document, Operation } from './operations.ts';
import type { Reader } from './reader-client.ts';

/** The files of a profile as far as these runs break them. */
export const SUFFIXES = ['', '-wal', '-shm'] as const;
export const SIDE_LOG = 'unsent.log';

/** Codes that say that something is wrong with the files. */
const CLEAR_CODES = new Set(['STORE_DAMAGED', 'STORE_KEY_WRONG', 'STORE_IO', 'STORE_NEWER']);

/** A write to a file that seems whole: it must be there at the next opening. */
const AFTER: Operation = {
  kind: 'write',
  collection: NOTES,
  context: 'window-1',
  rows: [
    {
      document: {
        id: 'written-after-the-damage',
        body: 'after',
        n: 1,
        level: 1,
        _deleted: false,
        _attachments: {},
        _rev: '1-after',
        _meta: { lwt: Date.UTC(2026, 0, 6) },
      } as Document,
    },
  ],
};

/** A copy of an image in an empty folder. @returns the database file */
export function copyImage(image: Image, folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'ganger.db');
  for (const suffix of SUFFIXES) {
    const from = `${image.file}${suffix}`;
    if (existsSync(from)) copyFileSync(from, `${file}${suffix}`);
  }
  copyFileSync(path.join(path.dirname(image.file), SIDE_LOG), path.join(folder, SIDE_LOG));
  return file;
}

/**
 * Opens a broken copy of an image and reads everything. Right are: exactly the data; a code that says
 * what is wrong; or, where the log of SQLite was cut, an earlier committed state from which the side
 * log brings all that the server does not have. Anything else is silent, and fails.
 * @param breakIt breaks the files of a copy; called for every copy
 */
export async function judgeDamage(options: {
  readonly image: Image;
  readonly folder: string;
  readonly reader: Reader;
  readonly found: Findings;
  readonly breakIt: (file: string) => void;
  /** True: opened with the side log, since it is what is broken. */
  readonly sideLog?: boolean;
}): Promise<void> {
  const { image, folder, reader, found, breakIt, sideLog = false } = options;
  const file = copyImage(image, folder);
  breakIt(file);
  const { key, notesVersion } = image;
  const look = { salt: image.salt, setAside: false };
  const read = await reader.read({ file, key, notesVersion, sideLog, look }, AFTER);
  if ('died' in read) {
    found.problem(`the process that opened it died: ${read.died}`);
    return;
  }
  if ('code' in read) {
    const { code, reason } = read;
    if (!CLEAR_CODES.has(code)) {
      found.problem(`no clear code: ${code} ${reason}`);
      return;
    }
    found.checked(`told ${code}`);
    // A key that does not fit is asked for; nothing is built anew.
    if (code !== 'STORE_KEY_WRONG') await judgeRebuilt(options);
    return;
  }
  const { dump } = read;
  const rules = brokenRules(dump);
  if (rules.some((rule) => rule.startsWith('check:'))) {
    found.checked('told by the check');
    await judgeRebuilt(options);
    return;
  }
  for (const rule of rules) found.silent(rule);
  const final = image.states.at(-1);
  if (!final) throw new Error('an image without a state');
  const different = differences(final, dump);
  if (different.length === 0) {
    found.checked('exact data');
    const again = await reader.read({ file, key, notesVersion, sideLog, look });
    const next = new Model(final).apply(AFTER);
    if (!('dump' in again) || differences(next, again.dump).length > 0) {
      found.lost('what was written to the broken file is not there at the next opening');
    }
    found.checked('written afterwards');
    return;
  }
  const earlier = image.states.findLastIndex((state) => differences(state, dump).length === 0);
  if (earlier < 0) {
    const words = different.slice(0, 4).map(({ kind, words: what }) => `${kind} ${what}`);
    found.silent(`${different.length} differences: ${words.join(', ')}`);
    return;
  }
  found.checked('earlier state');
  await judgeSideLog({ ...options, lost: image.states.length - 1 - earlier });
}

/** The broken files are set aside: a new store gets all from the side log that the server lacks. */
async function judgeRebuilt(options: {
  readonly image: Image;
  readonly folder: string;
  readonly reader: Reader;
  readonly found: Findings;
  readonly breakIt: (file: string) => void;
}): Promise<void> {
  const { image, folder, reader, found, breakIt } = options;
  const file = copyImage(image, folder);
  breakIt(file);
  const { key, notesVersion, salt } = image;
  const look = { salt, setAside: true };
  const read = await reader.read({ file, key, notesVersion, sideLog: true, look });
  if (!('dump' in read)) {
    found.problem(`set aside, it does not open: ${JSON.stringify(read)}`);
    return;
  }
  found.checked('rebuilt after damage');
  const missing = missingUnsent(image, read.dump);
  if (missing.length > 0) found.lost(`not rebuilt: ${missing.slice(0, 4).join(', ')}`);
}

/** Nothing that the server does not have may be missing once the side log was looked at. */
async function judgeSideLog(options: {
  readonly image: Image;
  readonly folder: string;
  readonly reader: Reader;
  readonly found: Findings;
  readonly breakIt: (file: string) => void;
  readonly lost: number;
}): Promise<void> {
  const { image, folder, reader, found, breakIt, lost } = options;
  const file = copyImage(image, folder);
  breakIt(file);
  const look = { salt: image.salt, setAside: false };
  const { key, notesVersion } = image;
  const read = await reader.read({ file, key, notesVersion, sideLog: true, look });
  if (!('dump' in read)) {
    found.problem(`with the side log it does not open: ${JSON.stringify(read)}`);
    return;
  }
  const missing = missingUnsent(image, read.dump);
  found.checked('brought back from the side log', read.settled?.inserted ?? 0);
  found.checked('brought back from the side log', read.settled?.joined ?? 0);
  if (missing.length > 0) {
    found.silent(`${lost} writes back, and not in the side log: ${missing.slice(0, 4).join(', ')}`);
  }
}

/**
 * Rows that wait for the server in the last state of an image, and what its waiting acts stand for,
 * that are not there as they were.
 */
export function missingUnsent({ states }: Pick<Image, 'states'>, dump: Dump): string[] {
  const missing: string[] = [];
  const there = new Map(
    Object.entries(dump.tables).flatMap(([collection, { rows }]) =>
      rows.map((row) => [`${collection} ${String(row.document['id'])}`, row] as [string, DumpRow]),
    ),
  );
  const want = (name: string, document: object, isWaiting: boolean): void => {
    const row = there.get(name);
    if (!row || plainContent(row.document) !== plainContent(document)) missing.push(name);
    else if (isWaiting && row.origin !== 'local') missing.push(`${name} (waits no more)`);
  };
  const last = states.at(-1);
  for (const [collection, rows] of last?.tables ?? []) {
    for (const [id, { document, origin }] of rows) {
      if (origin !== 'local') continue;
      want(`${collection} ${id}`, document, true);
      if (!isTableName(collection)) continue;
      for (const { table, row } of expandAct(collection, bare(document) as unknown as Row)) {
        const derived = last?.rows(table).get(row.id);
        if (derived) want(`${table} ${row.id}`, derived.document, false);
      }
    }
  }
  return missing;
}

function plainContent(document: object): string {
  const { _meta, _rev, _attachments, ...content } = document as Record<string, unknown>;
  return canonicalJson(content as never);
}
