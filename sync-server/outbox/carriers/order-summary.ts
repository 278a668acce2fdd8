import { createTranslate } from '#shared/i18n/format.ts';
import type { Language } from '#shared/i18n/format.ts';
import { createFormats } from '#shared/i18n/formats.ts';
import { EN } from '#shared/i18n/messages.en.ts';
import { ES } from '#shared/i18n/messages.es.ts';
import { summaryText, summaryTitle } from '#shared/i18n/order-summary.ts';
import type { SummaryOrder } from '#shared/i18n/order-summary.ts';
import { newId } from '#shared/kernel/ids.ts';
import { lineTotalCents, orderTotalCents } from '#shared/merge/derive/purchase-order.ts';
import type { SendChannel } from '#shared/schema/tables/order-sends.ts';
import type { Queries } from '../../db/with-session.ts';
import type { CommunicationHub } from '../../hubs/communication/communication-hub.ts';
import { destinationOf } from '../../hubs/communication/messages.ts';
import type { Message } from '../../hubs/communication/messages.ts';
import { effectId } from '../../sync/effects/effects.ts';
import type { Effect } from '../../sync/effects/effects.ts';
import type { Carrier, Ending, EndedRow, Plan } from '../carrier.ts';

export const ORDER_SUMMARY = 'order.summary';

/** States in which an order has been placed, so that its vendor may hear of it. */
const PLACED: ReadonlySet<string> = new Set([
  'ordered',
  'partially_received',
  'received',
  'closed',
]);

interface SendRow {
  readonly id: string;
  readonly order_id: string;
  readonly location_id: string;
  readonly channel: SendChannel;
  readonly language: Language;
  readonly repeats_id: string | null;
  readonly status: string;
  readonly po_no: string | null;
  readonly urgency: string;
  readonly need_by: string | null;
  readonly vendor: string;
  readonly account_no: string | null;
  readonly email: string | null;
  readonly site: string;
  readonly address: string | null;
  readonly phone: string | null;
  readonly site_code: string;
  readonly time_zone: string;
}

interface LineRow {
  readonly name: string;
  readonly number: string;
  readonly unit: string;
  readonly qty_ordered: string;
  readonly unit_price_cents: string | null;
}

/** Sends the summary of an order to its vendor, as somebody wished who had marked it as ordered. */
export function orderSummaryCarrier(hub: CommunicationHub): Carrier<Message> {
  const about = ({ rowId }: Effect) => ({ table: 'order_sends', id: rowId }) as const;
  const envelopeOf = (key: string, { kind, locationId }: Effect) =>
    ({ key, kind, locationId, isPlain: true }) as const;
  return {
    kind: ORDER_SUMMARY,
    plan: planSummary,
    destination: destinationOf,
    send: async (message, { key, effect }) => {
      await hub.send(message, envelopeOf(key, effect), about(effect));
    },
    lookUp: (message, { key, effect }, begunAt) =>
      hub.lookUp(message, envelopeOf(key, effect), about(effect), begunAt),
    end: endSummary,
  };
}

async function planSummary(db: Queries, { rowId }: Effect): Promise<Plan<Message>> {
  const [send] = await db.query<SendRow>(SEND_SQL, [rowId]);
  if (!send) return { do: 'refuse', code: 'NOT_FOUND' };
  if (await isWishedAlready(db, send)) return { do: 'skip' };
  const { channel, email, status } = send;
  if (!PLACED.has(status)) return { do: 'refuse', code: 'ORDER_NOT_PLACED' };
  const text = await textOf(db, send);
  if (channel === 'slack') {
    return { do: 'send', message: { channel, site: send.site_code, text: text.body } };
  }
  if (email === null) return { do: 'refuse', code: 'MESSAGE_NO_ADDRESS' };
  const message = { channel, to: email, subject: text.title, text: text.body } as const;
  return { do: 'send', message };
}

/**
 * True when the same wish of somebody else was begun before: two people who had not seen each other
 * wanted one thing. Of one that has failed for certain the other may still be carried out.
 */
