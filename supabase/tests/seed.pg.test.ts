import { readFile } from 'node:fs/promises';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '#stack/test-database.ts';
import { expandAct } from '#shared/merge/expand.ts';
import type { Row } from '#shared/schema/define.ts';
import { TABLE_NAMES } from '#shared/schema/tables.ts';
import { DEMO_PASSWORD, PEOPLE, SITES } from '../demo/people.ts';
import { seedSql } from '../make-seed.ts';
import { asCaller, openSyncPool } from './support/callers.ts';

const SEED = new URL('../seed.sql', import.meta.url);

let db: TestDatabase;
let sync: pg.Pool;
beforeAll(async () => {
  db = await openTestDatabase({ seed: true });
  sync = await openSyncPool(db);
});
afterAll(async () => {
  await sync.end();
  await db.close();
});

const counts = async (): Promise<Record<string, number>> => {
  const { rows } = await db.admin.query<Record<string, number>>(
    `select ${[...TABLE_NAMES.map((name) => `public.${name}`), 'auth.users', 'auth.identities']
      .map((name) => `(select count(*)::int from ${name}) as "${name}"`)
      .join(', ')}`,
  );
  return rows[0] ?? {};
};

describe('the demo data', () => {
  it('is the file that its script writes', async () => {
    expect(await readFile(SEED, 'utf8')).toBe(seedSql());
  });

  it('may be loaded again and changes nothing', async () => {
    const before = await counts();
    await db.postgres.query(await readFile(SEED, 'utf8'));
    expect(await counts()).toEqual(before);
    expect(before).toMatchObject({ 'public.locations': 3, 'public.users': 8, 'auth.users': 8 });
    expect(before['public.inventory_items']).toBeGreaterThanOrEqual(40);
  });

  it('holds for every act the rows that it expands into on a device', async () => {
    const { rows: acts } = await db.postgres.query<Row>(
      `select id, extract(epoch from created_at)::float * 1000 as created_at, created_by, device_id,
              hlc, origin_seq, kind, location_id,
              extract(epoch from occurred_at)::float * 1000 as occurred_at,
              local_date::text as local_date, reason_code, note, lines
         from public.stock_acts`,
    );
    const wanted = acts.flatMap((act) => expandAct('stock_acts', act)).map(({ row }) => row.id);
    const { rows: found } = await db.postgres.query<{ id: string }>(
      'select id from public.inventory_lots union all select id from public.stock_movements',
    );
    expect(found.map(({ id }) => id).toSorted()).toEqual([...new Set(wanted)].toSorted());
  });

  it('shows stock at every site, some of it short, none below zero, one lot soon expired', async () => {
    const { rows: sites } = await db.postgres.query<{
      code: string;
      lowest: string;
      short: string;
    }>(`
      with held as (
        select item_id, location_id, sum(on_hand) as qty from public.on_hand group by 1, 2)
      select l.code, min(h.qty) as lowest, count(*) filter (where h.qty < i.par) as short
        from public.item_locations i
        join public.locations l on l.id = i.location_id
        left join held h using (item_id, location_id)
       group by l.code`);
    expect(sites.map(({ code }) => code).toSorted()).toEqual(Object.keys(SITES).toSorted());
    for (const site of sites) {
      expect(Number(site.lowest)).toBeGreaterThanOrEqual(0);
      expect(Number(site.short)).toBeGreaterThan(0);
    }
    const { rows: lots } = await db.postgres.query(
      `select l.expiry_date::text as day, sum(h.on_hand) > 0 as some
         from public.inventory_lots l join public.on_hand h on h.lot_id = l.id::text
        where l.expiry_date < '2027-01-01' group by 1`,
    );
    expect(lots).toEqual([{ day: '2026-12-15', some: true }]);
  });

  it('lets its eight people sign in with the password of the demo', async () => {
    const { rows } = await db.admin.query(
      `select a.email, a.encrypted_password = extensions.crypt($1, a.encrypted_password) as matches,
              a.email_confirmed_at is not null as confirmed, i.provider,
              i.identity_data ->> 'email' = a.email as linked, p.display_name as name
         from auth.users a
         join auth.identities i on i.user_id = a.id
         join public.users p on p.id = a.id
        order by a.email`,
      [DEMO_PASSWORD],
    );
    expect(rows).toEqual(
      Object.values(PEOPLE)
        .map(({ email, name }) => ({
          email,
          matches: true,
          confirmed: true,
          provider: 'email',
          linked: true,
          name,
        }))
        .toSorted((a, b) => a.email.localeCompare(b.email)),
    );
  });
});

describe('people of the demo', () => {
  const SCOPED = ['item_locations', 'stock_acts', 'stock_movements', 'on_hand'];
  const sitesSeen = (user: string, table: string): Promise<string[]> =>
    asCaller(sync, { user }, async (tx) => {
      const { rows } = await tx.query<{ code: string }>(
        `select distinct l.code from public.${table} t join public.locations l
           on l.id = t.location_id order by 1`,
      );
      return rows.map(({ code }) => code);
    });

  it.each(SCOPED)('see the %s of their own sites and of no other', async (table) => {
    expect(await sitesSeen(PEOPLE.frontDesk.id, table)).toEqual(['AA']);
    expect(await sitesSeen(PEOPLE.satellite.id, table)).toEqual(['PY']);
    expect(await sitesSeen(PEOPLE.provider.id, table)).toEqual(['AA', 'WX']);
    expect(await sitesSeen(PEOPLE.manager.id, table)).toEqual(['AA', 'PY', 'WX']);
    expect(await sitesSeen(PEOPLE.it.id, table)).toEqual([]);
  });

  it('change no row of another site, and cannot take one over', async () => {
    const set = (table: string, values: string): Promise<number | null> =>
      asCaller(sync, { user: PEOPLE.satellite.id }, async (tx) => {
        const { rowCount } = await tx.query(`update public.${table} set ${values}`);
        return rowCount;
      });
    const { rows } = await db.postgres.query<{ mine: number }>(
      `select count(*)::int as mine from public.item_locations where location_id = $1`,
      [SITES.PY.id],
    );
    expect(await set('item_locations', 'par = par')).toBe(rows[0]?.mine);
    await expect(set('item_locations', `location_id = '${SITES.AA.id}'`)).rejects.toMatchObject({
      code: '42501',
    });
    await expect(set('users', `status = 'active'`)).rejects.toMatchObject({ code: '42501' });
    await expect(set('user_roles', 'location_id = null')).rejects.toMatchObject({ code: '42501' });
  });

  it('read nothing when nobody is signed in', async () => {
    for (const table of [...TABLE_NAMES, 'on_hand']) {
      const client = await db.admin.connect();
      try {
        await client.query('begin; set local role anon');
        await expect(client.query(`select from public.${table}`)).rejects.toMatchObject({
          code: '42501',
        });
      } finally {
        await client.query('rollback');
        client.release();
      }
    }
  });
});
