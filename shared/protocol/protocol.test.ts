import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { canonicalJson } from '#shared/kernel/json.ts';
import { rowSchema } from '#shared/schema/rows.ts';
import { TABLE_NAMES } from '#shared/schema/tables.ts';
import * as messages from './messages.ts';

const WIRE_DIGEST_V1 = 'd3753b78b87454a9';

function digest(): string {
  const schemas = Object.entries<unknown>(messages).flatMap(([name, schema]) =>
    schema instanceof z.ZodType
      ? [[name, z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' })]]
      : [],
  );
  const rows = TABLE_NAMES.map((table) => [
    table,
    z.toJSONSchema(rowSchema(table), { unrepresentable: 'any', io: 'input' }),
  ]);
  return createHash('sha256')
    .update(canonicalJson([schemas, rows]))
    .digest('hex')
    .slice(0, 16);
}

test('the wire changed: raise PROTOCOL_VERSION and this digest together', () => {
  expect([messages.PROTOCOL_VERSION, digest()]).toEqual([1, WIRE_DIGEST_V1]);
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
