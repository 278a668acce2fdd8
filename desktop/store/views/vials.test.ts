import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { derivedId } from '#shared/kernel/ids.ts';
import { expandAct } from '#shared/merge/expand.ts';
import { lotId } from '#shared/schema/lots.ts';
import type { Row } from '#shared/schema/define.ts';
import { patientActId } from '#shared/schema/tables/patient-uses.ts';
import { sampleActId } from '#shared/schema/tables/sample-log.ts';
import { openingActId } from '#shared/schema/tables/vial-acts.ts';
import { DOWNSTREAM_CONTEXT } from '#desktop/storage/origin.ts';
import { patientRow } from './patients.suite.ts';
import { sampleLog } from './samples.ts';
import { stockLevels } from './stock.ts';
import { TestStore, at, rowOf } from './store.suite.ts';
import { lotTrace } from './transfers.ts';
import { vialEvents, vialList } from './vials.ts';

const id = (name: string): string => derivedId('vial-view', name);
const UNIT = 10_000;
const LOT = lotId({ itemId: id('toxin'), lotNo: 'T1', expiryDate: '2027-05-31', serial: '' });
const AA = id('AA');
const FROM_SERVER = `${DOWNSTREAM_CONTEXT}x`;

let store: TestStore;
const read = ((sql: string, values: readonly unknown[] = []) =>
  store.database.read(sql, values as never)) as TestStore['database']['read'];

beforeEach(async () => {
  store = await TestStore.open();
  await store.put('locations', [
    rowOf('locations', {
      id: AA,
      code: 'AA',
      name: 'AA',
      time_zone: 'America/New_York',
      active: true,
    }),
  ]);
  await store.put('users', [
    rowOf('users', { id: id('ana'), display_name: 'Ana', status: 'active' }),
    rowOf('users', { id: id('ben'), display_name: 'Ben', status: 'active' }),
  ]);
  await store.put('inventory_items', [
    rowOf('inventory_items', {
      id: id('toxin'),
      name: 'Toxin',
      kind: 'treatment',
      sku: 'TOX',
      base_unit: 'vial',
      packs: [],
      lot_policy: 'required',
      expiry_policy: 'required',
      controlled_schedule: 'none',
      hazardous: false,
      status: 'active',
      vial_units: 100 * UNIT,
      vial_unit: 'U',
      field_hlc: {},
    }),
  ]);
  await store.put('patients', [
    patientRow('Pat Doe', { id: id('pat'), family_name: 'Doe', given_name: 'Pat' }),
  ]);
});
afterEach(() => store.close());

const line = (quantity = UNIT) => ({
  item_id: id('toxin'),
  qty_base: quantity,
  lot_no: 'T1',
  expiry_date: '2027-05-31',
  serial: '',
  entered_unit: 'vial',
  entered_qty: '1',
  unit_cost_cents: null,
});
const fact = (name: string, minute: number, by = 'ana') => ({
  id: id(name),
  created_at: at(minute).ms,
  created_by: id(by),
  device_id: id('device'),
  hlc: at(minute).hlc,
  location_id: AA,
  occurred_at: at(minute).ms,
  local_date: '2026-09-21',
});
const receive = () =>
  store.act([rowOf('stock_acts', { ...fact('in', 1), kind: 'receive', lines: [line(5 * UNIT)] })]);
const vialRow = (name: string, minute: number, fields: Record<string, unknown>, by?: string): Row =>
  rowOf('vial_acts', {
    ...fact(name, minute, by),
    item_id: id('toxin'),
    lot_id: LOT,
    unit: 'U',
    for_patient: false,
    ...fields,
  });
const open = (name: string, minute: number, useBy: number | null) =>
  store.act(
    [
      vialRow(name, minute, {
        step: 'open',
        line: line(),
        units: 100 * UNIT,
        use_by: useBy === null ? null : at(useBy).ms,
      }),
    ],
    'test',
    'vial_acts',
  );
const draw = (name: string, vial: string, units: number, fields: Record<string, unknown> = {}) =>
  store.act(
    [vialRow(name, 20, { step: 'draw', vial_id: id(vial), units: units * UNIT, ...fields })],
    'test',
    'vial_acts',
  );
const list = () => vialList.compute(read, { closedSince: at(0).ms });

