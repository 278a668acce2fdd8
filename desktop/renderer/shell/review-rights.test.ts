import { expect, test } from 'vitest';
import { mayDo } from '#shared/access/rights.ts';
import type { Grant } from '#shared/access/rights.ts';
import type { ReviewEntry, ReviewGroup } from '#shared/ipc/views.ts';
import { mayDecide, openQuestions } from './review-rights.ts';
import type { Session } from './session.tsx';

const [AA, PY, ME] = ['site-aa', 'site-py', 'me'];
const as = (role: Grant['role'], locationId: string | null): Pick<Session, 'mayRow' | 'holds'> => ({
  mayRow: (table, operation, row) =>
    mayDo([{ role, locationId, validFrom: 0, validTo: null }], ME, table, operation, row),
  holds: (roles, site) => roles.has(role) && (locationId === null || locationId === site),
});

const entry = (fields: Partial<ReviewEntry> = {}): ReviewEntry => ({
  about: 'conflict_log',
  id: 'one',
  kind: 'field_conflict',
  field: 'bin',
  rule: 'LWW',
  state: 'open',
  opened_at: 0,
  kept: null,
  lost: null,
  late: null,
  clash: null,
  ...fields,
});
const group = (table: string, site: string | null, entries: ReviewEntry[]): ReviewGroup => ({
  key: `${table}/row`,
  table_name: table,
  row_id: 'row',
  name: null,
  item_id: null,
  location_id: site,
  location_code: null,
  newest_at: 0,
  scope: { location_id: site },
  current: {},
  entries,
  decisions: [],
});

test('the number beside the review counts what this person decides, each field once', () => {
  const groups = [
    group('item_locations', PY, [
      entry(),
      entry({ id: 'two' }),
      entry({ id: 'par', field: 'par' }),
    ]),
    group('item_locations', AA, [entry()]),
    group('item_locations', PY, [entry({ state: 'decided' }), entry({ state: 'settled' })]),
  ];
  expect(openQuestions(groups, as('LM', PY))).toBe(2);
  expect(openQuestions(groups, as('MG', null))).toBe(3);
  expect(openQuestions(groups, as('FD', PY))).toBe(0);
});

test('a review needs the right to decide its kind of record, and counts are decided elsewhere', () => {
  const review = entry({ about: 'review_items', field: 'packs', rule: 'HR' });
  const item = group('inventory_items', null, [review]);
  expect(mayDecide(as('MG', null), item, [review])).toBe(true);
  expect(mayDecide(as('CS', PY), item, [review])).toBe(false);
  const count = entry({ about: 'review_items', kind: 'count_variance', field: null });
  expect(mayDecide(as('MG', null), group('count_sessions', PY, [count]), [count])).toBe(false);
});

test('what came after rights had ended is decided by those who may release it', () => {
  const late = entry({ about: 'review_items', kind: 'quarantined', field: null, rule: null });
  const act = group('stock_acts', PY, [late]);
  expect(mayDecide(as('LM', PY), act, [late])).toBe(true);
  expect(mayDecide(as('LM', AA), act, [late])).toBe(false);
  expect(mayDecide(as('CS', PY), act, [late])).toBe(false);
});
