// Asks for a key in a process of its own: under a limit for the size of files, or as somebody who may
// not write in the folder (see key-chain.test.ts).
import { chmodSync, readdirSync, writeSync } from 'node:fs';
import { AppError } from '#shared/errors/app-error.ts';
import { createKeyChain, unprotectedWrap } from './key-chain.ts';
import type { KeyWrap } from './key-chain.ts';

const [, , dir = '', name = '', who] = process.argv;

/** Wants every key to be wrapped again. */
const renewing: KeyWrap = {
  ...unprotectedWrap,
  unwrap: async (wrapped) => ({ hex: wrapped.toString('utf8'), renew: true }),
};

if (who === 'unprivileged') {
  chmodSync(dir, 0o555);
  // Root may write everywhere.
  if (process.getuid?.() === 0) process.setuid?.(65_534);
}
const answer = await createKeyChain(dir, () => renewing)
  .key(name, true)
  .catch((error: unknown) => (error instanceof AppError ? error.code : String(error)));
writeSync(1, JSON.stringify({ answer, files: readdirSync(dir) }));
