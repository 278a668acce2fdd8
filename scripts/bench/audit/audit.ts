import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type pg from 'pg';
import { openDatabase } from '#desktop/storage/open-database.ts';
import { openReadChain, sha256 } from '#desktop/store/reads/read-chain.ts';
import type { NewEntry } from '#desktop/store/reads/read-chain.ts';
import { takeEntries } from '#server/audit/device-chains.ts';
import { createHeadSigner } from '#server/audit/head-signer.ts';
import { createPool } from '#server/db/pool.ts';
import { NO_HEAD, checkLinks, linkHash, linked } from '#shared/kernel/chain.ts';
import type { ChainLink } from '#shared/kernel/chain.ts';
import { newId } from '#shared/kernel/ids.ts';
import { canonicalJson } from '#shared/kernel/json.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import type { BenchOptions } from '../bench.ts';
import { describeMachine, markdownTable, rounded } from '../report.ts';
import type { BenchLine, BenchReport } from '../report.ts';
import { asAdmin, postgresVersion, withSyncDatabase } from '../sync/database.ts';

const ENTRIES = 100_000;
const NOTES = 1_000;
const MOST_VERIFY_MS = 2_000;
const KEY = 'ab'.repeat(32);

/**
 * What the audit of reads costs: to note one on a device, to hand entries over, and to reckon a long chain
 * again, on the device, in the database, and of the server's own chain.
 */
export async function benchAudit({ rows = ENTRIES, print }: BenchOptions): Promise<BenchReport> {
  const lines: BenchLine[] = [...noteLines(), deviceLine(rows)];
  let version = '';
  await withSyncDatabase(async ({ adminUrl, syncUrl }) => {
    version = await postgresVersion(adminUrl);
    lines.push(...(await serverLines(adminUrl, syncUrl, rows)));
  });
  const machine = `${describeMachine()}, ${version}`;
  print(`audit: chains of ${rows} entries, ${NOTES} single notes\nmachine: ${machine}\n`);
  print(
    markdownTable(
      ['line', 'unit', 'ours', 'bare', 'ratio', 'goal', 'met'],
      lines.map(({ line, unit, ours, limit, ratio, goal, met }) => [
        line,
        unit,
        ours,
        limit ?? '–',
        ratio ?? '–',
        goal ?? '–',
        met === null ? '–' : met ? 'yes' : 'no',
      ]),
    ),
  );
  return { bench: 'audit', machine, date: new Date().toISOString(), lines };
}

const entry = (): NewEntry => {
  const patient = newId();
  return {
    actor: newId(),
    action: 'read',
    table: 'patients',
    rows: [patient],
    patients: [patient],
    screen: 'patients.timeline',
    window: 1,
  };
};
const bodyOf = (): string => canonicalJson({ ...entry(), id: newId(), at: Date.now() });

function line(
  name: string,
  unit: string,
  ours: number,
  limit: number | null,
  goal: readonly [words: string, met: boolean] | null,
): BenchLine {
  return {
    line: name,
    unit,
    better: 'lower',
    ours: rounded(ours),
    limit: limit === null ? null : rounded(limit),
    peers: {},
    ratio: limit === null ? null : rounded(ours / limit),
    goal: goal?.[0] ?? null,
    met: goal?.[1] ?? null,
  };
}

const timed = (work: () => void): number => {
  const begun = performance.now();
  work();
  return performance.now() - begun;
};
const quantile = (values: readonly number[], q: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * q)] ?? Number.NaN;

