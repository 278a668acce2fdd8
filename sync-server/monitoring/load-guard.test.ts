import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { silentLogger } from '#shared/logging/logger.ts';
import { createLoadGuard } from './load-guard.ts';
import type { Load, LoadGuard } from './load-guard.ts';

const limits = { maxLagMs: 200, maxMemoryMb: 500 };
let guard: LoadGuard;
afterEach(() => {
  guard.stop();
  vi.useRealTimers();
});

function watching(load: Load) {
  vi.useFakeTimers();
  const now = { ...load };
  guard = createLoadGuard({ limits, log: silentLogger, look: () => now });
  const taken = (): boolean => {
    vi.advanceTimersByTime(300);
    try {
      guard.check();
      return true;
    } catch {
      return false;
    }
  };
  return { now, taken };
}

test('work is turned away while the loop is behind, and taken again when it is well below', () => {
  const { now, taken } = watching({ lagMs: 10, memoryMb: 100 });
  expect(taken()).toBe(true);
  now.lagMs = 201;
  // Once may be one long piece of work.
  expect(taken()).toBe(true);
  expect(taken()).toBe(false);
  now.lagMs = 180;
  expect(taken()).toBe(false);
  now.lagMs = 150;
  expect(taken()).toBe(true);
});

test('work is turned away while memory runs out, with the reason for the log', () => {
  const { now, taken } = watching({ lagMs: 0, memoryMb: 501 });
  expect(taken()).toBe(false);
  expect(() => guard.check()).toThrow(expect.objectContaining({ safe: { reason: 'memory' } }));
  now.memoryMb = 300;
  expect(taken()).toBe(true);
});

test('a loop that is really behind is seen, and seen to recover', async () => {
  guard = createLoadGuard({ limits: { maxLagMs: 60, maxMemoryMb: 1e6 }, log: silentLogger });
  const busy = (): boolean => {
    try {
      guard.check();
      return false;
    } catch {
      return true;
    }
  };
  let seen = false;
  for (let n = 0; n < 20 && !seen; n += 1) {
    const until = performance.now() + 200;
    while (performance.now() < until);
    await sleep(1);
    seen = busy();
  }
  expect(seen).toBe(true);
  await expect.poll(busy, { timeout: 10_000 }).toBe(false);
});
