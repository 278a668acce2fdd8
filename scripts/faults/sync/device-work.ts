import { AppError, toAppError } from '#shared/errors/app-error.ts';
import { newId } from '#shared/kernel/ids.ts';
import type { Row } from '#shared/schema/define.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { Profile } from '#desktop/store/profile.ts';
import { writeForWindow } from '#desktop/store/ports/window-write.ts';
import { Rng } from '../../demo-data/rng.ts';
import type { Ack, Change, KindOfWork, WorkOrder } from './device-messages.ts';

type Values = Readonly<Record<string, unknown>>;

/** One base unit. */
const UNIT = 10_000;

export interface DeviceWorkOptions {
  readonly name: string;
  readonly index: number;
  readonly life: number;
  readonly profile: () => Profile;
  readonly onTry: (change: Change) => void;
  readonly onAck: (ack: Ack) => void;
  /** Opens the page of a patient, and closes it. */
  readonly read: (patient: string) => Promise<void>;
}

/** What a person does at a device, written the way a window writes it. Every value is unlike any other. */
export class DeviceWork {
  readonly #options: DeviceWorkOptions;
  #number = 0;

  constructor(options: DeviceWorkOptions) {
    this.#options = options;
  }

  /**
   * Writes one row as a window does.
   * @param id null: a new row
   * @throws AppError with the code of the refusal
   */
  async write(table: TableName, id: string | null, values: Values): Promise<Ack> {
    const { profile: current, name, onTry, onAck } = this.#options;
    const profile = current();
    const instance = profile.instanceOf(table);
    for (let attempt = 1; ; attempt += 1) {
      const [before] = id === null ? [] : await instance.findDocumentsById([id], false);
      if (id !== null && !before) throw new AppError('NOT_FOUND', { table });
      const height = before ? Number.parseInt(before._rev, 10) : 0;
      const document = {
        ...before,
        id: newId(),
        ...values,
        ...(before ? { id: before.id } : {}),
        _deleted: false,
        _attachments: {},
        _meta: { lwt: 1 },
        _rev: `${height + 1}-${name}`,
      } as never;
      const row = before ? { previous: before, document } : { document };
      const change = this.#changeOf(table, (document as Row).id, values, before as Row | undefined);
      onTry(change);
      const { error } = await writeForWindow(table, instance, [row], profile.writer, 'faults');
      const [refused] = error as unknown as { status: number; code?: string; fields?: unknown }[];
      if (!refused) {
        const ack = await this.#acknowledge(table, change);
        onAck(ack);
        return ack;
      }
      // Somebody else's state came in between: a window tries again on top of it.
      if (refused.status !== 409 || attempt > 5) {
        throw new AppError((refused.code ?? 'INTERNAL') as 'INTERNAL', { table });
      }
    }
  }

