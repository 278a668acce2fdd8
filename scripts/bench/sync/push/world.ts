import { derivedId } from '#shared/kernel/ids.ts';
import { stampedFields } from '#shared/merge/join.ts';
import type { Row } from '#shared/schema/define.ts';
import { insertStatement, sampleRow } from '../../../../supabase/schema/sample-rows.ts';
import { insertSql } from '#server/sync/table-sql.ts';
import { asAdmin } from '../database.ts';
import type { SyncDatabase } from '../database.ts';

/** Where devices push from: three sites, a person and a machine for each device. */
export const SITES = [
  '5a000000-0000-4000-8000-0000000000aa',
  '5a000000-0000-4000-8000-0000000000bb',
  '5a000000-0000-4000-8000-0000000000cc',
] as const;

/** Records that only one device changes, and those that all devices of a site change. */
const OWN_RECORDS = 30;
export const SHARED_RECORDS = 200;

const MADE_AT = Date.UTC(2026, 0, 5, 12);
const MADE_STAMP = '019b0b000000-0000-0000000000aa';
const ROWS_A_STATEMENT = 2_000;

/** A device as a generator has to know it. */
export interface PushDevice {
  /** Number among all devices, from 0. */
  readonly nth: number;
  readonly userId: string;
  readonly deviceId: string;
}

const numbered = (prefix: string, nth: number): string =>
  `${prefix}-0000-4000-8000-${nth.toString(16).padStart(12, '0')}`;

export const deviceAt = (nth: number): PushDevice => ({
  nth,
  userId: numbered('9e000000', nth + 1),
  deviceId: numbered('de000000', nth + 1),
});

export const itemAt = (nth: number): string => numbered('17e00000', nth + 1);
export const siteOf = ({ nth }: PushDevice): string => SITES[nth % SITES.length] ?? SITES[0];

/** How many items the catalogue of so many devices has. */
export const itemCount = (devices: number): number =>
  SHARED_RECORDS + Math.ceil(devices / SITES.length) * OWN_RECORDS;

/** The item of a device's own nth record, and of a record that it shares with its site. */
export const ownItem = ({ nth }: PushDevice, record: number): string =>
  itemAt(SHARED_RECORDS + Math.floor(nth / SITES.length) * OWN_RECORDS + (record % OWN_RECORDS));
export const sharedItem = (record: number): string => itemAt(record % SHARED_RECORDS);

/** What a site holds of an item, as it was made. */
export function stockRecord(itemId: string, locationId: string): Row {
  return {
    id: derivedId('item_locations', itemId, locationId),
    created_at: MADE_AT,
    created_by: null,
    device_id: null,
    item_id: itemId,
    location_id: locationId,
    par: 50_000,
    min: 10_000,
    max: 90_000,
    reorder_qty: 40_000,
    bin: 'A1',
    is_stocked: true,
    field_hlc: Object.fromEntries(stampedFields('item_locations').map((f) => [f, MADE_STAMP])),
  };
}

/** Fills a database that has its migrations with people, machines, catalogue and records. */
export async function makePushWorld(database: SyncDatabase, devices: number): Promise<void> {
  await asAdmin(database.adminUrl, async (admin) => {
    const run = (
      table: Parameters<typeof sampleRow>[0],
      values: Record<string, unknown>,
      refs = {},
    ) => admin.query(insertStatement(table, sampleRow(table, refs, values)));
    await admin.query(`set session_replication_role = 'replica'`);
    await admin.query('begin');
    for (const [index, id] of SITES.entries()) await run('locations', { id, code: `S${index}` });
    for (let nth = 0; nth < devices; nth += 1) {
      const device = deviceAt(nth);
      const { userId, deviceId } = device;
      await run('users', { id: userId, status: 'active', mfa_required: false });
      const machine = { id: deviceId, enrolled_by: userId, status: 'active', kind: 'desktop' };
      await run('devices', machine, { users: userId });
      await run(
        'user_roles',
        { role: 'LM', location_id: siteOf(device), valid_from: MADE_AT, valid_to: null },
        { users: userId },
      );
    }
    const items = Array.from({ length: itemCount(devices) }, (_, nth) => itemAt(nth));
    const open = { lot_policy: 'optional', expiry_policy: 'none', status: 'active' };
    const catalogue = items.map((id, nth) =>
      sampleRow('inventory_items', {}, { id, sku: `B${nth}`, name: `Item ${nth}`, ...open }),
    );
    const records = SITES.flatMap((site) => items.map((item) => stockRecord(item, site)));
    for (const [table, rows] of [
      ['inventory_items', catalogue],
      ['item_locations', records],
    ] as const) {
      for (let at = 0; at < rows.length; at += ROWS_A_STATEMENT) {
        const some = rows.slice(at, at + ROWS_A_STATEMENT);
        await admin.query(insertSql(table), [JSON.stringify(some)]);
      }
    }
    await admin.query('commit');
    await admin.query(`set session_replication_role = 'origin'`);
    await admin.query('vacuum (analyze)');
  });
}
