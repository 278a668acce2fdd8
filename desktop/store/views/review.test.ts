import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ReviewGroup } from '#shared/ipc/views.ts';
import { derivedId } from '#shared/kernel/ids.ts';
import { applyEdit, editsOf } from '#shared/merge/decide.ts';
import { undoOf } from '#shared/schema/review-lines.ts';
import type { Row } from '#shared/schema/define.ts';
import { reviewInbox } from './review.ts';
import { TestStore, at, rowOf } from './store.suite.ts';

const id = (name: string): string => derivedId('review-view', name);
const [SITE, ITEM, PLACE, BEN, LUIS, DEVICE] = [
  id('site'),
  id('item'),
  id('place'),
  id('ben'),
  id('luis'),
  '018f0000-0000-7000-8000-0123456789ab',
];
const user = (who: string, name: string): Row =>
  rowOf('users', {
    id: who,
    created_by: null,
    device_id: null,
    display_name: name,
    home_location_id: SITE,
    status: 'active',
  });
const place = rowOf('item_locations', {
  id: PLACE,
  created_by: BEN,
  device_id: null,
  field_hlc: { bin: at(3).hlc },
  item_id: ITEM,
  location_id: SITE,
  par: null,
  min: null,
  max: null,
  reorder_qty: null,
  bin: 'A3',
  is_stocked: true,
});
const conflict = (name: string, kept: number, lost: number, fields: object = {}): Row =>
  rowOf('conflict_log', {
    id: id(name),
    created_at: at(kept).ms,
    created_by: null,
    device_id: null,
    location_id: SITE,
    table_name: 'item_locations',
    row_id: PLACE,
    field: 'bin',
    rule: 'LWW',
    kept_value: 'A3',
    kept_hlc: at(kept).hlc,
    kept_by: BEN,
    lost_value: 'B7',
    lost_hlc: at(lost).hlc,
    lost_by: LUIS,
    ...fields,
  });

let store: TestStore;
beforeEach(async () => {
  store = await TestStore.open();
  await store.put('locations', [
    rowOf('locations', {
      id: SITE,
      created_by: null,
      device_id: null,
      code: 'PY',
      name: 'Plymouth',
      time_zone: 'America/New_York',
      address: null,
      phone: null,
      active: true,
    }),
  ]);
  await store.put('users', [user(BEN, 'Ben Okafor'), user(LUIS, 'Luis Ferrer')]);
  await store.put('devices', [
    rowOf('devices', {
      id: DEVICE,
      created_by: null,
      device_id: null,
      kind: 'desktop',
      name: 'Front desk 2',
      location_id: SITE,
      status: 'active',
      enrolled_by: BEN,
      grant_expires_at: null,
    }),
  ]);
  await store.put('item_locations', [place]);
});
afterEach(() => store.close());

const inbox = (): ReviewGroup[] =>
  reviewInbox.compute(store.database.read.bind(store.database), { limit: 50, itemId: null });
function only(): ReviewGroup {
  const [group, ...more] = inbox();
  if (!group || more.length > 0) throw new Error('one group expected');
  return group;
}
const states = (): string[] => only().entries.map(({ state }) => state);

test('a contested field says who, when, on which device and where, and what stands now', async () => {
  await store.put('conflict_log', [conflict('one', 3, 2)]);
  expect(only()).toMatchObject({
    key: `item_locations/${PLACE}`,
    location_code: 'PY',
    scope: { location_id: SITE },
    current: { bin: { value: 'A3', seen: at(3).hlc } },
    entries: [
      {
        state: 'open',
        kept: {
          value: 'A3',
          by: 'Ben Okafor',
          at: at(3).ms,
          device: 'Front desk 2',
          site_id: SITE,
        },
        lost: { value: 'B7', by: 'Luis Ferrer', at: at(2).ms },
      },
    ],
  });
});

test('a later edit by somebody who had seen it settles it; one that lost to what stands does not', async () => {
  await store.put('conflict_log', [
    conflict('first', 2, 1, { kept_value: 'B7', lost_value: 'C1' }),
    conflict('second', 3, 2),
  ]);
  expect(states()).toEqual(['open', 'open']);
  await store.put('item_locations', [{ ...place, bin: 'D4', field_hlc: { bin: at(9).hlc } }]);
  expect(states()).toEqual(['settled', 'settled']);
});

test('decided, it is no question any more; undone, it is one again', async () => {
  await store.put('conflict_log', [conflict('one', 3, 2)]);
  const decision = rowOf('review_decisions', {
    id: id('decision'),
    created_by: LUIS,
    device_id: DEVICE,
    hlc: at(5).hlc,
    origin_seq: null,
    location_id: SITE,
    table_name: 'item_locations',
    row_id: PLACE,
    lines: [
      {
        about: 'conflict_log',
        about_id: id('one'),
        field: 'bin',
        choice: 'lost',
        value: 'B7',
        before: 'A3',
        seen: at(3).hlc,
      },
    ],
    reverses_id: null,
    accepted_at: at(6).ms,
  });
  const decided = editsOf(decision).reduce(applyEdit, place);
  await store.put('item_locations', [decided]);
  await store.put('review_decisions', [decision]);
  expect(states()).toEqual(['decided']);
  expect(only().decisions).toMatchObject([
    {
      by: 'Luis Ferrer',
      undone: false,
      accepted_at: at(6).ms,
      lines: [{ field: 'bin', value: 'B7' }],
    },
  ]);
  const undo = rowOf('review_decisions', {
    ...decision,
    ...undoOf(decision),
    id: id('undo'),
    hlc: at(7).hlc,
  });
  await store.put('item_locations', [editsOf(undo).reduce(applyEdit, decided)]);
  await store.put('review_decisions', [undo]);
  expect(only().decisions).toMatchObject([{ undone: true }]);
  expect(only().current).toMatchObject({ bin: { value: 'A3' } });
  expect(states()).toEqual(['open']);
});

test('of what came too late it says who wrote what, and of private things only who and when', async () => {
  const late = (name: string, facts: object): Row =>
    rowOf('review_items', {
      id: id(name),
      created_at: at(4).ms,
      created_by: null,
      device_id: null,
      location_id: null,
      kind: 'quarantined',
      table_name: 'issues',
      row_id: id(`issue ${name}`),
      field: null,
      facts: { by: LUIS, received_at: at(4).ms, ...facts } as never,
      status: 'open',
      decision: null,
      decided_by: null,
      field_hlc: {},
    });
  await store.put('review_items', [
    late('open', { row: { title: 'The printer jams' } }),
    late('hidden', { private: true }),
  ]);
  const entries = inbox().flatMap((group) => group.entries);
  const by = { by: 'Luis Ferrer', received_at: at(4).ms, problem: null };
  expect(entries.map((entry) => entry.late)).toEqual(
    expect.arrayContaining([
      { ...by, row: { title: 'The printer jams' }, private: false },
      { ...by, row: {}, private: true },
    ]),
  );
});
