import { describe, expect, test } from 'vitest';
import type { Grant } from '#shared/access/rights.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { createHlc, hlcNodeOf } from '#shared/kernel/hlc.ts';
import { newId } from '#shared/kernel/ids.ts';
import { expandAct } from '#shared/merge/expand.ts';
import { editText, emptyText, textOf } from '#shared/merge/shared-text.ts';
import type { Row } from '#shared/schema/define.ts';
import { membersOf } from '#shared/schema/or-set.ts';
import type { OrSet } from '#shared/schema/or-set.ts';
import { rowIdOf } from '#shared/schema/rows.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { prepareWrite } from './local-write.ts';
import type { Writer } from './local-write.ts';

/** What the tables say beside their fields holds at the device, before anything is sent. */

const NOW = 1_790_000_000_000;
const SITE = newId();
const TEAM = newId();
const ME = newId();
const DEVICE = newId();
const NODE = hlcNodeOf(DEVICE);

const everywhere = (role: Grant['role']): Grant => ({
  role,
  locationId: null,
  validFrom: 0,
  validTo: null,
});
const leader: Grant = { ...everywhere('leader'), teamId: TEAM };

function writerWith(...grants: Grant[]): Writer {
  let time = NOW;
  let seq = 0;
  return {
    userId: ME,
    deviceId: DEVICE,
    grants: () => grants,
    hlc: createHlc({ clock: { now: () => (time += 1) }, node: NODE }),
    now: () => NOW,
    nextOriginSeq: () => (seq += 1),
  };
}
const manager = (): Writer => writerWith(everywhere('MG'));

/** The code of the refusal and the fields that it names. */
const refusalOf = (run: () => unknown): unknown => {
  try {
    run();
    return 'nothing thrown';
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [error.code, error.safe['fields'] ?? []];
  }
};
const edit = (table: TableName, before: Row, fields: object, writer: Writer): Row =>
  prepareWrite(table, before, { ...before, ...fields }, writer);

describe('what was handed in is closed', () => {
  const transfer = (): Row =>
    prepareWrite(
      'transfers',
      null,
      {
        id: newId(),
        site_ids: [SITE],
        location_id: SITE,
        to_location_id: newId(),
        wanted: [],
        status: 'draft',
      },
      manager(),
    );
  const wanted = [{ item_id: newId(), qty_base: 1 }];

  test('a transfer on its way: nothing but the note', () => {
    const draft = transfer();
    expect(edit('transfers', draft, { wanted }, manager())).toMatchObject({ wanted });
    const shipped = { ...draft, status: 'shipped' };
    expect(refusalOf(() => edit('transfers', shipped, { wanted }, manager()))).toEqual([
      'SYNC_ROW_CLOSED',
      ['wanted'],
    ]);
    expect(edit('transfers', shipped, { note: 'late' }, manager())).toMatchObject({ note: 'late' });
  });

  test('the text of a form in review, until it is a draft again', () => {
    const version = prepareWrite(
      'form_template_versions',
      null,
      {
        id: newId(),
        template_id: newId(),
        locale: 'en',
        body: [],
        required: [],
        signatures: [],
        author_id: ME,
        status: 'draft',
      },
      manager(),
    );
    const change = { body: [{ type: 'text' }] };
    const handedIn = edit(
      'form_template_versions',
      version,
      { ...change, status: 'in_review' },
      manager(),
    );
    expect(
      refusalOf(() => edit('form_template_versions', handedIn, { body: [] }, manager())),
    ).toEqual(['SYNC_ROW_CLOSED', ['body']]);
    expect(
      refusalOf(() => edit('form_template_versions', handedIn, { status: 'approved' }, manager())),
    ).toEqual(['SYNC_OWN_APPROVAL', []]);
    const back = edit('form_template_versions', handedIn, { status: 'draft' }, manager());
    expect(edit('form_template_versions', back, { body: [] }, manager())).toMatchObject({
      body: [],
    });
  });
});

test('who may take a step and nothing else changes nothing else with it', () => {
  const order = {
    ...prepareWrite(
      'purchase_orders',
      null,
      {
        id: newId(),
        location_id: SITE,
        vendor_id: newId(),
        urgency: 'routine',
        status: 'draft',
      },
      manager(),
    ),
    status: 'partially_received',
  };
  // May approve, and may not edit.
  const approver = writerWith(everywhere('SA'));
  const closed = { status: 'closed' };
  expect(edit('purchase_orders', order, closed, approver)).toMatchObject(closed);
  expect(
    refusalOf(() => edit('purchase_orders', order, { ...closed, note: 'enough' }, approver)),
  ).toEqual(['SYNC_ROW_REFUSED', ['note']]);
  const both = { ...closed, note: 'enough' };
  expect(edit('purchase_orders', order, both, manager())).toMatchObject(both);
});

