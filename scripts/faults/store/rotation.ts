import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { toAppError } from '#shared/errors/app-error.ts';
import { Findings } from '../fault-kind.ts';
import type { CaseResult, FaultCase, FaultKind } from '../fault-kind.ts';
import { brokenRules, differences } from './compare.ts';
import { openStore } from './open-store.ts';
import { Model, perform } from './operations.ts';
import { readPages } from './pages.ts';
import { makePlan } from './plan.ts';
import { openProfileWorld } from './profile-keys.ts';
import { Reader } from './reader-client.ts';

/** The data key is made anew and the process killed meanwhile; key files are lost, torn and wrong. */

const ROTATOR = fileURLToPath(new URL('rotator.ts', import.meta.url));
/** What may lie in the folder of a profile when all is done. */
const KNOWN = /^(ganger\.db(-wal|-shm)?|ganger\.key(\.bak)?|unsent\.log)$/;

interface Start {
  /** Folder with a whole profile; copied for every case. */
  readonly root: string;
  readonly model: Model;
  readonly key: string;
}

/** Kills at chance moments of a rotation, beside those at its steps. */
const TIMED = 20;
const TIMED_SMALL = 1;

export const rotation: FaultKind = {
  name: 'rotation',
  mustCheck: ['killed rotations', 'old key', 'new key', 'rows', 'pages', 'torn key files'],
  async start({ sizes, folder, rng }) {
    const start = await makeStart(path.join(folder, 'start'), rng('content'));
    const steps = await stepsOf(start, path.join(folder, 'steps'));
    const reader = new Reader();
    const root = path.join(folder, 'case');
    const atStep = steps.map((step, at): FaultCase => ({
      name: `killed at ${step}`,
      run: () => killedRotation({ start, root, reader, dieAt: at, ms: null }),
    }));
    const timed = Array.from({ length: sizes.small ? TIMED_SMALL : TIMED }, (_, at): FaultCase => {
      const ms = rng(`moment ${at}`).int(0, 260);
      return {
        name: `${at} killed after ${ms} ms`,
        run: () => killedRotation({ start, root, reader, dieAt: null, ms }),
      };
    });
    const files: FaultCase[] = [
      { name: 'torn key file', run: () => tornKeyFiles(start, root, sizes.small) },
      { name: 'lost key files', run: () => lostKeys(start, root) },
      { name: 'wrong key', run: () => wrongKey(start, root, reader) },
    ];
    const chosen = sizes.small ? atStep.filter((_, at) => at % 3 === 1) : atStep;
    return { cases: [...chosen, ...timed, ...files], end: () => reader.end() };
  },
};

async function makeStart(root: string, rng: Parameters<typeof makePlan>[0]): Promise<Start> {
  const world = openProfileWorld(root);
  const key = await world.keys.create();
  const model = new Model();
  const store = await openStore({ file: world.file, key, notesVersion: 1 });
  for (const operation of makePlan(rng, model, 160)) {
    await perform(store, operation);
    model.apply(operation);
  }
  // Not closed in good order: the log of a killed process lies beside the file.
  const kept = path.join(root, 'kept');
  for (const side of ['', '-wal']) cpSync(world.file + side, kept + side);
  store.database.close();
  for (const side of ['-wal', '-shm']) rmSync(world.file + side, { force: true });
  for (const side of ['', '-wal']) {
    cpSync(kept + side, world.file + side);
    rmSync(kept + side);
  }
  world.close();
  return { root, model, key };
}

/** The steps of a rotation that nobody kills. */
async function stepsOf({ root }: Start, copy: string): Promise<string[]> {
  cpSync(root, copy, { recursive: true });
  const { steps } = await rotate(copy, null, null);
  rmSync(copy, { recursive: true });
  return steps;
}

