import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SCHEMA_VERSION } from '#shared/schema/older.ts';
import { OLDEST_PROTOCOL_VERSION, PROTOCOL_VERSION } from './messages.ts';
import { rowDigestsAt } from './wire.ts';

const kept = (version: number): Record<string, string> =>
  JSON.parse(readFileSync(new URL(`./wire/v${version}.json`, import.meta.url), 'utf8')) as Record<
    string,
    string
  >;
const RELEASED = Array.from(
  { length: PROTOCOL_VERSION - OLDEST_PROTOCOL_VERSION },
  (_, at) => OLDEST_PROTOCOL_VERSION + at,
);

test('the history of the tables ends with the version that this build speaks', () => {
  expect(SCHEMA_VERSION).toBe(PROTOCOL_VERSION);
});

test.each(RELEASED)(
  'version %i, reckoned back from the history, is what was released',
  (version) => {
    const then = rowDigestsAt(version, (text) => createHash('sha256').update(text).digest('hex'));
    const released = Object.fromEntries(
      Object.entries(kept(version)).filter(([name]) => name.startsWith('row ')),
    );
    const names = [...new Set([...Object.keys(then), ...Object.keys(released)])];
    // A table named here was changed without an entry in shared/schema/history.ts.
    expect(names.filter((name) => then[name] !== released[name])).toEqual([]);
  },
);
