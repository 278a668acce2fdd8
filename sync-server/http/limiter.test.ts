import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createLimiter } from './limiter.ts';

describe('the limiter', () => {
  test('runs so many at once, lets others wait in line, and turns away the rest', async () => {
    const limiter = createLimiter(2, 3);
    let running = 0;
    let most = 0;
    const order: number[] = [];
    const release: (() => void)[] = [];
    const work = (n: number) => () => {
      order.push(n);
      running += 1;
      most = Math.max(most, running);
      return new Promise<number>((resolve) => {
        release.push(() => {
          running -= 1;
          resolve(n);
        });
      });
    };
    const all = [1, 2, 3, 4, 5].map((n) => limiter.run(work(n)));
    await expect(limiter.run(work(6))).rejects.toThrow('SERVER_BUSY');
    for (let n = 0; n < 5; n += 1) {
      await turn();
      release.shift()?.();
    }
    expect(await Promise.all(all)).toEqual([1, 2, 3, 4, 5]);
    expect([order, most]).toEqual([[1, 2, 3, 4, 5], 2]);
  });

  test('lets nobody into a line in which they would wait too long', async () => {
    const limiter = createLimiter(1, 1_000, 50);
    const slow = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 40));
    for (let n = 0; n < 30; n += 1) await limiter.run(slow);
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => limiter.run(slow)));
    const taken = results.filter(({ status }) => status === 'fulfilled').length;
    // One runs and one waits about 40 ms; the third would wait twice that.
    expect(taken).toBeGreaterThanOrEqual(2);
    expect(taken).toBeLessThanOrEqual(4);
    await expect(limiter.run(slow)).resolves.toBeUndefined();
  });

  test('gives the place of failed work to the next', async () => {
    const limiter = createLimiter(1, 1);
    const failing = limiter.run(() => Promise.reject(new Error('no')));
    const next = limiter.run(async () => 'done');
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('done');
    expect(await limiter.run(async () => 'again')).toBe('again');
  });
});
