import { fillWithDefaultSettings, normalizeMangoQuery, prepareQuery } from 'rxdb/plugins/core';
import type { MangoQuery, PreparedQuery, RxDocumentData, RxJsonSchema } from 'rxdb/plugins/core';

/** A movement of stock as the suite keeps it, about 600 B as JSON; all values are invented. */
export interface Movement {
  id: string;
  act_id: string;
  line_no: number;
  item_id: string;
  lot_id: string | null;
  location_id: string;
  qty_base: number;
  type: string;
  occurred_at: number;
  local_date: string;
  entered_unit: string;
  entered_qty: string;
  unit_cost_cents: number | null;
  bin: string | null;
  note: string | null;
  performed_by: string;
  is_checked: boolean;
}

/** A movement as RxDB hands it to a storage. */
export type MovementDocument = RxDocumentData<Movement>;

const text = (maxLength: number) => ({ type: 'string', maxLength }) as const;
const maybe = (type: 'string' | 'integer') => ({ type: [type, 'null'] }) as const;

export const MOVEMENT_SCHEMA = fillWithDefaultSettings({
  title: 'bench_movements',
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: text(36),
    act_id: text(36),
    line_no: { type: 'integer' },
    item_id: text(36),
    lot_id: maybe('string'),
    location_id: text(36),
    qty_base: { type: 'integer' },
    type: text(20),
    occurred_at: { type: 'integer', minimum: 0, maximum: 9e12, multipleOf: 1 },
    local_date: text(10),
    entered_unit: text(40),
    entered_qty: text(20),
    unit_cost_cents: maybe('integer'),
    bin: maybe('string'),
    note: maybe('string'),
    performed_by: text(36),
    is_checked: { type: 'boolean' },
  },
  required: ['id', 'item_id', 'location_id', 'type', 'occurred_at'],
  indexes: [['item_id', 'location_id'], ['location_id', 'occurred_at'], ['occurred_at']],
} as unknown as RxJsonSchema<Movement>);

/** Fields of a movement in the order of the peers' columns, without the id. */
export const MOVEMENT_FIELDS = Object.keys(MOVEMENT_SCHEMA.properties).filter(
  (field) => field !== 'id' && !field.startsWith('_'),
) as (keyof Movement)[];

export const PAGE_ROWS = 50;
export const LOCATIONS = 12;
/** Movements of one item: what a query by index finds. */
const PER_ITEM = 25;
const FIRST_INSTANT = Date.UTC(2025, 0, 6, 8);
const MINUTE_MS = 60_000;
const TYPES = ['receive', 'use', 'waste', 'transfer_out', 'transfer_in', 'adjust'];
const UNITS = ['vial', 'box of 10', 'syringe', 'tube', 'bottle'];