async function isWishedAlready(db: Queries, send: SendRow): Promise<boolean> {
  const { id, order_id, channel, repeats_id } = send;
  await db.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `order-send/${order_id}/${channel}`,
  ]);
  const same = await db.query<{ id: string }>(
    `select s.id from public.order_sends s
      where s.order_id = $1 and s.channel = $2 and s.repeats_id is not distinct from $3
        and s.id <> $4`,
    [order_id, channel, repeats_id, id],
  );
  if (same.length === 0) return false;
  const begun = await db.query(
    `select 1 from private.outbox o
      where o.id = any ($1::uuid[]) and o.begun_at is not null limit 1`,
    [same.map((other) => effectId(ORDER_SUMMARY, other.id))],
  );
  return begun.length > 0;
}

async function textOf(db: Queries, send: SendRow): Promise<{ title: string; body: string }> {
  const rows = await db.query<LineRow>(LINES_SQL, [send.order_id]);
  const lines = rows.map((row) => ({
    name: row.name,
    number: row.number,
    unit: row.unit,
    qty_ordered: Number(row.qty_ordered),
    unit_price_cents: row.unit_price_cents === null ? null : Number(row.unit_price_cents),
    removed: false,
  }));
  const order: SummaryOrder = {
    no: send.po_no ?? send.order_id.slice(-8),
    vendor: send.vendor,
    deliverTo: [send.site, send.address, send.phone],
    account: send.account_no,
    urgency: send.urgency,
    needBy: send.need_by,
    lines: lines.map((line) => ({
      name: line.name,
      number: line.number,
      quantity: line.qty_ordered,
      unit: line.unit,
      priceCents: line.unit_price_cents,
      totalCents: lineTotalCents(line),
    })),
    totalCents: orderTotalCents(lines),
  };
  const { language } = send;
  const t = createTranslate<typeof EN>(language, language === 'es' ? ES : EN);
  const fmt = createFormats(language, send.time_zone);
  return { title: summaryTitle(order, t), body: summaryText(order, t, fmt) };
}

async function endSummary(db: Queries, { rowId }: Effect, ending: Ending) {
  const problem = 'code' in ending ? ending.code : null;
  const destination = 'destination' in ending ? ending.destination : null;
  const rows = await db.query<EndedRow>(END_SQL, [
    newId(),
    rowId,
    ending.event,
    destination,
    problem,
  ]);
  return rows.map((row) => ({ table: 'order_send_events', row }) as const);
}

const SEND_SQL = `
  select s.id, s.order_id, s.location_id, s.channel, s.language, s.repeats_id, o.status, o.po_no,
         o.urgency, o.need_by::text as need_by, v.name as vendor, v.account_no, v.email,
         l.name as site, l.address, l.phone, l.code as site_code, l.time_zone
    from public.order_sends s
    join public.purchase_orders o on o.id = s.order_id
    join public.vendors v on v.id = o.vendor_id
    join public.locations l on l.id = o.location_id
   where s.id = $1`;

/** In the order of the screen. */
const LINES_SQL = `
  select i.name, coalesce(x.vendor_sku, i.sku) as number, n.unit, n.qty_ordered::text as qty_ordered,
         n.unit_price_cents::text as unit_price_cents
    from public.purchase_order_lines n
    join public.purchase_orders o on o.id = n.order_id
    join public.inventory_items i on i.id = n.item_id
    left join public.vendor_items x on x.item_id = n.item_id and x.vendor_id = o.vendor_id
   where n.order_id = $1 and not n.removed
   order by n.created_at, n.id`;

const END_SQL = `
  insert into public.order_send_events
    (id, created_at, location_id, order_id, send_id, event, destination, problem, occurred_at)
  select $1, date_trunc('milliseconds', now()), s.location_id, s.order_id, s.id, $3, $4, $5,
         date_trunc('milliseconds', clock_timestamp())
    from public.order_sends s where s.id = $2
  returning id, location_id, order_id, send_id`;
