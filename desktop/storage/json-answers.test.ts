import { normalizeMangoQuery, prepareQuery } from 'rxdb/plugins/core';
import type { MangoQuery } from 'rxdb/plugins/core';
import { describe, expect, test } from 'vitest';
import { FILLED_NOTE_SCHEMA, insertAll, note, testStore } from './fixtures.suite.ts';

const ROWS = 400;

async function filled() {
  const instance = await testStore().open('notes');
  const texts = ['plain', 'žluťoučký', '\u{1F489} dose', '"quoted", with comma', 'line\nbreak'];
  const documents = Array.from({ length: ROWS }, (_, at) =>
    note({
      id: `n${(at * 7) % ROWS}`,
      cat: `c${at % 5}`,
      n: (at * 37) % 100,
      opt: texts[at % texts.length],
    }),
  );
  await insertAll(instance, documents);
  return instance;
}

const prepared = (query: MangoQuery<Record<string, unknown>>) =>
  prepareQuery(
    FILLED_NOTE_SCHEMA,
    normalizeMangoQuery(FILLED_NOTE_SCHEMA, {
      ...query,
      selector: { ...query.selector, _deleted: { $eq: false } },
    }),
  );

describe('answers as JSON text', () => {
  test.each<[string, MangoQuery<Record<string, unknown>>]>([
    ['all, sorted by an index', { selector: {}, sort: [{ n: 'asc' }] }],
    ['sorted down', { selector: { cat: { $eq: 'c1' } }, sort: [{ n: 'desc' }] }],
    ['sorted by what no index has', { selector: {}, sort: [{ opt: 'desc' }, { n: 'asc' }] }],
    ['a page', { selector: {}, sort: [{ n: 'desc' }], skip: 30, limit: 50 }],
    ['the first page', { selector: { cat: { $eq: 'c2' } }, sort: [{ n: 'asc' }], limit: 7 }],
    ['a limit beyond all numbers of SQL', { selector: {}, sort: [{ n: 'asc' }], limit: 1e21 }],
    ['skipping without a limit', { selector: {}, sort: [{ n: 'asc' }], skip: 390 }],
    ['what only the matcher can tell', { selector: { opt: { $regex: '^z' } } }],
    ['nothing', { selector: { cat: { $eq: 'none' } } }],
    ['no rows wanted', { selector: {}, sort: [{ n: 'asc' }], limit: 0 }],
  ])('hold the same documents in the same order: %s', async (_, query) => {
    const instance = await filled();
    const asJson = JSON.parse(await instance.queryAsJson(prepared(query))) as unknown;
    expect(asJson).toEqual(await instance.query(prepared(query)));
  });

  test('of ids keep the order of the ids, and leave out deleted and unknown ones', async () => {
    const instance = await filled();
    await insertAll(instance, [note({ id: 'gone', _deleted: true })]);
    const ids = ['n9', 'missing', 'n3', 'gone', 'n200', 'n1'];
    for (const withDeleted of [false, true]) {
      const documents = await instance.findDocumentsById(ids, withDeleted);
      const json = await instance.findDocumentsByIdAsJson(ids, withDeleted);
      expect(JSON.parse(json)).toEqual(documents);
      const expected = ids.filter((id) => id !== 'missing' && (withDeleted || id !== 'gone'));
      expect(documents.map(({ id }) => id)).toEqual(expected);
    }
  });

  test('of one id and of none', async () => {
    const instance = await filled();
    const [one] = await instance.findDocumentsById(['n5'], false);
    expect(JSON.parse(await instance.findDocumentsByIdAsJson(['n5'], false))).toEqual([one]);
    expect(await instance.findDocumentsByIdAsJson(['missing'], false)).toBe('[]');
    expect(await instance.findDocumentsByIdAsJson([], false)).toBe('[]');
  });
});
