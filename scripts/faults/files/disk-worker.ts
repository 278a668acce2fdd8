import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { silentLogger } from '#shared/logging/logger.ts';
import { FileBox } from '#desktop/files/file-box.ts';
import { openFileIndex } from '#desktop/files/file-index.ts';
import { openRootKeys } from '#desktop/files/root-keys.ts';
import { openDatabase } from '#desktop/storage/open-database.ts';
import { createFolderStore } from '#server/files/folder-store.ts';
import { Findings } from '../fault-kind.ts';
import { contentOf } from './device-process.ts';

/** Runs on a file system of 6 MB: a file of 8 MB has no room, one of 1 MB has. */
const LARGE = 8 * 1024 * 1024;
const SMALL = 1024 * 1024;

const [root = '', site = ''] = process.argv.slice(2);
const findings = new Findings();

/** Does it, fails, looks at what is left, and does something smaller. */
async function tryBoth(
  code: string,
  put: (size: number) => Promise<void>,
  left: () => number,
): Promise<void> {
  const before = left();
  for (const time of [1, 2]) {
    const said = await put(LARGE).then(
      () => 'ok',
      (error: unknown) => (error as { code?: string }).code ?? String(error),
    );
    findings.checked('times full');
    if (said !== code) findings.problem(`time ${time}: said ${said}`);
    if (left() !== before) findings.torn(`time ${time}: ${left() - before} files were left behind`);
  }
  await put(SMALL);
  findings.checked('went on');
}

const filesIn = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .length;

if (site === 'server') {
  const folder = path.join(root, 'files');
  mkdirSync(folder);
  const store = createFolderStore(folder);
  const put = (size: number): Promise<void> =>
    store.put(
      'files/ab/one',
      size,
      (async function* () {
        yield* contentOf(size, 1);
      })(),
    );
  await tryBoth('FILES_NO_ROOM', put, () => filesIn(folder));
} else {
  // The rows need no room here: only the bytes of the file do.
  const key = randomBytes(32).toString('hex');
  const database = openDatabase({ file: path.join(root, 'ganger.db'), key, log: silentLogger });
  const folder = path.join(root, 'files');
  const roots = openRootKeys(database, folder, key);
  const index = openFileIndex(database);
  const box = new FileBox({
    folder,
    index,
    roots,
    limitBytes: LARGE,
    now: Date.now,
    log: silentLogger,
  });
  const put = async (size: number): Promise<void> => {
    const adding = await box.add();
    try {
      for (const piece of contentOf(size, 1)) await adding.write(piece);
      await adding.finish();
    } catch (error) {
      await adding.giveUp();
      throw error;
    }
  };
  await tryBoth('STORE_DISK_FULL', put, () => filesIn(folder));
  database.close();
}
writeFileSync(1, JSON.stringify(findings.result()));
rmSync(path.join(root, 'files'), { recursive: true, force: true });