describe('open containers', () => {
  test('stand in the order in which they are over, each with what is left', async () => {
    await receive();
    await open('late', 2, 900);
    await open('soon', 3, 600);
    await open('never', 4, null);
    await draw('d1', 'soon', 30);
    await draw('d2', 'late', 100);
    const rows = list();
    expect(
      rows.map(({ vial_id: vial, rest, is_closed: isClosed }) => [vial, rest, isClosed]),
    ).toEqual([
      [id('soon'), 70 * UNIT, false],
      [id('never'), 100 * UNIT, false],
      [id('late'), 0, true],
    ]);
    expect(rows[0]).toMatchObject({
      lot_no: 'T1',
      location_code: 'AA',
      opened_by: 'Ana',
      content: 100 * UNIT,
      waiting: true,
    });
  });

  test('leave the shelf, and show with the levels of their site', async () => {
    await receive();
    await open('v', 2, 600);
    const [level] = stockLevels.compute(read, { usedSince: '2026-09-01' });
    expect(level?.sites).toMatchObject([
      {
        on_hand: 4 * UNIT,
        vials: [{ vial_id: id('v'), lot_id: LOT, rest: 100 * UNIT, unit: 'U', use_by: at(600).ms }],
      },
    ]);
  });

  test('of which more was drawn than was in it say by how much', async () => {
    await receive();
    await open('v', 2, 600);
    await draw('a', 'v', 60);
    await draw('b', 'v', 60);
    expect(list()).toMatchObject([{ rest: 0, over: 20 * UNIT, is_closed: true }]);
  });

  test('whose opening was taken back are gone', async () => {
    await receive();
    await open('v', 2, 600);
    const movement = derivedId('movement', openingActId(id('v')), '0');
    await store.act([
      rowOf('stock_acts', {
        ...fact('undo', 9),
        kind: 'issue',
        reason_code: 'not_done',
        lines: [{ ...line(), reverses_id: movement }],
      }),
    ]);
    expect(list()).toEqual([]);
  });
});

describe('whom something was drawn for', () => {
  const use = () =>
    store.act(
      [
        rowOf('patient_uses', {
          ...fact('use', 30, 'ben'),
          patient_id: id('pat'),
          act_id: patientActId(id('use')),
          note: 'left cheek',
          lines: [line()],
          draws: [
            { vial_id: id('v'), item_id: id('toxin'), lot_id: LOT, units: 20 * UNIT, unit: 'U' },
          ],
        }),
      ],
      'test',
      'patient_uses',
    );

  test('is said to those who hold it', async () => {
    await receive();
    await open('v', 2, 600);
    await use();
    const [drawn] = vialEvents.compute(read, { vialId: id('v') });
    expect(drawn).toMatchObject({
      step: 'draw',
      units: 20 * UNIT,
      for_patient: true,
      note: null,
      who: 'Ben',
      patient: { patient_id: id('pat'), family_name: 'Doe', given_name: 'Pat' },
    });
    const trace = lotTrace.compute(read, { lotId: LOT });
    const used = trace?.events.filter(({ for_patient: isFor }) => isFor);
    expect(used?.map(({ type, patient }) => [type, patient?.family_name])).toEqual(
      expect.arrayContaining([
        ['issue', 'Doe'],
        ['vial_draw', 'Doe'],
      ]),
    );
    expect(used).toHaveLength(2);
  });

  test('is a number where this device does not hold it', async () => {
    await receive();
    await open('v', 2, 600);
    const row = rowOf('patient_uses', {
      ...fact('use', 30, 'ben'),
      patient_id: id('pat'),
      act_id: patientActId(id('use')),
      lines: [line()],
      draws: [{ vial_id: id('v'), item_id: id('toxin'), lot_id: LOT, units: 20 * UNIT, unit: 'U' }],
    });
    // As a desk has it: what the use stands for, and not the use.
    for (const { table, row: made } of expandAct('patient_uses', row)) {
      await store.put(table, [made], FROM_SERVER);
    }
    const [drawn] = vialEvents.compute(read, { vialId: id('v') });
    expect(drawn).toMatchObject({ for_patient: true, patient: null, waiting: false });
    const used = lotTrace
      .compute(read, { lotId: LOT })
      ?.events.filter(({ for_patient: isFor }) => isFor);
    expect(used?.map(({ patient }) => patient)).toEqual([null, null]);
  });
});

test('the log of samples says what came, what left, and of the latter for whom', async () => {
  await store.act([
    rowOf('stock_acts', {
      ...fact('in', 1),
      kind: 'sample_in',
      note: 'Acme, R. Rep',
      lines: [line(5 * UNIT)],
    }),
  ]);
  await store.act(
    [
      rowOf('sample_log', {
        ...fact('out', 5),
        act_id: sampleActId(id('out')),
        lot_id: LOT,
        qty_base: UNIT,
        patient_id: id('pat'),
        prescriber_id: id('ben'),
        dispensed_by: id('ana'),
        line: line(),
        signature: '{"kind":"drawn"}',
      }),
    ],
    'test',
    'sample_log',
  );
  const rows = sampleLog.compute(read, { since: 0, limit: 10 });
  expect(rows).toMatchObject([
    {
      kind: 'out',
      qty_base: -UNIT,
      prescriber: 'Ben',
      patient: { family_name: 'Doe' },
      signature: '{"kind":"drawn"}',
      waiting: true,
    },
    { kind: 'in', qty_base: 5 * UNIT, note: 'Acme, R. Rep', patient: null, waiting: true },
  ]);
});
