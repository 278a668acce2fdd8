import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  MAX_CLOCK_AHEAD_MS,
  ZERO_HLC,
  clampStamps,
  formatHlc,
  parseHlc,
} from '#shared/kernel/hlc.ts';
import { canonicalJson } from '#shared/kernel/json.ts';
import type { Row } from '#shared/schema/define.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import { anyRecord } from '#shared/testing/arbitraries.ts';
import {
  clampRow,
  joinRecords,
  mergeRecord,
  stampEdit,
  stampedFields,
  stampsIn,
  stampsOf,
} from './join.ts';

const records = TABLE_NAMES.filter((name) => tableOf(name).kind === 'record');
const normal = (row: Row): string => {
  // A field that was never stamped carries no information but its canonical order.
  return canonicalJson(row);
};

describe.each(records)('%s', (table) => {
  const any = anyRecord(table);

  test('joining in any order gives the same record', () => {
    fc.assert(
      fc.property(any, any, (a, b) => {
        expect(normal(joinRecords(table, a, b))).toBe(normal(joinRecords(table, b, a)));
      }),
    );
  });

  test('joining in any grouping gives the same record', () => {
    fc.assert(
      fc.property(any, any, any, (a, b, c) => {
        const left = joinRecords(table, joinRecords(table, a, b), c);
        const right = joinRecords(table, a, joinRecords(table, b, c));
        expect(normal(left)).toBe(normal(right));
      }),
    );
  });

  test('joining again changes nothing', () => {
    fc.assert(
      fc.property(any, any, (a, b) => {
        const once = joinRecords(table, a, b);
        expect(normal(joinRecords(table, once, b))).toBe(normal(once));
        expect(normal(joinRecords(table, once, once))).toBe(normal(once));
      }),
    );
  });

  test('a contested field names both values, and the kept one stands in the record', () => {
    fc.assert(
      fc.property(any, any, (mine, theirs) => {
        const { row, contests } = mergeRecord(table, {}, mine, theirs);
        for (const { field, kept, lost, keptMine } of contests) {
          expect(row[field] ?? null).toEqual(kept.value);
          expect(kept.hlc > lost.hlc).toBe(true);
          expect((keptMine ? theirs : mine)[field] ?? null).toEqual(lost.value);
        }
      }),
    );
  });

  test('no value is lost without a trace: what differs is kept, contested or older than seen', () => {
    fc.assert(
      fc.property(any, any, (mine, theirs) => {
        const { row, contests } = mergeRecord(table, {}, mine, theirs);
        const told = new Set(contests.map((c) => c.field));
        for (const field of stampedFields(table)) {
          const { merge } = tableOf(table).fields[field] ?? { merge: 'CEN' };
          if (merge === 'SM') continue;
          const lostMine = canonicalJson(row[field]) !== canonicalJson(mine[field]);
          const mineHlc = stampsOf(mine)[field] ?? ZERO_HLC;
          const theirHlc = stampsOf(theirs)[field] ?? ZERO_HLC;
          // Unstamped values are the initial ones: nobody wrote them.
          if (lostMine && mineHlc !== ZERO_HLC && mineHlc !== theirHlc) {
            expect(told.has(field)).toBe(true);
          }
        }
      }),
    );
  });

  test('an edit seen by the other side is no contest', () => {
    fc.assert(
      fc.property(any, any, (theirs, edit) => {
        const stamp = 'ffffffffffff-0000-00000000000a';
        const own = Object.fromEntries(stampedFields(table).map((f) => [f, edit[f]]));
        const mine = stampEdit(table, theirs, { ...theirs, ...own }, stamp);
        const { contests } = mergeRecord(table, stampsOf(theirs), mine, theirs);
        expect(contests).toEqual([]);
      }),
    );
  });
});

test('a rule that prefers the left side breaks the laws and is caught', () => {
  const leftWins = (a: Row, b: Row): Row => ({ ...b, ...a });
  const law = fc.property(anyRecord('item_locations'), anyRecord('item_locations'), (a, b) => {
    expect(normal(leftWins(a, b))).toBe(normal(leftWins(b, a)));
  });
  expect(() => fc.assert(law)).toThrow();
});

test('stamps far in the future are brought back to the time of the server, in their order', () => {
  const now = 1_790_000_000_000;
  const node = '00000000000a';
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(10_000_000_000), { minLength: 1 }), (offsets) => {
      const stamps = offsets.map((ahead) => formatHlc({ ms: now + ahead, counter: 3, node }));
      const clamped = clampStamps(stamps, now);
      const after = stamps.map((stamp) => clamped.get(stamp) ?? stamp);
      for (const stamp of after) {
        expect(parseHlc(stamp).ms).toBeLessThanOrEqual(now + MAX_CLOCK_AHEAD_MS);
      }
      expect(new Set(after).size).toBe(stamps.length);
      const far = stamps.filter((stamp) => clamped.has(stamp)).toSorted();
      const back = far.map((stamp) => clamped.get(stamp) ?? '');
      expect(back).toEqual(back.toSorted());
    }),
  );
  const hlc = formatHlc({ ms: now + 86_400_000, counter: 0, node });
  const row = { id: 'x', created_at: now, created_by: null, device_id: null, hlc };
  const clamped = clampStamps(stampsIn(row), now);
  expect(parseHlc(String(clampRow(row, clamped).hlc)).ms).toBe(now);
});
