// Runs as a process of its own under a limit for the size of files (see key-chain.test.ts).
import { readdirSync, writeSync } from 'node:fs';
import { AppError } from '#shared/errors/app-error.ts';
import { createKeyChain, unprotectedWrap } from './key-chain.ts';
import type { KeyWrap } from './key-chain.ts';

const [, , dir = '', name = ''] = process.argv;

/** Wants every key to be wrapped again. */
const renewing: KeyWrap = {
  ...unprotectedWrap,
  unwrap: async (wrapped) => ({ hex: wrapped.toString('utf8'), renew: true }),
};

const code = await createKeyChain(dir, () => renewing)
  .key(name, true)
  .catch((error: unknown) => (error instanceof AppError ? error.code : String(error)));
writeSync(1, JSON.stringify({ code, files: readdirSync(dir) }));
