import { describe, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import type { Buckets } from '../http/rates/bucket.ts';

/** What everything that counts calls has to do; run over memory and over a real Redis. */
export function describeBuckets(
  name: string,
  open: () => { readonly buckets: Buckets; readonly pass: (ms: number) => Promise<void> },
): void {
  describe(`counting calls: ${name}`, () => {
    test('allows a burst, then no more until time has passed', async () => {
      const { buckets, pass } = open();
      const rate = { perSecond: 10, burst: 5 };
      const subject = newId();
      const taken = [];
      for (let n = 0; n < 5; n += 1) taken.push(await buckets.take(subject, rate));
      expect(taken.map(({ allowed }) => allowed)).toEqual([true, true, true, true, true]);
      expect(taken[0]?.remaining).toBe(4);
      const refused = await buckets.take(subject, rate);
      expect(refused.allowed).toBe(false);
      expect(refused.remaining).toBe(0);
      expect(refused.retryMs).toBeGreaterThan(0);
      expect(refused.retryMs).toBeLessThanOrEqual(100.01);
      expect(refused.resetMs).toBeLessThanOrEqual(500.01);
      // A refused call costs nothing: who keeps calling is not kept out for longer.
      await buckets.take(subject, rate);
      await pass(refused.retryMs + 2);
      expect((await buckets.take(subject, rate)).allowed).toBe(true);
      await pass(600);
      expect((await buckets.take(subject, rate)).remaining).toBe(4);
    });

    test('counts each subject by itself', async () => {
      const { buckets } = open();
      const rate = { perSecond: 0.001, burst: 1 };
      const [one, other] = [newId(), newId()];
      expect((await buckets.take(one, rate)).allowed).toBe(true);
      expect((await buckets.take(one, rate)).allowed).toBe(false);
      expect((await buckets.take(other, rate)).allowed).toBe(true);
    });

    test('lets no more through than allowed, however many call at once', async () => {
      const { buckets } = open();
      const subject = newId();
      const rate = { perSecond: 0.001, burst: 30 };
      const taken = await Promise.all(
        Array.from({ length: 100 }, () => buckets.take(subject, rate)),
      );
      expect(taken.filter(({ allowed }) => allowed).length).toBe(30);
    });
  });
}
