import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { CODES, isCode } from './codes.ts';
import type { Code } from './codes.ts';
import { RETRY_RULES, retryRule } from './retry.ts';

const ALL = Object.keys(CODES) as Code[];

describe('what a device does about an answer', () => {
  test('agrees with what the catalogue says of trying again', () => {
    const passes = new Set(['again', 'anew', 'split']);
    // A path that does not exist is a proxy in the way, as far as a push is concerned.
    const excused = new Set<Code>(['NOT_FOUND', 'REQUEST_INVALID', 'REQUEST_TOO_LARGE']);
    for (const code of ALL.filter((one) => retryRule(one) !== 'here' && !excused.has(one))) {
      expect([code, passes.has(retryRule(code))]).toEqual([code, CODES[code].retry]);
    }
  });

  test('is said of every code of sync, rights and counts, and of all that the push engine names', async () => {
    const named = ALL.filter((code) => /^(AUTH|SERVER|SYNC|COUNT|REQUEST|DEVICE)_/.test(code));
    const folder = path.resolve(import.meta.dirname, '../../sync-server/sync');
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !entry.name.endsWith('.ts') || entry.name.includes('.test.')) continue;
      const text = await readFile(path.join(entry.parentPath, entry.name), 'utf8');
      for (const [, word = ''] of text.matchAll(/'([A-Z][A-Z_]+)'/g)) {
        if (isCode(word)) named.push(word);
      }
    }
    expect([...new Set(named)].filter((code) => retryRule(code) === 'here')).toEqual([]);
    expect(Object.keys(RETRY_RULES).length).toBeLessThan(ALL.length);
  });
});
