import { describe, expect, test } from 'vitest';
import { moved } from './grid-keys.ts';

const SIZE = { rows: 30, columns: 3, page: 10 };
const walk = (...keys: string[]) =>
  keys.reduce<ReturnType<typeof moved>>((at, key) => moved(at, key, SIZE) ?? at, null);

describe('keys of a grid', () => {
  test('rows: arrows, pages, both ends', () => {
    expect(walk('ArrowDown')).toEqual({ row: 0, column: null });
    expect(walk('ArrowDown', 'ArrowDown', 'PageDown')).toEqual({ row: 11, column: null });
    expect(walk('End', 'ArrowDown')).toEqual({ row: 29, column: null });
    expect(walk('End', 'PageUp', 'Home')).toEqual({ row: 0, column: null });
  });

  test('above the first row is the head, and below it the first row again', () => {
    expect(walk('ArrowDown', 'ArrowUp')).toEqual({ row: -1, column: 0 });
    expect(walk('ArrowDown', 'ArrowUp', 'ArrowUp')).toEqual({ row: -1, column: 0 });
    expect(walk('ArrowDown', 'ArrowUp', 'ArrowRight', 'ArrowDown')).toEqual({ row: 0, column: 1 });
    expect(walk('ArrowDown', 'ArrowUp', 'ArrowLeft')).toEqual({ row: -1, column: 0 });
  });

  test('cells: to the right one by one, to the left back to the whole row', () => {
    expect(walk('ArrowDown', 'ArrowRight', 'ArrowRight')).toEqual({ row: 0, column: 1 });
    expect(walk('ArrowDown', ...Array<string>(9).fill('ArrowRight'))?.column).toBe(2);
    expect(walk('ArrowDown', 'ArrowRight', 'ArrowLeft')).toEqual({ row: 0, column: null });
  });

  test('other keys do not move', () => {
    expect(moved(null, 'a', SIZE)).toBeNull();
    expect(moved({ row: 3, column: null }, 'Enter', SIZE)).toBeNull();
  });
});
