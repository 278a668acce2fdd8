import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatHlc } from '#shared/kernel/hlc.ts';
import type { Hlc } from '#shared/kernel/hlc.ts';
import { derivedId } from '#shared/kernel/ids.ts';
import { sameContent } from '#shared/kernel/json.ts';
import type { Row } from '#shared/schema/define.ts';
import { applyEdit, editsOf, linesAreSound, movedFields } from './decide.ts';
import { undoOf } from '#shared/schema/review-lines.ts';
import { joinRecords, mergeRecord, stampsOf } from './join.ts';

const ROW = derivedId('test', 'place');
const ANA = derivedId('test', 'ana');
const FIELDS = ['par', 'min', 'bin'] as const;
const stamp = (ms: number, node = 1): Hlc =>
  formatHlc({ ms, counter: 0, node: String(node).padStart(12, '0') });

const valueOf = (field: string, n: number): unknown => (field === 'bin' ? `B${n}` : n * 10_000);

/** A state of a place of an item: each field with a value and the moment of its last change. */
const state = (span: { min: number; max: number }): fc.Arbitrary<Row> =>
  fc
    .tuple(
      ...FIELDS.map(() => fc.tuple(fc.nat(5), fc.integer(span), fc.integer({ min: 1, max: 3 }))),
    )
    .map((all): Row => {
      const row: Row = { id: ROW, created_at: 1, created_by: ANA, device_id: null, field_hlc: {} };
      const stamps: Record<string, Hlc> = {};
      FIELDS.forEach((field, index) => {
        const [n, ms, node] = all[index] ?? [0, 1, 1];
        row[field] = valueOf(field, n);
        stamps[field] = stamp(ms, node);
      });
      return { ...row, field_hlc: stamps };
    });

/** A decision about some fields of a record as it stands, made at a time. */
const decided = (row: Row, ms: number, chosen: readonly [string, number][]): Row => ({
  id: derivedId('test', String(ms)),
  created_at: ms,
  created_by: ANA,
  device_id: null,
  hlc: stamp(ms, 9),
  origin_seq: null,
  location_id: null,
  table_name: 'item_locations',
  row_id: ROW,
  lines: [...new Map(chosen)].map(([field, n], index) => ({
    about: 'conflict_log',
    about_id: derivedId('test', 'conflict', String(index)),
    field,
    choice: 'other',
    value: valueOf(field, n),
    before: row[field],
    seen: stampsOf(row)[field] ?? null,
  })),
  reverses_id: null,
  accepted_at: null,
});
const choices = fc.array(fc.tuple(fc.constantFrom(...FIELDS), fc.nat(9)), {
  minLength: 1,
  maxLength: 4,
});
const apply = (row: Row, decision: Row): Row =>
  editsOf(decision)
    .filter(({ table }) => table === 'item_locations')
    .reduce(applyEdit, row);

test('a decision and other edits give the same record in any order', () => {
  fc.assert(
    fc.property(
      state({ min: 1, max: 50 }),
      state({ min: 1, max: 200 }),
      choices,
      fc.integer({ min: 51, max: 150 }),
      (row, edited, chosen, at) => {
        const decision = decided(row, at, chosen);
        const first = joinRecords('item_locations', apply(row, decision), edited);
        const last = apply(joinRecords('item_locations', row, edited), decision);
        expect(first).toEqual(last);
        expect(apply(last, decision)).toEqual(last);
      },
    ),
  );
});

test('two decisions give the same record in any order, and a later one stands', () => {
  fc.assert(
    fc.property(state({ min: 1, max: 50 }), choices, choices, (row, one, two) => {
      const a = decided(row, 100, one);
      const b = decided(row, 101, two);
      expect(apply(apply(row, a), b)).toEqual(apply(apply(row, b), a));
    }),
  );
});

test('undone, a decision has left no trace but the stamps, where nobody changed anything since', () => {
  fc.assert(
    fc.property(state({ min: 1, max: 50 }), choices, (row, chosen) => {
      const decision = decided(row, 100, chosen);
      const after = apply(row, decision);
      const undo: Row = { ...decision, ...undoOf(decision), id: ROW, hlc: stamp(101, 9) };
      expect(movedFields(after, undo)).toEqual([]);
      expect(linesAreSound('item_locations', after, undo)).toBe(true);
      const back = apply(after, undo);
      for (const field of FIELDS) expect(back[field]).toEqual(row[field]);
    }),
  );
});

test('a decision is stale exactly when a field of it was changed after it was seen', () => {
  fc.assert(
    fc.property(
      state({ min: 1, max: 50 }),
      state({ min: 1, max: 99 }),
      choices,
      (row, edited, chosen) => {
        const decision = decided(row, 100, chosen);
        const now = joinRecords('item_locations', row, edited);
        const changed = [...new Map(chosen).keys()].filter(
          (field) => (stampsOf(now)[field] ?? '') > (stampsOf(row)[field] ?? ''),
        );
        expect(movedFields(now, decision)).toEqual(changed);
        // What it has done already is no reason against it.
        expect(movedFields(apply(row, decision), decision)).toEqual([]);
      },
    ),
  );
});

test('who edits without having seen a decision is contested, never lost in silence', () => {
  fc.assert(
    fc.property(state({ min: 1, max: 50 }), choices, fc.nat(9), (row, chosen, n) => {
      const after = apply(row, decided(row, 100, chosen));
      const field = chosen[0]?.[0] ?? 'bin';
      const hlc = { ...stampsOf(row), [field]: stamp(90, 2) };
      const mine: Row = { ...row, [field]: valueOf(field, n), field_hlc: hlc };
      const { contests } = mergeRecord('item_locations', stampsOf(row), mine, after);
      const same = sameContent(mine[field], after[field]);
      expect(contests.map((contest) => contest.field)).toEqual(same ? [] : [field]);
    }),
  );
});

test('reviews follow their decision, once each, and an undo opens them again', () => {
  const review = derivedId('test', 'review');
  const about = { about: 'review_items', about_id: review, before: 1, seen: null, choice: 'kept' };
  const decision: Row = {
    ...decided({ id: ROW, created_at: 1, created_by: ANA, device_id: null }, 100, []),
    lines: [
      { ...about, field: 'par', value: 1 },
      { ...about, field: 'min', value: 2 },
    ],
  };
  expect(editsOf(decision)).toEqual([
    { table: 'item_locations', id: ROW, fields: { par: 1, min: 2 }, hlc: decision.hlc },
    {
      table: 'review_items',
      id: review,
      fields: { status: 'decided', decision: 'kept', decided_by: ANA },
      hlc: decision.hlc,
    },
  ]);
  const undo = { ...decision, ...undoOf(decision) } as Row;
  expect(editsOf(undo)[1]?.fields).toEqual({ status: 'open', decision: null, decided_by: null });
});
