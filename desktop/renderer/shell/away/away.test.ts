import { expect, test } from 'vitest';
import { AWAY_MS, awaySince, readSeen, worthSaying } from './away.ts';

const NOW = 1_790_000_000_000;

test('who comes back after some hours has missed something, who was here has not', () => {
  expect(awaySince(NOW - AWAY_MS, NOW)).toBe(NOW - AWAY_MS);
  expect(awaySince(NOW - AWAY_MS + 1, NOW)).toBeNull();
  expect(awaySince(null, NOW)).toBeNull();
});

test('what was kept is an instant of the past, or nothing', () => {
  expect(readSeen(String(NOW - 5), NOW)).toBe(NOW - 5);
  for (const kept of [null, '', 'x', '-1', String(NOW + 60_000)]) {
    expect(readSeen(kept, NOW)).toBeNull();
  }
});

test('nothing is said of what did not happen', () => {
  const lines = [
    { name: 'received', n: 0, to: '/' },
    { name: 'counted', n: 2, to: '/counts' },
  ];
  expect(worthSaying(lines)).toEqual([lines[1]]);
});
