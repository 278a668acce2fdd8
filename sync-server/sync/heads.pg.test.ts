import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { replicaScopes } from '#shared/access/rights.ts';
import type { Cursor } from '#shared/protocol/messages.ts';
import { TABLE_NAMES } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { insertStatement, sampleRow } from '../../supabase/schema/sample-rows.ts';
import { createPool } from '../db/pool.ts';
import { withSession } from '../db/with-session.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { SITE, openRig } from '../testing/rig.suite.ts';
import type { Client, Rig } from '../testing/rig.suite.ts';
import * as make from '../testing/rows.suite.ts';
import type { Asked } from './heads.ts';
import { pgPull } from './pg-pull-store.ts';
import { newsOfTablesSql, START } from './table-sql.ts';

let rig: Rig;
let pool: ReturnType<typeof createPool>;
let boss: Client;
let desk: Client;
beforeAll(async () => {
  rig = await openRig();
  pool = createPool(
    { databaseUrl: rig.config.databaseUrl, poolSize: 1, namedStatements: true },
    silentLogger,
  );
  boss = await rig.client(await rig.person(['MG', null]));
  desk = await rig.client(await rig.person(['FD', SITE.AA], ['CS', SITE.AA]));
});
afterAll(async () => {
  await pool.end();
  await rig.close();
});

const callerOf = ({ userId, deviceId }: Client) => ({
  userId,
  deviceId,
  claims: { sub: userId, role: 'authenticated', device_id: deviceId },
  expiresAt: Number.MAX_SAFE_INTEGER,
});

/** All parts of a person, and how far they have them. */
class Places {
  readonly #cursors = new Map<TableName, Record<string, Cursor>>();
  readonly #client: Client;
  constructor(client: Client) {
    this.#client = client;
  }

  /** Fetches all that there is, as a device does. */
  async catchUp(): Promise<void> {
    for (;;) {
      const { tables } = await this.#client.pull(
        TABLE_NAMES.map((table) => ({ table, cursors: this.#cursors.get(table) ?? {} })),
      );
      for (const { table, cursors } of tables) {
        this.#cursors.set(table, { ...this.#cursors.get(table), ...cursors });
      }
      if (tables.every(({ more }) => !more)) return;
    }
  }

  /** Tables with news: as a pull of all finds them, and as the question without heads does. */
  news(): Promise<{ found: TableName[]; plain: TableName[] }> {
    const caller = callerOf(this.#client);
    return pgPull(pool)(caller, async (store) => {
      const access = await store.access();
      const asked: Asked[] = TABLE_NAMES.map((table) => ({
        table,
        parts: replicaScopes(access?.grants ?? [], caller.userId, table).map((part) => {
          const [xid, id] = this.#cursors.get(table)?.[part] ?? [START.xid, START.id];
          return { part, xid, id };
        }),
      }));
      const found = await store.news(asked);
      const { text, values } = newsOfTablesSql(asked);
      const plain = await withSession(
        plainPool,
        caller,
        async (tx) => (await tx.query<{ news: boolean[] }>(text, values))[0]?.news,
      );
      const named = (news: readonly boolean[] = []): TableName[] =>
        TABLE_NAMES.filter((_, place) => news[place]);
      return { found: named(found), plain: named(plain) };
    });
  }
}

let plainPool: ReturnType<typeof createPool>;
beforeAll(() => {
  plainPool = createPool({ databaseUrl: rig.config.databaseUrl, poolSize: 1 }, silentLogger);
});
afterAll(() => plainPool.end());

test('the heads hide nothing: what a pull of all tables finds is what each table would say', async () => {
  const places = [new Places(boss), new Places(desk)];
  const patient = newId();
  const sql = (table: TableName, row: Record<string, unknown>, refs = {}): Promise<unknown> =>
    rig.db.admin.query(insertStatement(table, sampleRow(table, refs, row)));
  const colleague = await rig.person(['FD', SITE.AA]);
  const move = (id: string, site: string): Promise<unknown> =>
    rig.db.admin.query('update public.users set home_location_id = $2 where id = $1', [id, site]);
  await move(colleague, SITE.AA);
  const item = make.item(boss);
  const steps: (() => Promise<unknown>)[] = [
    () => boss.push({ table: 'inventory_items', row: item }),
    () => boss.push({ table: 'item_locations', row: make.itemLocation(boss, item.id, SITE.AA) }),
    () => boss.push({ table: 'item_locations', row: make.itemLocation(boss, item.id, SITE.WX) }),
    () => boss.push({ table: 'stock_acts', row: make.act(boss, SITE.WX, [make.line(item.id)]) }),
    () => desk.push({ table: 'stock_acts', row: make.act(desk, SITE.AA, [make.line(item.id)]) }),
    () => sql('patients', { id: patient, site_ids: [SITE.AA] }),
    // Comes into a window without a change of its own, changes there, and leaves it again.
    () =>
      rig.db.admin.query(
        `insert into private.scope_members (scope, subject, row_id)
         values ($1, 'patients', $2), ('day:*', 'patients', $2)`,
        [`care:${SITE.AA}`, patient],
      ),
    () =>
      rig.db.admin.query(`update public.patients set family_name = 'Changed' where id = $1`, [
        patient,
      ]),
    () =>
      rig.db.admin.query(
        `update private.scope_members set left_xid = pg_current_xact_id(), left_at = now()
         where row_id = $1`,
        [patient],
      ),
    () => boss.session(),
    // Leaves the site of the desk, whose newest row stays what it was.
    () => move(colleague, SITE.WX),
    () => move(colleague, SITE.AA),
  ];
  const seen = new Set<TableName>();
  for (const place of places) await place.catchUp();
  for (const step of steps) {
    await step();
    for (const place of places) {
      const { found, plain } = await place.news();
      expect(found).toEqual(plain);
      for (const table of found) seen.add(table);
      await place.catchUp();
      expect((await place.news()).found).toEqual([]);
    }
  }
  expect([...seen]).toEqual(
    expect.arrayContaining([
      'inventory_items',
      'item_locations',
      'stock_movements',
      'patients',
      'users',
    ]),
  );
});
