import { derivedId } from '#shared/kernel/ids.ts';
import { orderBasis, orderTotalCents } from '#shared/merge/derive/purchase-order.ts';
import type { OrderHead } from '#shared/merge/derive/purchase-order.ts';
import type { Row } from '#shared/schema/define.ts';
import type { SendChannel } from '#shared/schema/tables/order-sends.ts';
import { UNIT } from './counts.suite.ts';
import { SITE, must } from './rig.suite.ts';
import type { Client, Rig, Sent } from './rig.suite.ts';
import * as make from './rows.suite.ts';

/** People who order at a site, and what they order. */
export interface Buyers {
  readonly boss: Client;
  readonly lead: Client;
  /** An order of two boxes, in a state that its vendor may hear of. */
  placed(over?: Record<string, unknown>): Promise<Row>;
  /** One that nobody has approved. */
  submitted(over?: Record<string, unknown>): Promise<Row>;
  /** Somebody wants the summary sent. */
  wish(order: Row, channel: SendChannel, by?: Client, repeats?: string | null): Promise<Row>;
}

/** @param server where they push to; left out: the first one of the rig */
export async function openBuyers(
  rig: Rig,
  options: { readonly server?: Rig['server'] } = {},
): Promise<Buyers> {
  const boss = await rig.client(await rig.person(['MG', null]), options);
  const lead = await rig.client(await rig.person(['LM', SITE.AA]), options);
  const vendorOf = (over: Record<string, unknown>): Row =>
    make.record('vendors', boss, {
      name: 'Henry Vendor',
      order_channel: 'email',
      email: 'orders@vendor.example',
      active: true,
      ...over,
    });
  const item = make.item(boss, {
    name: 'Gauze sponge',
    packs: [{ unit: 'box', qty_per_base: 20 * UNIT, gtin: null }],
  });
  await boss.push({ table: 'inventory_items', row: item });
  const takes = async (by: Client, ...rows: readonly Sent[]): Promise<void> => {
    for (const result of await by.push(...rows)) {
      if (result.outcome !== 'ok' && result.outcome !== 'master') {
        throw new Error(JSON.stringify(result));
      }
    }
  };
  const submitted = async (over: Record<string, unknown> = {}): Promise<Row> => {
    const vendor = vendorOf(over);
    const draft = make.record('purchase_orders', lead, {
      location_id: SITE.AA,
      vendor_id: vendor.id,
      urgency: 'routine',
      status: 'draft',
    });
    const act = make.fact('purchase_order_acts', lead, {
      location_id: SITE.AA,
      order_id: draft.id,
      lines: [{ item_id: item.id, unit: 'box', qty_ordered: 2 * UNIT, unit_price_cents: 1_250 }],
    });
    const order = make.edited(draft, lead, { status: 'submitted' });
    await takes(boss, { table: 'vendors', row: vendor });
    await takes(
      lead,
      { table: 'purchase_orders', row: order },
      { table: 'purchase_order_acts', row: act },
    );
    const lines = [
      {
        id: derivedId('order-line', act.id, '0'),
        item_id: item.id,
        unit: 'box',
        qty_ordered: 2 * UNIT,
        unit_price_cents: 1_250,
        removed: false,
        field_hlc: {},
      },
    ];
    approvals.set(
      order.id,
      make.fact('po_approvals', boss, {
        location_id: SITE.AA,
        order_id: order.id,
        approver_id: boss.userId,
        decision: 'approved',
        amount_cents: orderTotalCents(lines),
        basis_version: orderBasis(order as unknown as OrderHead, lines),
        reason: null,
      }),
    );
    return order;
  };
  const approvals = new Map<string, Row>();
  return {
    boss,
    lead,
    submitted,
    async placed(over = {}) {
      const { id } = await submitted(over);
      await takes(boss, { table: 'po_approvals', row: must(approvals.get(id)) });
      const { tables } = await boss.pull([{ table: 'purchase_orders' }]);
      const approved = must(
        tables.flatMap(({ rows }) => rows as Row[]).find((row) => row.id === id),
      );
      const order = make.edited(approved, boss, { status: 'ordered' });
      await takes(boss, {
        table: 'purchase_orders',
        row: order,
        base: approved.field_hlc ?? {},
      });
      return order;
    },
    async wish(order, channel, by = boss, repeats = null) {
      const row = make.fact('order_sends', by, {
        location_id: SITE.AA,
        order_id: order.id,
        channel,
        language: 'en',
        repeats_id: repeats,
      });
      await takes(by, { table: 'order_sends', row });
      return row;
    },
  };
}
