import { copyFileSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { silentLogger } from '#shared/logging/logger.ts';
import { createKeyChain, unprotectedWrap } from '#desktop/main/keys/key-chain.ts';
import { openDatabase } from '#desktop/storage/open-database.ts';
import { newWorld } from './fixtures.suite.ts';
import { notedSalts } from './key-file.ts';
import { PIN_COST } from './pin.ts';
import { opensWith } from './rotation.ts';
import type { Secrets } from './secrets.ts';
import {
  PROFILE,
  contentWith,
  fill,
  filesIn,
  keysOf,
  refusal,
  secretsOf,
  turnableClock,
} from './worlds.suite.ts';
import type { World } from './worlds.suite.ts';

const PIN = '493817';
const OTHER_PIN = '271828';

/** All bytes of a profile's folder and of the keychain, to see that nothing was written. */
function everything(world: World): string {
  const folders = [world.folder, path.join(world.root, 'keys')];
  const files = folders.flatMap((folder) =>
    readdirSync(folder)
      .toSorted()
      .map((name) => path.join(folder, name)),
  );
  return files.map((file) => `${file}\n${readFileSync(file).toString('base64')}`).join('\n');
}

async function withProfile(): Promise<{ world: World; key: string; content: string }> {
  const world = newWorld();
  const key = await keysOf(world).create();
  const content = fill(world, key);
  return { world, key, content };
}

test('a new profile gets a key of its own, and the same one ever after', async () => {
  const world = newWorld();
  const keys = keysOf(world);
  expect(keys.presence()).toBe('absent');
  expect(await keys.status()).toBeNull();
  const key = await keys.create();
  expect(key).toMatch(/^[0-9a-f]{64}$/);
  expect(keys.presence()).toBe('present');
  expect(await keysOf(world).unlock(null)).toBe(key);
  expect(await keys.status()).toMatchObject({
    hasPin: false,
    hasRecovery: false,
    keychain: 'unprotected-file',
  });
  const file = path.join(world.folder, 'ganger.key');
  expect(readFileSync(file, 'utf8')).not.toContain(key);
  expect(readFileSync(file, 'utf8')).not.toContain(Buffer.from(key, 'hex').toString('base64'));
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('no key is made over data, or over another key', async () => {
  const { world } = await withProfile();
  const before = everything(world);
  expect(await refusal(keysOf(world).create())).toMatchObject({ code: 'STORE_KEY_MISSING' });
  rmSync(path.join(world.folder, 'ganger.key'));
  rmSync(path.join(world.folder, 'ganger.key.bak'));
  expect(await refusal(keysOf(world).create())).toMatchObject({
    code: 'STORE_KEY_MISSING',
    safe: { reason: 'data-without-key' },
  });
  expect(before).toContain('ganger.key');
  expect(filesIn(world)).toEqual(['ganger.db']);
});

test('with a PIN the profile opens with it alone, and with no other and none', async () => {
  const { world, key, content } = await withProfile();
  const keys = keysOf(world);
  await keys.unlock(null);
  await keys.setPin(null, PIN);
  keys.lock();
  expect((await keys.status())?.hasPin).toBe(true);
  expect((await refusal(keys.unlock(null))).code).toBe('PIN_NEEDED');
  expect(await refusal(keys.unlock(OTHER_PIN))).toEqual({
    code: 'PIN_WRONG',
    safe: { triesLeft: 9 },
  });
  expect(await keys.unlock(PIN)).toBe(key);
  expect(keys.attempts().failed).toBe(0);
  expect(contentWith(world, key)).toBe(content);
});

test('a PIN is changed and removed only by who knows it', async () => {
  const { world, key } = await withProfile();
  const keys = keysOf(world);
  await keys.unlock(null);
  expect((await refusal(keys.setPin(null, '123456'))).code).toBe('PIN_TOO_SIMPLE');
  await keys.setPin(null, PIN);
  expect((await refusal(keys.setPin(null, OTHER_PIN))).code).toBe('PIN_NEEDED');
  expect((await refusal(keys.setPin('314159', OTHER_PIN))).code).toBe('PIN_WRONG');
  await keys.setPin(PIN, OTHER_PIN);
  expect((await refusal(keysOf(world).unlock(PIN))).code).toBe('PIN_WRONG');
  expect(await keysOf(world).unlock(OTHER_PIN)).toBe(key);
  expect((await refusal(keys.removePin(PIN))).code).toBe('PIN_WRONG');
  await keys.removePin(OTHER_PIN);
  expect(await keysOf(world).unlock(null)).toBe(key);
});

test('ten wrong PINs block the profile, over restarts, even for the right one', async () => {
  const { world } = await withProfile();
  const time = turnableClock();
  const first = keysOf(world, { clock: time.clock });
  await first.unlock(null);
  await first.setPin(null, PIN);
  const codes: string[] = [];
  for (let guess = 0; guess < 10; guess += 1) {
    const keys = keysOf(world, { clock: time.clock });
    const { code } = await refusal(keys.unlock(OTHER_PIN));
    codes.push(code);
    time.pass(61 * 60_000);
  }
  expect(codes).toEqual([...Array<string>(9).fill('PIN_WRONG'), 'PIN_BLOCKED']);
  const keys = keysOf(world, { clock: time.clock });
  expect((await refusal(keys.unlock(PIN))).code).toBe('PIN_BLOCKED');
  expect(keys.attempts()).toEqual({ failed: 10, triesLeft: 0, waitUntil: null });
});

test('a PIN costs what is measured, and later builds may ask for more', async () => {
  const { world, key } = await withProfile();
  const keys = keysOf(world, { pinCost: PIN_COST });
  await keys.unlock(null);
  await keys.setPin(null, PIN);
  const { kdf } = JSON.parse(readFileSync(path.join(world.folder, 'ganger.key'), 'utf8')).wrapping;
  expect(kdf).toMatchObject({ name: 'argon2id', ...PIN_COST });
  // Opened by a build that would take other parameters for a new PIN.
  expect(await keysOf(world).unlock(PIN)).toBe(key);
});

test('what cannot be a PIN is refused without being counted', async () => {
  const { world } = await withProfile();
  const keys = keysOf(world);
  await keys.unlock(null);
  await keys.setPin(null, PIN);
  expect((await refusal(keysOf(world).unlock('4938'))).code).toBe('PIN_WRONG');
  expect(keys.attempts().failed).toBe(0);
});

test('a torn or lost key file is read from its copy, and made whole again', async () => {
  const { world, key } = await withProfile();
  const file = path.join(world.folder, 'ganger.key');
  const whole = readFileSync(file, 'utf8');
  for (const text of ['', whole.slice(0, 200), 'no json at all', null]) {
    if (text === null) rmSync(file);
    else writeFileSync(file, text);
    expect(await keysOf(world).unlock(null)).toBe(key);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ profileId: PROFILE });
  }
  rmSync(`${file}.bak`);
  writeFileSync(`${file}.tmp`, whole.slice(0, 300));
  expect(await keysOf(world).unlock(null)).toBe(key);
  expect(filesIn(world)).toEqual(['ganger.db', 'ganger.key', 'ganger.key.bak']);
  expect(readFileSync(`${file}.bak`, 'utf8')).toBe(readFileSync(file, 'utf8'));
});

/** Ways to lose a key, and what is said then; nothing may be written. */
const LOSSES: readonly {
  readonly what: string;
  readonly lose: (world: World) => Partial<{ secrets: Secrets }> | Promise<void>;
  readonly said: { readonly code: string; readonly reason?: string };
}[] = [
  {
    what: 'key file and copy lost',
    lose: (world) => {
      rmSync(path.join(world.folder, 'ganger.key'));
      rmSync(path.join(world.folder, 'ganger.key.bak'));
      return {};
    },
    said: { code: 'STORE_KEY_MISSING', reason: 'key-file-lost' },
  },
  {
    what: 'key file and copy torn',
    lose: (world) => {
      writeFileSync(path.join(world.folder, 'ganger.key'), '{"version":1,');
      writeFileSync(path.join(world.folder, 'ganger.key.bak'), '{"version":1,');
      return {};
    },
    said: { code: 'STORE_KEY_MISSING', reason: 'key-file-torn' },
  },
  {
    what: 'keychain entry lost',
    lose: (world) => world.chain.forget(`vault-${PROFILE}`),
    said: { code: 'STORE_KEY_MISSING', reason: 'secret-lost' },
  },
  {
    what: 'keychain backend changed',
    lose: (world) => {
      const other = { ...unprotectedWrap, backend: 'kwallet6' };
      const chain = createKeyChain(path.join(world.root, 'keys'), () => other);
      return { secrets: secretsOf(chain) };
    },
    said: { code: 'STORE_KEY_MISSING', reason: 'backend-changed' },
  },
  {
    what: 'keychain entry replaced by another',
    lose: async (world) => {
      await world.chain.forget(`vault-${PROFILE}`);
      await world.chain.key(`vault-${PROFILE}`, true);
    },
    said: { code: 'STORE_KEY_WRONG', reason: 'secret-changed' },
  },
  {
    what: 'key file of another profile',
    lose: (world) => {
      for (const name of ['ganger.key', 'ganger.key.bak']) {
        const file = path.join(world.folder, name);
        const other = { ...JSON.parse(readFileSync(file, 'utf8')), profileId: 'someone-else' };
        writeFileSync(file, JSON.stringify(other));
      }
      return {};
    },
    said: { code: 'STORE_KEY_WRONG', reason: 'other-profile' },
  },
  {
    what: 'key file of a newer build',
    lose: (world) => {
      const file = path.join(world.folder, 'ganger.key');
      writeFileSync(file, JSON.stringify({ version: 2, wraps: [] }));
      return {};
    },
    said: { code: 'STORE_NEWER', reason: 'key-file-newer' },
  },
];

test.each(LOSSES)('$what: said so, nothing written, the data untouched', async (loss) => {
  const { world, key, content } = await withProfile();
  const more = (await loss.lose(world)) ?? {};
  const before = everything(world);
  const keys = keysOf(world, more);
  const { code, safe } = await refusal(keys.unlock(null));
  expect({ code, reason: safe['reason'] }).toEqual(loss.said);
  expect((await refusal(keys.create())).code).not.toBe('none');
  expect(everything(world)).toBe(before);
  expect(contentWith(world, key)).toBe(content);
});

test('what a lost keychain says goes along, and no name of a file or a person', async () => {
  const { world } = await withProfile();
  const other = { ...unprotectedWrap, backend: 'kwallet6' };
  const secrets = secretsOf(createKeyChain(path.join(world.root, 'keys'), () => other));
  const { safe } = await refusal(keysOf(world, { secrets }).unlock(null));
  expect(safe).toMatchObject({ was: 'unprotected-file', is: 'kwallet6' });
});

test('a data key in the keychain, as earlier builds kept it, moves into a key file', async () => {
  const world = newWorld();
  const key = await world.chain.key(`profile-${PROFILE}`, true);
  const content = fill(world, key);
  const keys = keysOf(world);
  expect(keys.presence()).toBe('present');
  expect(await keys.unlock(null)).toBe(key);
  expect(readdirSync(path.join(world.root, 'keys'))).toEqual([`vault-${PROFILE}.key`]);
  expect(await keysOf(world).unlock(null)).toBe(key);
  expect(contentWith(world, key)).toBe(content);
  // The key itself lies in no keychain any more.
  expect(await world.chain.key(`vault-${PROFILE}`, false)).not.toBe(key);
});

test('an old key that does not open the old file moves nowhere', async () => {
  const world = newWorld();
  fill(world, 'ab'.repeat(32));
  const wrong = await world.chain.key(`profile-${PROFILE}`, true);
  expect(await keysOf(world).unlock(null)).toBe(wrong);
  expect(filesIn(world)).toEqual(['ganger.db']);
  expect(readdirSync(path.join(world.root, 'keys'))).toEqual([`profile-${PROFILE}.key`]);
});

test('a new keychain secret: the old one is gone, the key file of before opens nothing', async () => {
  const { world, key } = await withProfile();
  const file = path.join(world.folder, 'ganger.key');
  const before = readFileSync(file);
  const keys = keysOf(world);
  await keys.unlock(null);
  await keys.setPin(null, PIN);
  expect((await refusal(keys.rewrap(null))).code).toBe('PIN_NEEDED');
  await keys.rewrap(PIN);
  expect(await keysOf(world).unlock(PIN)).toBe(key);
  expect(readdirSync(path.join(world.root, 'keys'))).toHaveLength(1);
  writeFileSync(file, before);
  writeFileSync(`${file}.bak`, before);
  expect((await refusal(keysOf(world).unlock(null))).code).toBe('STORE_KEY_MISSING');
});

test('a new data key: the same content under it, and nothing opens with the old one', async () => {
  const { world, key, content } = await withProfile();
  const keys = keysOf(world);
  await keys.unlock(null);
  await keys.setPin(null, PIN);
  const told: number[] = [];
  const next = await keys.rotate({ onProgress: (done, total) => told.push(done / total) });
  expect(next).not.toBe(key);
  expect(contentWith(world, next)).toBe(content);
  expect(opensWith(world.database, key)).toBe(false);
  expect(filesIn(world)).toEqual(['ganger.db', 'ganger.key', 'ganger.key.bak']);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
  expect(told.at(-1)).toBe(1);
  // The PIN stays, and the salt that is noted is the new file's.
  expect(await keysOf(world).unlock(PIN)).toBe(next);
  const salt = readFileSync(world.database).subarray(0, 16);
  expect(notedSalts(world.folder, PROFILE)).toEqual([salt]);
});

test('a new data key is refused while somebody has the file open, and all is as before', async () => {
  const { world, key, content } = await withProfile();
  const keys = keysOf(world);
  await keys.unlock(null);
  const reader = openDatabase({
    file: world.database,
    key,
    readonly: true,
    log: silentLogger,
  });
  reader.read('select count(*) as n from notes');
  expect((await refusal(keys.rotate())).code).toBe('STORE_IN_USE');
  reader.close();
  expect(await keysOf(world).unlock(null)).toBe(key);
  expect(contentWith(world, key)).toBe(content);
  expect(await keysOf(world).unlock(null)).toBe(key);
  expect(filesIn(world)).toEqual(['ganger.db', 'ganger.key', 'ganger.key.bak']);
});

test('a copy that fails takes nothing along', async () => {
  const { world, key, content } = await withProfile();
  const keys = keysOf(world);
  await keys.unlock(null);
  const copy = async (): Promise<void> => {
    copyFileSync(world.database, `${world.database}.next`);
    throw new Error('the worker died');
  };
  await expect(keys.rotate({ copy })).rejects.toThrow('the worker died');
  expect(filesIn(world)).toEqual(['ganger.db', 'ganger.key', 'ganger.key.bak']);
  expect(await keysOf(world).unlock(null)).toBe(key);
  expect(contentWith(world, key)).toBe(content);
});

test('calls that need the key open say so while it is locked', async () => {
  const { world } = await withProfile();
  const keys = keysOf(world);
  for (const call of [keys.setPin(null, PIN), keys.removePin(PIN), keys.rotate()]) {
    expect((await refusal(call)).code).toBe('STORE_NOT_OPEN');
  }
});

test('a lock in the middle of setting a PIN leaves a key that opens, with the PIN or without', async () => {
  for (let turns = 0; turns < 12; turns += 1) {
    const { world, key } = await withProfile();
    const keys = keysOf(world);
    await keys.unlock(null);
    const setting = keys.setPin(null, PIN).then(
      () => PIN,
      () => null,
    );
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    keys.lock();
    const pin = await setting;
    const again = keysOf(world);
    expect(again.hasPin()).toBe(pin !== null);
    expect(await again.unlock(pin)).toBe(key);
  }
});
