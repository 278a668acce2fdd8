import { describe, expect, test } from 'vitest';
import type { ReviewEntry, ReviewGroup, ReviewSide } from '#shared/ipc/views.ts';
import { UNDO_MS } from '#shared/schema/review-lines.ts';
import { REVIEW_KINDS, REVIEW_WAYS } from '#shared/schema/review-kinds.ts';
import { recommend } from './recommend.ts';
import { decidedLately, decisionOf, stepsOf, stillStands, undoLeft } from './steps.ts';
import type { Choice, Step } from './steps.ts';
import { wordDiff } from './word-diff.ts';

const HERE = 'site-py';
const NOW = 1_790_000_000_000;
const MINUTE = 60_000;

const side = (value: unknown, by: string, at = 0, site: string | null = null): ReviewSide => ({
  value,
  label: null,
  by,
  at,
  device: null,
  site_id: site,
});
const entry = (fields: Partial<ReviewEntry> = {}): ReviewEntry => ({
  about: 'conflict_log',
  id: 'conflict',
  kind: 'field_conflict',
  field: 'bin',
  rule: 'LWW',
  state: 'open',
  opened_at: NOW - MINUTE,
  kept: side('A3', 'Ben', 2 * MINUTE),
  lost: side('B7', 'Luis', 0),
  late: null,
  clash: null,
  ...fields,
});
const group = (fields: Partial<ReviewGroup> = {}): ReviewGroup => ({
  key: 'item_locations/place',
  table_name: 'item_locations',
  row_id: 'place',
  name: 'Nitrile gloves M',
  item_id: 'item',
  location_id: HERE,
  location_code: 'PY',
  newest_at: NOW,
  scope: { location_id: HERE },
  current: { bin: { value: 'A3', label: null, seen: 'stamp' } },
  entries: [entry()],
  decisions: [],
  ...fields,
});
const first = (of: ReviewGroup): Step => {
  const [step] = stepsOf([of], NOW);
  if (!step) throw new Error('no step');
  return step;
};
const values = (step: Step): unknown[] => step.choices.map(({ value }) => value);
const pick = (step: Step, value: unknown): Choice => {
  const choice = step.choices.find((it) => it.value === value);
  if (!choice) throw new Error('no such choice');
  return choice;
};

describe('the questions about a record', () => {
  test('one a field, what stands now first', () => {
    const step = first(group());
    expect(values(step)).toEqual(['A3', 'B7']);
    expect(step).toMatchObject({ field: 'bin', isOpenQuestion: false, place: 1, total: 1 });
  });

  test('a field that three people changed is one question with three values', () => {
    const older = entry({ id: 'older', kept: side('B7', 'Luis'), lost: side('C1', 'Ana') });
    const step = first(group({ entries: [older, entry()] }));
    expect(values(step)).toEqual(['A3', 'B7', 'C1']);
    expect(step.entries).toHaveLength(2);
  });

  test('a value that came since can be kept as well', () => {
    const current = { bin: { value: 'D9', label: null, seen: 'later' } };
    expect(values(first(group({ current, entries: [entry({ rule: 'HR' })] })))).toEqual([
      'D9',
      'A3',
      'B7',
    ]);
  });

  test('what was answered today counts: the second of three is "2 of 3"', () => {
    const decision = {
      id: 'd',
      by: null,
      by_id: null,
      at: NOW,
      accepted_at: null,
      undone: false,
      lines: [{ field: 'par', choice: 'kept', value: 1, label: null }],
      row: {},
    };
    const entries = [entry(), entry({ id: 'min', field: 'min' })];
    const steps = stepsOf([group({ entries, decisions: [decision] })], NOW);
    expect(steps.map(({ place, total }) => [place, total])).toEqual([
      [2, 3],
      [3, 3],
    ]);
  });

  test('every kind has its own way here or a screen that decides it', () => {
    for (const kind of REVIEW_KINDS) {
      const open = entry({ about: 'review_items', kind, field: null, kept: null, lost: null });
      const steps = stepsOf([group({ entries: [open] })], NOW);
      const isHere = REVIEW_WAYS[kind] !== 'elsewhere' && kind !== 'field_conflict';
      expect([kind, steps.length]).toEqual([kind, isHere ? 1 : 0]);
    }
  });
});