function rotate(root: string, dieAt: number | null, ms: number | null) {
  const args = [ROTATOR, root, ...(dieAt === null ? [] : [String(dieAt)])];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let told = '';
  let problem = '';
  child.stdout.on('data', (chunk: Buffer) => {
    told += chunk.toString();
    if (ms !== null && told.includes('rotating')) setTimeout(() => child.kill('SIGKILL'), ms);
  });
  child.stderr.on('data', (chunk: Buffer) => (problem += chunk.toString()));
  return new Promise<{ steps: string[]; problem: string | null }>((resolve) => {
    child.once('close', (code, signal) => {
      const steps = [...told.matchAll(/^step (\S+)$/gm)].map(([, step]) => step ?? '');
      resolve({ steps, problem: code === 0 || signal === 'SIGKILL' ? null : problem });
    });
  });
}

async function killedRotation(options: {
  readonly start: Start;
  readonly root: string;
  readonly reader: Reader;
  readonly dieAt: number | null;
  readonly ms: number | null;
}): Promise<CaseResult> {
  const { start, root, reader, dieAt, ms } = options;
  const found = new Findings();
  freshCopy(start, root);
  const { problem } = await rotate(root, dieAt, ms);
  if (problem !== null) {
    found.problem(`the rotation ended by itself: ${problem}`);
    return found.result();
  }
  found.checked('killed rotations');
  const key = await lookAt({ start, root, reader, found, words: 'after the kill' });
  if (key === null) return found.result();
  found.checked(key === start.key ? 'old key' : 'new key');
  // And it goes on: rotated once more, to the end.
  const again = await rotate(root, null, null);
  if (again.problem !== null) found.problem(`it does not rotate again: ${again.problem}`);
  const next = await lookAt({ start, root, reader, found, words: 'rotated again' });
  if (next === key) found.problem('the key is still the same');
  return found.result();
}

/** One key, one file, all rows, and nothing left over. @returns the key */
async function lookAt(options: {
  readonly start: Start;
  readonly root: string;
  readonly reader: Reader;
  readonly found: Findings;
  readonly words: string;
}): Promise<string | null> {
  const { start, root, reader, found, words } = options;
  const world = openProfileWorld(root);
  let key: string;
  try {
    key = await world.keys.unlock(null);
  } catch (error) {
    found.lost(`${words}: the key does not open: ${toAppError(error).code}`);
    return null;
  } finally {
    world.close();
  }
  const read = await reader.read({ file: world.file, key, notesVersion: 1 });
  if (!('dump' in read)) {
    found.lost(`${words}: the file does not open: ${JSON.stringify(read)}`);
    return null;
  }
  const different = differences(start.model, read.dump);
  const [first] = different;
  if (first) found.lost(`${words}: ${first.kind} ${first.words}`, different.length);
  for (const rule of brokenRules(read.dump)) found.problem(`${words}: ${rule}`);
  for (const { rows } of Object.values(read.dump.tables)) found.checked('rows', rows.length);
  const pages = readPages(world.file, key);
  found.checked('pages', pages.length);
  if (pages.some(({ authentic }) => !authentic)) found.problem(`${words}: pages of another key`);
  const left = readdirSync(world.folder).filter((name) => !KNOWN.test(name));
  if (left.length > 0) found.problem(`${words}: left over: ${left.join(', ')}`);
  return key;
}

function freshCopy({ root: from }: Start, root: string): void {
  rmSync(root, { recursive: true, force: true });
  cpSync(from, root, { recursive: true });
}

/** Tries to open the keys. @returns the key, or the code of the refusal */
async function unlocked(root: string): Promise<string> {
  const world = openProfileWorld(root);
  try {
    return await world.keys.unlock(null);
  } catch (error) {
    return toAppError(error).code;
  } finally {
    world.close();
  }
}

