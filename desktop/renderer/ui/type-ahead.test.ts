import { describe, expect, test } from 'vitest';
import { rowOfLetters } from './type-ahead.ts';

const ROWS = ['Ácido', 'Gauze', 'Gel', 'Lidocaine', 'gloves'];

describe('letters typed into a list', () => {
  test('go to the next row that begins with them, without case and accents', () => {
    expect(rowOfLetters(ROWS, 'ge', -1)).toBe(2);
    expect(rowOfLetters(ROWS, 'AC', 3)).toBe(0);
    expect(rowOfLetters(ROWS, 'x', 0)).toBe(-1);
    expect(rowOfLetters(ROWS, '', 0)).toBe(-1);
    expect(rowOfLetters([], 'g', -1)).toBe(-1);
  });

  test('stay where they are while the active row still fits', () => {
    expect(rowOfLetters(ROWS, 'ga', 1)).toBe(1);
  });

  test('one letter again and again walks through its rows and round', () => {
    expect(rowOfLetters(ROWS, 'g', -1)).toBe(1);
    expect(rowOfLetters(ROWS, 'gg', 1)).toBe(2);
    expect(rowOfLetters(ROWS, 'ggg', 2)).toBe(4);
    expect(rowOfLetters(ROWS, 'g', 4)).toBe(1);
  });
});
