import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '#stack/test-database.ts';
import type { Row } from '#shared/schema/define.ts';
import { ROLES } from '#shared/schema/roles.ts';
import type { TableName } from '#shared/schema/tables.ts';
import {
  COUNT_CLOSED,
  NOT_ONESELF,
  STEP_REFUSED,
  attempt,
  become,
  codeOf,
  asCaller,
  installAttempt,
  openSyncPool,
} from './support/callers.ts';
import { SITE, everyPersona, insertPeople } from './support/people.ts';
import { insertStatement, sampleRow } from '../schema/sample-rows.ts';
import type { References } from '../schema/sample-rows.ts';

let db: TestDatabase;
let sync: pg.Pool;
const now = Date.now();
const everybody = everyPersona(now);
const personas = everybody.filter(({ name }) =>
  ROLES.some((role) => [`${role} own site`, `${role} other site`, `${role} left`].includes(name)),
);
const named = (name: string): string => personas.find((who) => who.name === name)?.id ?? '';
const refs: References = {};

beforeAll(async () => {
  db = await openTestDatabase({ seed: false });
  sync = await openSyncPool(db);
  await installAttempt(db);
  await insertPeople(db.postgres, personas, { home: null });
  const item = sampleRow('inventory_items', {});
  await db.postgres.query(insertStatement('inventory_items', item));
  Object.assign(refs, {
    locations: SITE.AA,
    users: named('CS own site'),
    inventory_items: item.id,
  });
});
afterAll(async () => {
  await sync.end();
  await db.close();
});

/** Puts a row into a state without asking the machine. */
async function plant(table: TableName, values: Record<string, unknown>): Promise<Row> {
  const row = sampleRow(table, refs, values);
  const client = await db.admin.connect();
  try {
    await client.query(`begin; set local session_replication_role = 'replica'`);
    await client.query(insertStatement(table, row));
    await client.query('commit');
  } finally {
    client.release();
  }
  return row;
}

describe('a count', () => {
  const session = (values: Record<string, unknown> = {}): Row => {
    const counter = named('CS own site');
    return sampleRow('count_sessions', refs, {
      created_by: counter,
      counted_by: counter,
      ...values,
    });
  };
  const line = (of: Row, values: Record<string, unknown> = {}): Row => {
    const counter = named('CS own site');
    return sampleRow(
      'count_lines',
      { ...refs, count_sessions: of.id },
      { created_by: counter, counter_id: counter, ...values },
    );
  };
  const asCounter = (rows: readonly [TableName, Row][]): Promise<string | null> =>
    codeOf(
      asCaller(sync, { user: named('CS own site') }, async (tx) => {
        for (const [table, row] of rows) await tx.query(insertStatement(table, row));
      }),
    );

  it.each([
    ['open', null],
    ['submitted', null],
    ['voided', null],
    ['in_review', STEP_REFUSED],
    ['posted', STEP_REFUSED],
  ])('that arrives as %s is judged as one step from open', async (status, code) => {
    expect(await asCounter([['count_sessions', session({ status })]])).toBe(code);
  });

  it('cannot be made in another’s name, nor its lines', async () => {
    const other = named('MG own site');
    const own = session();
    expect(await asCounter([['count_sessions', session({ counted_by: other })]])).toBe('42501');
    expect(await asCounter([['count_sessions', session({ created_by: other })]])).toBe('42501');
    expect(await asCounter([['count_sessions', session({ created_by: null })]])).toBe('42501');
    expect(
      await asCounter([
        ['count_sessions', own],
        ['count_lines', line(own, { counter_id: other })],
      ]),
    ).toBe('42501');
    expect(
      await asCounter([
        ['count_sessions', own],
        ['count_lines', line(own)],
      ]),
    ).toBeNull();
  });

  it.each([
    ['open', null],
    ['submitted', null],
    ['in_review', null],
    ['voided', null],
    ['posted', COUNT_CLOSED],
  ])('that is %s takes lines or not', async (status, code) => {
    const planted = await plant('count_sessions', { status });
    expect(await asCounter([['count_lines', line(planted)]])).toBe(code);
  });

  it('takes no lines of another site', async () => {
    const there = await plant('count_sessions', { location_id: SITE.PY });
    expect(await asCounter([['count_lines', line(there)]])).toBe(NOT_ONESELF);
  });

  it('without a session waits for it until the end of the transaction, and no longer', async () => {
    const missing = session();
    expect(await asCounter([['count_lines', line(missing)]])).toBe('23503');
    const later = codeOf(
      asCaller(
        sync,
        { user: named('CS own site') },
        async (tx) => {
          await tx.query('set constraints all deferred');
          await tx.query(insertStatement('count_lines', line(missing)));
          await tx.query(insertStatement('count_sessions', missing));
        },
        { keep: true },
      ),
    );
    expect(await later).toBeNull();
  });

  it('that is being posted makes a line wait, and then refuses it', async () => {
    const planted = await plant('count_sessions', { status: 'submitted' });
    const posting = await sync.connect();
    try {
      await posting.query('begin');
      await become(posting, { role: 'ganger_engine' });
      await posting.query(`update public.count_sessions set status = 'posted' where id = $1`, [
        planted.id,
      ]);
      const late = asCounter([['count_lines', line(planted)]]);
      await posting.query('select pg_sleep(0.2)');
      await posting.query('commit');
      expect(await late).toBe(COUNT_CLOSED);
    } finally {
      posting.release();
    }
  });

  it('goes from a person’s step to the server’s in one transaction', async () => {
    const planted = await plant('count_sessions', { status: 'open' });
    const done = asCaller(sync, { user: named('CS own site') }, async (tx) => {
      await tx.query(`update public.count_sessions set status = 'submitted' where id = $1`, [
        planted.id,
      ]);
      await tx.query('set local role ganger_engine');
      const { rowCount } = await tx.query(
        `update public.count_sessions set status = 'posted' where id = $1`,
        [planted.id],
      );
      return rowCount;
    });
    expect(await done).toBe(1);
  });
});

