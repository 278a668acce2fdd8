import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { silentLogger } from '#shared/logging/logger.ts';
import { newWorld, temporaryFolder } from './fixtures.suite.ts';
import { answerRequest, idOfPublicKey, newKeyPair, parseRequest, toText } from './recovery-seal.ts';
import { opensWith } from './rotation.ts';
import { finishWipes } from './wipe.ts';
import { PLAIN, PROFILE, contentWith, fill, filesIn, keysOf, refusal } from './worlds.suite.ts';
import type { World } from './worlds.suite.ts';

const CHILD = fileURLToPath(new URL('kill-me.suite.ts', import.meta.url));
const CLEAN = ['ganger.db', 'ganger.key', 'ganger.key.bak'];

/** Runs an action in a process that is killed at its n-th step. @returns the step, null: not killed */
function killAt(root: string, action: string, at: number): string | null {
  const child = spawnSync(process.execPath, [CHILD, root, action, String(at)], {
    encoding: 'utf8',
  });
  if (child.signal === 'SIGKILL') return child.stdout.trim();
  if (child.status !== 0) throw new Error(`${action} failed by itself: ${child.stderr}`);
  return null;
}

/** Does the same from the same start, killed at every step there is, and looks at what is left. */
async function atEveryStep(
  prepare: (root: string) => Promise<void>,
  action: string,
  look: (world: World, step: string) => Promise<void>,
): Promise<string[]> {
  const start = temporaryFolder();
  await prepare(start);
  const steps: string[] = [];
  for (let at = 0; ; at += 1) {
    const root = temporaryFolder();
    cpSync(start, root, { recursive: true });
    const step = killAt(root, action, at);
    await look(newWorld(root), step ?? 'done');
    if (step === null) return steps;
    steps.push(step);
  }
}

/** All bytes of all files below a folder. */
function bytesBelow(folder: string): Buffer {
  if (!existsSync(folder)) return Buffer.alloc(0);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile());
  return Buffer.concat(files.map((file) => readFileSync(file)));
}

test('a new data key, killed at every step: one file, one key, the same content', async () => {
  let before = '';
  let oldKey = '';
  const sides = new Set<string>();
  const steps = await atEveryStep(
    async (root) => {
      const world = newWorld(root);
      oldKey = await keysOf(world).create();
      before = fill(world, oldKey);
      world.device.secureCheckpoint();
    },
    'rotate',
    async (world, step) => {
      const key = await keysOf(world).unlock(null);
      expect(filesIn(world), step).toEqual(CLEAN);
      expect(contentWith(world, key), step).toBe(before);
      const isNew = key !== oldKey;
      sides.add(isNew ? 'new' : 'old');
      // What does not count any more opens nothing.
      if (isNew) expect(opensWith(world.database, oldKey), step).toBe(false);
      const file = readFileSync(path.join(world.folder, 'ganger.key'), 'utf8');
      expect(JSON.parse(file), step).toMatchObject({ rotation: null });
      expect(readFileSync(path.join(world.folder, 'ganger.key.bak'), 'utf8')).toBe(file);
      // And the profile goes on: it rotates and opens again.
      const keys = keysOf(world);
      await keys.unlock(null);
      const next = await keys.rotate();
      expect(next).not.toBe(key);
      expect(contentWith(world, next), step).toBe(before);
    },
  );
  expect(steps).toEqual([
    'rotation-noted',
    'emptied-log',
    'copied',
    'rekeyed',
    'verified',
    'durable',
    'salt-noted',
    'kept-old',
    'switched',
    'adopted',
    'removed',
  ]);
  expect(sides).toEqual(new Set(['old', 'new']));
}, 120_000);

test('the step from a key in the keychain, killed at every step, leaves the same key', async () => {
  const key = 'ab'.repeat(32);
  let before = '';
  const steps = await atEveryStep(
    async (root) => {
      const world = newWorld(root);
      before = fill(world, key);
      writeLegacyKey(root, key);
      await Promise.resolve();
    },
    'legacy',
    async (world, step) => {
      expect(await keysOf(world).unlock(null), step).toBe(key);
      expect(contentWith(world, key), step).toBe(before);
      // Once more, now that nothing is left to do.
      expect(await keysOf(world).unlock(null), step).toBe(key);
      expect(readdirSync(path.join(world.root, 'keys')), step).toEqual([`vault-${PROFILE}.key`]);
    },
  );
  expect(steps).toEqual(['secret-made', 'key-file-written', 'proven', 'forgotten', 'list-cleared']);
}, 60_000);

