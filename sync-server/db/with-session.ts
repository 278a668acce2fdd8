import type pg from 'pg';
import type { Identity } from '../auth/token-verifier.ts';
import { namesOf } from './statement-names.ts';
import type { Names } from './statement-names.ts';

export interface StatementOptions {
  /** The text is one of few and comes often: its plan is kept by the connection, where it may be. */
  readonly keep: boolean;
}
export const KEPT: StatementOptions = { keep: true };

/** Runs statements in one transaction, as one of its two roles. */
export interface Queries {
  /** Rows of one statement. Values travel beside the text, never inside it. */
  query<R extends pg.QueryResultRow>(
    text: string,
    values?: readonly unknown[],
    options?: StatementOptions,
  ): Promise<R[]>;
  /** Number of rows that one statement wrote. */
  execute(text: string, values?: readonly unknown[], options?: StatementOptions): Promise<number>;
}

/** A transaction in the name of a person: its statements run under that person's policies. */
export interface Tx extends Queries {
  /**
   * Runs work as the engine, the role that may write what no person may (expansions, audit,
   * transitions). Other statements of the transaction stay with the person.
   */
  asEngine<T>(work: (engine: Queries) => Promise<T>): Promise<T>;
  /**
   * Takes statements that were sent last and need no answer before the commit: they are answered
   * together with it, and when one fails nothing is committed.
   */
  withCommit(...last: readonly Promise<unknown>[]): void;
  /** Runs work that may fail without harm to what the transaction did before. */
  savepoint<T>(work: () => Promise<T>): Promise<T>;
}

/** Longest times inside one transaction; SET ROLE does not bring a role's own limits along. */
const LIMITS = {
  statement_timeout: '8s',
  lock_timeout: '4s',
  idle_in_transaction_session_timeout: '10s',
  transaction_timeout: '20s',
} as const;

/** The role of the login itself: nothing but the settings is sent as it. */
const LOGIN = 'login';
const PERSON = 'authenticated';
const ENGINE = 'ganger_engine';

export interface SessionOptions {
  /** `snapshot`: read only, and every statement sees the database as of the first one. */
  readonly mode?: 'write' | 'snapshot';
}

/**
 * The only way in which a request reaches the tables: one transaction in the name of the caller,
 * committed when the work is done and rolled back when it throws. The login role itself owns nothing
 * and may read nothing, so code that goes around this gets "permission denied", not everyone's rows.
 * @throws what the work throws, and errors of the database as they come
 */
export async function withSession<T>(
  pool: pg.Pool,
  who: Identity,
  work: (tx: Tx) => Promise<T>,
  options: SessionOptions = {},
): Promise<T> {
  const client = await pool.connect();
  const names = namesOf(pool);
  let lost: Error | undefined;
  const onLost = (error: Error): void => {
    lost = error;
  };
  client.on('error', onLost);
  try {
    // Not awaited one by one: what follows is sent behind them and fails when they fail.
    const opened = Promise.all([
      client.query(
        options.mode === 'snapshot' ? 'begin isolation level repeatable read read only' : 'begin',
      ),
      client.query(
        named(names, LOGIN, settingsText, [
          PERSON,
          JSON.stringify(who.claims),
          ...Object.values(LIMITS),
        ]),
      ),
    ]);
    opened.catch(() => undefined);
    try {
      const last: Promise<unknown>[] = [];
      const result = await work(createTx(client, last, names));
      const committed = client.query('commit');
      await Promise.all([opened, ...last, committed]);
      // A transaction that has failed answers a commit with a rollback, and calls that a success.
      if ((await committed).command !== 'COMMIT') throw new Error('the commit became a rollback');
      return result;
    } catch (error) {
      try {
        await opened;
      } catch (first) {
        await rollback(client);
        throw first;
      }
      lost = (await rollback(client)) ?? lost;
      throw error;
    }
  } finally {
    client.off('error', onLost);
    client.release(lost);
  }
}

const settingsText = `select set_config('role', $1, true), set_config('request.jwt.claims', $2, true), ${Object.keys(
  LIMITS,
)
  .map((name, index) => `set_config('${name}', $${index + 3}, true)`)
  .join(', ')}`;

/** A statement, under a name where its plan is kept. */
function named(
  names: Names | null,
  role: string,
  text: string,
  values: readonly unknown[],
): pg.QueryConfig {
  const name = names?.of(role, text);
  return { ...(name === undefined ? {} : { name }), text, values: [...values] };
}

async function rollback(client: pg.PoolClient): Promise<Error | undefined> {
  try {
    await client.query('rollback');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error('rollback failed');
  }
}

function createTx(client: pg.PoolClient, last: Promise<unknown>[], names: Names | null): Tx {
  let role = PERSON;
  let savepoints = 0;

  /**
   * Switches the role only when it has to and without waiting. A switch that fails aborts the
   * transaction, so the statement behind it never runs as somebody else.
   */
  const become = (wanted: string): void => {
    if (role === wanted) return;
    role = wanted;
    client.query(`set local role ${wanted}`).catch(() => undefined);
  };
  const send = <R extends pg.QueryResultRow>(
    as: string,
    text: string,
    values: readonly unknown[],
    options: StatementOptions | undefined,
  ): Promise<pg.QueryResult<R>> => {
    become(as);
    return client.query<R>(named(options?.keep === true ? names : null, as, text, values));
  };
  const queriesOf = (as: string): Queries => ({
    query: async <R extends pg.QueryResultRow>(
      text: string,
      values: readonly unknown[] = [],
      options?: StatementOptions,
    ) => (await send<R>(as, text, values, options)).rows,
    execute: async (text, values = [], options) =>
      (await send(as, text, values, options)).rowCount ?? 0,
  });
  const engine = queriesOf(ENGINE);

  return {
    ...queriesOf(PERSON),
    asEngine: (work) => work(engine),
    withCommit(...statements) {
      for (const statement of statements) statement.catch(() => undefined);
      last.push(...statements);
    },
    async savepoint(work) {
      savepoints += 1;
      const name = `sp_${savepoints}`;
      const roleBefore = role;
      await client.query(`savepoint ${name}`);
      try {
        const result = await work();
        await client.query(`release savepoint ${name}`);
        return result;
      } catch (error) {
        await client.query(`rollback to savepoint ${name}; release savepoint ${name}`);
        // Rolling back takes the role back to what it was when the savepoint was set.
        role = roleBefore;
        throw error;
      }
    },
  };
}