/** Three well mixed numbers of 32 bits from one, the same on every machine. */
function mixed(seed: number): [number, number, number] {
  const next = (value: number): number => {
    let t = (value + 0x6d2b79f5) | 0;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
  const a = next(seed);
  const b = next(a);
  return [a, b, next(b)];
}

const hex = (value: number, digits: number): string =>
  (value >>> 0).toString(16).padStart(8, '0').slice(0, digits);

/** An id in the form of a UUID that follows from a kind and a number. */
export function idOf(kind: number, index: number): string {
  const [a, b, c] = mixed(kind * 0x1000003 + index);
  return `${hex(a, 8)}-${hex(b, 4)}-4${hex(c, 3)}-a${hex(index >>> 16, 8).slice(5)}-${hex(index, 8)}${hex(b, 4)}`;
}

const [MOVEMENT, ACT, ITEM, LOT, LOCATION, PERSON] = [1, 2, 3, 4, 5, 6] as const;

export const movementId = (index: number): string => idOf(MOVEMENT, index);
export const locationId = (index: number): string => idOf(LOCATION, Math.abs(index) % LOCATIONS);
/** The item with this number out of those that `rows` movements are about. */
export const itemId = (index: number, rows: number): string =>
  idOf(ITEM, Math.abs(index) % Math.max(1, Math.floor(rows / PER_ITEM)));

/** When the movement with this number happened; they come out of order. */
function instantOf(index: number, rows: number): number {
  // A multiplier without a common factor visits every minute of the span once.
  const step = 7_919;
  return FIRST_INSTANT + ((index * step) % Math.max(1, rows)) * MINUTE_MS;
}

/** The instants that cut `rows` movements into four equal parts, ends included. */
export const quarters = (rows: number): number[] =>
  [0, 1, 2, 3, 4].map((part) => FIRST_INSTANT + Math.ceil((rows * part) / 4) * MINUTE_MS);

/** The movement with this number out of `rows`; numbers from `rows` on are later ones. */
export function movement(index: number, rows: number): Movement {
  const [a, b, c] = mixed(index ^ 0x5eed);
  const isLater = index >= rows;
  const occurred = isLater ? FIRST_INSTANT + index * MINUTE_MS : instantOf(index, rows);
  return {
    id: movementId(index),
    act_id: idOf(ACT, index >> 1),
    line_no: index & 1,
    item_id: isLater ? idOf(ITEM, 1e6 + index) : itemId(a, rows),
    lot_id: b % 3 === 0 ? null : idOf(LOT, b % 500),
    // Later ones belong to a place of their own, so that counts and pages stay the same.
    location_id: isLater ? idOf(LOCATION, LOCATIONS) : locationId(c),
    qty_base: ((a % 400) - 200) * 10_000,
    type: TYPES[b % TYPES.length] ?? 'use',
    occurred_at: occurred,
    local_date: new Date(occurred).toISOString().slice(0, 10),
    entered_unit: UNITS[c % UNITS.length] ?? 'vial',
    entered_qty: String((a % 20) + 1),
    unit_cost_cents: b % 4 === 0 ? null : (c % 90_000) + 100,
    bin: c % 5 === 0 ? null : `Shelf ${(c % 9) + 1}, drawer ${(a % 4) + 1}`,
    note: b % 6 === 0 ? `Counted twice, ${b % 97} left over` : null,
    performed_by: idOf(PERSON, a % 40),
    is_checked: (a & 1) === 0,
  };
}

/** The same as RxDB hands it to a storage at its first write. */
export function movementDocument(index: number, rows: number): MovementDocument {
  return {
    ...movement(index, rows),
    _deleted: false,
    _attachments: {},
    _rev: '1-benchbench',
    _meta: { lwt: FIRST_INSTANT + index + 0.01 },
  } as MovementDocument;
}

export type MovementQuery = PreparedQuery<Movement>;

/** A query as a collection hands it to its storage. */
function prepared(query: MangoQuery<Movement>): MovementQuery {
  const selector = { ...query.selector, _deleted: { $eq: false } } as never;
  return prepareQuery(
    MOVEMENT_SCHEMA,
    normalizeMangoQuery(MOVEMENT_SCHEMA, { ...query, selector }),
  );
}

/** The queries of the bench, with what they look for. */
export const ASK = {
  byItem: (item: string) => ({ item, query: prepared({ selector: { item_id: { $eq: item } } }) }),
  allSorted: () => ({ query: prepared({ selector: {}, sort: [{ occurred_at: 'asc' }] }) }),
  between: (from: number, to: number) => ({
    from,
    to,
    query: prepared({
      selector: { occurred_at: { $gte: from, $lt: to } },
      sort: [{ occurred_at: 'asc' }],
    }),
  }),
  ofLocation: (location: string) => ({
    location,
    query: prepared({ selector: { location_id: { $eq: location } } }),
  }),
  page: (location: string) => ({
    location,
    query: prepared({
      selector: { location_id: { $eq: location } },
      sort: [{ occurred_at: 'desc' }],
      limit: PAGE_ROWS,
    }),
  }),
};
