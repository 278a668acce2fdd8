import { createHash, createHmac } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { z } from 'zod';
import { AppError } from '#shared/errors/app-error.ts';
import type { KeyPair } from '#desktop/vault/keys/recovery-seal.ts';
import { safeJson } from '#desktop/vault/keys/recovery-seal.ts';
import { deriveKey } from '#desktop/vault/keys/wrap.ts';

/**
 * The log of what was released: one JSON line an entry. Each holds the hash of the one before, and
 * a seal that only the owner of the private key can make; so a changed, removed or inserted entry
 * is seen, and one cut off at the end is seen by whoever knows the head.
 */
const Hash = z.hex().length(64);
const LogEntry = z.strictObject({
  number: z.int().min(1),
  /** ISO 8601, UTC. */
  time: z.iso.datetime(),
  by: z.string(),
  reason: z.string(),
  request: z.string(),
  profile: z.string(),
  keys: z.array(z.string()),
  recoveryKey: z.string(),
  previous: Hash,
  hash: Hash,
  seal: Hash,
});
export type LogEntry = z.infer<typeof LogEntry>;

const START = '0'.repeat(64);

export interface LogCheck {
  readonly entries: number;
  /** Hash of the last entry. */
  readonly head: string;
  /** What is wrong, in words; null when nothing is. */
  readonly problem: string | null;
}

/** Checks the whole log; its seals only with the key. A log that is not there is an empty one. */
export function verifyLog(file: string, key: KeyPair | null): LogCheck {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const lines = text.split('\n');
  const tail = lines.pop();
  let head = START;
  const broken = (entries: number, problem: string): LogCheck => ({ entries, head, problem });
  for (const [at, line] of lines.entries()) {
    const parsed = LogEntry.safeParse(safeJson(line));
    if (!parsed.success) return broken(at, `line ${at + 1} is not an entry`);
    const { hash, seal, ...said } = parsed.data;
    if (said.number !== at + 1) return broken(at, `line ${at + 1} has the number ${said.number}`);
    if (said.previous !== head) return broken(at, `line ${at + 1} does not follow the one before`);
    if (hash !== hashOf(said)) return broken(at, `line ${at + 1} was changed`);
    if (key && seal !== sealOf(hash, key)) return broken(at, `line ${at + 1} has a false seal`);
    head = hash;
  }
  if (tail !== '') return broken(lines.length, 'the last line is cut short');
  return { entries: lines.length, head, problem: null };
}

/**
 * Appends an entry; it is on the disk when this returns.
 * @throws AppError RECOVERY_INVALID (`log`) when the log does not hold together so far
 */
export function appendToLog(
  file: string,
  key: KeyPair,
  what: Omit<LogEntry, 'number' | 'previous' | 'hash' | 'seal'>,
): LogEntry {
  const { entries, head, problem } = verifyLog(file, key);
  if (problem !== null) throw new AppError('RECOVERY_INVALID', { reason: 'log' });
  const said = { number: entries + 1, ...what, previous: head };
  const hash = hashOf(said);
  const entry: LogEntry = { ...said, hash, seal: sealOf(hash, key) };
  const handle = openSync(file, 'a', 0o600);
  try {
    writeSync(handle, `${JSON.stringify(entry)}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  return entry;
}

function hashOf(said: Omit<LogEntry, 'hash' | 'seal'>): string {
  const { number, time, by, reason, request, profile, keys, recoveryKey, previous } = said;
  const parts = [number, time, by, reason, request, profile, keys, recoveryKey, previous];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function sealOf(hash: string, key: KeyPair): string {
  const secret = Buffer.from(key.privateKey, 'base64');
  const sealing = deriveKey(secret, Buffer.alloc(0), 'ganger/recovery-log/1');
  return createHmac('sha256', sealing).update(hash).digest('hex');
}
