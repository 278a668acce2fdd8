import { argon2Sync, randomBytes } from 'node:crypto';
import { argon2id } from 'hash-wasm';
import { expect, test } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { requireGoodPin, stretchPin } from './pin.ts';

const RFC_9106 = {
  message: Buffer.alloc(32, 1),
  nonce: Buffer.alloc(16, 2),
  secret: Buffer.alloc(8, 3),
  parallelism: 4,
  tagLength: 32,
  memory: 32,
  passes: 3,
};

test('Argon2id is the one of RFC 9106', async () => {
  // Section 5.3 of the RFC. Its vector has associated data, which the library that ships takes none
  // of, so the runtime's own Argon2id stands the RFC's test and the library is held against it.
  const associatedData = Buffer.alloc(12, 4);
  expect(argon2Sync('argon2id', { ...RFC_9106, associatedData }).toString('hex')).toBe(
    '0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659',
  );
  const { message, nonce, secret, parallelism, memory, passes } = RFC_9106;
  const same = await argon2id({
    password: message,
    salt: nonce,
    secret,
    parallelism,
    memorySize: memory,
    iterations: passes,
    hashLength: 32,
    outputType: 'hex',
  });
  expect(same).toBe(argon2Sync('argon2id', RFC_9106).toString('hex'));
});

test('a PIN is stretched as the parameters beside it say', async () => {
  for (const [memoryKib, iterations, parallelism] of [
    [65_536, 2, 1],
    [8, 1, 1],
    [256, 3, 2],
  ] as const) {
    const salt = randomBytes(16);
    const kdf = { name: 'argon2id', memoryKib, iterations, parallelism } as const;
    const bytes = await stretchPin('493817', { ...kdf, salt: salt.toString('base64') });
    const expected = argon2Sync('argon2id', {
      message: Buffer.from('493817'),
      nonce: salt,
      parallelism,
      tagLength: 32,
      memory: memoryKib,
      passes: iterations,
    });
    expect(bytes.toString('hex')).toBe(expected.toString('hex'));
  }
});

test.each([
  ['12345', 'length'],
  ['1234567890123', 'length'],
  ['49381a', 'length'],
  ['', 'length'],
  ['４９３８１７', 'length'],
  ['111111', 'repetition'],
  ['121212', 'repetition'],
  ['493493', 'repetition'],
  ['112211', 'repetition'],
  ['123456', 'row'],
  ['890123', 'row'],
  ['98765432', 'row'],
  ['210987', 'row'],
])('%s is refused for its %s', (pin, reason) => {
  let thrown: unknown;
  try {
    requireGoodPin(pin);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(AppError);
  expect(thrown).toMatchObject({ code: 'PIN_TOO_SIMPLE', safe: { reason } });
});

test.each(['493817', '135790', '020785', '111112223333'])('%s is taken', (pin) => {
  expect(() => requireGoodPin(pin)).not.toThrow();
});
