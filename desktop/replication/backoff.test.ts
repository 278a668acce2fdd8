import { expect, test } from 'vitest';
import { createBackoff } from './backoff.ts';
import { manualTime } from './testing/manual-time.ts';

function rig(random = () => 0) {
  const time = manualTime();
  let ready = 0;
  const backoff = createBackoff({ timers: time, random, onReady: () => (ready += 1) });
  return { time, backoff, ready: () => ready };
}

test('a wait ends when there is reason to believe that it would work', async () => {
  const { backoff, ready } = rig(() => 1);
  backoff.failed();
  backoff.wake();
  expect([backoff.ready, ready()]).toEqual([true, 1]);
});

test('after a long outage the next try comes in half of the 30 s that devices have, a slow one later', async () => {
  const { time, backoff, ready } = rig(() => 0.999);
  for (let nth = 1; nth <= 12; nth += 1) {
    backoff.failed();
    await time.pass(15_000);
    expect(ready()).toBe(nth);
  }
  backoff.failed({ slow: true });
  await time.pass(30_000);
  expect(backoff.ready).toBe(false);
  await time.pass(30_000);
  expect(backoff.ready).toBe(true);
});

test('a wait that the server asked for does not, and is spread behind its end', async () => {
  const ends = new Set<number>();
  for (const share of [0, 0.5, 0.99]) {
    const { time, backoff, ready } = rig(() => share);
    backoff.failed({ notBeforeMs: 5_000 });
    backoff.wake();
    await time.pass(4_999);
    backoff.wake();
    expect([backoff.ready, ready()]).toEqual([false, 0]);
    await time.pass(1);
    ends.add(time.next ?? -1);
    await time.pass(1_000);
    expect([backoff.ready, ready(), time.next]).toEqual([true, 1, null]);
  }
  expect(ends.size).toBe(3);
});

test('after it, a wait can be ended again', async () => {
  const { time, backoff, ready } = rig(() => 0.9);
  backoff.failed({ notBeforeMs: 1_000 });
  await time.pass(1_001);
  backoff.wake();
  expect(ready()).toBe(1);
  backoff.failed({ notBeforeMs: 1_000 });
  backoff.stop();
  expect(time.next).toBeNull();
});
