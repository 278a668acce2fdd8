import { expect, test } from 'vitest';
import {
  awaitsDecision,
  mustLeaveAiReview,
  mustLeaveRefund,
  orderLimitCents,
  whyNotApproveOrder,
} from './duties.ts';
import type { Grant } from './rights.ts';

const grant = (role: Grant['role'], locationId: string | null): Grant => ({
  role,
  locationId,
  validFrom: 0,
  validTo: null,
});

test('who approves orders has a limit by role and site; the largest one counts', () => {
  expect(orderLimitCents([grant('LM', 'a')], 'a')).toBe(50_000);
  expect(orderLimitCents([grant('LM', 'a')], 'b')).toBe(0);
  expect(orderLimitCents([grant('LM', 'a'), grant('MG', null)], 'a')).toBe(250_000);
  expect(orderLimitCents([grant('LM', 'a')], 'a', { LM: 75_000 })).toBe(75_000);
  expect(orderLimitCents([grant('CS', 'a')], 'a')).toBe(0);
  expect(orderLimitCents([grant('SA', null)], 'a')).toBe(Number.POSITIVE_INFINITY);
});

test('nobody approves their own order, nor one above their limit', () => {
  const order = { authorId: 'ana', userId: 'ben', amountCents: 50_000, limitCents: 50_000 };
  expect(whyNotApproveOrder(order)).toBeNull();
  expect(whyNotApproveOrder({ ...order, amountCents: 50_001 })).toBe('above-limit');
  expect(whyNotApproveOrder({ ...order, userId: 'ana' })).toBe('own-order');
});

test('above the limit, money goes back through somebody who did not take it', () => {
  const refund = { takenBy: ['ana', null], userId: 'ana', amountCents: 10_001 };
  expect(mustLeaveRefund(refund)).toBe(true);
  expect(mustLeaveRefund({ ...refund, userId: 'ben' })).toBe(false);
  expect(mustLeaveRefund({ ...refund, amountCents: 10_000 })).toBe(false);
});

test('who gathered the evidence is not the only one who looks at what a model made of it', () => {
  const review = { evidenceBy: ['ana', 'ben'], reviewedBy: [], userId: 'ana' };
  expect(mustLeaveAiReview(review)).toBe(true);
  expect(mustLeaveAiReview({ ...review, reviewedBy: ['ana'] })).toBe(true);
  expect(mustLeaveAiReview({ ...review, reviewedBy: ['cleo'] })).toBe(false);
  expect(mustLeaveAiReview({ ...review, userId: 'dora' })).toBe(false);
});

test('an order waits for those who may decide it', () => {
  const order = {
    status: 'submitted',
    decision: null,
    created_by: 'author',
    location_id: 'a',
    total_cents: 50_000,
  };
  expect(awaitsDecision(order, 'other', [grant('LM', 'a')])).toBe(true);
  expect(awaitsDecision(order, 'author', [grant('LM', 'a')])).toBe(false);
  expect(awaitsDecision(order, 'other', [grant('LM', 'b')])).toBe(false);
  expect(awaitsDecision(order, 'other', [grant('BUY', 'a')])).toBe(false);
  const dear = { ...order, total_cents: 50_001 };
  expect(awaitsDecision(dear, 'other', [grant('LM', 'a')])).toBe(false);
  expect(awaitsDecision(dear, 'other', [grant('MG', null)])).toBe(true);
  const decided = { ...order, decision: 'approved' };
  expect(awaitsDecision(decided, 'other', [grant('MG', null)])).toBe(false);
  const draft = { ...order, status: 'draft' };
  expect(awaitsDecision(draft, 'other', [grant('MG', null)])).toBe(false);
});
