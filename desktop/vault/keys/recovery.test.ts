import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { newWorld } from './fixtures.suite.ts';
import { notedSalts } from './key-file.ts';
import {
  answerRequest,
  idOfPublicKey,
  makeRecoveryCopy,
  newKeyPair,
  parseRecoveryPublicKey,
  parseRequest,
  toText,
} from './recovery-seal.ts';
import type { KeyPair, RecoveryPublicKey } from './recovery-seal.ts';
import { PROFILE, contentWith, fill, keysOf, refusal } from './worlds.suite.ts';
import type { World } from './worlds.suite.ts';

const PIN = '493817';

function organization(): { pair: KeyPair; recoveryKey: RecoveryPublicKey } {
  const pair = newKeyPair();
  const { publicKey } = pair;
  const id = idOfPublicKey(publicKey);
  return { pair, recoveryKey: { version: 1, kind: 'ganger-recovery-public', id, publicKey } };
}

const answerTo = (request: string, pair: KeyPair): string =>
  toText('answer', answerRequest(parseRequest(request), pair));

async function withProfile() {
  const world = newWorld();
  const { pair, recoveryKey } = organization();
  const keys = keysOf(world, { recoveryKey });
  const key = await keys.create();
  const content = fill(world, key);
  await keys.setPin(null, PIN);
  return { world, pair, recoveryKey, keys, key, content };
}

async function block(world: World): Promise<void> {
  const clock = { now: () => 0, uptime: () => (time += 10 ** 9), boot: () => '' };
  let time = 0;
  for (let guess = 0; guess < 10; guess += 1)
    await refusal(keysOf(world, { clock }).unlock('271828'));
}

test('a blocked profile opens with the recovery copy, without a PIN, its tries cleared', async () => {
  const { world, pair, recoveryKey, key, content } = await withProfile();
  await block(world);
  const keys = keysOf(world, { recoveryKey });
  expect((await refusal(keys.unlock(PIN))).code).toBe('PIN_BLOCKED');
  expect(await keys.recover(answerTo(keys.recoveryRequest(), pair))).toBe(key);
  expect(keys.attempts().failed).toBe(0);
  expect(await keysOf(world).unlock(null)).toBe(key);
  expect(contentWith(world, key)).toBe(content);
});

test('an answer is good once, here, and for the last request only', async () => {
  const { world, pair, keys, key } = await withProfile();
  const first = answerTo(keys.recoveryRequest(), pair);
  const second = answerTo(keys.recoveryRequest(), pair);
  expect(await refusal(keys.recover(first))).toMatchObject({
    code: 'RECOVERY_INVALID',
    safe: { reason: 'other-request' },
  });
  const elsewhere = await withProfile();
  elsewhere.keys.recoveryRequest();
  expect((await refusal(elsewhere.keys.recover(second))).code).toBe('RECOVERY_INVALID');
  expect(await keys.recover(second)).toBe(key);
  expect(await refusal(keys.recover(second))).toMatchObject({ safe: { reason: 'used' } });
  expect(await refusal(keys.recover('hello'))).toMatchObject({ safe: { reason: 'not-an-answer' } });
  expect(await keysOf(world).unlock(null)).toBe(key);
});

test('a genuine answer with a key that is not of this database changes nothing', async () => {
  const { world, keys, key } = await withProfile();
  const request = parseRequest(keys.recoveryRequest());
  const { pair, recoveryKey } = organization();
  // Anybody can seal something to a request: what counts is whether it opens the database.
  const [asked] = request.keys;
  if (!asked) throw new Error('nothing asked for');
  const copy = makeRecoveryCopy(recoveryKey, PROFILE, asked.keyId, Buffer.alloc(32, 7));
  const forged = answerRequest({ ...request, keys: [{ keyId: asked.keyId, copy }] }, pair);
  expect(await refusal(keys.recover(toText('answer', forged)))).toMatchObject({
    code: 'RECOVERY_INVALID',
    safe: { reason: 'not-this-database' },
  });
  expect(await keysOf(world).unlock(PIN)).toBe(key);
});

