import { describe, expect, it } from 'vitest';
import { columnValues } from './column-values.ts';

describe('a check that names the values of a column', () => {
  it.each([
    [`(kind = ANY (ARRAY['a'::text, 'b'::text]))`, ['a', 'b']],
    [
      `((kind)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))`,
      ['a', 'b'],
    ],
    [`(kind = 'only'::text)`, ['only']],
    [`((kind IS NULL) OR (kind = ANY (ARRAY['a'::text, 'it''s'::text])))`, ['a', "it's"]],
    [`(kind = ANY (ARRAY[''::text, 'a'::text]))`, ['', 'a']],
  ])('is read: %s', (expression, values) => {
    expect(columnValues(expression)).toEqual({ column: 'kind', values });
  });

  it.each([
    `(kind <> ALL (ARRAY['a'::text, 'b'::text]))`,
    `(kind = lower(kind))`,
    `(kind = other)`,
    `((other IS NULL) OR (kind = ANY (ARRAY['a'::text])))`,
    `((kind = ANY (ARRAY['a'::text])) OR (size > 3))`,
    `((kind = ANY (ARRAY['a'::text])) OR (kind = ANY (ARRAY['b'::text])))`,
    `(size = ANY (ARRAY[1, 2]))`,
    `(kind = ANY (values_of('x'::text)))`,
    `(kind ~ 'a|b'::text)`,
    `((size >= 0) AND (size <= 9))`,
  ])('is not: %s', (expression) => {
    expect(columnValues(expression)).toBeUndefined();
  });
});
