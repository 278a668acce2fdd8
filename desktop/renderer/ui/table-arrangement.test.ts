import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { arrangementStore } from './table-arrangement.ts';
import { hidden } from './table-view.ts';
import type { TableView } from './table-view.ts';

const PLAIN: TableView = { hidden: [], sort: null, filters: {} };

function keeper(kept: Record<string, string> = {}) {
  const writes: string[] = [];
  return {
    kept,
    writes,
    recall: (name: string) => Promise.resolve(kept[name] ?? null),
    remember: (name: string, value: string) => {
      kept[name] = value;
      writes.push(value);
      return Promise.resolve();
    },
  };
}

describe('arrangement of a table', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  test('comes back as it was left, views included', async () => {
    const place = keeper();
    const first = arrangementStore(place, 'table.items', PLAIN);
    first.getState().setView(hidden(PLAIN, 'sku', true));
    first.getState().save('Short');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(place.writes).toHaveLength(1);

    const again = arrangementStore(place, 'table.items', PLAIN);
    await vi.advanceTimersByTimeAsync(0);
    expect(again.getState().view.hidden).toEqual(['sku']);
    expect(again.getState().saved.map(({ name }) => name)).toEqual(['Short']);
    again.getState().forget('Short');
    await vi.advanceTimersByTimeAsync(1_000);
    const other = arrangementStore(place, 'table.items', PLAIN);
    await vi.advanceTimersByTimeAsync(0);
    expect(other.getState().saved).toEqual([]);
  });

  test('what was kept by another version or damaged leaves the table as at first', async () => {
    const store = arrangementStore(keeper({ 'table.items': '{"view":1}' }), 'table.items', PLAIN);
    await vi.advanceTimersByTimeAsync(0);
    expect(store.getState().view).toEqual(PLAIN);
  });

  test('who is quicker than the answer is not overruled by it', async () => {
    const kept = JSON.stringify({ view: hidden(PLAIN, 'sku', true), saved: [] });
    const store = arrangementStore(keeper({ 'table.items': kept }), 'table.items', PLAIN);
    store.getState().setView(hidden(PLAIN, 'unit', true));
    await vi.advanceTimersByTimeAsync(0);
    expect(store.getState().view.hidden).toEqual(['unit']);
  });

  test('a place that does not answer loses nothing but the memory', async () => {
    const broken = {
      recall: () => Promise.reject(new Error('gone')),
      remember: () => Promise.reject(new Error('gone')),
    };
    const store = arrangementStore(broken, 'table.items', PLAIN);
    store.getState().setView(hidden(PLAIN, 'sku', true));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(store.getState().view.hidden).toEqual(['sku']);
  });
});
