import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newWorld } from './fixtures.suite.ts';
import { newEntry, openEntry } from './key-entry.ts';
import type { KeyFile } from './key-file.ts';
import {
  answerRequest,
  idOfPublicKey,
  makeRecoveryCopy,
  makeRequest,
  newKeyPair,
  openAnswer,
  parseAnswer,
  parseRequest,
  toText,
} from './recovery-seal.ts';
import { fill, keysOf, refusal } from './worlds.suite.ts';
import { newWrapping, openBytes, sealBytes, wrappingKey } from './wrap.ts';

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });

test('what is sealed opens with the same key and context', () => {
  fc.assert(
    fc.property(bytes32, fc.uint8Array({ maxLength: 200 }), fc.string(), (key, plain, context) => {
      const opened = openBytes(key, sealBytes(key, plain, context), context);
      expect(opened?.equals(plain)).toBe(true);
    }),
  );
});

test('a single bit changed anywhere in what is sealed is refused, and so is another context', () => {
  fc.assert(
    fc.property(bytes32, bytes32, fc.string(), fc.nat(), (key, plain, context, at) => {
      const sealed = sealBytes(key, plain, context);
      const bytes = Buffer.from(sealed, 'base64');
      const bit = at % (bytes.length * 8);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(openBytes(key, bytes.toString('base64'), context)).toBeNull();
      expect(openBytes(key, sealed, `${context}.`)).toBeNull();
      const other = Buffer.from(key);
      other[at % 32] = (other[at % 32] ?? 0) ^ 1;
      expect(openBytes(other, sealed, context)).toBeNull();
    }),
  );
});

test('every byte of what is sealed counts, and cutting it short is refused', () => {
  const key = randomBytes(32);
  const bytes = Buffer.from(sealBytes(key, randomBytes(32), 'context'), 'base64');
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 0x01;
    expect(openBytes(key, changed.toString('base64'), 'context')).toBeNull();
    expect(openBytes(key, bytes.subarray(0, at).toString('base64'), 'context')).toBeNull();
  }
});

test('a wrapped key opens for its profile, its id, its PIN parameters and its secret only', () => {
  const kdf = {
    name: 'argon2id',
    memoryKib: 64,
    iterations: 1,
    parallelism: 1,
    salt: randomBytes(16).toString('base64'),
  } as const;
  fc.assert(
    fc.property(bytes32, bytes32, bytes32, (secret, pin, dataKey) => {
      const wrapping = newWrapping(secret, kdf);
      const kek = wrappingKey(wrapping, 'a', secret, pin);
      const by = { profileId: 'a', wrapping, kek };
      const key = Buffer.from(dataKey);
      const entry = newEntry(by, key, { recoveryKey: null, created: 1, salt: null });
      expect(openEntry(by, entry)?.equals(key)).toBe(true);
      const others = [
        openEntry({ ...by, profileId: 'b' }, entry),
        openEntry(by, { ...entry, id: 'other' }),
        openEntry({ ...by, wrapping: { ...wrapping, kdf: null } }, entry),
        openEntry({ ...by, wrapping: { ...wrapping, kdf: { ...kdf, iterations: 2 } } }, entry),
        openEntry({ ...by, kek: wrappingKey(wrapping, 'a', secret, null) }, entry),
        openEntry({ ...by, kek: wrappingKey(wrapping, 'b', secret, pin) }, entry),
        openEntry({ ...by, kek: wrappingKey(newWrapping(secret, kdf), 'a', secret, pin) }, entry),
      ];
      expect(others).toEqual(others.map(() => null));
    }),
  );
});

test('no change of the key file opens the profile with another key, or gets a new key made', async () => {
  const world = newWorld();
  const keys = keysOf(world);
  const key = await keys.create();
  fill(world, key, 5);
  await keys.unlock(null);
  const file = path.join(world.folder, 'ganger.key');
  const whole = readFileSync(file);
  const parsed = JSON.parse(whole.toString()) as KeyFile;
  expect(parsed.rotation).toBeNull();
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ by;
      writeFileSync(file, changed);
      writeFileSync(`${file}.bak`, changed);
      let opened: string | null = null;
      const { code } = await refusal(
        keysOf(world)
          .unlock(null)
          .then((hex) => (opened = hex)),
      );
      // Fields that are only remembered (times, a salt) may change; the key never does.
      if (code === 'none') expect(opened).toBe(key);
      else expect(code).toMatch(/^(STORE_KEY_MISSING|STORE_KEY_WRONG|STORE_NEWER)$/);
    }),
    { numRuns: 150 },
  );
}, 60_000);

test('a recovery goes round; a changed letter of request or answer is refused', () => {
  const organization = newKeyPair();
  const { publicKey } = organization;
  const id = idOfPublicKey(publicKey);
  const to = { version: 1, kind: 'ganger-recovery-public', id, publicKey } as const;
  fc.assert(
    fc.property(bytes32, fc.uuid(), fc.nat(), (dataKey, profileId, at) => {
      const copy = makeRecoveryCopy(to, profileId, 'k1', dataKey);
      const { request, pair } = makeRequest(profileId, [{ keyId: 'k1', copy }]);
      const text = toText('request', request);
      expect(text).not.toContain(profileId);
      const answer = answerRequest(
        parseRequest(`${text.slice(0, 40)}\n ${text.slice(40)}`),
        organization,
      );
      const opened = openAnswer(parseAnswer(toText('answer', answer)), request.id, pair);
      expect(opened?.get('k1')?.equals(dataKey)).toBe(true);
      // To another device's request it is worth nothing.
      const other = makeRequest(profileId, [{ keyId: 'k1', copy }]);
      expect(openAnswer(answer, other.request.id, other.pair)).toBeNull();
      expect(
        openAnswer({ ...answer, request: other.request.id }, other.request.id, other.pair),
      ).toBeNull();
      expect(attempt(() => answerRequest(parseRequest(changedAt(text, at)), organization))).toBe(
        'RECOVERY_INVALID',
      );
      const changedAnswer = changedAt(toText('answer', answer), at);
      const result = attempt(() => openAnswer(parseAnswer(changedAnswer), request.id, pair));
      expect([null, 'RECOVERY_INVALID']).toContain(result);
    }),
  );
});

/** Another letter in one place of the message. */
function changedAt(text: string, at: number): string {
  const start = text.indexOf('.') + 1;
  // The last letter holds bits that stand for nothing.
  const place = start + (at % (text.length - start - 1));
  const letter = text[place] === 'A' ? 'B' : 'A';
  return `${text.slice(0, place)}${letter}${text.slice(place + 1)}`;
}

function attempt(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return (error as { code?: string }).code;
  }
}
