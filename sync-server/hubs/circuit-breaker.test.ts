import { expect, test } from 'vitest';
import { createCircuitBreaker } from './circuit-breaker.ts';

function breaker() {
  let now = 0;
  const made = createCircuitBreaker(
    { now: () => now },
    { failures: 3, pauseMs: 1_000, longestPauseMs: 3_000 },
  );
  return { made, pass: (ms: number) => (now += ms) };
}
const fail = (made: ReturnType<typeof createCircuitBreaker>, times: number): void => {
  for (let n = 0; n < times; n += 1) {
    made.begin();
    made.failed();
  }
};

test('a partner is left alone after so many failures in a row, not before', () => {
  const { made } = breaker();
  fail(made, 2);
  expect([made.waitMs(), made.isOpen]).toEqual([0, false]);
  made.succeeded();
  fail(made, 2);
  expect(made.isOpen).toBe(false);
  fail(made, 1);
  expect([made.waitMs(), made.isOpen]).toEqual([1_000, true]);
});

test('after the pause one call tries, and the others wait for it', () => {
  const { made, pass } = breaker();
  fail(made, 3);
  pass(1_000);
  expect(made.waitMs()).toBe(0);
  made.begin();
  expect(made.waitMs()).toBeGreaterThan(0);
  made.succeeded();
  expect([made.waitMs(), made.isOpen]).toEqual([0, false]);
});

test('each trial that fails doubles the pause, up to the longest one', () => {
  const { made, pass } = breaker();
  fail(made, 3);
  const pauses = [];
  for (let n = 0; n < 4; n += 1) {
    pauses.push(made.waitMs());
    pass(made.waitMs());
    fail(made, 1);
  }
  expect(pauses).toEqual([1_000, 2_000, 3_000, 3_000]);
});

test('a trial that says nothing about the partner lets the next one try', () => {
  const { made, pass } = breaker();
  fail(made, 3);
  pass(1_000);
  made.begin();
  made.neither();
  expect([made.waitMs(), made.isOpen]).toEqual([0, true]);
});
