import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createKeyChain, unprotectedWrap } from './key-chain.ts';
import type { KeyWrap } from './key-chain.ts';
import { keyWrapOf } from './key-wrap.ts';
import type { SafeStorage } from './key-wrap.ts';

const KEY_MAKER = fileURLToPath(new URL('key-maker.suite.ts', import.meta.url));

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'ganger-keys-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** A wrap that really hides the key, as a keychain does. */
const masked = (backend: string, mask: number): KeyWrap => ({
  backend,
  wrap: async (hex) => Buffer.from(Buffer.from(hex, 'utf8').map((byte) => byte ^ mask)),
  unwrap: async (wrapped) => {
    const hex = Buffer.from(wrapped.map((byte) => byte ^ mask)).toString('utf8');
    return { hex, renew: false };
  },
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

test('a forgotten key is gone, its file too, and forgetting it again is fine', async () => {
  const chain = createKeyChain(dir, () => masked('keyring', 7));
  const key = await chain.key('vault-a', true);
  await chain.forget('vault-a');
  await chain.forget('vault-a');
  expect(await readdir(dir)).toEqual([]);
  await expect(chain.key('vault-a', false)).rejects.toMatchObject({
    code: 'STORE_KEY_MISSING',
    safe: { reason: 'absent' },
  });
  expect(await chain.key('vault-a', true)).not.toBe(key);
});

test('a keychain that has a better key by now gets the same secret to wrap again', async () => {
  const old = masked('keyring', 7);
  const key = await createKeyChain(dir, () => old).key('device', true);
  const renewed = masked('keyring', 9);
  const turning: KeyWrap = {
    backend: 'keyring',
    wrap: renewed.wrap,
    unwrap: async (wrapped) => {
      const first = await old.unwrap(wrapped);
      return first.hex === key ? { hex: key, renew: true } : renewed.unwrap(wrapped);
    },
  };
  expect(await createKeyChain(dir, () => turning).key('device', false)).toBe(key);
  expect(await createKeyChain(dir, () => renewed).key('device', false)).toBe(key);
  expect(await readdir(dir)).toEqual(['device.key']);
});

test('a name that leads out of the folder is refused', async () => {
  const chain = createKeyChain(dir, () => masked('keyring', 7));
  await expect(chain.key('../device', true)).rejects.toMatchObject({ code: 'STORE_KEY_MISSING' });
  await expect(chain.forget('../device')).rejects.toMatchObject({ code: 'STORE_KEY_MISSING' });
});

/** A keychain as Electron offers it, old or new. */
function electronStorage(backend: string, isNew: boolean): SafeStorage {
  let plainAllowed = false;
  const older: SafeStorage = {
    isEncryptionAvailable: () => backend !== 'basic_text' || plainAllowed,
    encryptString: (text) => Buffer.from(`v10${text}`),
    decryptString: (encrypted) => {
      if (!encrypted.toString().startsWith('v10')) throw new Error('not ours');
      return encrypted.toString().slice(3);
    },
    getSelectedStorageBackend: () => backend,
    setUsePlainTextEncryption: (allowed) => {
      plainAllowed = allowed;
    },
  };
  if (!isNew) return older;
  return {
    ...older,
    isAsyncEncryptionAvailable: async () => true,
    encryptStringAsync: async (text) => Buffer.from(`v20${text}`),
    decryptStringAsync: async (encrypted) => {
      const text = encrypted.toString();
      return { result: text.slice(3), shouldReEncrypt: text.startsWith('v10') };
    },
  };
}

test('a key written by an older Electron is read by a newer one and wrapped its way', async () => {
  const older = await keyWrapOf(electronStorage('gnome_libsecret', false), 'linux', {});
  const newer = await keyWrapOf(electronStorage('gnome_libsecret', true), 'linux', {});
  const key = await createKeyChain(dir, () => older).key('device', true);
  expect(await createKeyChain(dir, () => newer).key('device', false)).toBe(key);
  const { wrapped } = JSON.parse(await readFile(path.join(dir, 'device.key'), 'utf8'));
  expect(Buffer.from(wrapped, 'base64').toString()).toBe(`v20${key}`);
});

test('a Linux without a keychain is refused unless the policy allows it', async () => {
  const bare = electronStorage('basic_text', true);
  await expect(keyWrapOf(bare, 'linux', {})).rejects.toMatchObject({
    code: 'KEYCHAIN_UNAVAILABLE',
    safe: { backend: 'basic_text', reason: 'basic-text' },
  });
  const allowed = await keyWrapOf(bare, 'linux', { allowBasicText: true });
  const chain = createKeyChain(dir, () => allowed);
  expect(await chain.backend()).toBe('basic_text');
  expect(await chain.key('device', true)).toBe(await chain.key('device', false));
});

/** Asks for a key in a process of its own, whose files take no byte when `limit` is set. */
function askElsewhere(name: string, limit: string, ...who: string[]) {
  const script = `${limit} exec "$0" "$@"`;
  const args = ['-c', script, process.execPath, KEY_MAKER, dir, name, ...who];
  const { stdout, stderr } = spawnSync('sh', args, { encoding: 'utf8' });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as { answer: string; files: string[] };
}
const onFullDisk = (name: string) => askElsewhere(name, 'ulimit -f 0;');

test('a full disk is told as such, leaves no half key and spoils none that is there', async () => {
  expect(onFullDisk('device')).toEqual({ answer: 'STORE_DISK_FULL', files: [] });
  const chain = createKeyChain(dir, () => unprotectedWrap);
  const key = await chain.key('device', true);
  expect(onFullDisk('profile-a')).toEqual({ answer: 'STORE_DISK_FULL', files: ['device.key'] });
  // A better wrapping has no room: the key opens as before.
  expect(onFullDisk('device')).toEqual({ answer: key, files: ['device.key'] });
});

test('a folder without the right to write is told as read-only', () => {
  const told = { answer: 'STORE_READ_ONLY', files: [] };
  expect(askElsewhere('device', '', 'unprivileged')).toEqual(told);
});
