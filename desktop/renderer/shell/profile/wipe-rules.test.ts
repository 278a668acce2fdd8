import { expect, test } from 'vitest';
import { isTheName, wipeAllowed } from './wipe-rules.ts';

test('a profile is removed only when nothing waits, or with consent to just that loss', () => {
  expect(wipeAllowed(null, null)).toBe(false);
  expect(wipeAllowed(null, 3)).toBe(false);
  expect(wipeAllowed(0, null)).toBe(true);
  expect(wipeAllowed(3, null)).toBe(false);
  expect(wipeAllowed(3, 3)).toBe(true);
  expect(wipeAllowed(4, 3)).toBe(false);
  expect(wipeAllowed(1, 3)).toBe(true);
});

test('the name may be typed in any case, with stray blanks, but whole', () => {
  expect(isTheName(' ana  ruiz ', 'Ana Ruiz')).toBe(true);
  expect(isTheName('Ana Rui\u0301z', 'Ana Ruíz')).toBe(true);
  expect(isTheName('Ana', 'Ana Ruiz')).toBe(false);
  expect(isTheName('', '')).toBe(false);
});
