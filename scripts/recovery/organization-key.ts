import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { argon2id } from 'hash-wasm';
import { z } from 'zod';
import { AppError } from '#shared/errors/app-error.ts';
import { idOfPublicKey, newKeyPair, safeJson } from '#desktop/vault/keys/recovery-seal.ts';
import type { KeyPair, RecoveryPublicKey } from '#desktop/vault/keys/recovery-seal.ts';
import { Sealed, openBytes, sealBytes } from '#desktop/vault/keys/wrap.ts';

/** This key opens every profile of the organization: it may cost a second to open. */
const COST = { memoryKib: 262_144, iterations: 4, parallelism: 1 } as const;
const SHORTEST_PASSPHRASE = 16;

const PrivateKeyFile = z.strictObject({
  version: z.literal(1),
  kind: z.literal('ganger-recovery-private'),
  id: z.hex().length(32),
  publicKey: z.base64(),
  kdf: z.strictObject({
    name: z.literal('argon2id'),
    memoryKib: z.int().min(8).max(4_194_304),
    iterations: z.int().min(1).max(100),
    parallelism: z.int().min(1).max(16),
    salt: z.base64(),
  }),
  sealed: Sealed,
});
type PrivateKeyFile = z.infer<typeof PrivateKeyFile>;

/**
 * Makes the organization's key pair: `ganger-recovery-<id>.pub` for the devices and
 * `ganger-recovery-<id>.key`, under the passphrase, for the safe. Overwrites nothing.
 * @throws Error when the passphrase is shorter than 16 characters
 */
export async function makeKeys(folder: string, passphrase: string) {
  if (passphrase.length < SHORTEST_PASSPHRASE) {
    throw new Error(`A passphrase of at least ${SHORTEST_PASSPHRASE} characters is needed.`);
  }
  const pair = newKeyPair();
  const id = idOfPublicKey(pair.publicKey);
  const { publicKey } = pair;
  const kdf = { name: 'argon2id', ...COST, salt: randomBytes(16).toString('base64') } as const;
  const start = { version: 1, kind: 'ganger-recovery-private', id, publicKey, kdf } as const;
  const key = await stretch(passphrase, kdf);
  const sealed = sealBytes(key, Buffer.from(pair.privateKey, 'base64'), contextOf(start));
  key.fill(0);
  const privateKey: PrivateKeyFile = { ...start, sealed };
  const open: RecoveryPublicKey = { version: 1, kind: 'ganger-recovery-public', id, publicKey };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const publicFile = path.join(folder, `ganger-recovery-${id}.pub`);
  const privateFile = path.join(folder, `ganger-recovery-${id}.key`);
  writeFileSync(privateFile, `${JSON.stringify(privateKey, null, 1)}\n`, {
    mode: 0o600,
    flag: 'wx',
  });
  writeFileSync(publicFile, `${JSON.stringify(open, null, 1)}\n`, { flag: 'wx' });
  return { id, publicFile, privateFile };
}

/** @throws AppError RECOVERY_INVALID (`private-key`, `passphrase`) */
export async function openPrivateKey(file: string, passphrase: string): Promise<KeyPair> {
  const parsed = PrivateKeyFile.safeParse(safeJson(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new AppError('RECOVERY_INVALID', { reason: 'private-key' });
  const { sealed, ...start } = parsed.data;
  const key = await stretch(passphrase, start.kdf);
  const bytes = openBytes(key, sealed, contextOf(start));
  key.fill(0);
  if (bytes === null) throw new AppError('RECOVERY_INVALID', { reason: 'passphrase' });
  const privateKey = bytes.toString('base64');
  bytes.fill(0);
  return { publicKey: start.publicKey, privateKey };
}

function contextOf({ id, publicKey, kdf }: Omit<PrivateKeyFile, 'sealed'>): string {
  const { memoryKib, iterations, parallelism, salt } = kdf;
  const cost = [memoryKib, iterations, parallelism, salt];
  return JSON.stringify(['ganger-recovery-private', 1, id, publicKey, cost]);
}

async function stretch(passphrase: string, kdf: PrivateKeyFile['kdf']): Promise<Uint8Array> {
  return argon2id({
    password: passphrase.normalize('NFKC'),
    salt: Buffer.from(kdf.salt, 'base64'),
    memorySize: kdf.memoryKib,
    iterations: kdf.iterations,
    parallelism: kdf.parallelism,
    hashLength: 32,
    outputType: 'binary',
  });
}