  #changeOf(table: TableName, id: string, values: Values, before: Row | undefined): Change {
    const fields = Object.keys(values).filter((field) => field !== 'id');
    return {
      device: this.#options.name,
      table,
      id,
      values: Object.fromEntries(fields.map((field) => [field, values[field]])),
      before: before ? Object.fromEntries(fields.map((field) => [field, before[field]])) : null,
    };
  }

  async #acknowledge(table: TableName, change: Change): Promise<Ack> {
    const instance = this.#options.profile().instanceOf(table);
    const [row] = await instance.findDocumentsById([change.id], true);
    const { field_hlc: stamps = {}, hlc } = (row ?? {}) as Partial<Row>;
    return {
      ...change,
      stamps: tableOf(table).kind === 'fact' ? { hlc: String(hlc) } : { ...stamps },
    };
  }

  /** @returns how many actions were done */
  async run(
    order: WorkOrder,
    hooks: { readonly isOver: () => boolean; readonly step: (ms: number) => void },
  ): Promise<number> {
    const rng = new Rng(order.seed, this.#options.name, this.#options.life);
    const weights = Object.entries(order.weights) as [KindOfWork, number][];
    let done = 0;
    while (!hooks.isOver() && (order.count === null || done < order.count)) {
      await this.#act(rng.weighted(weights), rng, order);
      done += 1;
      hooks.step(order.stepMs);
      // Also without a pause: what the network brings must get its turn.
      if (order.everyMs > 0 || done % 20 === 0) {
        await new Promise((resolve) => setTimeout(resolve, order.everyMs));
      }
    }
    return done;
  }

  async #act(kind: KindOfWork, rng: Rng, { pool }: WorkOrder): Promise<void> {
    this.#number += 1;
    const { index, life, name } = this.#options;
    // Cases that share a clinic call their devices alike.
    const label = `${name}.${index}.${life}.${this.#number}`;
    try {
      switch (kind) {
        case 'bin':
          await this.write('item_locations', rng.pick(pool.places), { bin: label });
          return;
        case 'par': {
          const par = index * 1e8 + (life % 1000) * 1e5 + this.#number;
          await this.write('item_locations', rng.pick(pool.places), { par });
          return;
        }
        case 'packs': {
          const pack = { unit: label, qty_per_base: 12 * UNIT, gtin: null };
          await this.write('inventory_items', rng.pick(pool.items), { packs: [pack] });
          return;
        }
        case 'act':
          await this.#stockAct(label, rng, pool);
          return;
        case 'count':
          await this.#count(label, rng, pool);
          return;
        case 'item':
          await this.#newItem(label, rng, pool);
          return;
        case 'read':
          await this.#options.read(newId());
      }
    } catch (error) {
      // A person reads it and goes on. By a clock that has jumped ahead by weeks no right counts until
      // the server was asked again.
      const { code } = toAppError(error);
      if (!['NOT_FOUND', 'SYNC_ROW_CLOSED', 'SYNC_ROW_REFUSED'].includes(code)) throw error;
    }
  }

  async #stockAct(label: string, rng: Rng, pool: WorkOrder['pool']): Promise<void> {
    const { items, sites, lotted } = pool;
    const lines = rng.sample(items, rng.int(1, 4)).map((item, at) => ({
      item_id: item,
      qty_base: rng.int(1, 40) * UNIT,
      lot_no: lotted.includes(item) ? `L${rng.int(1, 30)}` : null,
      expiry_date: lotted.includes(item) ? '2028-01-31' : null,
      serial: '',
      entered_unit: 'each',
      entered_qty: String(at + 1),
      unit_cost_cents: null,
    }));
    await this.write('stock_acts', null, {
      kind: rng.chance(0.6) ? 'receive' : 'issue',
      location_id: rng.pick(sites),
      occurred_at: Date.now(),
      local_date: new Date().toISOString().slice(0, 10),
      reason_code: null,
      note: label,
      lines,
      witnessed_by: null,
    });
  }

  /** A count with some lines, handed in: what the server makes of it follows from the stock then. */
  async #count(label: string, rng: Rng, { items, sites }: WorkOrder['pool']): Promise<void> {
    const { userId } = this.#options.profile();
    const site = rng.pick(sites);
    const session = await this.write('count_sessions', null, {
      location_id: site,
      kind: 'spot',
      zone: null,
      blind: false,
      status: 'open',
      counted_by: userId,
      started_at: Date.now(),
      line_count: null,
      note: label,
    });
    const counted = rng.sample(items, rng.int(1, 3));
    for (const item of counted) {
      await this.write('count_lines', null, {
        session_id: session.id,
        location_id: site,
        item_id: item,
        lot_id: null,
        counted_qty: rng.int(0, 50) * UNIT,
        counted_at: Date.now(),
        counter_id: userId,
        pass: 1,
      });
    }
    await this.write('count_sessions', session.id, {
      status: 'submitted',
      line_count: counted.length,
    });
  }

  async #newItem(label: string, rng: Rng, { sites }: WorkOrder['pool']): Promise<void> {
    const item = await this.write('inventory_items', null, {
      name: `Item ${label}`,
      description: null,
      category: null,
      manufacturer: null,
      kind: 'supply',
      sku: label.slice(0, 40),
      base_unit: 'each',
      packs: [],
      lot_policy: 'optional',
      expiry_policy: 'none',
      controlled_schedule: 'none',
      hazardous: false,
      status: 'draft',
      merged_into_id: null,
    });
    await this.write('item_locations', null, {
      item_id: item.id,
      location_id: rng.pick(sites),
      par: UNIT,
      min: null,
      max: null,
      reorder_qty: null,
      bin: label,
      is_stocked: true,
    });
  }
}
