import { describe, expect, test } from 'vitest';
import type { Grant } from '#shared/access/rights.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { createHlc } from '#shared/kernel/hlc.ts';
import { newId } from '#shared/kernel/ids.ts';
import type { Row } from '#shared/schema/define.ts';
import { prepareWrite } from './local-write.ts';
import type { Writer } from './local-write.ts';

const NOW = 1_790_000_000_000;
const SITE = newId();
const OTHER_SITE = newId();
const ME = newId();
const DEVICE = newId();

function writerWith(...roles: Grant['role'][]): Writer {
  let time = NOW;
  let seq = 0;
  return {
    userId: ME,
    deviceId: DEVICE,
    grants: () => roles.map((role) => ({ role, locationId: SITE, validFrom: 0, validTo: null })),
    hlc: createHlc({ clock: { now: () => (time += 1) }, node: '0123456789ab' }),
    now: () => NOW,
    nextOriginSeq: () => (seq += 1),
  };
}

const receipt = (extra: object = {}): Record<string, unknown> => ({
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
  ...extra,
});
const lineOf = (act: Record<string, unknown>): object => (act['lines'] as object[])[0] ?? {};
const place = (): Record<string, unknown> => ({
  id: newId(),
  item_id: newId(),
  location_id: SITE,
  par: 10_000,
  bin: 'A-1',
  is_stocked: true,
});
const codeOf = (run: () => unknown): string => {
  try {
    run();
    return 'nothing thrown';
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
};

describe('what the window says about who, when and stamps counts for nothing', () => {
  test('for a fact', () => {
    const lie = {
      created_by: newId(),
      device_id: newId(),
      created_at: 1,
      hlc: 'x',
      origin_seq: 99,
    };
    const row = prepareWrite('stock_acts', null, receipt(lie), writerWith('FD'));
    expect(row).toMatchObject({
      created_by: ME,
      device_id: DEVICE,
      created_at: NOW,
      origin_seq: 1,
    });
    expect(row.hlc).toMatch(/0123456789ab$/);
  });

  test('for a record: only what changed is stamped anew', () => {
    const writer = writerWith('LM');
    const before = prepareWrite('item_locations', null, place(), writer);
    const lie = { field_hlc: { par: 'ffffffffffff-ffff-ffffffffffff' } };
    const after = prepareWrite('item_locations', before, { ...before, ...lie, bin: 'B-2' }, writer);
    expect(after.field_hlc?.['par']).toBe(before.field_hlc?.['par']);
    expect(after.field_hlc?.['bin'] ?? '').not.toBe(before.field_hlc?.['bin']);
    expect(after.created_by).toBe(ME);
  });
});

test('on a machine with a slow clock an edit is later than what it edits all the same', () => {
  const ahead = 'ffff00000000-0000-00000000000b';
  const before = {
    ...prepareWrite('item_locations', null, place(), writerWith('LM')),
    field_hlc: { par: ahead },
  };
  const after = prepareWrite('item_locations', before, { ...before, par: 1 }, writerWith('LM'));
  expect((after.field_hlc?.['par'] ?? '') > ahead).toBe(true);
});

describe('what may not be is refused with its reason', () => {
  const writer = writerWith('FD');
  const stored = prepareWrite('stock_acts', null, receipt(), writer);

  test.each<[string, () => unknown]>([
    ['ROW_INVALID', () => prepareWrite('stock_acts', null, receipt({ lines: [] }), writer)],
    ['ROW_INVALID', () => prepareWrite('stock_acts', null, receipt({ sudo: true }), writer)],
    [
      'ROW_INVALID',
      () => prepareWrite('stock_acts', null, receipt(JSON.parse('{"__proto__":{}}')), writer),
    ],
    [
      'ROW_INVALID',
      () => prepareWrite('stock_acts', null, receipt({ local_date: '2026-02-30' }), writer),
    ],
    [
      'SYNC_ROW_REFUSED',
      () => prepareWrite('stock_acts', null, receipt({ kind: 'waste' }), writer),
    ],
    [
      'SYNC_ROW_REFUSED',
      () => prepareWrite('stock_acts', null, receipt({ location_id: OTHER_SITE }), writer),
    ],
    ['SYNC_ROW_REFUSED', () => prepareWrite('item_locations', null, place(), writer)],
    [
      'SYNC_ROW_IMMUTABLE',
      () => prepareWrite('stock_acts', stored, { ...stored, note: 'x' }, writer),
    ],
    [
      'ROW_NOT_DELETABLE',
      () => prepareWrite('stock_acts', stored, { ...stored, _deleted: true }, writer),
    ],
    [
      'ROW_INVALID',
      () =>
        prepareWrite(
          'stock_acts',
          null,
          receipt({ lines: [{ ...lineOf(receipt()), lot_no: 'A\u001d1' }] }),
          writer,
        ),
    ],
    ['CALL_NOT_ALLOWED', () => prepareWrite('stock_movements', null, receipt(), writer)],
    ['CALL_NOT_ALLOWED', () => prepareWrite('audit_logs', null, {}, writer)],
    ['CALL_NOT_ALLOWED', () => prepareWrite('users', null, {}, writer)],
  ])('%s', (code, run) => expect(codeOf(run)).toBe(code));

  test('the names of the wrong fields come along, their values do not', () => {
    try {
      prepareWrite('stock_acts', null, receipt({ note: 'secret\u0000text' }), writer);
      expect.unreachable();
    } catch (error) {
      expect((error as AppError).safe['fields']).toEqual(['note']);
      expect(JSON.stringify((error as AppError).toBody())).not.toContain('secret');
    }
  });

  test('a record that names another item is not the same record', () => {
    const manager = writerWith('LM');
    const before = prepareWrite('item_locations', null, place(), manager);
    const moved = { ...before, item_id: newId() };
    expect(codeOf(() => prepareWrite('item_locations', before, moved, manager))).toBe(
      'SYNC_ROW_REFUSED',
    );
  });
});

describe('the steps of a count', () => {
  const session = (): Record<string, unknown> => ({
    id: newId(),
    location_id: SITE,
    kind: 'spot',
    blind: false,
    status: 'open',
    counted_by: ME,
    started_at: NOW,
  });
  const at = (status: string, counted_by = ME): Row => ({
    ...prepareWrite('count_sessions', null, session(), writerWith('LM')),
    status,
    counted_by,
  });
  const step = (before: Row, status: string, writer: Writer): string =>
    codeOf(() => prepareWrite('count_sessions', before, { ...before, status }, writer));

  test('whoever counts may submit or void, and may not post', () => {
    expect(step(at('open'), 'submitted', writerWith('FD'))).toBe('nothing thrown');
    expect(step(at('open'), 'posted', writerWith('LM'))).toBe('SYNC_TRANSITION_REFUSED');
    expect(step(at('submitted'), 'posted', writerWith('LM'))).toBe('SYNC_TRANSITION_REFUSED');
  });

  test('begins at the beginning, in one’s own name', () => {
    const begin = (extra: object): string =>
      codeOf(() =>
        prepareWrite('count_sessions', null, { ...session(), ...extra }, writerWith('LM')),
      );
    expect(begin({ status: 'posted' })).toBe('SYNC_TRANSITION_REFUSED');
    expect(begin({ counted_by: newId() })).toBe('SYNC_ROW_REFUSED');
  });

  test('a variance is approved by somebody else with the right', () => {
    const theirs = at('in_review', newId());
    expect(step(theirs, 'posted', writerWith('LM'))).toBe('nothing thrown');
    expect(step(theirs, 'posted', writerWith('FD'))).toBe('SYNC_ROW_REFUSED');
    expect(step(at('in_review'), 'posted', writerWith('LM'))).toBe('COUNT_OWN_APPROVAL');
  });
});
