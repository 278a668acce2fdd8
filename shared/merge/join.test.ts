import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  MAX_CLOCK_AHEAD_MS,
  clampStamps,
  formatHlc,
  hlcNodeOf,
  parseHlc,
} from '#shared/kernel/hlc.ts';
import { sameContent } from '#shared/kernel/json.ts';
import type { Row } from '#shared/schema/define.ts';
import { membersOf } from '#shared/schema/or-set.ts';
import type { OrSet } from '#shared/schema/or-set.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { anyRecord } from '#shared/testing/arbitraries.ts';
import { closedChanges } from './closed.ts';
import { joinedShape } from './join-field.ts';
import {
  changeableFields,
  clampRow,
  isAhead,
  joinRecords,
  joinedFields,
  malformedTexts,
  mergeRecord,
  stampEdit,
  stampedFields,
  stampsIn,
} from './join.ts';
import { editText, emptyText, textOf } from './shared-text.ts';

const aRow = (table: TableName): Row =>
  fc.sample(anyRecord(table), { numRuns: 1, seed: 3 })[0] as Row;
const hlc = (ms: number): string => formatHlc({ ms, counter: 0, node: '00000000000a' });
const PHONE = '018f0000-0000-7000-8000-0000000000a1';
const DESK = '018f0000-0000-7000-8000-0000000000a2';

test('stamps far in the future are brought back to the time of the server, in their order', () => {
  const now = 1_790_000_000_000;
  const node = '00000000000a';
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.oneof(fc.nat(10_000_000_000), fc.nat(600_000)), { minLength: 1 }),
      (offsets) => {
        const stamps = offsets.map((ahead) => formatHlc({ ms: now + ahead, counter: 3, node }));
        const clamped = clampStamps(stamps, now);
        const after = stamps.map((stamp) => clamped.get(stamp) ?? stamp);
        for (const stamp of after) {
          expect(parseHlc(stamp).ms).toBeLessThanOrEqual(now + MAX_CLOCK_AHEAD_MS);
        }
        expect(new Set(after).size).toBe(stamps.length);
        const inOrder = stamps.toSorted().map((stamp) => clamped.get(stamp) ?? stamp);
        expect(inOrder).toEqual(inOrder.toSorted());
      },
    ),
  );
  const future = formatHlc({ ms: now + 86_400_000, counter: 0, node });
  const row = { id: 'x', created_at: now, created_by: null, device_id: null, hlc: future };
  const clamped = clampStamps(stampsIn(row), now);
  expect(parseHlc(String(clampRow(row, clamped).hlc)).ms).toBe(now);
});

test('a stamp that is brought back stays behind one that may lie ahead, which it edited', () => {
  const now = 1_790_000_000_000;
  const edited = hlc(now + 90_000);
  const edit = hlc(now + 400_000);
  const back = clampStamps([edit, edited], now).get(edit) ?? '';
  expect(back > edited).toBe(true);
  expect(parseHlc(back).ms).toBe(now + 90_000);
});

describe('every field of every record has one way of changing', () => {
  const records = TABLE_NAMES.filter((name) => tableOf(name).kind === 'record');

  test.each(records)('%s', (table) => {
    const stamped = new Set(stampedFields(table));
    const joined = new Set(joinedFields(table));
    expect(changeableFields(table).toSorted()).toEqual([...stamped, ...joined].toSorted());
    for (const [name, field] of Object.entries(tableOf(table).fields)) {
      if (!field.onDevice) continue;
      const expected = ['LWW', 'HR', 'SM', 'CLM'].includes(field.merge);
      expect(stamped.has(name)).toBe(expected);
      expect(joined.has(name)).toBe(['ORS', 'CNT', 'TXT'].includes(field.merge));
      expect(stamped.has(name) && joined.has(name)).toBe(false);
    }
  });

  test('each way is in use, so that the laws above are about something', () => {
    const rules = records.flatMap((name) =>
      Object.values(tableOf(name).fields).map(({ merge }) => merge),
    );
    expect([...new Set(rules)].toSorted()).toEqual([
      'AO',
      'CEN',
      'CLM',
      'CNT',
      'HR',
      'LWW',
      'ORS',
      'SM',
      'TXT',
    ]);
  });

  test('an observed-remove field that is neither a set nor a membership is a mistake', () => {
    const { shared_with: set } = tableOf('rocks').fields;
    const { status } = tableOf('reorder_requests').fields;
    if (!set || !status) throw new Error('the tables have changed');
    expect(joinedShape(set)).toBe('set');
    expect(() => joinedShape({ ...status, merge: 'ORS' })).toThrow(TypeError);
  });
});

