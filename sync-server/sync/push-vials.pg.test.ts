import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StockTable } from '#shared/access/stock-rules.ts';
import { newId } from '#shared/kernel/ids.ts';
import { lotId } from '#shared/schema/lots.ts';
import type { Row } from '#shared/schema/define.ts';
import { patientActId, patientDrawId } from '#shared/schema/tables/patient-uses.ts';
import { sampleActId } from '#shared/schema/tables/sample-log.ts';
import { UNIT, openCountRig } from '../testing/counts.suite.ts';
import type { CountRig } from '../testing/counts.suite.ts';
import { SITE, inOrder, must } from '../testing/rig.suite.ts';
import type { Client } from '../testing/rig.suite.ts';
import * as make from '../testing/rows.suite.ts';
import { patientVisit } from '../testing/visits.suite.ts';

/** Opened containers, what was used for whom, and samples, as a server judges them. */

let opened: CountRig;
let boss: Client;
let nurse: Client;
let other: Client;
let desk: Client;
let far: Client;
let buyer: Client;
let patient: string;
beforeAll(async () => {
  opened = await openCountRig();
  ({ boss, counter: nurse } = opened);
  const { rig } = opened;
  other = await rig.client(await rig.person(['CS', SITE.AA]));
  desk = await rig.client(await rig.person(['FD', SITE.AA]));
  far = await rig.client(await rig.person(['CS', SITE.WX]));
  buyer = await rig.client(await rig.person(['BUY', SITE.AA]));
  const visit = await patientVisit(rig);
  const [found] = await rows('select patient_id from public.appointments where id = $1', visit);
  patient = String(found?.['patient_id']);
});
afterAll(() => opened.rig.close());

const rows = async (text: string, ...values: unknown[]) =>
  (await opened.rig.db.admin.query<Record<string, unknown>>(text, values)).rows;

const LOT = { lot_no: 'TOX1', expiry_date: '2027-05-31' };
const idOfLot = (item: string): string =>
  lotId({ itemId: item, lotNo: LOT.lot_no, expiryDate: LOT.expiry_date, serial: '' });
const taken = (item: string, fields: Record<string, unknown> = {}) =>
  make.line(item, { qty_base: UNIT, entered_qty: '1', ...LOT, ...fields });

/** An item of 100 U a vial, of which five vials lie at AA. */
async function toxin(fields: Record<string, unknown> = {}): Promise<string> {
  const item = make.item(boss, {
    vial_units: 100 * UNIT,
    vial_unit: 'U',
    open_hours: 24,
    ...fields,
  });
  await boss.push(
    { table: 'inventory_items', row: item },
    { table: 'item_locations', row: make.itemLocation(boss, item.id, SITE.AA) },
    {
      table: 'stock_acts',
      row: make.act(boss, SITE.AA, [taken(item.id, { qty_base: 5 * UNIT })]),
    },
  );
  return item.id;
}

const vialAct = (who: Client, item: string, fields: Record<string, unknown>): Row =>
  make.fact('vial_acts', who, {
    location_id: SITE.AA,
    item_id: item,
    lot_id: idOfLot(item),
    unit: 'U',
    occurred_at: Date.now(),
    local_date: '2026-11-30',
    for_patient: false,
    ...fields,
  });
const opening = (who: Client, item: string, fields: Record<string, unknown> = {}): Row =>
  vialAct(who, item, { step: 'open', line: taken(item), units: 100 * UNIT, ...fields });
const drawing = (
  who: Client,
  vial: Row,
  units: number,
  fields: Record<string, unknown> = {},
): Row =>
  vialAct(who, String(vial['item_id']), {
    step: 'draw',
    vial_id: vial.id,
    units: units * UNIT,
    ...fields,
  });
const push = async (who: Client, table: StockTable, row: Row) =>
  must((await who.push({ table, row }))[0]);
const reviewsOf = (item: string) =>
  rows(
    `select * from public.review_items where kind = 'vial_overdrawn' and facts ->> 'item_id' = $1
     order by created_at, id`,
    item,
  );

