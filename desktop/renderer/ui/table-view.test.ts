import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  Arrangement,
  filtered,
  hidden,
  nameOfView,
  passes,
  readArrangement,
  sameView,
  withoutSaved,
  withSaved,
} from './table-view.ts';
import type { TableView } from './table-view.ts';

const PLAIN: TableView = { hidden: [], sort: null, filters: {} };
const start: Arrangement = { view: PLAIN, saved: [] };

describe('views of a table', () => {
  test('a column is hidden once and shown again', () => {
    const twice = hidden(hidden(PLAIN, 'sku', true), 'sku', true);
    expect(twice.hidden).toEqual(['sku']);
    expect(hidden(twice, 'sku', false)).toEqual(PLAIN);
  });

  test('a view is found again by its name until it is changed', () => {
    const narrow = { ...start, view: hidden(PLAIN, 'sku', true) };
    const kept = withSaved(narrow, 'Short');
    expect(nameOfView(kept)).toBe('Short');
    expect(nameOfView({ ...kept, view: PLAIN })).toBeNull();
    expect(withoutSaved(kept, 'Short').saved).toEqual([]);
  });

  test('a name is given once: the later view takes it over', () => {
    const kept = withSaved(withSaved(start, 'Mine'), 'All');
    const again = withSaved({ ...kept, view: hidden(PLAIN, 'sku', true) }, 'Mine');
    expect(again.saved.map(({ name }) => name)).toEqual(['All', 'Mine']);
    expect(again.saved[1]?.view.hidden).toEqual(['sku']);
  });

  test('filters let rows through that fit all of them', () => {
    const columns = [
      { id: 'kind', filter: (row: { kind: string; site: string }) => row.kind },
      { id: 'site', filter: (row: { kind: string; site: string }) => row.site },
      { id: 'name' },
    ];
    const view = filtered(filtered(PLAIN, 'kind', ['supply', 'retail']), 'site', ['AA']);
    const fits = passes(view.filters, columns);
    expect(fits({ kind: 'retail', site: 'AA' })).toBe(true);
    expect(fits({ kind: 'retail', site: 'PY' })).toBe(false);
    expect(filtered(view, 'kind', []).filters).toEqual({ site: ['AA'] });
    expect(passes({ gone: ['x'] }, columns)({ kind: 'a', site: 'b' })).toBe(true);
  });

  test('what was kept reads as it was, and anything else reads as nothing', () => {
    const text = fc.string({ maxLength: 60 });
    const view = fc.record({
      hidden: fc.array(text, { maxLength: 5 }),
      sort: fc.option(fc.record({ id: text, desc: fc.boolean() })),
      filters: fc.dictionary(text, fc.array(text, { maxLength: 4 }), { noNullPrototype: true }),
    });
    fc.assert(
      fc.property(view, fc.string({ minLength: 1, maxLength: 60 }), (shown, name) => {
        const arrangement = withSaved({ view: shown, saved: [] }, name);
        const back = readArrangement(JSON.stringify(arrangement));
        expect(back && sameView(back.view, shown) && nameOfView(back)).toBe(name);
      }),
    );
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (kept) => {
        const read = readArrangement(kept);
        if (read !== null) expect(Arrangement.safeParse(read).success).toBe(true);
      }),
    );
    expect(readArrangement('{"view":{"hidden":7}}')).toBeNull();
    expect(readArrangement(null)).toBeNull();
  });
});
