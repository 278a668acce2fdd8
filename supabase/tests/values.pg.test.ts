import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '#stack/test-database.ts';
import { newId } from '#shared/kernel/ids.ts';
import type { Field } from '#shared/schema/define.ts';
import { Pack } from '#shared/schema/tables/inventory-items.ts';
import { STOCK_ACT_SIGNS, StockActLine } from '#shared/schema/tables/stock-acts.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { NOT_ONESELF, attempt, installAttempt } from './support/callers.ts';
import { boundsOf, jsonShape } from '../schema/table-sql.ts';
import { HLC, insertStatement, sampleRow } from '../schema/sample-rows.ts';
import type { References } from '../schema/sample-rows.ts';
import { freshParents, plantWorld } from './support/world.ts';

const CHECK = '23514';
const NOT_NULL = '23502';
const NOWHERE = '23503';
const TAKEN = 'rows:1';

let db: TestDatabase;
let client: pg.PoolClient;
let world: References;
const refsOf = {} as Record<TableName, References>;

beforeAll(async () => {
  db = await openTestDatabase({ seed: false });
  await installAttempt(db);
  client = await db.postgres.connect();
  world = await plantWorld(client);
  for (const table of TABLE_NAMES) refsOf[table] = await freshParents(client, table, world);
});
afterAll(async () => {
  client.release();
  await db.close();
});

/** A value of a field and what must become of it, with the other values that belong to it. */
interface Trial {
  readonly name: string;
  readonly value: unknown;
  readonly answer: string;
  readonly beside?: Readonly<Record<string, unknown>>;
}

/** Every value that a definition takes or refuses, for one field. */
function trialsOf(table: TableName, name: string, field: Field<unknown>): Trial[] {
  const trials: Trial[] = [];
  const add = (value: unknown, taken: boolean | string, beside: Trial['beside'] = {}): void => {
    const answer = typeof taken === 'string' ? taken : taken ? TAKEN : CHECK;
    trials.push({ name, value, answer, beside });
  };
  add(null, field.nullable || NOT_NULL);
  if (field.references) {
    const otherSite = table === 'count_lines' && name === 'location_id';
    add(newId(), otherSite ? NOT_ONESELF : NOWHERE, signFor(table, name, 'x'));
  }
  switch (field.kind) {
    case 'enum':
      for (const value of field.values ?? []) add(value, true, signFor(table, name, value));
      add('something else', false);
      break;
    case 'int':
    case 'quantity':
    case 'cents': {
      const { minimum, maximum } = boundsOf(field);
      add(minimum, true, signFor(table, name, minimum));
      add(maximum, true);
      add(minimum - 1, false, signFor(table, name, minimum));
      add(maximum + 1, false);
      break;
    }
    case 'text': {
      const most = field.maxLength ?? 0;
      // What is in a shared text only those know who merge it; here it is so many characters.
      const takes = (text: string): boolean =>
        field.merge === 'TXT' || field.zod.safeParse(text).success;
      add('ü'.repeat(most), true);
      add('ü'.repeat(most + 1), false);
      add('', takes(''));
      add('   ', takes('   '));
      break;
    }
    case 'uuids': {
      const ids = Array.from({ length: 200 }, newId).toSorted();
      const most = ids.findIndex((_, at) => !field.zod.safeParse(ids.slice(0, at + 1)).success);
      add([], true);
      add(ids.slice(0, most), true);
      add(ids.slice(0, most + 1), false);
      add(ids.slice(0, 2).toReversed(), false);
      add([ids[0], ids[0]], false);
      break;
    }
    case 'json': {
      const shape = BY_HAND.has(`${table}.${name}`) ? null : jsonShape(field);
      if (shape?.type === 'object') {
        add({ a: 1 }, true);
        for (const other of [[], ['a'], 'a', 1, true]) add(other, false);
      }
      if (shape?.type === 'array') {
        const items = (length: number): unknown[] => Array.from({ length }, () => ({}));
        add(items(shape.least), true);
        add(items(shape.most), true);
        add(items(shape.most + 1), false);
        if (shape.least > 0) add(items(shape.least - 1), false);
        for (const other of [{}, 'a', 1, true]) add(other, false);
      }
      break;
    }
    default:
      break;
  }
  return trials;
}

