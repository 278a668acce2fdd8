import { expect, test } from 'vitest';
import { initialsOf, toneOf } from './person-marks.ts';

test('initials are of the first and last name, of any alphabet', () => {
  expect(initialsOf('Ana Rivera')).toBe('AR');
  expect(initialsOf('María José de la Cruz-Ortiz')).toBe('MO');
  expect(initialsOf('Øyvind')).toBe('Ø');
  expect(initialsOf('王 小明')).toBe('王小');
  expect(initialsOf('  ')).toBe('');
});

test('a person has one colour of six', () => {
  const tones = new Set(Array.from({ length: 60 }, (_, n) => toneOf(`person-${n}`)));
  expect([...tones].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(toneOf('person-1')).toBe(toneOf('person-1'));
});