test('a PIN or a keychain secret set anew, killed at every step: the old or the new opens', async () => {
  for (const action of ['set-pin', 'rewrap']) {
    let key = '';
    const steps = await atEveryStep(
      async (root) => {
        const world = newWorld(root);
        key = await keysOf(world).create();
        fill(world, key);
      },
      action,
      async (world, step) => {
        const keys = keysOf(world);
        const hasPin = (await keys.status())?.hasPin === true;
        expect(await keys.unlock(hasPin ? '493817' : null), step).toBe(key);
        expect(readdirSync(path.join(world.root, 'keys')), step).toHaveLength(1);
      },
    );
    expect(steps.length, action).toBeGreaterThan(0);
    expect(steps).toContain('key-file-written');
  }
}, 60_000);

test('a key in the making, killed at every step: it is made, or made anew', async () => {
  await atEveryStep(
    () => Promise.resolve(),
    'create',
    async (world, step) => {
      const keys = keysOf(world);
      const key = keys.presence() === 'absent' ? await keys.create() : await keys.unlock(null);
      expect(key, step).toMatch(/^[0-9a-f]{64}$/);
      expect(await keysOf(world).unlock(null), step).toBe(key);
    },
  );
}, 60_000);

test('a recovery, killed at every step, is complete or can be done with the same answer', async () => {
  const pair = newKeyPair();
  const id = idOfPublicKey(pair.publicKey);
  const { publicKey } = pair;
  const recoveryKey = { version: 1, kind: 'ganger-recovery-public', id, publicKey } as const;
  let key = '';
  let answer = '';
  await atEveryStep(
    async (root) => {
      const world = newWorld(root);
      writeFileSync(path.join(root, 'recovery.pub'), JSON.stringify(recoveryKey));
      const keys = keysOf(world, { recoveryKey });
      key = await keys.create();
      fill(world, key);
      await keys.unlock(null);
      await keys.setPin(null, '493817');
      const request = parseRequest(keys.recoveryRequest());
      answer = toText('answer', answerRequest(request, pair));
      writeFileSync(path.join(root, 'answer'), answer);
      await world.chain.forget(`vault-${PROFILE}`);
    },
    'recover',
    async (world, step) => {
      const keys = keysOf(world, { recoveryKey });
      const isDone = (await keys.status())?.hasPin === false;
      expect(isDone ? await keys.unlock(null) : await keys.recover(answer), step).toBe(key);
      expect(await keysOf(world).unlock(null)).toBe(key);
      expect(await refusal(keys.recover(answer))).toMatchObject({ code: 'RECOVERY_INVALID' });
      expect(readdirSync(path.join(world.root, 'keys')), step).toHaveLength(1);
    },
  );
}, 60_000);

test('a guess that is killed before it is judged is counted all the same', async () => {
  const root = temporaryFolder();
  const world = newWorld(root);
  const keys = keysOf(world);
  await keys.create();
  await keys.setPin(null, '493817');
  for (let guess = 1; guess <= 3; guess += 1) {
    expect(killAt(root, 'guess', 0)).toBe('try-counted');
    expect(keys.attempts().failed).toBe(guess);
  }
  expect((await refusal(keysOf(world).unlock('493817'))).code).toBe('PIN_WAIT');
}, 60_000);

test('a wipe, killed at every step, leaves nothing that opens and is ended at the next start', async () => {
  let key = '';
  const steps = await atEveryStep(
    async (root) => {
      const world = newWorld(root);
      const keys = keysOf(world);
      key = await keys.create();
      fill(world, key);
      await keys.setPin(null, '493817');
      cpSync(world.database, path.join(world.folder, 'quarantine', 'x', 'ganger.db'), {
        recursive: true,
      });
      writeFileSync(path.join(world.folder, 'side.log'), 'sealed');
    },
    'wipe',
    async (world, step) => {
      if (step !== 'marked') {
        expect((await refusal(keysOf(world).unlock('493817'))).code, step).toBe(
          'STORE_KEY_MISSING',
        );
      }
      const { secrets, kv } = world;
      const profiles = path.dirname(world.folder);
      await finishWipes({ profiles, secrets, kv, log: silentLogger });
      expect(existsSync(world.folder) ? filesIn(world) : [], step).toEqual([]);
      expect(readdirSync(path.join(world.root, 'keys')), step).toEqual([]);
      const left = bytesBelow(world.root);
      expect(left.includes(PLAIN), step).toBe(false);
      expect(left.includes(key), step).toBe(false);
      expect(kv.get(`keys.attempts.${PROFILE}`)).toBeUndefined();
    },
  );
  expect(steps).toEqual(['marked', 'secrets-forgotten', 'keys-gone', 'files-gone', 'values-gone']);
}, 60_000);

/** As builds before the key file left it: the data key itself lies in the keychain. */
function writeLegacyKey(root: string, key: string): void {
  const content = {
    version: 1,
    backend: 'unprotected-file',
    wrapped: Buffer.from(key, 'utf8').toString('base64'),
  };
  const folder = path.join(root, 'keys');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `profile-${PROFILE}.key`), JSON.stringify(content));
}
