import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { inventoryItems } from '#shared/schema/tables/inventory-items.ts';
import type { TableRow } from '#shared/schema/tables.ts';
import { toCsv } from '../../../ui/csv.ts';
import { readCsv } from '../../../ui/csv-read.ts';
import { guessMapping, IMPORT_COLUMNS, readMapping, writeMapping } from './import-columns.ts';
import { planImport } from './import-plan.ts';
import type { ImportRights, PlannedRow } from './import-plan.ts';
import { NEW_ITEM, newItemRow } from './item-values.ts';

type Item = TableRow<'inventory_items'>;
const MANAGER: ImportRights = { make: 'active', mayChange: () => true };

const item = (over: Partial<Item>): Item =>
  ({
    ...newItemRow(newId(), { ...NEW_ITEM, name: 'Gauze', sku: 'GAU' }, [], 'active'),
    ...over,
  }) as Item;
const plan = (text: string, items: readonly Item[] = [], rights = MANAGER): PlannedRow[] => {
  const [head, ...records] = readCsv(text, ',');
  return planImport(records, guessMapping(head?.cells ?? []), items, rights);
};
const keys = (row: PlannedRow | undefined): string[] =>
  row?.outcome === 'wrong' ? row.problems.map(({ key }) => key) : [];

describe('what a file would do', () => {
  test('new, changed, unchanged and wrong, with lines', () => {
    const gauze = item({ name: 'Gauze', category: 'Dressings' });
    const tape = item({ sku: 'TAP', name: 'Tape' });
    const rows = plan(
      [
        'SKU,Name,Category,Unit,Lot policy,Hazardous,GTIN,Pack 1 unit,Pack 1 qty',
        'NEW-1,"Swab, alcohol",Dressings,each,optional,yes,4006381333931,box,200',
        'gau,Gauze,Wound care,,,,,,',
        'TAP,Tape,,each,none,no,,,',
        'BAD,,x,each,sometimes,,123,,',
      ].join('\n'),
      [gauze, tape],
    );
    expect(rows.map(({ line, outcome }) => [line, outcome])).toEqual([
      [2, 'new'],
      [3, 'changed'],
      [4, 'same'],
      [5, 'wrong'],
    ]);
    expect(rows[0]).toMatchObject({
      row: {
        sku: 'NEW-1',
        name: 'Swab, alcohol',
        hazardous: true,
        lot_policy: 'optional',
        packs: [
          { unit: 'each', qty_per_base: 10_000, gtin: '04006381333931' },
          { unit: 'box', qty_per_base: 2_000_000, gtin: null },
        ],
      },
    });
    expect(rows[1]).toMatchObject({
      id: gauze.id,
      changes: { category: 'Wound care' },
      before: { category: 'Dressings' },
    });
    expect(keys(rows[3])).toEqual(['word', 'field', 'gtin']);
  });

  test('a number of another item is said, whoever has it: an item or an earlier line', () => {
    const pen = item({
      sku: 'PEN',
      name: 'Pen',
      packs: [{ unit: 'each', qty_per_base: 10_000, gtin: '04006381333931' }],
    });
    const rows = plan(
      'sku,name,gtin\nA,Aa,4006381333931\nB,Bb,9506000134352\nC,Cc,09506000134352\nA,Again,\n,None,',
      [pen],
    );
    expect(rows.map(keys)).toEqual([
      ['gtinTaken'],
      [],
      ['gtinTwice'],
      ['skuTwice'],
      ['skuMissing'],
    ]);
    expect(rows[2]).toMatchObject({ problems: [{ line: 3 }] });
  });

  test('what an item was made as is not changed by a file, and not left out without a word', () => {
    const rows = plan('sku,unit,kind\nGAU,box,supply', [item({ base_unit: 'each' })]);
    expect(rows[0]).toMatchObject({
      problems: [{ key: 'frozen', column: 'base_unit', has: 'each', text: 'box' }],
    });
  });

  test('a date without a lot, half a pack, a quote that never ends, and what a person may not do', () => {
    expect(keys(plan('sku,name,expiry\nA,Aa,required')[0])).toEqual(['policies']);
    expect(keys(plan('sku,name,pack1 unit\nA,Aa,box')[0])).toEqual(['packHalf']);
    expect(keys(plan('sku,name\nA,"Aa')[0])).toEqual(['unclosed']);
    expect(keys(plan('sku,name\nA,Aa', [], { ...MANAGER, make: null })[0])).toEqual(['mayNotMake']);
    const others = { ...MANAGER, mayChange: () => false };
    expect(keys(plan('sku,name\nGAU,Other', [item({})], others)[0])).toEqual(['mayNotChange']);
    expect(plan('sku,name\nGAU,Gauze', [item({})], others)[0]?.outcome).toBe('same');
    expect(keys(plan('sku,name\nGAU,Gone', [item({ status: 'merged' })])[0])).toEqual(['merged']);
  });

  test('packs that the file does not name stay, and so does a number that it leaves out', () => {
    const packs = [
      { unit: 'box', qty_per_base: 200_000, gtin: '04006381333931' },
      { unit: 'case', qty_per_base: 2_000_000, gtin: null },
    ];
    const rows = plan('sku,pack 1 unit,pack 1 quantity\nGAU,box,50', [item({ packs })]);
    expect(rows[0]).toMatchObject({
      changes: {
        packs: [{ unit: 'box', qty_per_base: 500_000, gtin: '04006381333931' }, packs[1]],
      },
    });
  });
});