describe('the decision that a choice stands for', () => {
  test('answers every entry of its field with what was seen', () => {
    const older = entry({ id: 'older', kept: side('B7', 'Luis'), lost: side('C1', 'Ana') });
    const step = first(group({ entries: [older, entry()] }));
    expect(decisionOf(step, pick(step, 'B7'))).toMatchObject({
      location_id: HERE,
      row_id: 'place',
      reverses_id: null,
      lines: [
        { about_id: 'older', choice: 'kept', value: 'B7', before: 'A3', seen: 'stamp' },
        { about_id: 'conflict', choice: 'lost', value: 'B7', before: 'A3', seen: 'stamp' },
      ],
    });
    const other = decisionOf(step, { value: 'Z1', item: null });
    expect(other.lines.map(({ choice }) => choice)).toEqual(['other', 'other']);
  });

  test('of a trade number changes the item that gives it up', () => {
    const pack = { unit: 'box', qty_per_base: 1, gtin: '0123' };
    const items = ['one', 'two'].map((id) => ({ id, name: id, packs: [pack], seen: `of ${id}` }));
    const clash = entry({
      about: 'review_items',
      kind: 'gtin_clash',
      field: 'packs',
      kept: null,
      lost: null,
      clash: { gtin: '0123', items },
    });
    const step = first(group({ table_name: 'inventory_items', scope: {}, entries: [clash] }));
    expect(decisionOf(step, step.choices[0] ?? null)).toMatchObject({
      location_id: null,
      row_id: 'two',
      lines: [{ field: 'packs', value: [{ ...pack, gtin: null }], before: [pack], seen: 'of two' }],
    });
  });
});

describe('a recommendation has grounds, or there is none', () => {
  const choices = (...sides: ReviewSide[]): Choice[] =>
    sides.map((it) => ({
      value: it.value,
      label: null,
      sides: [it],
      isCurrent: false,
      item: null,
    }));
  const at = { phi: 'P0', siteId: HERE } as const;
  test.each([
    ['the later one', [side(1, 'a', 0), side(2, 'b', 9 * MINUTE)], { index: 1, reason: 'later' }],
    ['nothing of two at one time', [side(1, 'a', 0), side(2, 'b', 30_000)], null],
    [
      'what was entered where the thing is, also when it is older',
      [side(1, 'a', 0, HERE), side(2, 'b', 9 * MINUTE, 'site-aa')],
      { index: 0, reason: 'same-site' },
    ],
    [
      'the later one, when both were entered there',
      [side(1, 'a', 0, HERE), side(2, 'b', 9 * MINUTE, HERE)],
      { index: 1, reason: 'later' },
    ],
    [
      'the later one, when it is not known where the other was entered',
      [side(1, 'a', 0, HERE), side(2, 'b', 9 * MINUTE)],
      { index: 1, reason: 'later' },
    ],
  ])('%s', (_what, sides, expected) => {
    expect(recommend(choices(...sides), at)).toEqual(expected);
  });

  test('never for what is said about a patient', () => {
    const two = choices(side(1, 'a', 0, HERE), side(2, 'b', 9 * MINUTE, 'site-aa'));
    expect(recommend(two, { phi: 'P2', siteId: HERE })).toBeNull();
  });

  test('none when somebody has written a third value since', () => {
    const two = choices(side(1, 'a', 0), side(2, 'b', 9 * MINUTE));
    const third = { value: 3, label: null, sides: [], isCurrent: true, item: null };
    expect(recommend([third, ...two], at)).toBeNull();
  });
});

describe('what was decided can be undone for a day', () => {
  const decision = (accepted: number | null, hlc = 'stamp') => ({
    id: 'd',
    by: null,
    by_id: null,
    at: NOW,
    accepted_at: accepted,
    undone: false,
    lines: [],
    row: { row_id: 'place', hlc, lines: [{ field: 'bin' }] },
  });
  test('from when the server took it; what waits keeps its time', () => {
    expect(undoLeft(decision(null), NOW)).toBe(UNDO_MS);
    expect(undoLeft(decision(NOW - UNDO_MS + 1), NOW)).toBe(1);
    const old = group({ decisions: [decision(NOW - UNDO_MS)] });
    expect(decidedLately([old], NOW)).toEqual([]);
  });
  test('as long as nobody has changed it since', () => {
    const it = (hlc: string) => ({ group: group(), decision: decision(NOW, hlc) });
    expect(stillStands(it('stamp'))).toBe(true);
    expect(stillStands(it('earlier'))).toBe(false);
  });
});

describe('two long texts, word by word', () => {
  test.each([
    [
      'keep it cold and dark',
      'keep it cold',
      [
        ['keep it cold ', false],
        ['and dark', true],
      ],
    ],
    ['same words', 'same words', [['same words', false]]],
    ['', 'something', []],
    ['new', '', [['new', true]]],
  ])('%j beside %j', (own, other, expected) => {
    expect(wordDiff(own, other).map(({ text, isOwn }) => [text, isOwn])).toEqual(expected);
  });
  test('the pieces are the text, however long', () => {
    const text = Array.from({ length: 3000 }, (_, n) => `word${n % 7}`).join(' ');
    expect(
      wordDiff(text, text.slice(500))
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
  });
});