describe('a review', () => {
  it('names as its decider nobody but oneself', async () => {
    const review = await plant('review_items', {
      location_id: SITE.AA,
      table_name: 'count_sessions',
    });
    const decide = (by: string | null): Promise<string | null> =>
      codeOf(
        asCaller(sync, { user: named('LM own site') }, (tx) =>
          tx.query(
            `update public.review_items set status = 'decided', decision = 'keep', decided_by = $2
              where id = $1`,
            [review.id, by],
          ),
        ),
      );
    expect(await decide(named('MG own site'))).toBe(NOT_ONESELF);
    expect(await decide(named('LM own site'))).toBeNull();
    expect(await decide(null)).toBeNull();
  });
});

describe('who wrote a field', () => {
  const A = '0199aaaaaaaa-0000-0000000000aa';
  const B = '0199bbbbbbbb-0000-0000000000bb';

  it('follows from the stamps that somebody moved, not from what they say', async () => {
    const manager = everybody.find(({ name }) => name === 'MG own site')?.id ?? '';
    const site = named('LM own site');
    const row = sampleRow('item_locations', refs, {
      created_by: manager,
      field_hlc: { par: A, bin: A },
    });
    const read = async (): Promise<unknown> => {
      const { rows } = await db.postgres.query<{ field_by: unknown }>(
        'select field_by from public.item_locations where id = $1',
        [row.id],
      );
      return rows[0]?.field_by;
    };
    const change = (user: string, set: string): Promise<unknown> =>
      asCaller(
        sync,
        { user },
        (tx) => tx.query(`update public.item_locations set ${set} where id = $1`, [row.id]),
        { keep: true },
      );
    await asCaller(
      sync,
      { user: manager },
      (tx) => tx.query(insertStatement('item_locations', row)),
      {
        keep: true,
      },
    );
    expect(await read()).toEqual({ par: manager, bin: manager });
    await change(site, `par = 5, field_hlc = '{"par": "${B}", "bin": "${A}"}', field_by = '{}'`);
    expect(await read()).toEqual({ par: site, bin: manager });
    await change(manager, `field_by = '{"par": "${manager}"}'`);
    expect(await read()).toEqual({ par: site, bin: manager });
  });
});

describe('rows written past the sync server', () => {
  it('are refused, even to somebody who may write them through it', async () => {
    const user = named('LM own site');
    const item = sampleRow('inventory_items', {});
    await db.postgres.query(insertStatement('inventory_items', item));
    const row = sampleRow(
      'item_locations',
      { ...refs, inventory_items: item.id },
      { created_by: user },
    );
    const insert = insertStatement('item_locations', row);
    const change = `update public.item_locations set par = 2 where id = '${row.id}'`;
    const direct = await db.admin.connect();
    try {
      await direct.query('begin; set local session authorization authenticator');
      await become(direct, { user });
      expect(await attempt(direct, [insert])).toEqual(['42501']);
      await direct.query('rollback');
      await asCaller(sync, { user }, (tx) => tx.query(insert), { keep: true });
      await direct.query('begin; set local session authorization authenticator');
      await become(direct, { user });
      const found = await direct.query('select id from public.item_locations where id = $1', [
        row.id,
      ]);
      expect(found.rowCount).toBe(1);
      expect(await attempt(direct, [change])).toEqual(['rows:0']);
    } finally {
      await direct.query('rollback');
      direct.release();
    }
    expect(await asCaller(sync, { user }, async (tx) => (await tx.query(change)).rowCount)).toBe(1);
  });
});