/** Documents whose checks say more than their shape; see below. */
const BY_HAND = new Set(['inventory_items.packs', 'stock_acts.lines', 'audit_logs.field_names']);

/** A movement has the sign of its type, and a reversal the other one. */
function signFor(table: TableName, name: string, value: unknown): Record<string, unknown> {
  if (table !== 'stock_movements') return {};
  if (name === 'type') {
    return { qty_base: (STOCK_ACT_SIGNS[value as keyof typeof STOCK_ACT_SIGNS] || 1) * 5 };
  }
  if (name === 'qty_base') return { type: 'issue' };
  return name === 'reverses_id' ? { qty_base: -5 } : {};
}

const statementFor = (table: TableName, values: Record<string, unknown>): string =>
  insertStatement(table, sampleRow(table, refsOf[table], values));

async function tryRow(table: TableName, values: Record<string, unknown>): Promise<string> {
  const [result] = await attempt(client, [statementFor(table, values)]);
  return result ?? '';
}

/** What becomes of statements while a first one stands; all is undone. */
async function tryBeside(first: string, statements: readonly string[]): Promise<string[]> {
  try {
    await client.query('begin');
    await client.query(first);
    return await attempt(client, statements);
  } finally {
    await client.query('rollback');
  }
}

describe('every field', () => {
  let tried = 0;
  afterAll(() => {
    process.stdout.write(`values: ${tried} values tried\n`);
  });

  it.each(TABLE_NAMES)('of %s takes what its definition takes, and nothing else', async (table) => {
    const trials = Object.entries(tableOf(table).fields).flatMap(([name, field]) =>
      trialsOf(table, name, field),
    );
    const results = await attempt(
      client,
      trials.map(({ name, value, beside }) => statementFor(table, { ...beside, [name]: value })),
    );
    tried += trials.length;
    const wrong = trials.flatMap(({ name, value, answer }, at) =>
      results[at] === answer
        ? []
        : [`${name} = ${JSON.stringify(value).slice(0, 60)}: ${answer} expected, ${results[at]}`],
    );
    expect(wrong).toEqual([]);
    expect(trials.length).toBeGreaterThanOrEqual(Object.keys(tableOf(table).fields).length);
  });
});

describe('a row', () => {
  it.each(TABLE_NAMES.filter((table) => tableOf(table).kind === 'fact'))(
    'of %s has a number of its own on its device, and a stamp',
    async (table) => {
      const values = { device_id: newId(), origin_seq: 7 };
      const others = refsOf[table];
      const more = await freshParents(client, table, world);
      const insert = (given: Record<string, unknown>): string =>
        insertStatement(table, sampleRow(table, more, { ...values, ...given }));
      expect(
        await tryBeside(insertStatement(table, sampleRow(table, others, values)), [
          insert({}),
          insert({ device_id: newId() }),
        ]),
      ).toEqual(['23505', TAKEN]);
      const stamps = ['', 'x', HLC.toUpperCase(), `${HLC}0`];
      expect(
        new Set(
          await attempt(client, [
            insert({ origin_seq: 1, device_id: null }),
            ...stamps.map((hlc) => insert({ hlc })),
          ]),
        ),
      ).toEqual(new Set([CHECK]));
    },
  );

  it.each(TABLE_NAMES.filter((table) => tableOf(table).kind === 'record'))(
    'of %s has its stamps and their writers by field',
    async (table) => {
      const row = sampleRow(table, refsOf[table]);
      const plain = insertStatement(table, row);
      const [before, values = ''] = plain.split(') values (');
      const withColumn = (column: string, value: string): string =>
        `${before}, ${column}) values (${values.slice(0, -1)}, ${value})`;
      const stamps = plain.replace(`'{}'`, `'[]'`);
      expect(stamps).not.toBe(plain);
      expect(await attempt(client, [plain, withColumn('field_by', `'[]'`), stamps])).toEqual([
        TAKEN,
        CHECK,
        CHECK,
      ]);
    },
  );

  it('of the ledger has the sign of its type, and a reversal the other one', async () => {
    const of = refsOf.stock_movements.stock_movements;
    const answers = async (type: string, reverses_id: string | undefined): Promise<string[]> => {
      const tried = [5, -5, 0].map((qty_base) =>
        statementFor('stock_movements', { type, qty_base, reverses_id }),
      );
      return attempt(client, tried);
    };
    for (const [type, sign] of Object.entries(STOCK_ACT_SIGNS)) {
      const taken = (wanted: number, found: number): string =>
        wanted === 0 || wanted === found ? TAKEN : CHECK;
      expect(await answers(type, undefined)).toEqual([taken(sign, 1), taken(sign, -1), CHECK]);
      expect(await answers(type, of)).toEqual([taken(-sign, 1), taken(-sign, -1), CHECK]);
    }
  });

  it('grants nothing to the one who grants it', async () => {
    expect(await tryRow('user_roles', { granted_by: refsOf.user_roles.users })).toBe(CHECK);
  });

  it('names a mailbox in small letters', async () => {
    expect(await tryRow('users', { email: 'Rosa@ganger.example' })).toBe(CHECK);
  });

  it('lists field names as a list', async () => {
    expect(await tryRow('audit_logs', { field_names: { par: 1 } })).toBe(CHECK);
  });
});