test('a row that is what its fields say has the id that follows from them', () => {
  const fields = { team_id: TEAM, local_date: '2026-11-24', seq: 1, status: 'scheduled' };
  const make = (id: string | null): Row =>
    prepareWrite('l10_meetings', null, { ...fields, id }, writerWith(leader));
  expect(refusalOf(() => make(newId()))).toEqual(['ROW_INVALID', ['id']]);
  expect(make(rowIdOf('l10_meetings', fields))).toMatchObject(fields);
});

describe('nobody acts in another’s name', () => {
  const headline = (author_id: string): Row =>
    prepareWrite(
      'headlines',
      null,
      {
        id: newId(),
        team_id: TEAM,
        author_id,
        about: 'customer',
        good: true,
        body: 'A thank-you card came',
        local_date: '2026-11-24',
      },
      writerWith(leader),
    );
  test('in a record', () => {
    expect(refusalOf(() => headline(newId()))).toEqual(['SYNC_ROW_REFUSED', ['author_id']]);
    expect(headline(ME)).toMatchObject({ author_id: ME, created_by: ME });
  });

  test('in a record that another made, whose name stays', () => {
    const theirs = { ...headline(ME), author_id: newId() };
    const mended = edit('headlines', theirs, { body: 'Two cards came' }, writerWith(leader));
    expect(mended['author_id']).toBe(theirs.author_id);
  });

  test('in a fact', () => {
    const review = (reviewer_id: string): Row =>
      prepareWrite(
        'evidence_reviews',
        null,
        {
          id: newId(),
          location_id: SITE,
          patient_id: newId(),
          evidence_id: newId(),
          reviewer_id,
          verdict: 'accepted',
        },
        writerWith(everywhere('PR')),
      );
    expect(refusalOf(() => review(newId()))).toEqual(['SYNC_ROW_REFUSED', ['reviewer_id']]);
    expect(review(ME)).toMatchObject({ reviewer_id: ME, origin_seq: 1 });
  });
});

test('the part in one team counts for nothing in another, nor does a role in place of it', () => {
  const rock = (team_id: string, writer: Writer): unknown =>
    refusalOf(() =>
      prepareWrite(
        'rocks',
        null,
        {
          id: newId(),
          team_id,
          title: 'Open the second room',
          owner_id: newId(),
          shared_with: {},
          quarter: '2026-Q4',
          due_on: '2026-12-31',
          priority: 1,
          archived: false,
        },
        writer,
      ),
    );
  expect(rock(TEAM, writerWith(leader))).toBe('nothing thrown');
  expect(rock(newId(), writerWith(leader))).toEqual(['SYNC_ROW_REFUSED', []]);
  expect(rock(TEAM, manager())).toEqual(['SYNC_ROW_REFUSED', []]);
});

