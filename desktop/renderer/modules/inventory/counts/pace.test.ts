import fc from 'fast-check';
import { expect, test } from 'vitest';
import { paced, useCountDraft } from './count-draft.ts';
import { aLine } from './lines.suite.ts';
import { accuracyOf, pacesOf, stretchesOf, summaryOf } from './pace.ts';

const at = (...seconds: number[]) => seconds.map((s) => aLine({ counted_at: s * 1_000 }));

test('seconds a line is the median, and a pause is no time of counting', () => {
  expect(pacesOf(at(0, 4, 10, 18, 1_000, 1_004))).toEqual([
    { id: 'ana', who: 'ana', lines: 6, secondsPerLine: 5, linesPerMinute: (4 * 60) / 22 },
  ]);
  expect(pacesOf(at(7))[0]).toMatchObject({ secondsPerLine: null, linesPerMinute: null });
});

test('everybody has a pace of their own', () => {
  const lines = [...at(0, 10, 20), ...at(1, 2).map((line) => ({ ...line, counter_id: 'ben' }))];
  expect(pacesOf(lines).map(({ id, secondsPerLine }) => [id, secondsPerLine])).toEqual([
    ['ana', 10],
    ['ben', 1],
  ]);
});

test('the summary takes the median over all, and never from one person to the other', () => {
  const lines = [...at(0, 10, 20), ...at(1, 2).map((line) => ({ ...line, counter_id: 'ben' }))];
  const { secondsPerLine, linesOverTime } = summaryOf(lines);
  expect(secondsPerLine).toBe(10);
  expect(linesOverTime?.reduce((sum, n) => sum + n, 0)).toBe(5);
  expect(summaryOf(at(7))).toEqual({ secondsPerLine: null, linesOverTime: null });
});

test('the pace of scanning stays with its count when another one begins', () => {
  const { start } = useCountDraft.getState();
  const scanned = (times: number): void => {
    for (let n = 0; n < times; n += 1) useCountDraft.getState().scanned();
  };
  start('ana', 'one');
  scanned(3);
  start('ana', 'two');
  scanned(2);
  const { paces } = useCountDraft.getState();
  expect([paces['one']?.scans, paces['two']?.scans]).toEqual([3, 2]);
  for (let n = 0; n < 30; n += 1) {
    start('ana', `count ${n}`);
    scanned(1);
  }
  expect(Object.keys(useCountDraft.getState().paces)).toHaveLength(20);
  // Another person's are nobody's business.
  start('ben', 'three');
  expect(useCountDraft.getState().paces).toEqual({});
});

test('accuracy is the share within what counting may miss, of what holds', () => {
  const far = aLine({ item_id: 'far', counted_qty: 0 });
  const near = aLine({ item_id: 'near', counted_qty: 110_000 });
  expect(accuracyOf([far, near])).toBe(0.5);
  expect(accuracyOf([far, { ...far, counted_qty: 100_000 }])).toBe(1);
  expect(accuracyOf([far, { ...near, expected_qty: null }])).toBeNull();
  expect(accuracyOf([])).toBeNull();
});

test('the picture has every line once, in at most twelve stretches', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 5_000_000 }), { minLength: 2 }), (seconds) => {
      const stretches = stretchesOf(at(...seconds));
      if (new Set(seconds).size === 1) {
        expect(stretches).toBeNull();
        return;
      }
      const sums = [...(stretches?.byCounter.values() ?? [])].flat();
      expect(sums.reduce((a, b) => a + b, 0)).toBe(seconds.length);
      expect(stretches?.starts.length).toBeLessThanOrEqual(12);
    }),
  );
});

test('scans of this device are timed without pauses', () => {
  let pace = { scans: 0, lastAt: 0, activeMs: 0 };
  for (const now of [50_000, 52_000, 55_000, 900_000, 901_000]) pace = paced(pace, now);
  expect(pace).toEqual({ scans: 5, lastAt: 901_000, activeMs: 6_000 });
});