const use = (who: Client, fields: Record<string, unknown>): Row => {
  const id = newId();
  const lines = (fields['lines'] ?? []) as unknown[];
  return make.fact('patient_uses', who, {
    id,
    location_id: SITE.AA,
    patient_id: patient,
    act_id: lines.length === 0 ? null : patientActId(id),
    occurred_at: Date.now(),
    local_date: '2026-11-30',
    draws: [],
    ...fields,
    lines,
  });
};

describe('an opened container', () => {
  test('leaves the shelf as a whole, and what is drawn from it never touches the shelf again', async () => {
    const item = await toxin();
    const vial = opening(nurse, item);
    expect(await push(nurse, 'vial_acts', vial)).toMatchObject({ outcome: 'ok' });
    expect(await opened.onHand(item)).toBe(4 * UNIT);
    expect(await push(nurse, 'vial_acts', drawing(nurse, vial, 20))).toMatchObject({
      outcome: 'ok',
    });
    expect(await opened.onHand(item)).toBe(4 * UNIT);
    // The same opening again takes nothing more.
    expect(await push(nurse, 'vial_acts', vial)).toMatchObject({ outcome: 'ok' });
    expect(await opened.onHand(item)).toBe(4 * UNIT);
  });

  test('takes its content off the shelf where the item is stocked in the unit of it', async () => {
    const item = await toxin({ base_unit: 'U' });
    const wrong = await push(nurse, 'vial_acts', opening(nurse, item));
    expect(wrong).toMatchObject({ outcome: 'refused', fields: ['line'] });
    const line = taken(item, { qty_base: 100 * UNIT });
    expect(await push(nurse, 'vial_acts', opening(nurse, item, { line }))).toMatchObject({
      outcome: 'ok',
    });
  });

  test.each([
    ['without what leaves the shelf', { line: null }, 'line'],
    ['of another lot than it says', { lot_id: null }, 'lot_id'],
    ['with nothing in it', { units: 0 }, 'units'],
    ['that says it was for a patient', { for_patient: true }, 'for_patient'],
  ])('is refused %s', async (_what, fields, field) => {
    const item = await toxin();
    const answer = await push(nurse, 'vial_acts', opening(nurse, item, fields));
    expect(answer).toMatchObject({ outcome: 'refused', code: 'SYNC_ROW_INVALID' });
    expect(must(answer as { fields?: string[] }).fields).toContain(field);
    expect(await opened.onHand(item)).toBe(5 * UNIT);
  });

  test('waits for its opening, which another device may still hold', async () => {
    const item = await toxin();
    const vial = opening(other, item);
    const draw = drawing(nurse, vial, 10, { lot_id: null });
    expect(await push(nurse, 'vial_acts', draw)).toMatchObject({
      outcome: 'retry',
      code: 'SYNC_PARENT_MISSING',
    });
    await push(other, 'vial_acts', vial);
    expect(await push(nurse, 'vial_acts', draw)).toMatchObject({ outcome: 'ok' });
  });

  test('that two devices drew empty without seeing each other keeps both and asks once', async () => {
    const item = await toxin();
    const vial = opening(nurse, item);
    await push(nurse, 'vial_acts', vial);
    const draws = [drawing(nurse, vial, 60), drawing(other, vial, 60)];
    // At the very same time: neither transaction may miss what the other takes.
    const answers = await Promise.all([
      push(nurse, 'vial_acts', must(draws[0])),
      push(other, 'vial_acts', must(draws[1])),
    ]);
    expect(answers.map(({ outcome }) => outcome)).toEqual(['ok', 'ok']);
    expect(await reviewsOf(item)).toMatchObject([
      {
        table_name: 'item_locations',
        location_id: SITE.AA,
        status: 'open',
        facts: { vial_id: vial.id, over: 20 * UNIT, content: 100 * UNIT, unit: 'U' },
      },
    ]);
    await push(nurse, 'vial_acts', must(draws[0]));
    expect(await reviewsOf(item)).toHaveLength(1);
    // Taken back, the question has answered itself; drawn too much again, it is asked again.
    const undo = drawing(other, vial, 60, { reverses_id: must(draws[1]).id });
    await push(other, 'vial_acts', undo);
    expect((await reviewsOf(item)).map(({ status }) => status)).toEqual(['void']);
    await push(other, 'vial_acts', drawing(other, vial, 80));
    expect(inOrder((await reviewsOf(item)).map(({ status }) => status))).toEqual(
      inOrder(['open', 'void']),
    );
  });

  test('of which the rest was thrown away here while somebody drew there asks too', async () => {
    const item = await toxin();
    const vial = opening(nurse, item);
    await push(nurse, 'vial_acts', vial);
    await push(
      nurse,
      'vial_acts',
      drawing(nurse, vial, 100, { step: 'discard', reason_code: 'open_expired' }),
    );
    expect(await reviewsOf(item)).toEqual([]);
    await push(other, 'vial_acts', drawing(other, vial, 5));
    expect(await reviewsOf(item)).toMatchObject([{ facts: { over: 5 * UNIT } }]);
  });

  test('is thrown away with a reason, and what is controlled in front of somebody else', async () => {
    const item = await toxin({ controlled_schedule: 'III' });
    const vial = opening(nurse, item);
    await push(nurse, 'vial_acts', vial);
    const discard = (fields: Record<string, unknown>) =>
      push(nurse, 'vial_acts', drawing(nurse, vial, 30, { step: 'discard', ...fields }));
    expect(await discard({})).toMatchObject({ outcome: 'refused', fields: ['reason_code'] });
    expect(await discard({ reason_code: 'too_little' })).toMatchObject({
      outcome: 'refused',
      fields: ['witnessed_by'],
    });
    expect(await discard({ reason_code: 'too_little', witnessed_by: nurse.userId })).toMatchObject({
      outcome: 'refused',
      fields: ['witnessed_by'],
    });
    expect(await discard({ reason_code: 'too_little', witnessed_by: other.userId })).toMatchObject({
      outcome: 'ok',
    });
  });

  test('is nobody’s business at another site, and no buyer’s or desk’s to open', async () => {
    const item = await toxin();
    for (const who of [far, desk, buyer]) {
      expect(await push(who, 'vial_acts', opening(who, item))).toMatchObject({
        outcome: 'refused',
        code: 'SYNC_ROW_REFUSED',
      });
    }
    const [page] = (await far.pull([{ table: 'vial_acts' }])).tables;
    expect(page?.rows ?? []).toEqual([]);
  });
});

