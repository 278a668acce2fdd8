import { describe, expect, test } from 'vitest';
import { insertRow, note, testStore } from './fixtures.suite.ts';
import type { StoredDocument } from './storage-types.ts';

/** JSON nested `depth` deep. */
function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = level % 2 ? [value] : { a: value };
  return value;
}

const cyclic = note({ id: 'bad' });
cyclic['nested'] = cyclic;

const BAD: [string, StoredDocument][] = [
  ['a cycle', cyclic],
  ['a bigint', note({ id: 'bad', any: 1n })],
  ['nesting 600 deep', note({ id: 'bad', any: nested(600) })],
  ['nesting 10,000 deep', note({ id: 'bad', any: nested(10_000) })],
  ['an id that is no text', note({ id: 7 as unknown as string })],
  ['an empty id', note({ id: '' })],
  ['an id with a zero character', note({ id: 'a\u0000b' })],
  ['an id of broken UTF-16', note({ id: 'a\ud800' })],
  ['no revision', { ...note({ id: 'bad' }), _rev: undefined as unknown as string }],
  ['no time', { ...note({ id: 'bad' }), _meta: {} as { lwt: number } }],
];

describe('a document that cannot be stored', () => {
  test.each(BAD)('%s fails alone, the rest of its batch is written', async (_, bad) => {
    const { open } = testStore();
    const notes = await open('notes');
    const rows = [note({ id: 'before' }), bad, note({ id: 'after' })].map(insertRow);
    const { error } = await notes.bulkWrite(rows, 'test');
    expect(error).toMatchObject([{ isError: true, status: 422 }]);
    expect(error[0]?.writeRow).toBe(rows[1]);
    expect(await notes.findDocumentsById(['before', 'after', 'bad'], true)).toHaveLength(2);
    expect((await notes.getChangedDocumentsSince(10)).checkpoint).toEqual({ seq: 2 });
  });
});

test('a previous state without a usable revision fails alone', async () => {
  const notes = await testStore().open('notes');
  const first = note({ id: 'a' });
  await notes.bulkWrite([insertRow(first)], 'test');
  const previous = { ...first, _rev: { no: 'text' } as unknown as string };
  const rows = [{ previous, document: note({ id: 'a', n: 5 }) }, insertRow(note({ id: 'b' }))];
  const { error } = await notes.bulkWrite(rows, 'test');
  expect(error).toMatchObject([{ isError: true, status: 422, documentId: 'a' }]);
  expect(await notes.findDocumentsById(['a', 'b'], true)).toMatchObject([first, { id: 'b' }]);
});

const ODD: [string, StoredDocument][] = [
  ['5 MB of text', note({ id: 'odd', opt: 'x'.repeat(5_000_000) })],
  ['broken UTF-16', note({ id: 'odd', opt: 'a\ud800b', cat: '\udfff' })],
  ['zero characters', note({ id: 'odd', opt: 'a\u0000b', list: ['\u0000'] })],
  ['nesting 400 deep', note({ id: 'odd', any: nested(400) })],
  ['brackets in a text', note({ id: 'odd', opt: '[{"'.repeat(1_000) })],
  [
    'a property named __proto__',
    JSON.parse(
      JSON.stringify(note({ id: 'odd' })).replace('"cat"', '"__proto__":{"x":1},"cat"'),
    ) as StoredDocument,
  ],
  ['an SQL text as id', note({ id: `"; drop table notes; --'` })],
  ['numbers at the limits', note({ id: 'odd', weight: 5e-324, any: [2 ** 53, 1e308, -0.1] })],
];

describe('an odd document', () => {
  test.each(ODD)('with %s comes back as it was, and the view can still be read', async (_, odd) => {
    const { database, open } = testStore();
    const notes = await open('notes');
    const { error } = await notes.bulkWrite([insertRow(odd), insertRow(note({ id: 'b' }))], 'test');
    expect(error).toEqual([]);
    const id = odd['id'] as string;
    const [stored] = await notes.findDocumentsById([id], false);
    expect(JSON.stringify(stored)).toBe(JSON.stringify(odd));
    expect(database.read('select count(*) as n, count(opt) as opts from live_notes')).toHaveLength(
      1,
    );
    expect(database.read("select json_extract(doc, '$.n') as n from live_notes")).toHaveLength(2);
  });
});

test('two rows of one id in a batch: the first is written, the second is a conflict', async () => {
  const notes = await testStore().open('notes');
  const first = note({ id: 'a', n: 1 });
  const { error } = await notes.bulkWrite([first, note({ id: 'a', n: 2 })].map(insertRow), 'test');
  expect(error).toMatchObject([{ status: 409, documentId: 'a', documentInDb: first }]);
  expect(await notes.findDocumentsById(['a'], true)).toEqual([first]);
});
