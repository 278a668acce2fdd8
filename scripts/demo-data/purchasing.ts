import { derivedId } from '#shared/kernel/ids.ts';
import { QUANTITY_SCALE } from '#shared/kernel/quantity.ts';
import { orderBasis } from '#shared/merge/derive/purchase-order.ts';
import type { PurchaseLine } from '#shared/schema/tables/purchase-order-acts.ts';
import { ITEMS } from '../../supabase/demo/catalogue.ts';
import type { DemoItem } from '../../supabase/demo/item.ts';
import type { SiteCode } from '../../supabase/demo/people.ts';
import type { Step } from './book.ts';
import { DAY_MS, addDays, at, dayOf } from './calendar.ts';
import type { Day } from './calendar.ts';
import type { Rng } from './rng.ts';
import { idOfItem, stockLine, writeStockAct } from './shelves.ts';
import type { Supply } from './supply.ts';
import { SITE_CODES, deskOf, isOpen, onDuty, person, siteId } from './world.ts';
import type { World } from './world.ts';

const HOUR_MS = 3_600_000;
/** In cents, as the configuration of the sites says. */
const SATELLITE_LIMIT = 50_000;
const MANAGER_LIMIT = 250_000;

interface Wanted {
  readonly item: DemoItem;
  readonly count: number;
}
interface Delivery {
  readonly site: SiteCode;
  readonly arrivesAt: number;
  readonly lines: readonly (Wanted & { readonly lineId: string })[];
}

/** Orders, their approval and their deliveries; twice a week, whatever is below par. */
export class Purchasing {
  readonly #world: World;
  readonly #supply: Supply;
  readonly #coming: Delivery[] = [];
  /** Base units on their way, by site and item. */
  readonly #onOrder = new Map<string, number>();
  #orders = 0;
  #lots = 0;

  constructor(world: World, supply: Supply) {
    this.#world = world;
    this.#supply = supply;
  }