const word = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '7', ' ', '-'), maxLength: 50 });
const line = fc.tuple(
  fc.constantFrom('', 'GAU', 'gau', 'A', 'B', 'C'),
  word,
  fc.constantFrom('', 'each', 'box'),
  fc.constantFrom('', 'none', 'optional', 'required', '?'),
  fc.constantFrom('', 'none', 'optional', 'required'),
  fc.constantFrom('', '4006381333931', '4006381333932', '9506000134352'),
);

test('whatever the file says: every record is answered, and what would be written fits the table', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
      const head = ['sku', 'name', 'unit', 'lot', 'expiry', 'gtin'];
      const [, ...records] = readCsv(toCsv([head, ...lines]), ',');
      const gauze = item({});
      const rows = planImport(records, guessMapping(head), [gauze], MANAGER);
      expect(rows.map((row) => row.line)).toEqual(records.map((record) => record.line));
      const skus = new Set<string>();
      const gtins = new Map<string, string>();
      for (const row of rows) {
        if (row.outcome === 'wrong') expect(row.problems.length).toBeGreaterThan(0);
        if (row.outcome !== 'new') continue;
        for (const [name, field] of Object.entries(inventoryItems.fields)) {
          const value = row.row[name as keyof typeof row.row];
          expect(field.zod.safeParse(value).success, `${name} ${JSON.stringify(value)}`).toBe(true);
        }
        expect(skus.has(row.row.sku.toUpperCase())).toBe(false);
        skus.add(row.row.sku.toUpperCase());
        for (const { gtin } of row.row.packs) {
          if (gtin === null) continue;
          expect(gtins.get(gtin) ?? row.row.sku).toBe(row.row.sku);
          gtins.set(gtin, row.row.sku);
        }
      }
    }),
  );
});

test('two desks that take the same file in make each item once', () => {
  const file = 'SKU,Name,Unit\nNEW-1,Swab,each\nnew-2,Tape,each';
  const made = (text: string): string[] =>
    plan(text).flatMap((row) => (row.outcome === 'new' ? [row.row.id] : []));
  expect(new Set(made(file)).size).toBe(2);
  expect(made(file.replace('new-2', 'NEW-2 '))).toEqual(made(file));
});

test('once imported, the same file changes nothing', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
      const head = ['sku', 'name', 'unit', 'lot', 'expiry', 'gtin'];
      const text = toCsv([head, ...lines]);
      const first = plan(text, []);
      const made = first.flatMap((row) => (row.outcome === 'new' ? [row.row as Item] : []));
      const second = plan(text, made);
      for (const [n, row] of first.entries()) {
        expect(second[n]?.outcome).toBe(row.outcome === 'new' ? 'same' : 'wrong');
      }
    }),
  );
});

test('headings are recognized in both languages, and what was chosen for them is remembered', () => {
  expect(guessMapping(['Nombre', 'Código', 'Unidad', 'Fabricante', 'Otro'])).toEqual({
    name: 0,
    sku: 1,
    base_unit: 2,
    manufacturer: 3,
  });
  expect(Object.keys(guessMapping(IMPORT_COLUMNS)).toSorted()).toEqual(
    [...IMPORT_COLUMNS].toSorted(),
  );
  const kept = writeMapping({ sku: 1, name: 0 }, ['Text', 'No.']);
  expect(readMapping(kept, ['No.', 'x', 'Text'])).toEqual({ sku: 0, name: 2 });
  expect(readMapping(kept, ['a', 'b'])).toBeNull();
  expect(readMapping('nothing', ['a'])).toBeNull();
});

test('5,000 rows are read and planned within two seconds', () => {
  const head = ['sku', 'name', 'category', 'unit', 'lot', 'pack 1 unit', 'pack 1 qty'];
  const rows = Array.from({ length: 5000 }, (_, n) => [
    `IMP-${n}`,
    `Invented item, number ${n}`,
    'Imported',
    'each',
    'optional',
    'box',
    '20',
  ]);
  const began = performance.now();
  const planned = plan(toCsv([head, ...rows]));
  expect(planned.filter(({ outcome }) => outcome === 'new')).toHaveLength(5000);
  expect(performance.now() - began).toBeLessThan(2_000);
});
