import { expect, test } from 'vitest';
import { createLogger } from './logger.ts';

test('a line is JSON with level and fields, and lower levels are dropped', () => {
  const lines: string[] = [];
  const log = createLogger({ level: 'info', write: (line) => lines.push(line) });
  log.debug('hidden');
  log.child({ process: 'store' }).info('opened', { tables: 3 });
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ process: 'store', tables: 3 });
});

test('tokens, keys and addresses that slip in are taken out', () => {
  const lines: string[] = [];
  const log = createLogger({ level: 'info', write: (line) => lines.push(line) });
  const token = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';
  log.info('x', { a: `Bearer ${token}`, b: `x'${'ab'.repeat(32)}'`, c: 'jane@clinic.example' });
  expect(lines[0]).not.toContain(token);
  expect(lines[0]).not.toContain('abab');
  expect(lines[0]).not.toContain('jane');
});
