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
import { deviceAt } from './world.ts';

/**
 * What the database does without the server: the statements that the server sends for a batch, each
 * transaction with the same role, claims, reads, writes and audit, but nobody who waits, parses or
 * judges in between.
 */

/** With its name, where the server's connections keep its plan. */
interface Statement {
  readonly query: string | pg.QueryConfig;
  readonly values: unknown[] | undefined;
}
export type Transaction = readonly Statement[];

export interface RecordOptions {
  readonly devices: number;
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
  const pool = createPool({ databaseUrl: syncUrl, poolSize: 1 }, silentLogger);
  const transactions: Statement[][] = [];
  const deps = {
    open: pgPush(recording(pool, transactions)),
    clock: systemClock,
    hlc: createHlc({ clock: systemClock, node: '5e7f00000001' }),
    announce: () => undefined,
    log: silentLogger,
  };
  const devices = Array.from({ length: options.devices }, (_, nth) => {
    const device = deviceAt(nth);
    return { device, batches: createBatches(device, options.firstNumber) };
  });
  try {
    for (let nth = 0; nth < options.batches; nth += 1) {
      const own = devices[nth % devices.length];
      if (!own) break;
      const { userId, deviceId } = own.device;
      const claims = { sub: userId, role: 'authenticated', aal: 'aal1', device_id: deviceId };
      const caller = { userId, deviceId, claims, expiresAt: Infinity };
      const rows = own.batches.next(options.rows, options.conflicting);
      const { results } = await push(deps, caller, { rows });
      const bad = results.find(({ outcome }) => outcome !== 'ok' && outcome !== 'master');
      if (bad) throw new Error(`a recorded row was ${bad.outcome}`);
    }
    return transactions;
  } finally {
    await pool.end();
  }
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

/**
 * Runs transactions over so many connections, all statements of one sent at once.
 * @returns milliseconds for all of them, and how often one had to be repeated (deadlock)
 */
export async function replay(
  { syncUrl }: Pick<SyncDatabase, 'syncUrl'>,
  transactions: readonly Transaction[],
  connections: number,
): Promise<{ readonly ms: number; readonly repeated: number }> {
  const clients = Array.from(
    { length: connections },
    () =>
      new pg.Client({
        connectionString: syncUrl,
        pipeline: true,
        stream: () => new GatheringSocket(),
      }),
  );
  await Promise.all(clients.map((client) => client.connect()));
  let next = 0;
  let repeated = 0;
  const begun = performance.now();
  try {
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
    return { ms: performance.now() - begun, repeated };
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
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
