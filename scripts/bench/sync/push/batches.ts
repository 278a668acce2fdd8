import { formatHlc, hlcNodeOf } from '#shared/kernel/hlc.ts';
import { newId } from '#shared/kernel/ids.ts';
import type { Stamps } from '#shared/merge/join.ts';
import type { PushRequest } from '#shared/protocol/messages.ts';
import type { Row } from '#shared/schema/define.ts';
import { ownItem, sharedItem, siteOf, stockRecord } from './world.ts';
import type { PushDevice } from './world.ts';

type Sent = PushRequest['rows'][number];

/** Makes the batches of one device, each different from all before it. */
export interface Batches {
  /**
   * @param rows of the batch
   * @param conflicting share of rows (0 to 1) that change what others have changed unseen meanwhile
   */
  next(rows: number, conflicting: number): Sent[];
}

/**
 * What is no conflict is half acts with stock (two lines, so two movements come of each) and half
 * changes of the device's own records. A conflicting row changes the par of a record that the whole
 * site changes, knowing only how it was made.
 * @param firstNumber the device's facts are numbered from here on
 */
export function createBatches(device: PushDevice, firstNumber: number): Batches {
  const { userId, deviceId, nth } = device;
  const node = hlcNodeOf(deviceId);
  const site = siteOf(device);
  const known = new Map<string, Row>();
  let ticks = 0;
  let number = firstNumber;
  let acts = 0;
  let edits = 0;
  let owed = 0;
  let shared = nth * 37;

  const stamp = (): string => {
    ticks = (ticks + 1) % 0xffff;
    return formatHlc({ ms: Date.now(), counter: ticks, node });
  };

  const act = (): Sent => {
    acts += 1;
    number += 1;
    const lines = [0, 1].map((line) => ({
      item_id: ownItem(device, acts * 2 + line),
      qty_base: 50_000 + line,
      lot_no: null,
      expiry_date: null,
      serial: '',
      entered_unit: 'each',
      entered_qty: '5',
      unit_cost_cents: 1250,
    }));
    const row = {
      id: newId(),
      created_at: Date.now(),
      created_by: userId,
      device_id: deviceId,
      hlc: stamp(),
      origin_seq: number,
      kind: 'receive',
      location_id: site,
      occurred_at: Date.now(),
      local_date: new Date().toISOString().slice(0, 10),
      reason_code: null,
      note: 'Delivered to the back door',
      lines,
      witnessed_by: null,
    };
    return { table: 'stock_acts', base: null, row };
  };

  const change = (row: Row, base: Stamps): Sent => {
    ticks += 1;
    const par = 10_000 * (1 + (ticks % 900));
    const changed = { ...row, par, field_hlc: { ...row.field_hlc, par: stamp() } };
    return { table: 'item_locations', base, row: changed };
  };
  const ownChange = (): Sent => {
    edits += 1;
    const item = ownItem(device, edits);
    const before = known.get(item) ?? stockRecord(item, site);
    const sent = change(before, before.field_hlc ?? {});
    known.set(item, sent.row as Row);
    return sent;
  };
  const conflict = (): Sent => {
    shared += 1;
    const made = stockRecord(sharedItem(shared), site);
    return change(made, made.field_hlc ?? {});
  };

  return {
    next(rows, conflicting) {
      owed += rows * conflicting;
      const conflicts = Math.floor(owed);
      owed -= conflicts;
      return Array.from({ length: rows }, (_, at) => {
        if (at < conflicts) return conflict();
        return (at - conflicts) % 2 === 0 ? act() : ownChange();
      });
    },
  };
}
