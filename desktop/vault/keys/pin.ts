import { argon2id } from 'hash-wasm';
import { z } from 'zod';
import { AppError } from '#shared/errors/app-error.ts';

/** How a PIN is stretched. Kept with each wrap, so that a later build can ask for more. */
export const PinKdf = z.strictObject({
  name: z.literal('argon2id'),
  /** Upper bounds: a changed file must not make the app run out of memory before it is refused. */
  memoryKib: z.int().min(8).max(1_048_576),
  iterations: z.int().min(1).max(100),
  parallelism: z.int().min(1).max(16),
  salt: z.base64().max(64),
});
export type PinKdf = z.infer<typeof PinKdf>;

export type PinCost = Pick<PinKdf, 'memoryKib' | 'iterations' | 'parallelism'>;

/** About 230 ms on one core at 2.5 GHz, 400 ms in an old Electron; measured with the tests. */
export const PIN_COST = {
  memoryKib: 65_536,
  iterations: 2,
  parallelism: 1,
} as const satisfies PinCost;

const ROWS_MODULO = 10;

/**
 * Refuses what is guessed first.
 * @throws AppError PIN_TOO_SIMPLE with the reason `length`, `repetition` or `row`
 */
export function requireGoodPin(pin: string): void {
  const refuse = (reason: string): never => {
    throw new AppError('PIN_TOO_SIMPLE', { reason });
  };
  if (!/^[0-9]{6,12}$/.test(pin)) refuse('length');
  const digits = Array.from(pin, Number);
  if (new Set(digits).size < 3 || /^(\d{1,6})\1+$/.test(pin)) refuse('repetition');
  const steps = digits
    .slice(1)
    .map((digit, at) => (digit - (digits[at] ?? 0) + ROWS_MODULO) % ROWS_MODULO);
  const isRow = (step: number): boolean => steps.every((found) => found === step);
  if (isRow(1) || isRow(ROWS_MODULO - 1)) refuse('row');
}

/** The 32 bytes that a PIN stands for under the given parameters. The caller zeroes them. */
export async function stretchPin(pin: string, kdf: PinKdf): Promise<Buffer> {
  const password = Buffer.from(pin, 'utf8');
  try {
    const bytes = await argon2id({
      password,
      salt: Buffer.from(kdf.salt, 'base64'),
      memorySize: kdf.memoryKib,
      iterations: kdf.iterations,
      parallelism: kdf.parallelism,
      hashLength: 32,
      outputType: 'binary',
    });
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } finally {
    password.fill(0);
  }
}
