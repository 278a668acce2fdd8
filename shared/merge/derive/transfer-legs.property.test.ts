import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  SHORT_AFTER_MS,
  differencesOf,
  inTransit,
  nextTransferStatus,
  sumLegs,
} from './transfer-legs.ts';
import type { TransferLeg } from './transfer-legs.ts';

const quantity = fc.integer({ min: 1, max: 90_000 });
const legs = fc.uniqueArray(
  fc
    .record({
      id: fc.nat({ max: 500 }).map((n) => `m-${n}`),
      type: fc.constantFrom('transfer_out', 'transfer_in'),
      item_id: fc.constantFrom('gauze', 'tape'),
      lot_id: fc.constantFrom('a', 'b', null),
      quantity,
      undone: fc.boolean(),
    })
    .map(({ quantity: amount, undone, ...leg }): TransferLeg => ({
      ...leg,
      qty_base: (leg.type === 'transfer_out') !== undone ? -amount : amount,
    })),
  { selector: ({ id }) => id, maxLength: 12 },
);
const total = (all: readonly TransferLeg[], type: string): number =>
  all.filter((leg) => leg.type === type).reduce((sum, leg) => sum + leg.qty_base, 0);

describe('the legs of a transfer', () => {
  test('sent less received is what both sites together have lost, whatever came first or twice', () => {
    fc.assert(
      fc.property(legs, (all) => {
        const sums = sumLegs(all);
        expect(sumLegs([...all, ...all].toReversed())).toEqual(sums);
        const missing = sums.reduce((sum, line) => sum + line.sent - line.received, 0);
        // Nothing appears or disappears: the movements of both sites say the same.
        expect(missing).toBe(0 - total(all, 'transfer_out') - total(all, 'transfer_in'));
        const over = differencesOf(sums).reduce(
          (sum, line) => sum + Math.max(0, line.received - line.sent),
          0,
        );
        expect(inTransit(sums) - over).toBe(missing);
      }),
    );
  });

  test('is received exactly when every item and lot agrees, and never while nothing was sent', () => {
    fc.assert(
      fc.property(legs, (all) => {
        const sums = sumLegs(all);
        const step = (status: string, since: number | null, now: number) =>
          nextTransferStatus({ status, sums, since, now });
        const sent = sums.some((line) => line.sent > 0);
        expect(step('draft', null, 0)).toBe(sent ? 'shipped' : null);
        const agrees = differencesOf(sums).length === 0;
        if (agrees && sent) expect(step('shipped', 0, 0)).toBe('received');
        if (!agrees) {
          expect(step('shipped', 0, SHORT_AFTER_MS - 1)).toBeNull();
          expect(step('shipped', 0, SHORT_AFTER_MS)).toBe('short');
        }
        for (const end of ['received', 'short', 'cancelled']) {
          expect(step(end, 0, 10 * SHORT_AFTER_MS)).toBeNull();
        }
      }),
    );
  });

  test('the whole of what was sent, received in any parts, leaves nothing on its way', () => {
    fc.assert(
      fc.property(fc.array(quantity, { minLength: 1, maxLength: 6 }), (parts) => {
        const leg = (id: string, type: string, qty_base: number): TransferLeg => ({
          id,
          type,
          item_id: 'gauze',
          lot_id: 'a',
          qty_base,
        });
        const sent = parts.reduce((sum, part) => sum + part, 0);
        const came = parts.map((part, index) => leg(`in-${index}`, 'transfer_in', part));
        const sums = sumLegs([...came, leg('out', 'transfer_out', -sent)]);
        expect(inTransit(sums)).toBe(0);
        expect(differencesOf(sums)).toEqual([]);
      }),
    );
  });
});
