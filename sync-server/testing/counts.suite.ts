import type { Row } from '#shared/schema/define.ts';
import { SITE, openRig } from './rig.suite.ts';
import type { Client, Rig } from './rig.suite.ts';
import * as make from './rows.suite.ts';

/** One base unit. */
export const UNIT = 10_000;

/** A server with a manager, somebody who counts at AA, and looks behind the scenes of counts. */
export interface CountRig {
  readonly rig: Rig;
  readonly boss: Client;
  readonly counter: Client;
  /** Makes an item of which ten base units lie at AA. */
  stocked(): Promise<string>;
  statusOf(session: Row): Promise<unknown>;
  /** Steps that a session took: from, to, by whom. */
  stepsOf(session: Row): Promise<unknown[]>;
  reviewOf(session: Row): Promise<Record<string, unknown> | undefined>;
  onHand(itemId: string): Promise<number>;
}

export async function openCountRig(): Promise<CountRig> {
  const rig = await openRig();
  const boss = await rig.client(await rig.person(['MG', null]));
  const counter = await rig.client(await rig.person(['CS', SITE.AA]));
  const rowsOf = async (text: string, ...values: unknown[]) =>
    (await rig.db.admin.query<Record<string, unknown>>(text, values)).rows;
  return {
    rig,
    boss,
    counter,
    async stocked() {
      const item = make.item(boss);
      const receipt = make.act(boss, SITE.AA, [make.line(item.id, { qty_base: 10 * UNIT })]);
      await boss.push(
        { table: 'inventory_items', row: item },
        { table: 'stock_acts', row: receipt },
      );
      return item.id;
    },
    async statusOf({ id }) {
      const [row] = await rowsOf('select status from public.count_sessions where id = $1', id);
      return row?.['status'];
    },
    async stepsOf({ id }) {
      const rows = await rowsOf(
        `select from_state, to_state, actor_id from public.transitions where row_id = $1
         order by recorded_at, to_state`,
        id,
      );
      return rows.map(({ from_state, to_state, actor_id }) => [from_state, to_state, actor_id]);
    },
    async reviewOf({ id }) {
      const [row] = await rowsOf('select * from public.review_items where row_id = $1', id);
      return row;
    },
    async onHand(itemId) {
      const [row] = await rowsOf(
        'select on_hand from public.on_hand where item_id = $1 and location_id = $2',
        itemId,
        SITE.AA,
      );
      return Number(row?.['on_hand']);
    },
  };
}
