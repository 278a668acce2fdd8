import { describe, expect, test } from 'vitest';
import { parseJson } from './parse-json.ts';

const push = (...rows: string[]): string => `{"rows":[${rows.join(',')}]}`;

describe('the JSON of a request', () => {
  test('is read as it is', () => {
    expect(parseJson('{"a":[1,{"b":"__proto__"}]}')).toEqual({ a: [1, { b: '__proto__' }] });
  });

  test.each([
    ['plainly', '{"row":{"id":"x","__proto__":{"name":"y"}}}'],
    ['with escapes', String.raw`{"row":{"id":"x","\u005f_proto__":1}}`],
    ['deep inside', '{"row":{"id":"x","packs":[{"a":{"__proto__":null}}]}}'],
  ])('a row that names the prototype %s is made wrong, its neighbour is not', (_how, bad) => {
    const body = parseJson(push(bad, '{"row":{"id":"good"}}')) as {
      rows: { row: Record<string, unknown> }[];
    };
    expect(body.rows.map(({ row }) => Object.hasOwn(row, '(forbidden key)'))).toEqual([
      true,
      false,
    ]);
    expect(({} as Record<string, unknown>)['name']).toBeUndefined();
  });

  test.each([
    ['beside the rows', '{"__proto__":1,"rows":[]}'],
    ['beside a row', push('{"__proto__":1,"row":{}}')],
    ['in a request without rows', '{"device":{"__proto__":1}}'],
    ['in place of a row', push('{"row":[{"__proto__":1}],"__proto__":2}')],
  ])('a request that names it %s is refused', (_where, text) => {
    expect(() => parseJson(text)).toThrow('REQUEST_INVALID');
  });

  test('that nests deeper than any stack is looked through', () => {
    const deep = `${'['.repeat(5_000)}{"__proto__":1}${']'.repeat(5_000)}`;
    const body = parseJson(push(`{"row":{"id":${deep}}}`)) as { rows: { row: object }[] };
    expect(Object.keys(body.rows[0]?.row ?? {})).toContain('(forbidden key)');
  });

  test('that is none is refused', () => {
    expect(() => parseJson('{')).toThrow('REQUEST_INVALID');
  });
});