/** One note after the other, each on the disk, beside a bare row of the same size in the same file. */
function noteLines(): BenchLine[] {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'ganger-bench-audit-'));
  const database = openDatabase({ file: path.join(dir, 'device.db'), key: KEY, log: silentLogger });
  try {
    const chain = openReadChain({ database, deviceId: newId(), isAnew: false, now: Date.now });
    database.exec('create table bare (n integer primary key, body text not null)');
    const bodies = Array.from({ length: NOTES }, bodyOf);
    const noted: number[] = [];
    const bare: number[] = [];
    // In turn, so that both meet the same moods of the disk.
    for (const body of bodies) {
      noted.push(timed(() => chain.append(entry())));
      bare.push(timed(() => database.run('insert into bare (body) values (?)', [body])));
    }
    return [0.5, 0.95].map((q) => {
      const ours = quantile(noted, q);
      return line(`note one read, p${q * 100}`, 'ms', ours, quantile(bare, q), null);
    });
  } finally {
    database.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

const goalOf = (ms: number) => [`≤ ${MOST_VERIFY_MS} ms`, ms <= MOST_VERIFY_MS] as const;

/** A chain as a device reckons it again, beside its hashes alone. */
function deviceLine(rows: number): BenchLine {
  const chain = newId();
  const links = linked(sha256, chain, NO_HEAD, Array.from({ length: rows }, bodyOf));
  let fault: unknown = 'not checked';
  const ours = timed(() => ({ fault } = checkLinks(sha256, chain, NO_HEAD, links)));
  if (fault !== null) throw new Error('the chain is not whole');
  const bare = timed(() => {
    let head = NO_HEAD;
    for (const { seq, hash, body } of links) {
      linkHash(sha256, chain, head, body);
      head = { seq, hash };
    }
  });
  return line(`verify ${rows} entries on a device`, 'ms', ours, bare, goalOf(ours));
}

async function serverLines(adminUrl: string, syncUrl: string, rows: number): Promise<BenchLine[]> {
  const device = newId();
  const chain = newId();
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  await asAdmin(adminUrl, async (admin) => {
    const user = newId();
    await admin.query(
      `insert into public.users (id, display_name, status, email, mfa_required)
       values ($1, 'Sam Sample', 'active', 'sam@example.com', false)`,
      [user],
    );
    await admin.query(
      `insert into public.devices (id, created_at, created_by, device_id, kind, name, status,
         enrolled_by) values ($1, now(), $2, $1, 'desktop', 'bench', 'active', $2)`,
      [device, user],
    );
    const key = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex');
    await admin.query(
      `insert into private.device_chains (id, device_id, public_key, begun_by)
       values ($1, $2, $3, $4)`,
      [chain, device, key, user],
    );
  });
  const pool = createPool({ databaseUrl: syncUrl, poolSize: 1 }, silentLogger);
  try {
    const links = linked(sha256, chain, NO_HEAD, Array.from({ length: rows }, bodyOf));
    const handing = await handOver(pool, chain, links, (text) =>
      sign(null, Buffer.from(text), privateKey).toString('hex'),
    );
    const verify = await asAdmin(adminUrl, async (admin) => {
      await admin.query('vacuum analyze private.device_entries');
      const reads = await verified(admin, 'private.verify_device_chain', chain, rows);
      for (let done = 0; done < rows; done += 500) {
        await admin.query(
          `select private.append_audit($1, (select jsonb_agg(jsonb_build_object(
             'action', 'update', 'table_name', 'item_locations', 'row_id', gen_random_uuid(),
             'outcome', 'ok', 'field_names', '["par"]'::jsonb))
             from generate_series(1, least(500, $2::integer))))`,
          [device, rows - done],
        );
      }
      await admin.query('vacuum analyze public.audit_logs');
      return { reads, writes: await verified(admin, 'private.verify_audit', device, rows) };
    });
    const bare = await asAdmin(adminUrl, (admin) => bareHashes(admin, rows));
    return [
      line(
        `verify ${rows} entries of a device in the database`,
        'ms',
        verify.reads,
        bare,
        goalOf(verify.reads),
      ),
      line(
        `verify ${rows} entries of the server’s chain`,
        'ms',
        verify.writes,
        bare,
        goalOf(verify.writes),
      ),
      line('take 500 entries, p50', 'ms', quantile(handing, 0.5), null, null),
      line('take 500 entries, p95', 'ms', quantile(handing, 0.95), null, null),
    ];
  } finally {
    await pool.end();
  }
}

/** Milliseconds of as many hashes over as long texts, in one statement of the database. */
async function bareHashes(admin: pg.ClientBase, rows: number): Promise<number> {
  const text = 'x'.repeat(110 + bodyOf().length);
  const begun = performance.now();
  await admin.query(
    `select count(encode(sha256(convert_to($1 || n::text, 'UTF8')), 'hex'))
       from generate_series(1, $2::integer) n`,
    [text, rows],
  );
  return performance.now() - begun;
}

/** Milliseconds of a check, the second one. @throws Error when the chain is not whole */
async function verified(
  admin: pg.ClientBase,
  name: 'private.verify_device_chain' | 'private.verify_audit',
  id: string,
  rows: number,
): Promise<number> {
  let ms = 0;
  for (let run = 0; run < 2; run += 1) {
    const begun = performance.now();
    const { rows: found } = await admin.query<{ checked: number; fault: string | null }>(
      `select checked, fault from ${name}($1)`,
      [id],
    );
    ms = performance.now() - begun;
    if (found[0]?.checked !== rows || found[0].fault !== null) throw new Error('not whole');
  }
  return ms;
}

async function handOver(
  pool: pg.Pool,
  chain: string,
  links: readonly ChainLink[],
  signed: (text: string) => string,
): Promise<number[]> {
  const deps = { pool, signer: createHeadSigner('cd'.repeat(32)), log: silentLogger };
  const last = links.at(-1) ?? NO_HEAD;
  const head = { seq: last.seq, hash: last.hash };
  const times: number[] = [];
  for (let from = 0; from < links.length; from += 500) {
    const entries = links.slice(from, from + 500).map((link) => [link.seq, link.hash, link.body]);
    const payload = JSON.stringify({ chain, head, signed: null, entries });
    const signature = signed(payload);
    const begun = performance.now();
    const reply = await takeEntries(deps, { payload, signature });
    times.push(performance.now() - begun);
    if (reply.state !== 'taken') throw new Error(`not taken: ${reply.state}`);
  }
  return times;
}
