import { expect } from '@playwright/test';
import { startWorld } from '../devices.ts';
import type { Device, World } from '../devices.ts';
import type { Look } from './looks.ts';
import { screensOf, WHO } from './screens.ts';
import type { Screen, Who } from './screens.ts';

/** Names as long as they come: of a product, of its maker, of a place for it. */
const LONG_NAME =
  'Sodium tetradecyl sulfate injection 3 % (30 mg/ml), 2 ml single-dose vial, preservative-free, carton of 5, ' +
  'store at 20 to 25 °C, for intravenous use only';
const ITEMS = 3000;

/** What there is to see, and everybody who looks, signed in. */
export interface Scene {
  readonly data: Look['data'];
  readonly screens: readonly Screen[];
  device(who: Who): Device;
  close(): Promise<void>;
}

/** Starts a server with such data and signs in whoever has something to look at. */
export async function openScene(
  data: Look['data'],
  isWanted: (screen: Screen) => boolean,
): Promise<Scene> {
  const world = await startWorld({ clinic: data !== 'bare' });
  if (data !== 'bare') await addOpenWork(world);
  if (data === 'many') await addItems(world);
  const screens = (await screensOf(world.db, data)).filter(isWanted);
  const devices = new Map<Who, Device>();
  for (const who of new Set(screens.map((screen) => screen.who))) {
    const device = await world.device(who);
    devices.set(who, device);
    await device.signIn(WHO[who]);
    await device.expectSync('synced', 90_000);
  }
  if (data === 'many') {
    const { page } = devices.get('manager') ?? {};
    if (page) await expect(page.getByTestId('page-count')).toContainText(/^3,\d{3} /);
  }
  return {
    data,
    screens,
    device(who) {
      const device = devices.get(who);
      if (!device) throw new Error(`${who} has nothing to look at`);
      return device;
    },
    close: () => world.close(),
  };
}

/**
 * Work in every state: the demo data tells what is over, so copies of it stand in the states before. Only to
 * be looked at: what would have led there is missing.
 */
async function addOpenWork(world: World): Promise<void> {
  const copies = async (options: {
    table: string;
    where: string;
    status: string;
    changes?: Record<string, unknown>;
    lines?: { table: string; column: string };
  }): Promise<void> => {
    const { table, where, status, changes = {}, lines } = options;
    const { rows } = await world.db.query<{ old: string; id: string }>(
      `with one as (select * from ${table} where ${where} order by created_at desc, id limit 1),
            made as (
              insert into ${table}
              select (jsonb_populate_record(null::${table}, to_jsonb(one) || jsonb_build_object(
                'id', gen_random_uuid(), 'status', $1::text) || $2::jsonb)).* from one
              returning id)
       select one.id as old, made.id from one, made`,
      [
        status,
        JSON.stringify({ created_at: new Date().toISOString(), device_id: null, ...changes }),
      ],
    );
    if (!rows[0]) throw new Error(`nothing to copy in ${table}`);
    if (!lines) return;
    await world.db.query(
      `insert into ${lines.table}
       select (jsonb_populate_record(null::${lines.table}, to_jsonb(l) || jsonb_build_object(
         'id', gen_random_uuid(), '${lines.column}', $2::text, 'device_id', null,
         'origin_seq', null))).* from ${lines.table} l where l.${lines.column} = $1`,
      [rows[0].old, rows[0].id],
    );
  };
  const atAnnArbor = `location_id = (select id from locations where code = 'AA')`;
  for (const status of ['draft', 'submitted', 'returned', 'approved', 'ordered']) {
    const isNumbered = status === 'approved' || status === 'ordered';
    await copies({
      table: 'purchase_orders',
      where: `${atAnnArbor} and status = 'closed'`,
      status,
      changes: { po_no: isNumbered ? `PO-2026-9000${status.length}` : null },
      lines: { table: 'purchase_order_lines', column: 'order_id' },
    });
  }
  for (const status of ['open', 'in_review']) {
    await copies({
      table: 'count_sessions',
      where: `${atAnnArbor} and status = 'posted'`,
      status,
      changes: {
        started_at: new Date(Date.now() - 3_600_000).toISOString(),
        blind: status === 'open',
      },
      lines: { table: 'count_lines', column: 'session_id' },
    });
  }
  for (const status of ['draft', 'shipped']) {
    await copies({ table: 'transfers', where: `status = 'received'`, status });
  }
  // Two items that may be one: the demo has none twice.
  await world.db.query(
    `insert into inventory_items
     select (jsonb_populate_record(null::inventory_items, to_jsonb(i) || jsonb_build_object(
       'id', gen_random_uuid(), 'sku', 'GZ-OLD-44', 'name', 'Sponge, gauze 4 × 4 in 12 ply',
       'packs', '[]'::jsonb, 'device_id', null))).* from inventory_items i where sku = 'GAU-44'`,
  );
  // Somebody to decide about: the demo's only question belongs to a place of an item.
  await world.db.query(
    `insert into conflict_log
     select (jsonb_populate_record(null::conflict_log, to_jsonb(c) || jsonb_build_object(
       'id', gen_random_uuid(), 'field', f, 'kept_value', kept, 'lost_value', lost))).*
     from conflict_log c, (values ('bin', '"A-12"'::jsonb, '"Cabinet 3, top shelf"'::jsonb),
       ('min', '40000'::jsonb, '60000'::jsonb)) as v (f, kept, lost)`,
  );
}

/** As many items as a large catalogue has, at every site, some with the longest of names. */
async function addItems(world: World): Promise<void> {
  await world.db.query(
    `insert into inventory_items (
       id, created_at, created_by, device_id, field_hlc, name, category, manufacturer, kind, sku,
       base_unit, packs, lot_policy, expiry_policy, controlled_schedule, hazardous, status)
     select gen_random_uuid(), i.created_at, i.created_by, null, '{}',
       case when n % 50 = 0 then $2 || ', no. ' || n else i.name || ', no. ' || n end,
       i.category, i.manufacturer, i.kind, 'M-' || lpad(n::text, 5, '0'), i.base_unit, '[]',
       'none', 'none', 'none', false, 'active'
     from generate_series(1, $1::int) n
     join lateral (
       select * from inventory_items order by sku offset n % 40 limit 1) i on true`,
    [ITEMS, LONG_NAME],
  );
}
