import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseQuantity } from '#shared/kernel/quantity.ts';
import { pressed } from './keypad-text.ts';
import type { Key } from './keypad-text.ts';

const type = (keys: readonly Key[], text = '', fresh = false): string =>
  keys.reduce((now, key, at) => pressed(now, fresh && at === 0, key), text);

test('digits, one point, and the ways back', () => {
  expect(type(['1', '2', '.', '5', '.', '5'])).toBe('12.55');
  expect(type(['.', '5'])).toBe('0.5');
  expect(type(['1', '2', 'back', '3'])).toBe('13');
  expect(type(['1', 'clear', '4'])).toBe('4');
  expect(type(['0', '7'])).toBe('7');
});

test('what the scans say gives way to the first digit, and one more is added to it', () => {
  expect(type(['3'], '12', true)).toBe('3');
  expect(type(['more'], '12', true)).toBe('13');
  expect(type(['less', 'less'], '1', true)).toBe('0');
});

test('whatever is pressed can be read as a quantity of zero or more, or is empty', () => {
  const key = fc.constantFrom<Key>('0', '1', '9', '.', 'back', 'more', 'less', 'clear');
  fc.assert(
    fc.property(fc.array(key, { maxLength: 30 }), (keys) => {
      const text = type(keys).replace(/\.$/, '');
      if (text !== '') expect(parseQuantity(text)).toBeGreaterThanOrEqual(0);
    }),
  );
});