/** The key file cut at every length: its copy opens; both cut: a clear word, and never a new key. */
async function tornKeyFiles(start: Start, root: string, small: boolean): Promise<CaseResult> {
  const found = new Findings();
  freshCopy(start, root);
  const { folder } = openProfileWorldFolder(root);
  const file = path.join(folder, 'ganger.key');
  const copy = `${file}.bak`;
  const whole = readFileSync(file);
  for (let bytes = 0; bytes < whole.length; bytes += small ? 97 : 1) {
    writeFileSync(copy, whole);
    writeFileSync(file, whole.subarray(0, bytes));
    const one = await unlocked(root);
    // What was cut off may be no more than the end of the last line.
    if (one !== start.key) found.lost(`key file of ${bytes} bytes, its copy whole: ${one}`);
    writeFileSync(file, whole);
    truncateSync(file, bytes);
    truncateSync(copy, Math.min(bytes, readFileSync(copy).length));
    const both = await unlocked(root);
    const isFine = both === start.key || both === 'STORE_KEY_MISSING';
    if (!isFine) found.problem(`both of ${bytes} bytes: ${both}`);
    if (both === start.key && bytes < whole.length - 1) {
      found.silent(`both of ${bytes} bytes, and it opens`);
    }
    const made = await created(root);
    if (made !== 'STORE_KEY_MISSING') found.silent(`a new key over data: ${made}`);
    found.checked('torn key files', 2);
  }
  writeFileSync(file, whole);
  writeFileSync(copy, whole);
  if ((await unlocked(root)) !== start.key) found.lost('put back, it does not open');
  return found.result();
}

const openProfileWorldFolder = (root: string): { folder: string } => {
  const world = openProfileWorld(root);
  world.close();
  return { folder: world.folder };
};

/** Tries to make a key where data are. @returns the code of the refusal */
async function created(root: string): Promise<string> {
  const world = openProfileWorld(root);
  try {
    await world.keys.create();
    return 'made';
  } catch (error) {
    return toAppError(error).code;
  } finally {
    world.close();
  }
}

async function lostKeys(start: Start, root: string): Promise<CaseResult> {
  const found = new Findings();
  const losses: Readonly<Record<string, (folder: string) => void>> = {
    'key file': (folder) => rmSync(path.join(folder, 'ganger.key')),
    'copy of the key file': (folder) => rmSync(path.join(folder, 'ganger.key.bak')),
    'both key files': (folder) => {
      for (const name of ['ganger.key', 'ganger.key.bak']) rmSync(path.join(folder, name));
    },
    'secret of the keychain': () => rmSync(path.join(root, 'keys'), { recursive: true }),
  };
  for (const [name, lose] of Object.entries(losses)) {
    freshCopy(start, root);
    const { folder } = openProfileWorldFolder(root);
    lose(folder);
    const opened = await unlocked(root);
    const isWhole = name === 'key file' || name === 'copy of the key file';
    if (isWhole ? opened !== start.key : opened !== 'STORE_KEY_MISSING') {
      found.problem(`without the ${name}: ${opened === start.key ? 'it opens' : opened}`);
    }
    const made = await created(root);
    if (made !== 'STORE_KEY_MISSING') found.silent(`a new key over data, ${name} lost: ${made}`);
    if (!existsSync(path.join(folder, 'ganger.db'))) found.lost(`the file went with the ${name}`);
    found.checked('lost keys');
  }
  return found.result();
}

async function wrongKey(start: Start, root: string, reader: Reader): Promise<CaseResult> {
  const found = new Findings();
  freshCopy(start, root);
  const world = openProfileWorld(root);
  world.close();
  const before = readFileSync(world.file);
  for (const key of ['00'.repeat(32), start.key.replaceAll(/^./g, '0').replace(/.$/, 'f')]) {
    if (key === start.key) continue;
    const read = await reader.read({ file: world.file, key, notesVersion: 1 });
    if (!('code' in read) || read.code !== 'STORE_KEY_WRONG') {
      found.problem(`a wrong key: ${JSON.stringify(read).slice(0, 200)}`);
    }
    found.checked('wrong keys');
  }
  if (!readFileSync(world.file).equals(before)) found.lost('the file is another one');
  const read = await reader.read({ file: world.file, key: start.key, notesVersion: 1 });
  if (!('dump' in read) || differences(start.model, read.dump).length > 0) {
    found.lost('with the right key not all is there');
  }
  return found.result();
}
