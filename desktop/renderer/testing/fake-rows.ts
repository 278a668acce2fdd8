import { gs1CheckDigit } from '#shared/barcode/check-digits.ts';
import { derivedId } from '#shared/kernel/ids.ts';
import { ZERO_HLC } from '#shared/kernel/hlc.ts';
import type { Row } from '#shared/schema/define.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { params } from './fake-params.ts';

export type FakeTables = Partial<Record<TableName, Row[]>>;

const id = (kind: string, n: number | string) => derivedId('fake', kind, String(n));
export const SITES = ['MAIN', 'NORTH', 'WEST'].map((code) => ({ code, id: id('site', code) }));
export const ME = id('user', 'ana');
export const OTHER = id('user', 'ben');

const NAMES = [
  ['Lidocaine 1% with epinephrine 1:100,000, 20 mL vial', 'Anesthetics', 'vial', true],
  ['Nitrile exam gloves, medium', 'Protection', 'each', false],
  ['Punch biopsy 4 mm', 'Instruments', 'each', true],
  ['Formalin 10%, prefilled 20 mL', 'Pathology', 'jar', true],
  ['Botulinum toxin type A 100 U', 'Injectables', 'unit', true],
  ['Hyaluronic filler 1 mL', 'Injectables', 'syringe', true],
  ['Gauze 4×4 sterile', 'Dressings', 'each', false],
  ['Suture 4-0 nylon', 'Instruments', 'each', true],
  ['Liquid nitrogen', 'Cryotherapy', 'L', false],
  ['Mineral sunscreen SPF 50, retail', 'Retail', 'tube', false],
] as const;

/** The trade number of the n-th item: of the single piece or, with indicator 1, of its box. */
export function fakeGtin(n: number, indicator: '0' | '1'): string {
  const body = `${indicator}950600${String(n).padStart(6, '0')}`;
  return body + gs1CheckDigit(body);
}

/** Codes that no item has, for the list of unmatched scans. */
const UNMATCHED = [
  `01${fakeGtin(999_999, '0')}1727033110LOT77\u001D21S0042`,
  '+A123BJC5D6E71G',
  'MCK-99812',
  '96385074',
];

/** Invented rows: `count` items at three sites with lots and movements. */
export function fakeRows(count: number): FakeTables {
  const now = Date.now();
  const base = { created_at: now - 30 * 86_400_000, created_by: ME, device_id: null };
  const tables: FakeTables = {
    locations: SITES.map(({ code, id: siteId }) => ({
      ...base,
      id: siteId,
      code,
      name: { MAIN: 'Main clinic', NORTH: 'North satellite', WEST: 'West satellite' }[code],
      time_zone: 'America/New_York',
      address: null,
      phone: '555-0100',
      active: true,
    })),
    users: [
      { ...base, id: ME, display_name: 'Ana Ruiz', home_location_id: null, status: 'active' },
      { ...base, id: OTHER, display_name: 'Ben Okafor', home_location_id: null, status: 'active' },
    ],
    inventory_items: [],
    item_locations: [],
    stock_acts: [],
    inventory_lots: [],
    stock_movements: [],
    count_sessions: [],
    count_lines: [],
    vendor_items: [],
    unmatched_scans: Array.from({ length: Number(params.get('unmatched') ?? 3) }, (_, n) => ({
      ...base,
      id: id('unmatched', n),
      location_id: SITES[n % 3]?.id,
      raw: btoa(UNMATCHED[n % UNMATCHED.length] ?? ''),
      symbology: null,
      scanned_at: now - n * 4_000_000,
      photo_file_id: null,
      resolved_item_id: null,
      dismissed: false,
      field_hlc: {},
    })),
  };
  const random = mulberry(7);
  for (let n = 0; n < count; n += 1) addItem(tables, { n, now, base, random });
  return tables;
}

function addItem(
  tables: FakeTables,
  at: {
    n: number;
    now: number;
    base: Pick<Row, 'created_at' | 'created_by' | 'device_id'>;
    random: () => number;
  },
): void {
  const { n, now, base, random } = at;
  const [name, category, unit, lots] = NAMES[n % NAMES.length] ?? NAMES[0];
  const itemId = id('item', n);
  tables.inventory_items?.push({
    ...base,
    id: itemId,
    name: n < NAMES.length ? name : `${name}, no. ${n}`,
    description: n % 3 === 0 ? 'Keep below 25 °C. Two per room.' : null,
    category,
    manufacturer: 'Example Medical',
    kind: 'supply',
    sku: `SKU-${String(n + 1).padStart(4, '0')}`,
    base_unit: unit,
    packs: [
      { unit, qty_per_base: 10_000, gtin: fakeGtin(n, '0') },
      ...(unit === 'each' ? [{ unit: 'box', qty_per_base: 200_000, gtin: fakeGtin(n, '1') }] : []),
    ],
    lot_policy: lots ? 'required' : 'none',
    expiry_policy: lots ? 'required' : 'none',
    controlled_schedule: 'none',
    hazardous: false,
    status: 'active',
    merged_into_id: null,
    field_hlc: {},
  });
  for (const [index, site] of SITES.entries()) {
    if (index === 2 && n % 4 === 0) continue;
    tables.item_locations?.push({
      ...base,
      id: id('item-location', `${n} ${index}`),
      item_id: itemId,
      location_id: site.id,
      par: Math.floor(random() * 30) * 10_000,
      min: null,
      max: null,
      reorder_qty: null,
      bin: `${'ABC'[index]}-${(n % 24) + 1}`,
      is_stocked: true,
      field_hlc: {},
    });
    const lotId = lots ? id('lot', `${n} ${index}`) : null;
    if (lotId) {
      const days = Math.floor(random() * 700) - 20;
      tables.inventory_lots?.push({
        ...base,
        id: lotId,
        item_id: itemId,
        lot_no: `L${1000 + n}${'ABC'[index]}`,
        expiry_date: new Date(now + days * 86_400_000).toISOString().slice(0, 10),
        serial: '',
        recall_status: 'none',
        field_hlc: {},
      });
    }
    for (let m = 0; m < (n === 0 ? 60 : 2); m += 1) {
      const quantity = Math.floor(random() * 20 + 1) * 10_000;
      tables.stock_movements?.push({
        ...base,
        id: id('movement', `${n} ${index} ${m}`),
        hlc: ZERO_HLC,
        origin_seq: null,
        act_id: id('act', `${n} ${index} ${m}`),
        line_no: 0,
        item_id: itemId,
        lot_id: lotId,
        location_id: site.id,
        qty_base: m % 2 === 0 ? quantity : -Math.floor(quantity / 20_000) * 10_000 || -10_000,
        type: m % 2 === 0 ? 'receive' : 'issue',
        reason_code: null,
        occurred_at: now - (m + 1) * 7_300_000 - n * 1000,
        local_date: '2026-01-05',
        entered_unit: unit,
        entered_qty: String(quantity / 10_000),
        unit_cost_cents: null,
        performed_by: m % 3 === 0 ? OTHER : ME,
      });
    }
  }
}

function mulberry(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