describe('what was used for a patient', () => {
  test('stands in the ledger as any use, and says of whom to clinical roles alone', async () => {
    const item = await toxin();
    const vial = opening(nurse, item);
    await push(nurse, 'vial_acts', vial);
    const row = use(nurse, {
      lines: [taken(item, { ref_type: 'appointment', ref_id: newId() })],
      draws: [
        { vial_id: vial.id, item_id: item, lot_id: idOfLot(item), units: 20 * UNIT, unit: 'U' },
      ],
      note: 'left cheek',
    });
    expect(await push(nurse, 'patient_uses', row)).toMatchObject({ outcome: 'ok' });
    expect(await opened.onHand(item)).toBe(3 * UNIT);
    const [movement] = await rows(
      `select ref_type, ref_id, patient_ref, note, performed_by from public.stock_movements
       where act_id = $1`,
      patientActId(row.id),
    );
    expect(movement).toEqual({
      ref_type: 'appointment',
      ref_id: null,
      patient_ref: null,
      note: null,
      performed_by: nurse.userId,
    });
    const [drawn] = await rows(
      'select * from public.vial_acts where id = $1',
      patientDrawId(row.id, 0),
    );
    expect(drawn).toMatchObject({ vial_id: vial.id, for_patient: true, note: null });
  });

  test('nothing of the patient, the visit or the note reaches those who may not read it', async () => {
    const item = await toxin();
    const vial = opening(nurse, item);
    await push(nurse, 'vial_acts', vial);
    const visit = newId();
    const row = use(nurse, {
      lines: [taken(item, { ref_type: 'appointment', ref_id: visit })],
      draws: [
        { vial_id: vial.id, item_id: item, lot_id: idOfLot(item), units: 20 * UNIT, unit: 'U' },
      ],
      note: 'secret-of-the-patient',
    });
    await push(nurse, 'patient_uses', row);
    const tables = ['stock_acts', 'stock_movements', 'vial_acts', 'patient_uses'] as const;
    for (const who of [desk, buyer, boss]) {
      const reply = await who.pull(tables.map((table) => ({ table })));
      const told = JSON.stringify(reply);
      for (const secret of [patient, visit, 'secret-of-the-patient', row.id]) {
        expect(told).not.toContain(secret);
      }
      // And not by asking the database itself with their own token.
      const seen = await asPerson(who, 'select count(*)::int as n from public.patient_uses');
      expect(seen).toEqual([{ n: 0 }]);
      const ledger = await asPerson(
        who,
        `select count(*)::int as n from public.stock_movements where item_id = '${item}'`,
      );
      expect(ledger).toEqual([{ n: 3 }]);
    }
    expect(await push(desk, 'patient_uses', use(desk, { lines: [taken(item)] }))).toMatchObject({
      outcome: 'refused',
      code: 'SYNC_ROW_REFUSED',
    });
    expect(
      await asPerson(nurse, `select patient_id from public.patient_uses where id = '${row.id}'`),
    ).toEqual([{ patient_id: patient }]);
    expect(
      await asPerson(far, `select patient_id from public.patient_uses where id = '${row.id}'`),
    ).toEqual([]);
  });

  test('cannot be written into the ledger itself, by nobody', async () => {
    const item = await toxin();
    const named = make.act(
      nurse,
      SITE.AA,
      [taken(item, { ref_type: 'appointment', ref_id: newId() })],
      {
        kind: 'issue',
      },
    );
    expect(await push(nurse, 'stock_acts', named)).toMatchObject({
      outcome: 'refused',
      fields: ['lines'],
    });
    const token = make.act(nurse, SITE.AA, [taken(item, { patient_ref: patient })], {
      kind: 'issue',
    });
    expect(await push(nurse, 'stock_acts', token)).toMatchObject({ outcome: 'refused' });
    await expect(
      opened.rig.db.admin.query(
        `insert into public.stock_movements (id, hlc, act_id, line_no, item_id, location_id, qty_base,
           type, occurred_at, local_date, entered_unit, entered_qty, patient_ref)
         select gen_random_uuid(), hlc, act_id, 77, item_id, location_id, qty_base, type,
           occurred_at, local_date, entered_unit, entered_qty, $1
         from public.stock_movements where item_id = $2 limit 1`,
        [patient, item],
      ),
    ).rejects.toThrow('stock_movements_no_patient_check');
    for (const said of [{ patient_ref: patient }, { ref_type: 'appointment', ref_id: newId() }]) {
      await expect(
        opened.rig.db.admin.query(
          `insert into public.stock_acts (id, hlc, kind, location_id, occurred_at, local_date, lines)
           select gen_random_uuid(), hlc, kind, location_id, occurred_at, local_date, $1
           from public.stock_acts limit 1`,
          [JSON.stringify([{ ...taken(item), ...said }])],
        ),
      ).rejects.toThrow('stock_acts_no_patient_check');
    }
  });

  test('must say what was used, and names no act that others made', async () => {
    const item = await toxin();
    expect(await push(nurse, 'patient_uses', use(nurse, {}))).toMatchObject({
      outcome: 'refused',
      fields: ['lines'],
    });
    const stolen = use(nurse, { lines: [taken(item)], act_id: newId() });
    expect(await push(nurse, 'patient_uses', stolen)).toMatchObject({
      outcome: 'refused',
      fields: ['act_id'],
    });
    expect(await opened.onHand(item)).toBe(5 * UNIT);
  });
});

