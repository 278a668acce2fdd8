import { describe, expect, test } from 'vitest';
import { difference, offeredSteps } from './count-rules.ts';

const all = () => true;

describe('offeredSteps', () => {
  test('who is counting can finish or void', () => {
    expect(offeredSteps({ status: 'open', counted_by: 'me' }, 'me', all)).toEqual([
      'submitted',
      'voided',
    ]);
  });

  test('nobody approves a count of their own', () => {
    const own = offeredSteps({ status: 'in_review', counted_by: 'me' }, 'me', all);
    const other = offeredSteps({ status: 'in_review', counted_by: 'you' }, 'me', all);
    expect(own).toEqual(['voided']);
    expect(other).toEqual(['posted', 'voided']);
  });

  test('approving needs the right to approve', () => {
    const staff = (operation: string) => operation !== 'approve';
    expect(offeredSteps({ status: 'in_review', counted_by: 'you' }, 'me', staff)).toEqual([]);
  });

  test('a submitted count waits for the server; who may approve can give it up', () => {
    const count = { status: 'submitted', counted_by: 'you' };
    expect(offeredSteps(count, 'me', all)).toEqual(['voided']);
    expect(offeredSteps(count, 'me', (operation) => operation !== 'approve')).toEqual([]);
  });
});

describe('difference', () => {
  test('is large beyond one unit or two per cent, whichever is more', () => {
    expect(difference({ counted_qty: 90_000, expected_qty: 100_000 }).large).toBe(false);
    expect(difference({ counted_qty: 89_000, expected_qty: 100_000 }).large).toBe(true);
    expect(difference({ counted_qty: 9_820_000, expected_qty: 10_000_000 })).toEqual({
      quantity: -180_000,
      large: false,
    });
  });
});
