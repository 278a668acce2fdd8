import { describe, expect, test } from 'vitest';
import type { StockLevelRow } from '#shared/ipc/views.stock.ts';
import { triage } from './triage.ts';

const TODAY = '2026-11-30';
const NOW = Date.parse('2026-11-30T15:00:00Z');
const item = (fields: Partial<StockLevelRow> = {}): StockLevelRow => ({
  item_id: 'gauze',
  name: 'Gauze',
  sku: 'GAU',
  base_unit: 'each',
  status: 'active',
  expiry_alert_days: null,
  sites: [
    {
      location_id: 'AA',
      item_location_id: 'place',
      on_hand: 10_000,
      par: 50_000,
      min: null,
      max: null,
      is_stocked: true,
      used: 0,
      vials: [],
      lots: [
        {
          lot_id: 'lot',
          lot_no: 'L1',
          expiry_date: '2026-11-01',
          expiry_precision: 'day',
          serial: '',
          recall_status: 'none',
          on_hand: 10_000,
          open: null,
        },
      ],
    },
  ],
  ...fields,
});
const note = (id: string, recipient: string, at: number, kind = 'stock.low') => ({
  id,
  kind,
  location_id: 'AA',
  ref_id: kind === 'stock.low' ? 'gauze' : 'lot',
  recipient_id: recipient,
  created_at: at,
});
const alerts = (over: Partial<Parameters<typeof triage>[0]> = {}) =>
  triage({ levels: [item()], notes: [], puts: [], userId: 'ana', today: TODAY, now: NOW, ...over });

describe('alerts', () => {
  test('come from the levels, the most pressing first, and go with their cause', () => {
    expect(alerts().map(({ kind, lotNo }) => [kind, lotNo])).toEqual([
      ['expired', 'L1'],
      ['low', null],
    ]);
    expect(alerts({ levels: [item({ sites: [] })] })).toEqual([]);
  });

  test('of an item that is not bought any more never say low', () => {
    const kinds = alerts({ levels: [item({ status: 'discontinued' })] }).map(({ kind }) => kind);
    expect(kinds).toEqual(['expired']);
  });

  test('belong to whoever was told last', () => {
    const [expired, low] = alerts({ notes: [note('a', 'ana', 1), note('b', 'ben', 2)] });
    expect(expired?.ownerId).toBeNull();
    expect(low).toMatchObject({ ownerId: 'ben', noteId: 'a' });
  });

  test('are put off by their reader until the day comes, and for nobody else', () => {
    const put = { notification_id: 'a', user_id: 'ana', snoozed_until: NOW + 1 };
    const notes = [note('a', 'ana', 1)];
    expect(alerts({ notes, puts: [put] })[1]?.snoozedUntil).toBe(NOW + 1);
    expect(alerts({ notes, puts: [put], now: NOW + 1 })[1]?.snoozedUntil).toBeNull();
    expect(alerts({ notes, puts: [put], userId: 'ben' })[1]?.snoozedUntil).toBeNull();
    // One about the lot is another alert than the one about the item.
    expect(alerts({ notes, puts: [put] })[0]?.snoozedUntil).toBeNull();
  });
});
