import { describe, expect, test } from 'vitest';
import { insertAll, note, testStore } from './fixtures.suite.ts';
import { factsOf } from './prepare-tables.ts';
import { compileSelector } from './sql-selector.ts';
import { layoutOf } from './table-layout.ts';
import { FILLED_NOTE_SCHEMA } from './fixtures.suite.ts';
import type { TableSchema } from './table-layout.ts';

const layout = layoutOf('notes', FILLED_NOTE_SCHEMA as unknown as TableSchema);
/** A table that has held nothing but values of its schema, none of them null or absent. */
const TABLE = { layout, facts: factsOf(layout) };
const compiled = (selector: Record<string, unknown>) => compileSelector(TABLE, selector);

describe('a selector', () => {
  test.each([
    { cat: 'a' },
    { cat: { $ne: 'a' } },
    { cat: { $gt: 'a', $lte: 'b' } },
    { cat: { $in: ['a', null, 5] } },
    { n: { $nin: [1, 0.5] } },
    { n: { $gte: -1 } },
    { n: { $mod: [3, 1] } },
    { weight: { $mod: [0.5, 0] } },
    { active: { $gt: false } },
    { opt: { $exists: true } },
    { opt: null },
    { n: { $type: 'int' } },
    { cat: { $type: ['string', 'null'] } },
    { cat: { $regex: '^ab' } },
    { cat: { $regex: '^a\\.b.*' } },
    { cat: { $regex: 'ab' } },
    { cat: { $regex: 'ab$' } },
    { cat: { $regex: '^ab$' } },
    { cat: { $regex: 'a_b', $options: 'i' } },
    { cat: { $not: { $regex: '^ab' } } },
    { n: 'a text, where no text can be' },
    { $or: [{ cat: 'a' }, { $and: [{ n: 1 }, { active: true }] }] },
    { $nor: [{ cat: { $gt: 'x' } }, { n: { $in: [1] } }] },
  ])('%j is answered by SQL alone', (selector) => {
    expect(compiled(selector).isExact).toBe(true);
  });

  test.each([
    [{ cat: { $regex: '^ab[cd]' } }, '("cat" >= ? and "cat" < ?)', ['ab', 'ac']],
    [{ cat: { $regex: '^abc?' } }, '("cat" >= ? and "cat" < ?)', ['ab', 'ac']],
    [{ cat: { $regex: '^a\u{10ffff}x+' } }, '("cat" >= ? and "cat" < ?)', ['a\u{10ffff}', 'b']],
    [{ cat: { $regex: 'a|b' } }, '"cat" is not null', []],
    [{ cat: { $regex: '^a|b' } }, '"cat" is not null', []],
    [{ cat: { $regex: '^ä', $options: 'i' } }, '"cat" is not null', []],
    [{ cat: 'a', list: { $size: 1 } }, '"cat" = ?', ['a']],
    [{ cat: { $elemMatch: { $eq: 'a' } } }, 'false', []],
    [{ $or: [{ cat: 'a' }, { list: 1 }] }, 'true', []],
    [{ cat: { $not: { $regex: '^a[bc]' } } }, 'true', []],
    [{ cat: { $unknown: 1 } }, 'true', []],
  ])('%j is narrowed as far as SQL can, and left to the matcher', (selector, sql, params) => {
    expect(compiled(selector)).toEqual({ sql, params, isExact: false });
  });

  test('uses the index for the beginning of a text', async () => {
    const { database, open } = testStore();
    const notes = await open('notes');
    await insertAll(notes, [note({ id: 'a', cat: 'abc' })]);
    const { sql, params } = compiled({ _deleted: { $eq: false }, cat: { $regex: '^ab' } });
    const plan = database.read<{ detail: string }>(
      `explain query plan select doc from notes where ${sql}`,
      params,
    );
    expect(plan[0]?.detail).toContain('SEARCH notes USING INDEX notes:_deleted,cat');
  });
});