describe('documents within a row', () => {
  const pack = { unit: 'box', qty_per_base: 500_000, gtin: null };
  const packs: readonly unknown[] = [
    [],
    [pack],
    [{ ...pack, gtin: '00400000000017' }],
    Array.from({ length: 20 }, () => pack),
    Array.from({ length: 21 }, () => pack),
    [{ ...pack, qty_per_base: 0 }],
    [{ ...pack, qty_per_base: -1 }],
    [{ ...pack, qty_per_base: 1.5 }],
    [{ ...pack, qty_per_base: '5' }],
    [{ ...pack, qty_per_base: 100_000_000_001 }],
    [{ unit: 'box', gtin: null }],
    [{ unit: 'box', qty_per_base: 1 }],
    [{ ...pack, unit: 5 }],
    [{ ...pack, gtin: 14 }],
    [{ ...pack, gtin: ['00400000000017'] }],
    [{ ...pack, unit: '' }],
    [{ ...pack, unit: 'x'.repeat(41) }],
    [{ ...pack, gtin: '123' }],
    [pack, { ...pack, gtin: 14 }],
    [null],
    ['box'],
    {},
    'box',
  ];

  it.each(packs.map((value) => [JSON.stringify(value).slice(0, 60), value]))(
    'packs are what the code takes: %s',
    async (_, value) => {
      const taken = Pack.array().max(20).safeParse(value).success;
      expect(await tryRow('inventory_items', { packs: value })).toBe(taken ? TAKEN : CHECK);
    },
  );

  const line = {
    item_id: newId(),
    qty_base: 10_000,
    lot_no: null,
    expiry_date: null,
    serial: '',
    entered_unit: 'each',
    entered_qty: '1',
    unit_cost_cents: null,
  };
  const lines: readonly unknown[] = [
    [line],
    Array.from({ length: 200 }, () => line),
    Array.from({ length: 201 }, () => line),
    [],
    {},
    null,
    [null],
    [{ ...line, qty_base: 0 }],
    [{ ...line, qty_base: -10_000 }],
    [{ ...line, qty_base: 0.5 }],
    [{ ...line, qty_base: '1' }],
    [{ ...line, qty_base: null }],
    [line, { ...line, item_id: 'x' }],
    [{ ...line, item_id: line.item_id.toUpperCase() }],
    [{ ...line, item_id: 5 }],
    [{ ...line, item_id: null }],
    [{ qty_base: 1 }],
  ];

  it.each(lines.map((value) => [JSON.stringify(value).slice(0, 60), value]))(
    'lines of an act are what the code takes: %s',
    async (_, value) => {
      const taken = StockActLine.array().min(1).max(200).safeParse(value).success;
      const refused = value === null ? '23502' : CHECK;
      expect(await tryRow('stock_acts', { lines: value })).toBe(taken ? TAKEN : refused);
    },
  );
});
