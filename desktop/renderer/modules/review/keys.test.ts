import { expect, test } from 'vitest';
import { reviewKey } from './keys.ts';

const press = (key: string, on: 'text' | 'control' | 'page' = 'page', more: object = {}) =>
  reviewKey({ key, ctrlKey: false, metaKey: false, altKey: false, ...more }, on);

test('the whole review can be done with a few keys', () => {
  expect(['j', 'ArrowDown', 'K', 'ArrowUp'].map((key) => press(key))).toEqual([
    { do: 'move', by: 1 },
    { do: 'move', by: 1 },
    { do: 'move', by: -1 },
    { do: 'move', by: -1 },
  ]);
  expect(press('2')).toEqual({ do: 'choose', index: 1 });
  expect(press('Enter')).toEqual({ do: 'confirm' });
  expect(press('u')).toEqual({ do: 'undo' });
  expect(press('x')).toBeNull();
});

test('who types a text, presses a button or uses a shortcut gets what they meant', () => {
  expect(press('j', 'text')).toBeNull();
  expect(press('Enter', 'control')).toBeNull();
  expect(press('2', 'control')).toEqual({ do: 'choose', index: 1 });
  expect(press('u', 'page', { ctrlKey: true })).toBeNull();
});