test.each([
  ['the keychain entry', async (world: World) => world.chain.forget(`vault-${PROFILE}`)],
  [
    'the key file and its copy',
    async (world: World) => {
      for (const name of ['ganger.key', 'ganger.key.bak']) rmSync(path.join(world.folder, name));
    },
  ],
  [
    'a torn key file and a torn copy',
    async (world: World) => {
      for (const name of ['ganger.key', 'ganger.key.bak']) {
        writeFileSync(path.join(world.folder, name), '{');
      }
    },
  ],
])('without %s the recovery copy opens the profile', async (_what, lose) => {
  const { world, pair, recoveryKey, key, content } = await withProfile();
  await lose(world);
  const keys = keysOf(world, { recoveryKey });
  expect((await refusal(keys.unlock(PIN))).code).toBe('STORE_KEY_MISSING');
  expect(await keys.recover(answerTo(keys.recoveryRequest(), pair))).toBe(key);
  expect(await keysOf(world).unlock(null)).toBe(key);
  expect(contentWith(world, key)).toBe(content);
  expect(readdirSync(path.join(world.root, 'keys'))).toHaveLength(1);
});

test('the key of a database whose first page is lost is recovered, for its repair', async () => {
  const { world, pair, keys, key } = await withProfile();
  await keys.unlock(PIN);
  const damaged = readFileSync(world.database).fill(0, 0, 4096);
  writeFileSync(world.database, damaged);
  expect(await keys.recover(answerTo(keys.recoveryRequest(), pair))).toBe(key);
  expect(readFileSync(world.database).equals(damaged)).toBe(true);
  expect(notedSalts(world.folder, PROFILE)).toHaveLength(1);
});

test('no recovery key, no copy: said so', async () => {
  const world = newWorld();
  const keys = keysOf(world);
  await keys.create();
  expect((await keys.status())?.hasRecovery).toBe(false);
  let code = '';
  try {
    keys.recoveryRequest();
  } catch (error) {
    code = (error as { code: string }).code;
  }
  expect(code).toBe('RECOVERY_NONE');
});

test('a profile of before the recovery key, or of an older one, gets a copy at its next opening', async () => {
  const world = newWorld();
  const key = await keysOf(world).create();
  fill(world, key);
  for (const { pair, recoveryKey } of [organization(), organization()]) {
    const keys = keysOf(world, { recoveryKey });
    expect(await keys.unlock(null)).toBe(key);
    expect((await keys.status())?.hasRecovery).toBe(true);
    expect(await keys.recover(answerTo(keys.recoveryRequest(), pair))).toBe(key);
  }
});

test('after a rotation the copy is of the new key', async () => {
  const { world, pair, recoveryKey, keys, content } = await withProfile();
  const next = await keys.rotate();
  const again = keysOf(world, { recoveryKey });
  expect(await again.recover(answerTo(again.recoveryRequest(), pair))).toBe(next);
  expect(contentWith(world, next)).toBe(content);
});

test('a rotation cut short after the switch is recovered with the key that counts', async () => {
  const { world, pair, recoveryKey, keys, key, content } = await withProfile();
  const stale = ['ganger.key', 'ganger.key.bak'].map((name) => path.join(world.folder, name));
  let noted: Buffer | null = null;
  const noting = keysOf(world, {
    recoveryKey,
    step: (name) => {
      if (name === 'switched') noted = readFileSync(stale[0] ?? '');
    },
  });
  await noting.unlock(PIN);
  const next = await noting.rotate();
  // As a kill right after the switch leaves it: both keys in the file, the new database in place.
  if (noted) for (const file of stale) writeFileSync(file, noted);
  await world.chain.forget(`vault-${PROFILE}`);
  const again = keysOf(world, { recoveryKey });
  expect(await again.recover(answerTo(again.recoveryRequest(), pair))).toBe(next);
  expect(next).not.toBe(key);
  expect(contentWith(world, next)).toBe(content);
  keys.lock();
});

test('a public key file that was changed is refused', () => {
  const { recoveryKey } = organization();
  expect(parseRecoveryPublicKey(JSON.stringify(recoveryKey))).toEqual(recoveryKey);
  const other = { ...recoveryKey, publicKey: newKeyPair().publicKey };
  for (const text of ['', '{}', JSON.stringify(other)]) {
    expect(() => parseRecoveryPublicKey(text)).toThrow('RECOVERY_INVALID');
  }
});
