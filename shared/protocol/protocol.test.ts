import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as messages from './messages.ts';
import { wireDigests } from './wire.ts';

const kept = (version: number): Record<string, string> =>
  JSON.parse(readFileSync(new URL(`./wire/v${version}.json`, import.meta.url), 'utf8')) as Record<
    string,
    string
  >;

test('the wire is the one that was written down for this version', () => {
  const now = wireDigests((text) => createHash('sha256').update(text).digest('hex'));
  const before = kept(messages.PROTOCOL_VERSION);
  const names = [...new Set([...Object.keys(now), ...Object.keys(before)])];
  // A released version never changes: raise PROTOCOL_VERSION. While one is being made: wire:keep.
  expect(names.filter((name) => now[name] !== before[name])).toEqual([]);
});

test('a request with a field that the protocol does not know is refused', () => {
  const request = { rows: [{ table: 'stock_acts', base: null, row: {} }] };
  expect(messages.PushRequest.safeParse(request).success).toBe(true);
  expect(messages.PushRequest.safeParse({ ...request, sudo: true }).success).toBe(false);
});

test('a cursor is a transaction number and a row id, nothing else', () => {
  const id = '018f0000-0000-7000-8000-000000000001';
  expect(messages.Cursor.safeParse(['123', id]).success).toBe(true);
  expect(messages.Cursor.safeParse(['1; drop table x', id]).success).toBe(false);
});