describe('samples', () => {
  const entry = (who: Client, item: string, fields: Record<string, unknown> = {}): Row => {
    const id = newId();
    return make.fact('sample_log', who, {
      id,
      location_id: SITE.AA,
      act_id: sampleActId(id),
      lot_id: idOfLot(item),
      qty_base: UNIT,
      patient_id: patient,
      prescriber_id: other.userId,
      dispensed_by: who.userId,
      occurred_at: Date.now(),
      local_date: '2026-11-30',
      line: taken(item),
      signature: '{"kind":"drawn"}',
      ...fields,
    });
  };

  test('given out are one entry, which takes them from the closet', async () => {
    const item = await toxin({ kind: 'sample' });
    const row = entry(nurse, item);
    expect(await push(nurse, 'sample_log', row)).toMatchObject({ outcome: 'ok' });
    expect(await opened.onHand(item)).toBe(4 * UNIT);
    const [moved] = await rows(
      'select type, ref_type, ref_id from public.stock_movements where act_id = $1',
      sampleActId(row.id),
    );
    expect(moved).toEqual({ type: 'sample_out', ref_type: 'sample_log', ref_id: null });
    // The desk sees that one left, not to whom.
    const told = JSON.stringify(
      await desk.pull([{ table: 'stock_acts' }, { table: 'sample_log' }]),
    );
    expect(told).not.toContain(patient);
  });

  test.each([
    ['without the prescriber’s hand', { signature: null }, 'signature'],
    ['without a patient', { patient_id: null }, 'patient_id'],
    ['of another quantity than leaves the closet', { qty_base: 2 * UNIT }, 'qty_base'],
    ['with an act of its own choice', { act_id: newId() }, 'act_id'],
  ])('are not given out %s', async (_what, fields, field) => {
    const item = await toxin({ kind: 'sample' });
    const answer = await push(nurse, 'sample_log', entry(nurse, item, fields));
    expect(answer).toMatchObject({ outcome: 'refused', fields: [field] });
    expect(await opened.onHand(item)).toBe(5 * UNIT);
  });

  test('that are controlled need a second person, when given out and when compared', async () => {
    const item = await toxin({ kind: 'sample', controlled_schedule: 'IV' });
    expect(await push(nurse, 'sample_log', entry(nurse, item))).toMatchObject({
      outcome: 'refused',
      fields: ['witnessed_by'],
    });
    const month = (fields: Record<string, unknown>): Row =>
      make.fact('sample_reconciliations', nurse, {
        location_id: SITE.AA,
        month: '2026-11-01',
        occurred_at: Date.now(),
        lines: [
          { item_id: item, lot_id: idOfLot(item), book: 5 * UNIT, counted: 4 * UNIT, why: null },
        ],
        signature: '{"kind":"drawn"}',
        ...fields,
      });
    expect(await push(nurse, 'sample_reconciliations', month({}))).toMatchObject({
      outcome: 'refused',
      fields: ['lines', 'witnessed_by'],
    });
    const lines = [
      { item_id: item, lot_id: idOfLot(item), book: 5 * UNIT, counted: 4 * UNIT, why: 'broken' },
    ];
    expect(
      await push(nurse, 'sample_reconciliations', month({ lines, witnessed_by: other.userId })),
    ).toMatchObject({ outcome: 'ok' });
  });
});

/** What somebody reads with their own token, past the sync server. */
async function asPerson(who: Client, text: string): Promise<Record<string, unknown>[]> {
  const client = await opened.rig.db.admin.connect();
  try {
    await client.query('begin');
    await client.query(
      `select set_config('request.jwt.claims', $1, true), set_config('role', 'authenticated', true)`,
      [JSON.stringify({ sub: who.userId, role: 'authenticated' })],
    );
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.query('rollback');
    client.release();
  }
}
