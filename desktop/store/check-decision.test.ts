import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Grant } from '#shared/access/rights.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { derivedId } from '#shared/kernel/ids.ts';
import { applyEdit, editsOf } from '#shared/merge/decide.ts';
import { UNDO_MS, undoOf } from '#shared/schema/review-lines.ts';
import type { Row } from '#shared/schema/define.ts';
import { checkDecision } from './check-decision.ts';
import { TestStore, at, rowOf } from './views/store.suite.ts';

const id = (name: string): string => derivedId('check', name);
const [SITE, ME, PLACE, REVIEW] = [id('site'), id('me'), id('place'), id('review')];
const grant = (role: Grant['role']): Grant => ({
  role,
  locationId: SITE,
  validFrom: 0,
  validTo: null,
});
const writer = (role: Grant['role'], minute = 10) => ({
  userId: ME,
  grants: () => [grant(role)],
  now: () => at(minute).ms,
});

const place = rowOf('item_locations', {
  id: PLACE,
  created_by: ME,
  device_id: null,
  field_hlc: { bin: at(1).hlc },
  item_id: id('item'),
  location_id: SITE,
  par: null,
  min: null,
  max: null,
  reorder_qty: null,
  bin: 'A3',
  is_stocked: true,
});
const review = rowOf('review_items', {
  id: REVIEW,
  created_by: null,
  device_id: null,
  field_hlc: { status: at(2).hlc },
  location_id: SITE,
  kind: 'field_conflict',
  table_name: 'item_locations',
  row_id: PLACE,
  field: 'bin',
  facts: { kept: { value: 'A3' }, lost: { value: 'B7' } },
  status: 'open',
  decision: null,
  decided_by: null,
});
const decision = (fields: Record<string, unknown> = {}, line: object = {}): Row =>
  rowOf('review_decisions', {
    id: id('decision'),
    created_by: ME,
    device_id: id('device'),
    hlc: at(5).hlc,
    origin_seq: null,
    location_id: SITE,
    table_name: 'item_locations',
    row_id: PLACE,
    lines: [
      {
        about: 'review_items',
        about_id: REVIEW,
        field: 'bin',
        choice: 'lost',
        value: 'B7',
        before: 'A3',
        seen: at(1).hlc,
        ...line,
      },
    ],
    reverses_id: null,
    accepted_at: null,
    ...fields,
  });

let store: TestStore;
beforeEach(async () => {
  store = await TestStore.open();
  await store.put('item_locations', [place]);
  await store.put('review_items', [review]);
});
afterEach(() => store.close());

const said = (row: Row, who: ReturnType<typeof writer> = writer('LM')): string => {
  try {
    checkDecision(row, store.database, who);
    return 'fine';
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
};

describe('a decision is judged on the device as the server would', () => {
  test('by rights, by what it is about, and by what stands there', async () => {
    expect(said(decision())).toBe('fine');
    expect(said(decision(), writer('FD'))).toBe('SYNC_ROW_REFUSED');
    expect(said(decision({}, { value: 'Z9' }))).toBe('SYNC_ROW_INVALID');
    expect(said(decision({ location_id: null }))).toBe('SYNC_ROW_INVALID');
    expect(said(decision({ row_id: id('nothing') }))).toBe('NOT_FOUND');
    await store.put('item_locations', [{ ...place, bin: 'C1', field_hlc: { bin: at(3).hlc } }]);
    expect(said(decision())).toBe('REVIEW_MOVED_ON');
    await store.put('review_items', [{ ...review, status: 'decided' }]);
    expect(said(decision())).toBe('REVIEW_DECIDED');
  });

  test('an undo within a day of being taken, of what nobody changed since', async () => {
    const made = decision({ accepted_at: at(6).ms });
    const [edit, step] = editsOf(made);
    if (!edit || !step) throw new Error('two edits expected');
    await store.put('item_locations', [applyEdit(place, edit)]);
    await store.put('review_items', [applyEdit(review, step)]);
    await store.put('review_decisions', [made]);
    const undo = rowOf('review_decisions', { ...made, ...undoOf(made), id: id('undo') });
    expect(said(undo)).toBe('fine');
    const late = 7 + UNDO_MS / 60_000;
    expect(said(undo, writer('LM', late))).toBe('REVIEW_UNDO_LATE');
    // The server's clock counts, not that of the machine.
    const aware = { ...writer('LM', late), serverNow: () => at(9).ms };
    expect(said(undo, aware)).toBe('fine');
    await store.put('item_locations', [{ ...place, bin: 'D4', field_hlc: { bin: at(8).hlc } }]);
    expect(said(undo)).toBe('REVIEW_UNDO_MOVED');
  });
});
