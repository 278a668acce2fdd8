import pg from 'pg';
import { systemClock } from '#shared/kernel/clock.ts';
import { createHlc } from '#shared/kernel/hlc.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { GatheringSocket } from '#server/db/gathering-socket.ts';
import { isWorthRepeating } from '#server/db/pg-errors.ts';
import { createPool } from '#server/db/pool.ts';
import { keepStatements } from '#server/db/statement-names.ts';
import { pgPush } from '#server/sync/pg-push-store.ts';
import { push } from '#server/sync/push.ts';
import type { SyncDatabase } from '../database.ts';
import { createBatches } from './batches.ts';
import { SHARED_RECORDS, SITES, deviceAt } from './world.ts';
import type { PushDevice } from './world.ts';

/**
 * What the database does without the server: the statements that the server sends for a batch, each
 * transaction with the same role, claims, reads, writes, memory and audit, but nobody who waits, parses
 * or judges in between. Nothing that a push does is left out; effects (`private.outbox`) and slots are
 * in neither, since such batches set off none.
 */

/** With its name, where the server's connections keep its plan. */
interface Statement {
  readonly query: string | pg.QueryConfig;
  readonly values: unknown[] | undefined;
}
export type Transaction = readonly Statement[];

export interface RecordOptions {
  /** The first of them push what is recorded; the last ones are the others who change what is shared. */
  readonly devices: number;
  readonly known: number;
  readonly batches: number;
  readonly rows: number;
  readonly conflicting: number;
  readonly firstNumber: number;
}

/** Pushes batches through the engine, writes down what it sends, and undoes each. */
export async function recordPushes(
  { syncUrl }: Pick<SyncDatabase, 'syncUrl'>,
  options: RecordOptions,
): Promise<Transaction[]> {
  const { rows, conflicting, firstNumber } = options;
  const pool = createPool({ databaseUrl: syncUrl, poolSize: 1 }, silentLogger);
  const transactions: Statement[][] = [];
  const devices = Array.from({ length: options.devices }, (_, nth) => {
    const device = deviceAt(nth);
    return { device, batches: createBatches(device, firstNumber) };
  });
  try {
    if (conflicting > 0) await changeShared(pool, options);
    const recorder = recording(pool, transactions);
    for (let nth = 0; nth < options.batches; nth += 1) {
      const own = devices[nth % devices.length];
      if (own) await pushAs(recorder, own.device, own.batches.next(rows, conflicting));
    }
    return transactions;
  } finally {
    await pool.end();
  }
}

/** Changes all that is shared at each site, for good: else nothing that is recorded meets a conflict. */
async function changeShared(pool: pg.Pool, { known, rows }: RecordOptions): Promise<void> {
  for (const nth of SITES.keys()) {
    const other = deviceAt(known - 1 - nth);
    const batches = createBatches(other, 0);
    for (let done = 0; done < SHARED_RECORDS; done += rows) {
      await pushAs(pool, other, batches.next(rows, 1));
    }
  }
}

async function pushAs(
  pool: pg.Pool,
  { userId, deviceId }: PushDevice,
  rows: ReturnType<ReturnType<typeof createBatches>['next']>,
): Promise<void> {
  const deps = {
    open: pgPush(pool),
    clock: systemClock,
    hlc: createHlc({ clock: systemClock, node: '5e7f00000001' }),
    announce: () => undefined,
    log: silentLogger,
  };
  const claims = { sub: userId, role: 'authenticated', aal: 'aal1', device_id: deviceId };
  const caller = { userId, deviceId, claims, expiresAt: Infinity };
  const { results } = await push(deps, caller, { rows });
  const bad = results.find(({ outcome }) => outcome !== 'ok' && outcome !== 'master');
  if (bad) throw new Error(`a recorded row was ${bad.outcome}`);
}

/** A pool whose connections write down every statement and end every transaction with nothing done. */
function recording(pool: pg.Pool, transactions: Statement[][]): pg.Pool {
  const connect = async (): Promise<unknown> => {
    const client = await pool.connect();
    const statements: Statement[] = [];
    transactions.push(statements);
    return {
      on: client.on.bind(client),
      off: client.off.bind(client),
      release: client.release.bind(client),
      async query(query: string | pg.QueryConfig, values?: unknown[]) {
        statements.push({ query, values });
        if (query !== 'commit') return client.query(query, values);
        return { ...(await client.query('rollback')), command: 'COMMIT' };
      },
    };
  };
  const recorder = { connect } as unknown as pg.Pool;
  keepStatements(recorder);
  return recorder;
}

/** What the replay of transactions took. */
export interface Replayed {
  readonly transactions: number;
  readonly ms: number;
  /** How often one had to be repeated (deadlock). */
  readonly repeated: number;
}

/**
 * Runs transactions over so many connections, all statements of one sent at once.
 * @param warmUp so many of them come first and are not measured: every connection reads the catalogue
 *   and plans its statements then, as those of the server have before it is measured
 * @param onMeasured called when the measured ones begin
 */
export async function replay(
  { syncUrl }: Pick<SyncDatabase, 'syncUrl'>,
  transactions: readonly Transaction[],
  options: {
    readonly connections: number;
    readonly warmUp: number;
    readonly onMeasured?: () => void;
  },
): Promise<Replayed> {
  const clients = Array.from(
    { length: options.connections },
    () =>
      new pg.Client({
        connectionString: syncUrl,
        pipeline: true,
        stream: () => new GatheringSocket(),
      }),
  );
  await Promise.all(clients.map((client) => client.connect()));
  try {
    await runAll(clients, transactions.slice(0, options.warmUp));
    options.onMeasured?.();
    const measured = transactions.slice(options.warmUp);
    const begun = performance.now();
    const repeated = await runAll(clients, measured);
    return { transactions: measured.length, ms: performance.now() - begun, repeated };
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}

/** @returns how often one had to be repeated */
async function runAll(
  clients: readonly pg.Client[],
  transactions: readonly Transaction[],
): Promise<number> {
  let next = 0;
  let repeated = 0;
  await Promise.all(
    clients.map(async (client) => {
      for (;;) {
        const transaction = transactions[next];
        next += 1;
        if (!transaction) return;
        while (!(await runOnce(client, transaction))) repeated += 1;
      }
    }),
  );
  return repeated;
}

/** @returns false when it was undone and may be repeated */
async function runOnce(client: pg.Client, transaction: Transaction): Promise<boolean> {
  const sent = await Promise.allSettled(
    transaction.map(({ query, values }) => client.query(query, values)),
  );
  const failed = sent.find((one) => one.status === 'rejected');
  if (!failed) return true;
  await client.query('rollback');
  if (isWorthRepeating(failed.reason)) return false;
  throw failed.reason;
}
