import { expect, test } from 'vitest';
import { readTraceparent, writeTraceparent } from './trace.ts';

const GOOD = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

test('a header is read and written the same', () => {
  const parent = readTraceparent(GOOD);
  expect(parent).toEqual({
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    spanId: '00f067aa0ba902b7',
    traceFlags: 1,
  });
  expect(parent && writeTraceparent(parent)).toBe(GOOD);
});

test.each([
  null,
  '',
  GOOD.toUpperCase(),
  `${GOOD}-more`,
  GOOD.replace('00-', '01-'),
  GOOD.replace(/4bf9\w+/, '0'.repeat(32)),
  GOOD.replace(/00f0\w+/, '0'.repeat(16)),
  `x\n${GOOD}`,
])('%j is no header that can be followed', (text) => {
  expect(readTraceparent(text)).toBeNull();
});
