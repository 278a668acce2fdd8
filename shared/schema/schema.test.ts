import { describe, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { expandAct } from '#shared/merge/expand.ts';
import type { Row } from './define.ts';
import { lotId } from './lots.ts';
import { MACHINES } from './machines.ts';
import { deviceFields, parseRow } from './rows.ts';
import { rxSchemaOf } from './rx-schema.ts';
import { PULL_ORDER, TABLE_NAMES, isTableName, tableOf } from './tables.ts';

const HLC = '019300000000-0000-0123456789ab';
const NOW = 1_790_000_000_000;
const stamp = { created_at: NOW, created_by: newId(), device_id: newId() };

const act = (lines: unknown[], extra: object = {}): Record<string, unknown> => ({
  id: newId(),
  ...stamp,
  hlc: HLC,
  origin_seq: 1,
  kind: 'receive',
  location_id: newId(),
  occurred_at: NOW,
  local_date: '2026-11-22',
  reason_code: null,
  note: null,
  lines,
  ...extra,
});
const line = (extra: object = {}): Record<string, unknown> => ({
  item_id: newId(),
  qty_base: 100_000,
  lot_no: 'ab 12',
  expiry_date: '2027-01-31',
  serial: '',
  entered_unit: 'box',
  entered_qty: '1',
  unit_cost_cents: null,
  ...extra,
});

describe.each(TABLE_NAMES)('%s', (name) => {
  const table = tableOf(name);

  test('secrets never reach a device', () => {
    for (const field of Object.values(table.fields)) {
      if (field.phi === 'P3') expect(field.onDevice).toBe(false);
    }
  });

  test('every id that refers to something refers to a table that exists and comes before', () => {
    for (const field of Object.values(table.fields)) {
      if (field.references !== null) expect(isTableName(field.references)).toBe(true);
    }
  });

  test('its RxDB schema has every field of a device, and indexes only over present fields', () => {
    const schema = rxSchemaOf(name);
    for (const [field] of deviceFields(table)) expect(schema.properties).toHaveProperty(field);
    for (const index of schema.indexes) {
      for (const field of index) expect(table.fields[field]?.nullable).toBe(false);
    }
  });

  test('a fact or log has only fields that are set once, a central table only central ones', () => {
    for (const { merge } of Object.values(table.fields)) {
      if (table.kind === 'fact' || table.kind === 'log') expect(merge).toBe('AO');
      if (table.kind === 'central') expect(merge).toBe('CEN');
    }
  });

  test('a state machine that it names exists and is about its own field', () => {
    if (table.machine === null) return;
    const machine = MACHINES[table.machine.name as keyof typeof MACHINES];
    expect(machine.table).toBe(name);
    expect(machine.field).toBe(table.machine.field);
    const states = tableOf(name).fields[machine.field]?.values ?? [];
    for (const { from, to } of machine.transitions) {
      expect(states).toContain(from);
      expect(states).toContain(to);
    }
  });
});

test('what today needs is pulled before history', () => {
  expect(PULL_ORDER.indexOf('inventory_items')).toBeLessThan(PULL_ORDER.indexOf('audit_logs'));
  expect(PULL_ORDER[0]).toBe('locations');
});

describe('bad rows are refused with the names of the fields, never with values', () => {
  const refused = (input: unknown): string[] => {
    const parsed = parseRow('stock_acts', input);
    return parsed.ok ? [] : parsed.fields;
  };

  test('an unknown field', () => {
    expect(refused(act([line()], { colour: 'red' }))).toEqual(['colour']);
  });
  test('a date that does not exist', () => {
    expect(refused(act([line()], { local_date: '2026-02-30' }))).toEqual(['local_date']);
    expect(refused(act([line({ expiry_date: '2027-02-29' })]))).toEqual(['lines.0.expiry_date']);
  });
  test('a quantity that is zero or negative', () => {
    expect(refused(act([line({ qty_base: 0 })]))).toEqual(['lines.0.qty_base']);
    expect(refused(act([line({ qty_base: -5 })]))).toEqual(['lines.0.qty_base']);
  });
  test('an act without lines', () => expect(refused(act([]))).toEqual(['lines']));
  test('broken text in a field of which the id is made', () => {
    const row = { id: act([line()])['id'], created_at: 1_790_000_000_000, read: {}, field_hlc: {} };
    const broken = { ...row, user_id: row.id, notification_id: '\ud800' };
    expect(parseRow('notification_reads', broken)).toMatchObject({ ok: false });
  });
  test('unreadable text', () => {
    expect(refused(act([line()], { note: 'a\u0000b' }))).toEqual(['note']);
    expect(refused(act([line()], { note: '\ud800' }))).toEqual(['note']);
  });
  test('a negative pack size', () => {
    const packs = [{ unit: 'box', qty_per_base: -10, gtin: null }];
    const parsed = parseRow('inventory_items', { id: newId(), ...stamp, field_hlc: {}, packs });
    expect(parsed.ok ? [] : parsed.fields).toContain('packs.0.qty_per_base');
  });
  test('something that is no row at all', () => expect(refused('x')).toEqual(['(row)']));
});

describe('the act of receiving', () => {
  const parse = (input: unknown): Row => {
    const parsed = parseRow('stock_acts', input);
    if (!parsed.ok) throw new Error(parsed.fields.join());
    return parsed.row as unknown as Row;
  };

  test('stands for one movement a line and one lot a kind of lot, with derived ids', () => {
    const item = newId();
    const same = line({ item_id: item, lot_no: 'AB12' });
    const other = line({ item_id: item, lot_no: 'ab 12' });
    const document = parse(act([same, other, line({ lot_no: null, expiry_date: null })]));
    const rows = expandAct('stock_acts', document);
    expect(rows.map((r) => r.table).toSorted()).toEqual([
      'inventory_lots',
      'stock_movements',
      'stock_movements',
      'stock_movements',
    ]);
    expect(expandAct('stock_acts', document)).toEqual(rows);
    const lot = rows.find((r) => r.table === 'inventory_lots');
    expect(lot?.row.id).toBe(
      lotId({ itemId: item, lotNo: 'Ab12', expiryDate: '2027-01-31', serial: '' }),
    );
  });

  test('adds when it receives and takes away when it issues', () => {
    const received = expandAct('stock_acts', parse(act([line()])));
    const issued = expandAct('stock_acts', parse(act([line()], { kind: 'issue' })));
    const quantity = (rows: typeof received): unknown =>
      rows.find((r) => r.table === 'stock_movements')?.row['qty_base'];
    expect(quantity(received)).toBe(100_000);
    expect(quantity(issued)).toBe(-100_000);
  });
});
