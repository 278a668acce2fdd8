import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createKeyChain, unprotectedWrap } from './key-chain.ts';
import type { KeyWrap } from './key-chain.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'ganger-keys-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** A wrap that really hides the key, as a keychain does. */
const masked = (backend: string, mask: number): KeyWrap => ({
  backend,
  wrap: (hex) => Buffer.from(hex, 'utf8').map((byte) => byte ^ mask) as Buffer,
  unwrap: (wrapped) => Buffer.from(wrapped.map((byte) => byte ^ mask)).toString('utf8'),
});

test('a key is made once and is the same ever after', async () => {
  const chain = createKeyChain(dir, () => masked('keyring', 7));
  const key = await chain.key('device', true);
  expect(key).toMatch(/^[0-9a-f]{64}$/);
  expect(await chain.key('device', false)).toBe(key);
  expect(await chain.key('device', true)).toBe(key);
  expect(await readFile(path.join(dir, 'device.key'), 'utf8')).not.toContain(key);
  expect(await readdir(dir)).toEqual(['device.key']);
});

test('who asks at the same time gets the same key, also over two key chains', async () => {
  const one = createKeyChain(dir, () => masked('keyring', 7));
  const two = createKeyChain(dir, () => masked('keyring', 7));
  const keys = await Promise.all([one, one, two, two, one].map((c) => c.key('profile-a', true)));
  expect(new Set(keys).size).toBe(1);
  expect(await readdir(dir)).toEqual(['profile-a.key']);
});

test('no key is made over data that exists', async () => {
  const chain = createKeyChain(dir, () => masked('keyring', 7));
  await expect(chain.key('profile-a', false)).rejects.toMatchObject({ code: 'STORE_KEY_MISSING' });
});

test('a keychain that changed is noticed, and the old key stays', async () => {
  await createKeyChain(dir, () => masked('keyring', 7)).key('device', true);
  const before = await readFile(path.join(dir, 'device.key'), 'utf8');
  const changed = createKeyChain(dir, () => masked('other', 9));
  await expect(changed.key('device', true)).rejects.toMatchObject({
    code: 'STORE_KEY_MISSING',
    safe: { reason: 'backend-changed' },
  });
  expect(await readFile(path.join(dir, 'device.key'), 'utf8')).toBe(before);
});

test('an unreadable key file is an error, not a reason for a new key', async () => {
  await writeFile(path.join(dir, 'device.key'), 'not json');
  const chain = createKeyChain(dir, () => unprotectedWrap);
  await expect(chain.key('device', true)).rejects.toMatchObject({ code: 'STORE_KEY_MISSING' });
});
