import { describe, expect, test } from 'vitest';
import { wrongInAct } from '#shared/access/stock-rules.ts';
import type { JudgedItem } from '#shared/access/stock-rules.ts';
import type { VialRow } from '#shared/ipc/views.vials.ts';
import { derivedId } from '#shared/kernel/ids.ts';
import type { Row } from '#shared/schema/define.ts';
import { lotId } from '#shared/schema/lots.ts';
import { clockState, spanWords } from './clock-words.ts';
import {
  discardAct,
  drawAct,
  drawsOf,
  openAct,
  patientUse,
  planDraw,
  undoAct,
} from './vial-acts.ts';

const id = (name: string): string => derivedId('vial-acts', name);
const UNIT = 10_000;
const NOW = Date.parse('2026-11-30T15:00:00Z');
const SITE = { id: id('site'), time_zone: 'America/Detroit' };
const LOT = lotId({ itemId: id('toxin'), lotNo: 'T1', expiryDate: '2027-05-31', serial: '' });
const ITEM: JudgedItem & { id: string } = {
  id: id('toxin'),
  base_unit: 'vial',
  vial_units: 100 * UNIT,
  vial_unit: 'U',
  open_days: null,
  open_hours: 24,
  controlled_schedule: 'none',
};
const LOT_ROW = {
  lot_id: LOT,
  lot_no: 'T1',
  expiry_date: '2027-05-31',
  expiry_precision: 'day' as const,
  serial: '',
  recall_status: 'none',
  item_id: id('toxin'),
  location_id: SITE.id,
};
const vial = (name: string, rest: number, over: Partial<VialRow> = {}): VialRow => ({
  vial_id: id(name),
  location_id: SITE.id,
  location_code: 'AA',
  item_id: id('toxin'),
  item_name: 'Toxin',
  sku: 'TOX',
  controlled: false,
  lot_id: LOT,
  lot_no: 'T1',
  expiry_date: '2027-05-31',
  expiry_precision: 'day',
  recall_status: 'none',
  unit: 'U',
  content: 100 * UNIT,
  rest: rest * UNIT,
  over: 0,
  use_by: NOW + 3_600_000,
  opened_at: NOW,
  opened_by: null,
  last_at: NOW,
  is_closed: false,
  waiting: false,
  ...over,
});
/** As the store and the server judge what the forms make. */
const judge = (table: 'vial_acts' | 'patient_uses', row: object): string[] =>
  wrongInAct(table, { created_by: id('me'), ...row } as unknown as Row, () => ITEM);

describe('what the forms write', () => {
  test('holds together by the rules of store and server', () => {
    expect(judge('vial_acts', openAct(ITEM, LOT_ROW, SITE, NOW))).toEqual([]);
    expect(judge('vial_acts', drawAct(vial('v', 100), UNIT, SITE, NOW))).toEqual([]);
    const how = { reason: 'remainder', note: null, witnessId: null };
    expect(judge('vial_acts', discardAct(vial('v', 40), how, SITE, NOW))).toEqual([]);
    const event = { id: id('d'), step: 'discard' as const, units: UNIT };
    expect(judge('vial_acts', undoAct(vial('v', 40), event, 'not_done', SITE, NOW))).toEqual([]);
    const plan = planDraw([vial('v', 40)], UNIT, NOW, null, true);
    expect(
      judge(
        'patient_uses',
        patientUse({
          patientId: id('pat'),
          lines: [],
          draws: plan.ok ? drawsOf(plan) : [],
          reason: null,
          note: null,
          site: SITE,
          now: NOW,
        }),
      ),
    ).toEqual([]);
  });

  test('an opening says until when it is good', () => {
    expect(openAct(ITEM, LOT_ROW, SITE, NOW).use_by).toBe(NOW + 24 * 3_600_000);
    const tub = { ...ITEM, vial_units: null, vial_unit: null, open_hours: null };
    expect(openAct(tub, null, SITE, NOW)).toMatchObject({
      units: UNIT,
      unit: 'vial',
      use_by: null,
    });
  });
});

describe('drawing', () => {
  const plan = (wanted: number | null, chosen: string | null = null, forPatient = false) =>
    planDraw(
      [vial('a', 30, { use_by: NOW + 1_000 }), vial('b', 100)],
      wanted === null ? null : wanted * UNIT,
      NOW,
      chosen === null ? null : id(chosen),
      forPatient,
    );
  test.each([
    ['nothing that is a number', plan(null), 'quantity'],
    ['more than there is', plan(131), 'short'],
    ['more than the chosen one has', plan(31, 'a'), 'short'],
    ['from two at once for nobody', plan(40), 'two'],
    [
      'from one that is over',
      planDraw([vial('o', 9, { use_by: NOW })], UNIT, NOW, id('o'), false),
      'over',
    ],
    [
      'of a recalled lot',
      planDraw([vial('r', 9, { recall_status: 'recalled' })], UNIT, NOW, id('r'), false),
      'blocked',
    ],
    [
      'of a recalled lot that nobody chose',
      planDraw([vial('r', 9, { recall_status: 'recalled' })], UNIT, NOW, null, false),
      'short',
    ],
  ])('%s is not done', (_what, got, problem) => {
    expect(got).toEqual({ ok: false, problem });
  });

  test('takes from the one that is over first, and goes on in the next for a patient', () => {
    expect(plan(30)).toMatchObject({ ok: true, draws: [{ units: 30 * UNIT }] });
    const both = plan(40, null, true);
    expect(both.ok && both.draws.map(({ vial: { vial_id: of }, units }) => [of, units])).toEqual([
      [id('a'), 30 * UNIT],
      [id('b'), 10 * UNIT],
    ]);
  });
});

test('clocks say how long, and when it is close', () => {
  const t = ((key: string, of: { n: number }) => `${of.n}${key.slice(6, 7)}`) as never;
  expect(spanWords(t, 50 * 3_600_000)).toBe('2d 2h');
  expect(spanWords(t, 3 * 3_600_000 + 5 * 60_000)).toBe('3h 5m');
  expect(spanWords(t, -90_000)).toBe('1m');
  expect([null, NOW, NOW + 60_000, NOW + 5 * 3_600_000].map((at) => clockState(at, NOW))).toEqual([
    'endless',
    'over',
    'soon',
    'good',
  ]);
});
