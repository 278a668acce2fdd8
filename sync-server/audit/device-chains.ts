import { createHash } from 'node:crypto';
import type pg from 'pg';
import { AppError } from '#shared/errors/app-error.ts';
import type { Sha256 } from '#shared/kernel/chain.ts';
import { canonicalJson } from '#shared/kernel/json.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { EntriesPayload, ReadEntry } from '#shared/protocol/audit.ts';
import type {
  BeginChain,
  BeginReply,
  ChainFault,
  EntriesReply,
  SendEntries,
} from '#shared/protocol/audit.ts';
import { fieldsOfIssues } from '#shared/schema/rows.ts';
import type { z } from 'zod';
import { asEngine } from '../db/as-engine.ts';
import { withSession } from '../db/with-session.ts';
import type { Queries } from '../db/with-session.ts';
import type { Caller } from '../http/route.ts';
import { readAccess, requireKnown } from '../sync/access.ts';
import { isSignedBy } from './head-signer.ts';
import type { HeadSigner } from './head-signer.ts';
import { judgeEntries, numbersToKnow } from './judge-entries.ts';

export interface ChainDeps {
  readonly pool: pg.Pool;
  /** Null: heads are kept, and not signed. */
  readonly signer: HeadSigner | null;
  readonly log: Logger;
}

interface Chain {
  readonly device_id: string;
  readonly public_key: string;
  readonly seq: number;
  readonly hash: string;
  readonly fault: string | null;
  readonly now: string;
}

export const sha256: Sha256 = (text) => createHash('sha256').update(text).digest('hex');

/**
 * Makes a chain of the caller's device known, with the key that signs for it. A second time changes
 * nothing; another key, or another device, is refused.
 * @throws AppError as `requireKnown`
 */
export function beginChain(
  { pool, log }: ChainDeps,
  caller: Caller,
  { chain, key }: BeginChain,
): Promise<BeginReply> {
  const { userId, deviceId } = caller;
  return withSession(pool, caller, (tx) =>
    tx.asEngine(async (engine) => {
      requireKnown(await readAccess(engine, userId, deviceId));
      await engine.execute(
        `insert into private.device_chains (id, device_id, public_key, begun_by)
         values ($1, $2, $3, $4) on conflict (id) do nothing`,
        [chain, deviceId, key, userId],
      );
      const known = await chainOf(engine, chain);
      if (known?.device_id === deviceId && known.public_key === key) return { state: 'known' };
      log.error('security: a chain of reads was begun again by somebody else', {
        chain,
        device: deviceId,
      });
      return { state: 'refused' };
    }),
  );
}

/**
 * Takes what a device says was read on it. The signature of the chain's key is who calls: people may be
 * gone, their device still has to account for what they read. The same entries again change nothing.
 * What does not continue the chain is refused, stays as the chain's fault and stands in the audit.
 * @throws AppError REQUEST_INVALID, AUTH_TOKEN_INVALID for a wrong signature
 */
export async function takeEntries(
  deps: ChainDeps,
  { payload: text, signature }: SendEntries,
): Promise<EntriesReply> {
  const payload = parsed(EntriesPayload, jsonOf(text), 'payload');
  const { chain: id } = payload;
  const begun = await asEngine(deps.pool, (engine) => chainOf(engine, id));
  if (!begun) return { state: 'unknown' };
  if (!isSignedBy(begun.public_key, text, signature)) {
    throw new AppError('AUTH_TOKEN_INVALID', { reason: 'signature of the chain' });
  }
  payload.entries.forEach(([, , body], index) => requireCanonical(body, index));
  return asEngine(deps.pool, async (engine) => {
    const chain = await chainOf(engine, id, 'for update');
    if (!chain) return { state: 'unknown' };
    const verdict = await judge(deps, engine, payload, chain);
    if (verdict.state === 'refused') await noteFault(deps, engine, id, chain, verdict);
    return verdict;
  });
}

async function judge(
  deps: ChainDeps,
  engine: Queries,
  payload: EntriesPayload,
  chain: Chain,
): Promise<EntriesReply> {
  const { signer } = deps;
  const { chain: id, signed } = payload;
  // What the server signed for, it had; a restore or somebody's hand has taken it away.
  if (signed !== null && signed.seq > chain.seq && signer?.isOwn(id, signed) === true) {
    await noteFault(deps, engine, id, chain, { fault: 'cut', seq: chain.seq + 1 });
  }
  const { from, to, also } = numbersToKnow(payload, chain);
  const stored = await engine.query<{ seq: number; hash: string }>(
    `select seq, hash from private.device_entries
      where chain_id = $1 and (seq between $2 and $3 or seq = $4)`,
    [id, from, to, also],
  );
  const hashes = new Map(stored.map(({ seq, hash }) => [seq, hash] as const));
  const verdict = judgeEntries(sha256, payload, chain, hashes);
  if (verdict.state !== 'taken') return verdict;
  const { added } = verdict;
  if (added.length > 0) {
    await engine.query('select private.append_device_entries($1, $2::jsonb)', [
      id,
      JSON.stringify(added.map(({ seq, hash, body }) => [seq, hash, body])),
    ]);
  }
  const { seq, hash } = added.at(-1) ?? chain;
  const now = { seq, hash, at: Number(chain.now) };
  const signature = signer?.sign(id, now) ?? null;
  await engine.execute(
    `update private.device_chains set taken_at = now(), signature = $2 where id = $1`,
    [id, signature],
  );
  return { state: 'taken', ...now, signature, key: signer?.key ?? null };
}

function chainOf(engine: Queries, id: string, lock = ''): Promise<Chain | undefined> {
  return engine
    .query<Chain>(
      `select device_id, public_key, seq, hash, fault,
              floor(extract(epoch from now()) * 1000)::bigint::text as now
         from private.device_chains where id = $1 ${lock}`,
      [id],
    )
    .then(([row]) => row);
}

/** The first fault of a chain stays: what comes later follows from it. */
function setFault(engine: Queries, id: string, fault: ChainFault, seq: number): Promise<number> {
  return engine.execute(
    `update private.device_chains set fault = $2, fault_seq = $3, fault_at = now()
      where id = $1 and fault is null`,
    [id, fault, seq],
  );
}

/** A security event: in the log, on the chain, and in the device's audit, once a chain. */
async function noteFault(
  { log }: ChainDeps,
  engine: Queries,
  id: string,
  { device_id: device }: Chain,
  { fault, seq }: { fault: ChainFault; seq: number },
): Promise<void> {
  const isNew = (await setFault(engine, id, fault, seq)) > 0;
  log.error('security: a chain of reads does not go on as it was', {
    chain: id,
    device,
    fault,
    seq,
  });
  if (!isNew) return;
  const entry = {
    action: 'refuse',
    table_name: 'audit_logs',
    row_id: id,
    outcome: `chain of reads ${fault} at ${seq}`,
  };
  await engine.query('select private.append_audit($1, $2::jsonb)', [
    device,
    JSON.stringify([entry]),
  ]);
}

/** @throws AppError REQUEST_INVALID for what is no entry, or not written as one is hashed */
function requireCanonical(body: string, index: number): void {
  const entry = parsed(ReadEntry, jsonOf(body), `entries.${index}`);
  if (canonicalJson(entry) === body) return;
  throw new AppError('REQUEST_INVALID', { fields: [`entries.${index}`] });
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const fields = fieldsOfIssues(result.error).map((field) => `${what}.${field}`);
  throw new AppError('REQUEST_INVALID', { fields: fields.length > 0 ? fields : [what] });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