describe('of fields with a history of their own the window says only what it wants', () => {
  const template = (tags: OrSet, writer: Writer): Row =>
    prepareWrite(
      'handout_templates',
      null,
      {
        id: newId(),
        code: newId(),
        title: 'After your biopsy',
        category: 'post_procedure',
        specialty_tags: tags,
        diagnosis_codes: {},
        physician_review: false,
        status: 'active',
      },
      writer,
    );
  const FORGED = 'ffff00000000-0000-0123456789ab';
  const member = (): OrSet[string] => ({ '0123456789ab': [FORGED, ''] });
  const tagsOf = (row: Row): OrSet => row['specialty_tags'] as OrSet;

  test('a set: its stamps are the store’s, and what is not said stays as it is', () => {
    const writer = manager();
    const before = template({ surgery: member() }, writer);
    expect(membersOf(tagsOf(before))).toEqual(['surgery']);
    expect(JSON.stringify(before)).not.toContain(FORGED);
    expect(Object.keys(tagsOf(before)['surgery'] ?? {})).toEqual([NODE]);

    const wanted = { surgery: member(), laser: member() };
    const after = edit('handout_templates', before, { specialty_tags: wanted }, writer);
    expect(membersOf(tagsOf(after))).toEqual(['laser', 'surgery']);
    expect(tagsOf(after)['surgery']).toEqual(tagsOf(before)['surgery']);
    expect(JSON.stringify(after)).not.toContain(FORGED);

    const without = edit('handout_templates', after, { specialty_tags: {} }, writer);
    expect(membersOf(tagsOf(without))).toEqual([]);
    expect(Object.keys(tagsOf(without)).length).toBeGreaterThan(0);
  });

  test('a set whose stamps are ahead of this machine’s clock is edited later than they are', () => {
    const ahead = 'fffe00000000-0000-00000000000b';
    const before = {
      ...template({}, manager()),
      specialty_tags: { surgery: { '00000000000b': [ahead, ''] } },
    };
    const wanted = { ...before.specialty_tags, laser: member() };
    const after = edit('handout_templates', before, { specialty_tags: wanted }, manager());
    const [added = ''] = tagsOf(after)['laser']?.[NODE] ?? [];
    expect(added > ahead).toBe(true);
  });

  test('a counter: what is more than before is this device’s share', () => {
    const desk = writerWith(everywhere('FD'));
    const other = newId();
    const session = prepareWrite(
      'kiosk_sessions',
      null,
      {
        id: newId(),
        location_id: SITE,
        state: 'started',
        locale: 'en',
        accessibility_mode: false,
        path: 'staffed',
        started_at: NOW,
        last_activity_at: NOW,
        lease_until: NOW,
        attempts: {},
        needs_help: false,
      },
      desk,
    );
    const before = { ...session, attempts: { [other]: 2 } };
    const after = edit('kiosk_sessions', before, { attempts: { [other]: 3 } }, desk);
    expect(after['attempts']).toEqual({ [other]: 2, [DEVICE]: 1 });
    const less = edit('kiosk_sessions', after, { attempts: {} }, desk);
    expect(less['attempts']).toEqual({ [other]: 2, [DEVICE]: 1 });
  });

  test('a shared text: what the window has not seen is not taken away, and no other text is one', () => {
    const fields = { team_id: TEAM, meeting_id: newId(), segment: 'ids' };
    const id = rowIdOf('meeting_notes', fields);
    const writer = writerWith(leader);
    const first = editText(emptyText(), (text) => text.insert(0, 'Numbers are up.'));
    const before = prepareWrite('meeting_notes', null, { ...fields, id, notes: first }, writer);
    const seen = { ...before, notes: editText(first, (text) => text.insert(0, 'Ann: ')) };
    const mine = editText(first, (text) => text.insert(15, ' Calls too.'));
    const after = edit('meeting_notes', seen, { notes: mine }, writer);
    expect(textOf(after['notes'] as string)).toBe('Ann: Numbers are up. Calls too.');
    expect(refusalOf(() => edit('meeting_notes', seen, { notes: 'bm8gdGV4dA==' }, writer))).toEqual(
      ['ROW_INVALID', ['notes']],
    );
  });
});

describe('rows that come from acts', () => {
  const act = prepareWrite(
    'stock_acts',
    null,
    {
      id: newId(),
      kind: 'receive',
      location_id: SITE,
      occurred_at: NOW,
      local_date: '2026-11-22',
      lines: [
        {
          item_id: newId(),
          qty_base: 100_000,
          lot_no: 'A1',
          expiry_date: null,
          serial: '',
          entered_unit: 'box',
          entered_qty: '10',
          unit_cost_cents: null,
        },
      ],
    },
    manager(),
  );
  const lot = expandAct('stock_acts', act)[0]?.row as Row;

  test('are not made by a window', () => {
    expect(refusalOf(() => prepareWrite('inventory_lots', null, lot, manager()))).toEqual([
      'CALL_NOT_ALLOWED',
      [],
    ]);
  });

  test('are edited by whoever may', () => {
    const suspect = edit('inventory_lots', lot, { recall_status: 'suspect' }, manager());
    expect(suspect).toMatchObject({ id: lot.id, recall_status: 'suspect' });
    expect(suspect.field_hlc?.['recall_status']).toMatch(new RegExp(`${NODE}$`));
    const desk = writerWith({ ...everywhere('FD'), locationId: SITE });
    expect(
      refusalOf(() => edit('inventory_lots', lot, { recall_status: 'suspect' }, desk)),
    ).toEqual(['SYNC_ROW_REFUSED', []]);
    expect(
      refusalOf(() => edit('inventory_lots', lot, { expiry_date: '2030-01-31' }, manager())),
    ).toEqual(['SYNC_ROW_REFUSED', ['expiry_date']]);
  });

  test('are made by hand where both is said of their table', () => {
    const order = {
      id: newId(),
      team_id: TEAM,
      title: 'Call the vendor',
      owner_id: newId(),
      due_on: '2026-12-01',
      state: 'open',
      week_created: '2026-11-24',
    };
    expect(prepareWrite('todos', null, order, writerWith(leader))).toMatchObject(order);
  });
});
