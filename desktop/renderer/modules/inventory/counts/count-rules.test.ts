import { describe, expect, test } from 'vitest';
import type { CountSessionRow } from '#shared/ipc/views.ts';
import {
  countersOf,
  difference,
  linesToRecount,
  offeredSteps,
  originalOf,
  recountId,
  recountsOf,
  seesBooks,
  verdictOf,
} from './count-rules.ts';
import { aLine } from './lines.suite.ts';

const all = () => true;
type Steps = Pick<CountSessionRow, 'status' | 'counted_by' | 'lines'>;
const count = (status: string, counted_by: string, ...counters: string[]): Steps => ({
  status,
  counted_by,
  lines: counters.map((counter_id) => aLine({ counter_id })),
});

describe('offeredSteps', () => {
  test('who is counting can finish or void', () => {
    expect(offeredSteps(count('open', 'me'), 'me', all)).toEqual(['submitted', 'voided']);
  });

  test('nobody approves a count of their own, whoever opened it', () => {
    expect(offeredSteps(count('in_review', 'me'), 'me', all)).toEqual(['voided']);
    expect(offeredSteps(count('in_review', 'you', 'you', 'me'), 'me', all)).toEqual(['voided']);
    expect(offeredSteps(count('in_review', 'you', 'you'), 'me', all)).toEqual(['posted', 'voided']);
  });

  test('approving needs the right to approve', () => {
    const staff = (operation: string) => operation !== 'approve';
    expect(offeredSteps(count('in_review', 'you'), 'me', staff)).toEqual([]);
  });

  test('a submitted count waits for the server; who may approve can give it up', () => {
    expect(offeredSteps(count('submitted', 'you'), 'me', all)).toEqual(['voided']);
    const staff = (operation: string) => operation !== 'approve';
    expect(offeredSteps(count('submitted', 'you'), 'me', staff)).toEqual([]);
  });
});

describe('difference', () => {
  const of = (counted_qty: number, expected_qty: number | null) =>
    difference({ counted_qty, expected_qty, unit_cost_cents: 50 });

  test('is large beyond one unit or two per cent, whichever is more, and has its worth', () => {
    expect(of(90_000, 100_000)).toEqual({ quantity: -10_000, cents: -50, large: false });
    expect(of(89_000, 100_000)?.large).toBe(true);
    expect(of(9_820_000, 10_000_000)).toEqual({ quantity: -180_000, cents: -900, large: false });
  });

  test('is not told while the books are not', () => {
    expect(of(90_000, null)).toBeNull();
    expect(verdictOf([aLine({}), aLine({ item_id: 'other', expected_qty: null })])).toBeNull();
  });
});

describe('who sees the books beside a count', () => {
  const look = (status: string, viewer: Partial<Parameters<typeof seesBooks>[1]>, blind = true) =>
    seesBooks(
      { ...count(status, 'ana', 'ana', 'ben'), blind },
      { userId: 'boss', mayApprove: true, recounts: false, ...viewer },
    );

  test('blind and open: nobody, not even who approves', () => {
    expect(look('open', {})).toBe(false);
    expect(look('open', {}, false)).toBe(true);
  });

  test('blind and finished: who approves and counted none of it', () => {
    for (const status of ['submitted', 'in_review']) {
      expect(look(status, {})).toBe(true);
      expect(look(status, { userId: 'ben' })).toBe(false);
      expect(look(status, { mayApprove: false })).toBe(false);
    }
  });

  test('decided: all; but never who is counting its differences again', () => {
    for (const status of ['posted', 'voided']) {
      expect(look(status, { userId: 'ana', mayApprove: false })).toBe(true);
      expect(look(status, { recounts: true })).toBe(false);
      expect(look(status, { recounts: true }, false)).toBe(false);
    }
  });
});

describe('counting differences again', () => {
  const original = { id: 'a0000000-0000-4000-8000-000000000001', sent_back: { who: 'Boss' } };
  const recount = { id: recountId(original.id, 'ben'), counted_by: 'ben' };

  test('every device knows which counts belong together', () => {
    const other = { id: recountId(original.id, 'ben'), counted_by: 'ana' };
    expect(recountsOf([recount, other], original)).toEqual([recount]);
    expect(originalOf([original], recount)).toBe(original);
    expect(originalOf([{ ...original, sent_back: null }], recount)).toBeNull();
    expect(recountsOf([recount], { ...original, sent_back: null })).toEqual([]);
  });

  test('is about what is far off, or about all that differs where nothing is', () => {
    const far = aLine({ item_id: 'far', counted_qty: 0, expected_qty: 100_000 });
    const near = aLine({ item_id: 'near', counted_qty: 90_000, expected_qty: 100_000 });
    const same = aLine({ item_id: 'same', counted_qty: 100_000, expected_qty: 100_000 });
    expect(linesToRecount([far, near, same])).toEqual([far]);
    expect(linesToRecount([near, same])).toEqual([near]);
  });
});

test('who opened a count is one of its counters, whether they counted a line or not', () => {
  expect([...countersOf(count('open', 'ana', 'ben', 'ben'))]).toEqual(['ana', 'ben']);
});
