import { expect, test } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { MAX_TRIES, attemptsKey, createAttempts } from './attempts.ts';
import type { KeyStore } from './attempts.ts';
import { PROFILE, turnableClock } from './worlds.suite.ts';

const MINUTE = 60_000;

function memoryStore(): KeyStore {
  const values = new Map<string, string>();
  return {
    get: (key) => values.get(key),
    set: (key, value) => void values.set(key, value),
    delete: (key) => void values.delete(key),
  };
}

function setUp() {
  const kv = memoryStore();
  const time = turnableClock();
  const attempts = () => createAttempts(kv, PROFILE, time.clock);
  return { kv, time, attempts };
}

/** What a try is refused with, or null when it is judged. */
function refused(attempts: { begin(): void }): AppError | null {
  try {
    attempts.begin();
    return null;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

test('the first three are free, then the waits grow, and the tenth was the last', () => {
  const { time, attempts } = setUp();
  const waits: number[] = [];
  for (let guess = 1; guess <= MAX_TRIES; guess += 1) {
    expect(refused(attempts())).toBeNull();
    const { waitUntil, failed } = attempts().state();
    expect(failed).toBe(guess);
    const wait = waitUntil === null ? 0 : waitUntil - time.state.now;
    waits.push(wait);
    if (wait > 0) {
      time.pass(wait - 1);
      expect(refused(attempts())?.code).toBe('PIN_WAIT');
      time.pass(1);
    }
  }
  const half = MINUTE / 2;
  expect(waits).toEqual([
    0,
    0,
    half,
    MINUTE,
    5 * MINUTE,
    15 * MINUTE,
    60 * MINUTE,
    60 * MINUTE,
    60 * MINUTE,
    0,
  ]);
  time.pass(1_000 * 60 * MINUTE);
  expect(refused(attempts())).toMatchObject({ code: 'PIN_BLOCKED', safe: { triesLeft: 0 } });
});

test('a refused try says until when, and is not counted', () => {
  const { time, attempts } = setUp();
  for (let guess = 0; guess < 3; guess += 1) attempts().begin();
  expect(refused(attempts())).toMatchObject({
    code: 'PIN_WAIT',
    safe: { until: time.state.now + MINUTE / 2, triesLeft: 7 },
  });
  expect(attempts().state().failed).toBe(3);
});

test('a clock set forward or back, by whatever, changes no wait', () => {
  for (const jump of [365 * 24 * 60 * MINUTE, -365 * 24 * 60 * MINUTE]) {
    const { time, attempts } = setUp();
    for (let guess = 0; guess < 3; guess += 1) attempts().begin();
    time.state.now += jump;
    expect(refused(attempts())?.code).toBe('PIN_WAIT');
    time.pass(MINUTE / 2 - 1);
    expect(refused(attempts())?.code).toBe('PIN_WAIT');
    time.pass(1);
    expect(refused(attempts())).toBeNull();
  }
});

test('a restart of the machine gives nothing away, and never makes it wait for longer than once', () => {
  const { time, attempts } = setUp();
  for (let guess = 0; guess < 5; guess += 1) {
    time.pass(60 * MINUTE);
    attempts().begin();
  }
  // Off for a night: nobody can prove it, so only the time since the start counts.
  for (let restart = 0; restart < 10; restart += 1) {
    time.state.uptime = 1_000;
    expect(refused(attempts())?.code).toBe('PIN_WAIT');
  }
  time.pass(5 * MINUTE);
  expect(refused(attempts())).toBeNull();
});

test('restarting again and again waits for the sum of the time that ran', () => {
  const { time, attempts } = setUp();
  for (let guess = 0; guess < 5; guess += 1) {
    time.pass(60 * MINUTE);
    attempts().begin();
  }
  for (let run = 1; run < 5; run += 1) {
    Object.assign(time.state, { uptime: 0, boot: `start ${run}` });
    time.pass(MINUTE);
    expect(refused(attempts())?.code).toBe('PIN_WAIT');
  }
  Object.assign(time.state, { uptime: 0, boot: 'last' });
  time.pass(MINUTE);
  expect(refused(attempts())).toBeNull();
});

test('a restart that cannot be told from its absence counts as the less of the two', () => {
  const { time, attempts } = setUp();
  for (let guess = 0; guess < 5; guess += 1) {
    time.pass(60 * MINUTE);
    attempts().begin();
  }
  const uptime = time.state.uptime;
  // Restarted, and up for longer than before it by now.
  time.state.uptime = uptime + 5 * MINUTE - 1;
  expect(refused(attempts())?.code).toBe('PIN_WAIT');
  time.pass(1);
  expect(refused(attempts())).toBeNull();
});

test('a right PIN clears the count; nonsense over it blocks instead of forgetting', () => {
  const { kv, attempts } = setUp();
  attempts().begin();
  attempts().clear();
  expect(attempts().state()).toEqual({ failed: 0, triesLeft: MAX_TRIES, waitUntil: null });
  kv.set(attemptsKey(PROFILE), '{"failed":-1}');
  expect(refused(attempts())?.code).toBe('PIN_BLOCKED');
});