describe('a claim', () => {
  test('is joined by its stamp and never contested: the server settles it', () => {
    const base = { ...aRow('kiosk_sessions'), field_hlc: {} };
    const mine = { ...base, appointment_id: PHONE, field_hlc: { appointment_id: hlc(5) } };
    const theirs = { ...base, appointment_id: DESK, field_hlc: { appointment_id: hlc(6) } };
    const { row, contests, changed } = mergeRecord('kiosk_sessions', {}, mine, theirs);
    expect(row['appointment_id']).toBe(DESK);
    expect(contests).toEqual([]);
    expect(changed).toEqual([]);
    expect(joinRecords('kiosk_sessions', theirs, mine)['appointment_id']).toBe(DESK);
  });
});

describe('sets, counters and texts of a record', () => {
  test('take in what both sides did, without a contest', () => {
    const base = { ...aRow('rocks'), shared_with: {}, field_hlc: {} };
    const set = (member: string): Row['field_hlc'] & object =>
      ({
        [member]: { '00000000000a': [hlc(1), ''] },
      }) as never;
    const phone = stampEdit('rocks', base, { ...base, shared_with: set('ann') }, hlc(7));
    const desk = stampEdit('rocks', base, { ...base, shared_with: set('bo') }, hlc(8));
    const { row, changed, contests } = mergeRecord('rocks', {}, phone, desk);
    expect(membersOf(row['shared_with'] as OrSet)).toEqual(['ann', 'bo']);
    expect(changed).toEqual(['shared_with']);
    expect(contests).toEqual([]);
  });

  test('count what each device added, once', () => {
    const base = { ...aRow('handout_links'), opens: { [DESK]: 2 }, field_hlc: {} };
    const phone = stampEdit(
      'handout_links',
      base,
      { ...base, opens: { [DESK]: 5 } },
      hlc(7),
      PHONE,
    );
    expect(phone['opens']).toEqual({ [DESK]: 2, [PHONE]: 3 });
    const desk = { ...base, opens: { [DESK]: 4 } };
    const { row, changed } = mergeRecord('handout_links', {}, phone, desk);
    expect(row['opens']).toEqual({ [DESK]: 4, [PHONE]: 3 });
    expect(changed).toEqual(['opens']);
    expect(mergeRecord('handout_links', {}, phone, row).changed).toEqual([]);
  });

  test('keep what two people wrote', () => {
    const base = { ...aRow('meeting_notes'), notes: emptyText(), field_hlc: {} };
    const write = (words: string) => editText(emptyText(), (text) => text.insert(0, words));
    const phone = stampEdit('meeting_notes', base, { ...base, notes: write('rocks ') }, hlc(7));
    const desk = stampEdit('meeting_notes', base, { ...base, notes: write('issues ') }, hlc(8));
    const { row, changed } = mergeRecord('meeting_notes', {}, phone, desk);
    const words = textOf(String(row['notes'])).trim().split(' ').toSorted();
    expect(words).toEqual(['issues', 'rocks']);
    expect(changed).toEqual(['notes']);
  });

  test('are made by the store: a window that names other devices changes nothing of theirs', () => {
    const node = hlcNodeOf(DESK);
    const theirs = { ann: { [node]: [hlc(1).replace('00000000000a', node), ''] } };
    const base = { ...aRow('rocks'), shared_with: theirs, field_hlc: {} };
    const forged = { ann: { [node]: ['ffffffffffff-0000-0000000000a2', ''] } };
    const after = stampEdit('rocks', base, { ...base, shared_with: forged }, hlc(7));
    expect(after['shared_with']).toEqual(theirs);
  });
});

