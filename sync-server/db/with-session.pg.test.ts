import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { SITE, must, openRig } from '../testing/rig.suite.ts';
import type { Rig } from '../testing/rig.suite.ts';
import { createPool } from './pool.ts';
import { withSession } from './with-session.ts';
import type { Queries } from './with-session.ts';

let rig: Rig;
let pool: pg.Pool;
let userId: string;
beforeAll(async () => {
  rig = await openRig();
  pool = createPool({ databaseUrl: rig.config.databaseUrl, poolSize: 2 }, silentLogger);
  userId = await rig.person(['FD', SITE.AA]);
});
afterAll(async () => {
  await pool.end();
  await rig.close();
});

const who = (id = userId) => ({
  userId: id,
  claims: { sub: id, role: 'authenticated' },
  expiresAt: Number.MAX_SAFE_INTEGER,
});
const roleOf = async (queries: Queries): Promise<unknown> =>
  must(
    (
      await queries.query(
        `select current_user as role,
           current_setting('request.jwt.claims', true)::json ->> 'sub' as uid`,
      )
    )[0],
  );
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => (error instanceof pg.DatabaseError ? error.code : error),
  );

describe('a session', () => {
  test('runs as the person, as the engine where it says so, and as the person again', async () => {
    const seen = await withSession(pool, who(), async (tx) => [
      await roleOf(tx),
      await tx.asEngine(roleOf),
      await roleOf(tx),
    ]);
    expect(seen).toEqual([
      { role: 'authenticated', uid: userId },
      { role: 'ganger_engine', uid: userId },
      { role: 'authenticated', uid: userId },
    ]);
  });

  test('leaves nothing behind on the connection that the next one gets', async () => {
    await withSession(pool, who(), (tx) => tx.asEngine(roleOf));
    const bare = await pool.connect();
    const { rows } = await bare.query(
      `select current_user as role, current_setting('request.jwt.claims', true) as claims`,
    );
    bare.release();
    expect(rows).toEqual([{ role: 'ganger_sync', claims: '' }]);
  });

  test('is the only way in: the login role itself may read nothing', async () => {
    expect(await codeOf(pool.query('select id from public.users'))).toBe('42501');
    expect(await codeOf(pool.query(`select private.epoch()`))).toBe('42501');
  });

  test('sees no more than the policies allow', async () => {
    const stranger = newId();
    const rows = await withSession(pool, who(stranger), (tx) =>
      tx.query('select id from public.locations'),
    );
    expect(rows).toEqual([]);
  });

  test('is undone as a whole when the work throws, also what the engine wrote', async () => {
    const id = newId();
    const failing = withSession(pool, who(), (tx) =>
      tx.asEngine(async (engine) => {
        await engine.execute(
          `insert into public.devices (id, kind, name, status, enrolled_by)
           values ($1, 'desktop', 'x', 'active', $2)`,
          [id, userId],
        );
        throw new Error('changed my mind');
      }),
    );
    await expect(failing).rejects.toThrow('changed my mind');
    const { rows } = await rig.db.admin.query('select 1 from public.devices where id = $1', [id]);
    expect(rows).toEqual([]);
  });

  test('that reads a snapshot cannot write and does not see later commits', async () => {
    const count = (queries: Queries) =>
      queries.query<{ n: number }>('select count(*)::int as n from public.users');
    const numbers = await withSession(
      pool,
      who(),
      (tx) =>
        tx.asEngine(async (engine) => {
          const before = await count(engine);
          await rig.person();
          return [before, await count(engine)];
        }),
      { mode: 'snapshot' },
    );
    expect(numbers[0]).toEqual(numbers[1]);
    const write = withSession(
      pool,
      who(),
      (tx) => tx.asEngine((e) => e.execute(`update public.devices set name = 'y'`)),
      { mode: 'snapshot' },
    );
    expect(await codeOf(write)).toBe('25006');
  });

  test('has limits of its own, whatever the role brings along', async () => {
    const settings = await withSession(pool, who(), (tx) =>
      tx.query(
        `select name, setting from pg_settings where name in ('statement_timeout',
           'lock_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout') order by 1`,
      ),
    );
    expect(settings).toEqual([
      { name: 'idle_in_transaction_session_timeout', setting: '10000' },
      { name: 'lock_timeout', setting: '4000' },
      { name: 'statement_timeout', setting: '8000' },
      { name: 'transaction_timeout', setting: '20000' },
    ]);
  });

  test('on a connection that dies fails, and the pool gets another', async () => {
    const dying = withSession(pool, who(), async (tx) => {
      const [row] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
      await rig.db.admin.query('select pg_terminate_backend($1)', [row?.pid]);
      return tx.query('select 1');
    });
    await expect(dying).rejects.toThrow();
    for (let again = 0; again < 4; again += 1) {
      expect(await withSession(pool, who(), roleOf)).toMatchObject({ role: 'authenticated' });
    }
  });
});

describe('a savepoint', () => {
  test('takes back its own work and role, and lets the rest stand', async () => {
    const [kept, undone] = [newId(), newId()];
    const insert = (engine: Queries, id: string) =>
      engine.execute(
        `insert into public.devices (id, kind, name, status, enrolled_by)
         values ($1, 'desktop', 'x', 'active', $2)`,
        [id, userId],
      );
    const after = await withSession(pool, who(), async (tx) => {
      await tx.asEngine((engine) => insert(engine, kept));
      const failed = await codeOf(
        tx.savepoint(async () => {
          await tx.asEngine((engine) => insert(engine, undone));
          // As the person, who may not.
          await tx.execute(`update public.devices set name = 'mine'`);
        }),
      );
      return [failed, await tx.asEngine(roleOf), await roleOf(tx)];
    });
    expect(after).toMatchObject(['42501', { role: 'ganger_engine' }, { role: 'authenticated' }]);
    const { rows } = await rig.db.admin.query('select id from public.devices where id = any($1)', [
      [kept, undone],
    ]);
    expect(rows).toEqual([{ id: kept }]);
  });
});

describe('kept statements', () => {
  test('are planned once a role and connection, and outlive what fails', async () => {
    const named = createPool(
      { databaseUrl: rig.config.databaseUrl, poolSize: 1, namedStatements: true },
      silentLogger,
    );
    try {
      const keep = { keep: true };
      const ask = (text: string) =>
        withSession(named, who(), async (tx) => [
          await tx.query(text, [1], keep),
          await tx.asEngine((engine) => engine.query(text, [1], keep)),
        ]);
      const divide = 'select current_user as role, 6 / $1::integer as six';
      for (let time = 0; time < 3; time += 1) {
        expect(await ask(divide)).toEqual([
          [{ role: 'authenticated', six: 6 }],
          [{ role: 'ganger_engine', six: 6 }],
        ]);
        const failed = withSession(named, who(), (tx) => tx.query(divide, [0], keep));
        expect(await codeOf(failed)).toBe('22012');
      }
      const kept = await withSession(named, who(), (tx) =>
        tx.query<{ name: string }>('select name from pg_prepared_statements order by name'),
      );
      // The settings that every transaction begins with, and the question as each of two roles.
      expect(kept).toEqual([{ name: 'g0' }, { name: 'g1' }, { name: 'g2' }]);
    } finally {
      await named.end();
    }
  });
});
