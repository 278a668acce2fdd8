import { describe, expect, test } from 'vitest';
import { MOVEMENT_FIELDS, movementDocument } from './documents.ts';
import { benchStore } from './store.ts';

const WORK = [
  'bulk insert',
  'insert one',
  'by 3,000 ids',
  'by index',
  'all sorted',
  '4 in parallel',
  'count',
  'page of 50',
  'reopen',
  'first insert',
];

describe('the bench of the store', () => {
  test('gives every line a number, the limit beside it, and leaves no file behind', async () => {
    const printed: string[] = [];
    const { lines } = await benchStore({
      rows: 300,
      rounds: 1,
      loads: 1,
      peers: false,
      print: (text) => printed.push(text),
    });
    for (const place of ['in process', 'over the port']) {
      for (const work of WORK) {
        const line = lines.find((one) => one.line === `300 ${place}: ${work}`);
        expect(line, `${place}: ${work}`).toBeDefined();
        expect(line?.ours).toBeGreaterThan(0);
        expect(line?.limit).toBeGreaterThan(0);
        expect(line?.ratio).toBeGreaterThan(0);
      }
    }
    const inside = lines.filter(({ line }) => line.includes(' in process: '));
    expect(
      inside.every(({ peers, met }) => peers['RxDB memory'] !== undefined && met !== null),
    ).toBe(true);
    expect(lines.every(({ ours }) => Number.isFinite(ours) && ours > 0)).toBe(true);
    expect(lines.some(({ line }) => line.includes('RSS after it'))).toBe(true);
    expect(printed.join('\n')).not.toMatch(/left out/);
  }, 120_000);

  test('documents are the same at every run, about 600 B, and no two have one id', () => {
    const documents = Array.from({ length: 5_000 }, (_, at) => movementDocument(at, 5_000));
    const bytes = documents.reduce((sum, one) => sum + JSON.stringify(one).length, 0) / 5_000;
    expect(bytes).toBeGreaterThan(540);
    expect(bytes).toBeLessThan(660);
    expect(new Set(documents.map(({ id }) => id)).size).toBe(5_000);
    expect(new Set(documents.map((one) => one.occurred_at)).size).toBe(5_000);
    expect(movementDocument(17, 5_000)).toEqual(documents[17]);
    expect(MOVEMENT_FIELDS).toHaveLength(16);
  });
});