describe('a state that is ahead of another', () => {
  test.each(['rocks', 'handout_links', 'meeting_notes', 'item_locations'] as const)(
    'has something that joining brings along (%s)',
    (table) => {
      const content = (row: Row) => changeableFields(table).map((name) => row[name]);
      fc.assert(
        fc.property(anyRecord(table), anyRecord(table), (a, b) => {
          const whole = joinRecords(table, a, b);
          expect(isAhead(table, a, whole)).toBe(false);
          if (isAhead(table, b, a)) return;
          // Equal stamps on different values are no writing of anybody: they are decided, not newer.
          const tied = stampedFields(table).filter(
            (name) => a.field_hlc?.[name] === b.field_hlc?.[name],
          );
          const same = Object.fromEntries(tied.map((name) => [name, a[name]]));
          expect(content(joinRecords(table, a, { ...b, ...same }))).toEqual(content(a));
        }),
      );
    },
  );

  test('is one with a member, a count or a word more', () => {
    const rock = { ...aRow('rocks'), shared_with: {}, field_hlc: {} };
    const more = { ...rock, shared_with: { ann: { '00000000000a': [hlc(1), ''] } } };
    expect([isAhead('rocks', more, rock), isAhead('rocks', rock, more)]).toEqual([true, false]);
    const link = { ...aRow('handout_links'), opens: { [DESK]: 1 }, field_hlc: {} };
    const opened = { ...link, opens: { [DESK]: 2 } };
    expect(isAhead('handout_links', opened, link)).toBe(true);
    expect(isAhead('handout_links', link, opened)).toBe(false);
  });
});

test('a text that is none is told by the name of its field', () => {
  const notes = aRow('meeting_notes');
  expect(malformedTexts('meeting_notes', notes)).toEqual([]);
  expect(malformedTexts('meeting_notes', { ...notes, notes: 'AQEB' })).toEqual(['notes']);
  expect(malformedTexts('rocks', aRow('rocks'))).toEqual([]);
});

describe('a row that is closed', () => {
  const draft = { ...aRow('transfers'), status: 'draft', note: 'a', wanted: [] };
  const shipped = { ...draft, status: 'shipped' };
  const more = [{ item_id: PHONE, qty_base: 10_000 }];

  test('may be filled in before it is closed, and closed together with the last words', () => {
    expect(closedChanges('transfers', draft, { ...draft, wanted: more })).toEqual([]);
    expect(closedChanges('transfers', draft, { ...shipped, wanted: more })).toEqual([]);
  });

  test('changes its state and what stays open, nothing else', () => {
    expect(closedChanges('transfers', shipped, { ...shipped, status: 'received' })).toEqual([]);
    expect(closedChanges('transfers', shipped, { ...shipped, note: 'b' })).toEqual([]);
    const both = { ...shipped, note: 'b', wanted: more };
    expect(closedChanges('transfers', shipped, both)).toEqual(['wanted']);
  });

  test('is not opened by the very edit that changes it', () => {
    expect(closedChanges('transfers', shipped, { ...draft, wanted: more })).toEqual(['wanted']);
  });

  test('is none where a table does not say so', () => {
    const item = { ...aRow('rocks'), title: 'a' };
    expect(closedChanges('rocks', item, { ...item, title: 'b' })).toEqual([]);
  });

  test.each(TABLE_NAMES.filter((name) => tableOf(name).editableIn !== null))(
    'of %s gives up every field that is not open, in each of its closed states',
    (table) => {
      const { editableIn, machine, openFields, fields } = tableOf(table);
      if (!editableIn || !machine) throw new Error('closed by what?');
      const open = new Set([machine.field, ...openFields]);
      const states = fields[machine.field]?.values ?? [];
      expect(states).toEqual(expect.arrayContaining([...editableIn]));
      fc.assert(
        fc.property(
          anyRecord(table),
          anyRecord(table),
          fc.constantFrom(...states),
          (a, b, state) => {
            const before = { ...a, [machine.field]: state };
            const closed = closedChanges(table, before, b);
            // Taking back what may not be changed is enough to be let through.
            const untouched = {
              ...b,
              ...Object.fromEntries(closed.map((name) => [name, a[name]])),
            };
            expect(closedChanges(table, before, untouched)).toEqual([]);
            if (editableIn.includes(state)) expect(closed).toEqual([]);
            else {
              const changed = changeableFields(table).filter(
                (name) => !sameContent(a[name], b[name]),
              );
              expect(closed).toEqual(changed.filter((name) => !open.has(name)));
            }
          },
        ),
        { numRuns: 50 },
      );
    },
  );
});
