import type { Row } from '#shared/schema/define.ts';

/** Invented ids that read well in a failing test. */
export const SITE_A = '00000000-0000-7000-8000-00000000000a';
export const SITE_B = '00000000-0000-7000-8000-00000000000b';
export const USER_ANA = '00000000-0000-7000-8000-0000000000a1';
export const USER_BEN = '00000000-0000-7000-8000-0000000000b1';
export const ITEM = '00000000-0000-7000-8000-000000000101';

export const deviceId = (n: number): string =>
  `00000000-0000-7000-8000-0000000d${String(n).padStart(4, '0')}`;

const CREATED = Date.UTC(2026, 0, 5);

const system = (id: string) => ({
  id,
  created_at: CREATED,
  created_by: null,
  device_id: null,
});

export const siteRow = (id: string, code: string): Row => ({
  ...system(id),
  code,
  name: `Site ${code}`,
  time_zone: 'America/New_York',
  address: null,
  phone: '555-0100',
  active: true,
});

export const itemFields = (sku: string): Record<string, unknown> => ({
  name: `Item ${sku}`,
  description: null,
  category: null,
  manufacturer: null,
  kind: 'supply',
  sku,
  base_unit: 'each',
  packs: [],
  lot_policy: 'optional',
  expiry_policy: 'optional',
  controlled_schedule: 'none',
  hazardous: false,
  status: 'active',
  merged_into_id: null,
});

export const itemRow = (id: string, sku: string): Row => ({
  ...system(id),
  ...itemFields(sku),
  field_hlc: {},
});

export const stockFields = (item: string, site: string): Record<string, unknown> => ({
  item_id: item,
  location_id: site,
  par: 100_000,
  min: null,
  max: null,
  reorder_qty: null,
  bin: null,
  is_stocked: true,
});

export const stockRow = (id: string, item: string, site: string): Row => ({
  ...system(id),
  ...stockFields(item, site),
  field_hlc: {},
});

export const actFields = (
  item: string,
  site: string,
  lines: readonly { qty: number; lot: string | null }[],
): Record<string, unknown> => ({
  kind: 'receive',
  location_id: site,
  occurred_at: CREATED,
  local_date: '2026-01-05',
  reason_code: null,
  note: null,
  lines: lines.map(({ qty, lot }) => ({
    item_id: item,
    qty_base: qty,
    lot_no: lot,
    expiry_date: lot === null ? null : '2027-01-31',
    serial: '',
    entered_unit: 'each',
    entered_qty: String(qty / 10_000),
    unit_cost_cents: null,
  })),
});

export const countFields = (site: string, by: string): Record<string, unknown> => ({
  location_id: site,
  kind: 'spot',
  zone: null,
  blind: false,
  status: 'open',
  counted_by: by,
  started_at: CREATED,
  note: null,
});

export const countLineFields = (
  session: string,
  site: string,
  item: string,
  by: string,
): Record<string, unknown> => ({
  session_id: session,
  location_id: site,
  item_id: item,
  lot_id: null,
  counted_qty: 30_000,
  counted_at: CREATED,
  counter_id: by,
  pass: 1,
});