  /** In the morning: what has been delivered; on Mondays and Thursdays: new orders. */
  morning(day: Day): void {
    if (day.midnight > this.#world.now) return;
    for (const delivery of this.#coming.splice(0)) {
      if (delivery.arrivesAt < day.midnight + DAY_MS) this.#receive(delivery, day);
      else this.#coming.push(delivery);
    }
    if (day.weekday !== 1 && day.weekday !== 4) return;
    for (const site of SITE_CODES) if (isOpen(site, day)) this.#orderFor(site, day);
  }

  #orderFor(site: SiteCode, day: Day): void {
    const rng = this.#world.rng(`orders ${site}`, day.index);
    const byMaker = new Map<string, Wanted[]>();
    for (const item of ITEMS) {
      const par = item.par[site];
      if (par === 0 || item.status !== 'active' || item.kind === 'sample') continue;
      const have =
        this.#supply.shelves.count(site, item.sku) +
        (this.#onOrder.get(`${site} ${item.sku}`) ?? 0);
      if (have >= par) continue;
      const pack = item.packs[0]?.[1] ?? 1;
      const count = Math.ceil((par * this.#pace() - have) / pack) * pack;
      byMaker.set(item.maker, [...(byMaker.get(item.maker) ?? []), { item, count }]);
    }
    for (const [maker, wanted] of byMaker) {
      if (wanted.length > 1 || rng.chance(0.5)) this.#order(site, day, maker, wanted, rng);
    }
  }

  /** Deliveries come in the morning of a weekday. */
  #delivery(day: Day, after: number): number {
    const weekday = ((day.weekday - 1 + after) % 7) + 1;
    const date = addDays(day.date, after + (weekday > 5 ? 8 - weekday : 0));
    return at(dayOf(date, this.#world.from), 9 * 60 + 40);
  }

  /** How many times par is ordered up to: more where more patients come. */
  #pace(): number {
    return Math.max(2, this.#world.options.patients / 6000);
  }

  #order(site: SiteCode, day: Day, maker: string, wanted: Wanted[], rng: Rng): void {
    const { book, now } = this.#world;
    const madeAt = at(day, 9 * 60 + rng.int(0, 50));
    if (madeAt > now) return;
    const author = rng.chance(0.7)
      ? person('buyer')
      : onDuty(this.#world, 'CS', site, day.index).id;
    const amount = wanted.reduce((sum, { item, count }) => sum + item.cost * count, 0);
    const fate = rng.float();
    const submittedAt = madeAt + rng.int(5, 50) * 60_000;
    const decidedAt = submittedAt + rng.pick([1, 2, 3, 5, 23, 25]) * HOUR_MS;
    const arrivesAt = this.#delivery(day, rng.int(3, 6));
    const isPartial = wanted.length > 2 && rng.chance(0.1);
    const restAt = this.#delivery(day, rng.int(8, 10));
    const approver = approverOf(site, amount);
    const all: Step[] = [['submitted', submittedAt, author]];
    if (fate < 0.02) all.push(['cancelled', submittedAt + HOUR_MS, author]);
    else {
      if (fate < 0.06) {
        all.push(['returned', submittedAt + HOUR_MS / 2, null]);
        all.push(['submitted', submittedAt + (HOUR_MS * 3) / 4, author]);
      }
      all.push(['approved', decidedAt, null], ['ordered', decidedAt + HOUR_MS, author]);
      if (isPartial) all.push(['partially_received', arrivesAt, null]);
      all.push(['received', isPartial ? restAt : arrivesAt, null]);
      all.push(['closed', (isPartial ? restAt : arrivesAt) + 2 * DAY_MS, author]);
    }
    const steps = all.filter(([, time]) => time <= now);
    const has = (state: string): boolean => steps.some(([reached]) => reached === state);
    const id = book.newId(madeAt);
    const location_id = siteId(site);
    const who = { at: madeAt, by: author, device: deskOf(site) };
    this.#orders += 1;
    const head = {
      id,
      vendor_id: book.namedId('vendor', maker),
      urgency: rng.weighted([
        ['routine', 90],
        ['urgent', 9],
        ['emergency', 1],
      ]),
      need_by: addDays(day.date, 7),
    };
    const { id: _id, ...content } = head;
    book.addMoved(
      'purchase_orders',
      who,
      {
        location_id,
        ...content,
        po_no: has('approved')
          ? `PO-${day.date.slice(0, 4)}-${String(this.#orders).padStart(5, '0')}`
          : null,
      },
      'draft',
      steps,
      id,
    );
    const lines = wanted.map(({ item, count }): PurchaseLine => ({
      item_id: idOfItem(item.sku),
      unit: item.unit,
      qty_ordered: count * QUANTITY_SCALE,
      unit_price_cents: item.cost,
    }));
    const act = book.addAct('purchase_order_acts', who, { location_id, order_id: id, lines });
    const ordered = lines.map((line, index) => ({
      ...line,
      id: derivedId('order-line', act.id, String(index)),
      removed: false,
    }));
    const basis_version = orderBasis(head, ordered);
    const decide = (decision: 'approved' | 'returned', time: number, reason: string | null) =>
      book.add(
        'po_approvals',
        { at: time, by: approver },
        {
          location_id,
          order_id: id,
          approver_id: approver,
          decision,
          amount_cents: amount,
          basis_version,
          reason,
        },
      );
    if (has('returned'))
      decide('returned', submittedAt + HOUR_MS / 2, 'Please check the quantities');
    if (has('approved')) decide('approved', decidedAt, null);
    if (!has('ordered')) return;
    // Every third one: the others were phoned through, or ordered on a website.
    if (this.#orders % 3 === 0) this.#send(id, site, author, decidedAt + HOUR_MS);
    const withIds = wanted.map((one, index) => ({
      ...one,
      lineId: derivedId('order-line', act.id, String(index)),
    }));
    for (const { item, count } of wanted) this.#expect(site, item.sku, count);
    const half = Math.ceil(withIds.length / 2);
    this.#coming.push({ site, arrivesAt, lines: isPartial ? withIds.slice(0, half) : withIds });
    if (isPartial) this.#coming.push({ site, arrivesAt: restAt, lines: withIds.slice(half) });
    if (rng.chance(0.15)) this.#request(site, day, withIds[0], id, approver);
  }

  /** The summary went to the vendor when the order was placed. */
  #send(order_id: string, site: SiteCode, by: string, time: number): void {
    const { book } = this.#world;
    const location_id = siteId(site);
    const sentAt = time + 60_000;
    if (sentAt > this.#world.now) return;
    const send_id = book.add(
      'order_sends',
      { at: time, by, device: deskOf(site) },
      { location_id, order_id, channel: 'email', language: 'en', repeats_id: null },
    );
    book.add(
      'order_send_events',
      { at: sentAt, by: null },
      {
        location_id,
        order_id,
        send_id,
        event: 'sent',
        destination: 'orders@vendor.example',
        problem: null,
        occurred_at: sentAt,
      },
    );
  }

  #expect(site: SiteCode, sku: string, count: number): void {
    const key = `${site} ${sku}`;
    this.#onOrder.set(key, (this.#onOrder.get(key) ?? 0) + count);
  }

  /** Somebody had asked for it before the order was made. */
  #request(
    site: SiteCode,
    day: Day,
    wanted: Wanted | undefined,
    order: string,
    approver: string,
  ): void {
    if (!wanted) return;
    const askedAt = at(day, 8 * 60 + 10);
    this.#world.book.addMoved(
      'reorder_requests',
      { at: askedAt, by: onDuty(this.#world, 'CS', site, day.index + 1).id, device: deskOf(site) },
      {
        location_id: siteId(site),
        item_id: idOfItem(wanted.item.sku),
        qty_base: wanted.count * QUANTITY_SCALE,
        reason: 'Below par',
        order_id: order,
      },
      'pending',
      [
        ['approved', askedAt + 10 * 60_000, approver],
        ['ordered', askedAt + 60 * 60_000, null],
      ],
    );
  }

  #receive({ site, arrivesAt, lines }: Delivery, day: Day): void {
    if (arrivesAt > this.#world.now) return;
    const clerk = onDuty(this.#world, 'FD', site, day.index).id;
    const received = lines.map(({ item, count, lineId }) => {
      const isDated = item.lot !== 'none';
      if (isDated) this.#lots += 1;
      const held = {
        lotNo: isDated ? `DM${String(this.#lots).padStart(6, '0')}` : null,
        expiry: isDated ? addDays(day.date, 420 + (this.#lots % 9) * 30) : null,
        count,
      };
      this.#supply.shelves.put(site, item.sku, held.lotNo, held.expiry, count);
      this.#expect(site, item.sku, -count);
      return stockLine(item.sku, held, { ref: ['po_line', lineId] });
    });
    writeStockAct(
      this.#world.book,
      { at: arrivesAt, by: clerk, device: deskOf(site) },
      site,
      'receive',
      received,
      { note: 'Delivery' },
    );
  }
}

/** Who may approve so much: at Plymouth its manager first, above that others. */
function approverOf(site: SiteCode, cents: number): string {
  if (site === 'PY' && cents <= SATELLITE_LIMIT) return person('satellite');
  return cents <= MANAGER_LIMIT ? person('manager') : person('superadmin');
}
