import { expect, test } from 'vitest';
import { levelText, levelWarning, readLevel } from './level-fields.ts';
import { unsetPlace } from './use-catalog.ts';

const place = { ...unsetPlace('item', 'site'), min: 50_000, par: 100_000, max: 200_000 };

test('a level is a quantity of zero or more, and an empty field takes it away', () => {
  expect(readLevel('reorder_qty', ' 2,5 ')).toEqual({ ok: true, value: 25_000 });
  expect(readLevel('par', '')).toEqual({ ok: true, value: null });
  expect(readLevel('par', '-1')).toEqual({ ok: false, problem: 'number' });
  expect(readLevel('par', 'many')).toEqual({ ok: false, problem: 'number' });
  expect(readLevel('bin', ' A-1 ')).toEqual({ ok: true, value: 'A-1' });
  expect(readLevel('bin', 'x'.repeat(41))).toEqual({ ok: false, problem: 'binLong' });
});

test('the least is no more than the most, and par lies between them; else it is said', () => {
  expect(levelWarning(place)).toBeNull();
  expect(levelWarning({ ...place, min: 210_000 })).toBe('minOverMax');
  expect(levelWarning({ ...place, par: 40_000 })).toBe('parOutside');
  expect(levelWarning({ ...place, max: 90_000 })).toBe('parOutside');
  expect(levelWarning({ par: 40_000, min: null, max: null })).toBeNull();
});

test('a field shows what is kept', () => {
  expect(levelText({ ...place, bin: 'A-1' }, 'bin')).toBe('A-1');
  expect(levelText({ ...place, par: 15_000 }, 'par')).toBe('1.5');
  expect(levelText(place, 'reorder_qty')).toBe('');
});
