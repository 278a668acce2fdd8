import { QUANTITY_SCALE } from '#shared/kernel/quantity.ts';
import { ITEMS } from '../../supabase/demo/catalogue.ts';
import type { SiteCode } from '../../supabase/demo/people.ts';
import type { Step } from './book.ts';
import { DAY_MS, at } from './calendar.ts';
import type { Day } from './calendar.ts';
import type { Rng } from './rng.ts';
import { idOfItem, idOfLot, stockLine, writeStockAct } from './shelves.ts';
import type { Held } from './shelves.ts';
import type { Supply } from './supply.ts';
import { SITE_CODES, clinicOf, isOpen, onDuty, person, siteId } from './world.ts';
import type { World } from './world.ts';

const MINUTE_MS = 60_000;

/** Counts on Wednesday evenings, transfers on Tuesdays, scans that nobody knows. */
export class Counting {
  readonly #world: World;
  readonly #supply: Supply;

  constructor(world: World, supply: Supply) {
    this.#world = world;
    this.#supply = supply;
  }

  evening(day: Day): void {
    const time = at(day, 17 * 60 + 40);
    if (time > this.#world.now) return;
    for (const site of SITE_CODES) {
      if (!isOpen(site, day)) continue;
      const rng = this.#world.rng(`counting ${site}`, day.index);
      if (day.weekday === 3) this.#count(site, time, day, rng);
      if (day.weekday === 2 && site === 'AA')
        this.#transfer(rng.pick(['WX', 'PY']), time, day, rng);
      if (rng.chance(0.06)) this.#scan(site, time, rng);
    }
  }

  #count(site: SiteCode, time: number, day: Day, rng: Rng): void {
    const { book, now } = this.#world;
    const zones = [...new Set(ITEMS.map(({ bin }) => bin.slice(0, 1)))];
    const zone = zones[Math.floor(day.index / 7) % zones.length] ?? 'A';
    const counter = onDuty(this.#world, 'CS', site, day.index).id;
    const device = clinicOf(site);
    const seen = ITEMS.filter(({ bin, status }) => bin.startsWith(zone) && status === 'active')
      .flatMap((item) => this.#supply.shelves.at(site, item.sku).map((held) => ({ item, held })))
      .filter(({ held }) => held.count >= 0)
      .map(({ item, held }) => {
        const off = rng.chance(0.12) ? rng.int(-2, 1) : 0;
        const lies = held.count + (held.reserved ?? 0);
        return { item, held, lies, counted: Math.max(held.reserved ?? 0, lies + off) };
      });
    if (seen.length === 0) return;
    const value = seen.reduce(
      (sum, { item, lies, counted }) => sum + Math.abs(counted - lies) * item.cost,
      0,
    );
    const finishedAt = time + seen.length * 20_000;
    const judge = site === 'PY' ? person('satellite') : person('manager');
    const steps: Step[] = [['submitted', finishedAt, counter]];
    const needsReview = value > 2500 || this.#world.once('variance');
    const reviewedAt = finishedAt + 15 * 60 * MINUTE_MS;
    if (!needsReview) steps.push(['posted', finishedAt, null]);
    else {
      steps.push(['in_review', finishedAt, null]);
      if (reviewedAt <= now) steps.push(['posted', reviewedAt, judge]);
    }
    const isPosted = steps.at(-1)?.[0] === 'posted';
    const id = book.newId(time);
    const location_id = siteId(site);
    book.addMoved(
      'count_sessions',
      { at: time, by: counter, device },
      {
        location_id,
        kind: 'cycle',
        zone,
        blind: rng.chance(0.5),
        counted_by: counter,
        started_at: time,
        line_count: seen.length,
      },
      'open',
      steps,
      id,
    );
    for (const [nth, { item, held, counted }] of seen.entries()) {
      const counted_at = time + (nth + 1) * 20_000;
      book.add(
        'count_lines',
        { at: counted_at, by: counter, device },
        {
          session_id: id,
          location_id,
          item_id: idOfItem(item.sku),
          lot_id: idOfLot(item.sku, held),
          counted_qty: counted * QUANTITY_SCALE,
          counted_at,
          counter_id: counter,
          pass: 1,
        },
      );
      if (isPosted) held.count = counted - (held.reserved ?? 0);
    }
    if (needsReview) this.#review(id, location_id, finishedAt, reviewedAt, judge, value);
  }

  #review(
    session: string,
    location_id: string,
    raisedAt: number,
    decidedAt: number,
    judge: string,
    cents: number,
  ): void {
    const isDecided = decidedAt <= this.#world.now;
    this.#world.book.addMoved(
      'review_items',
      { at: raisedAt, by: null },
      {
        location_id,
        kind: 'count_variance',
        table_name: 'count_sessions',
        row_id: session,
        facts: { value_cents: cents },
        decision: isDecided ? 'post' : null,
        decided_by: isDecided ? judge : null,
      },
      'open',
      isDecided ? [['decided', decidedAt, judge]] : [],
    );
  }

  /** Some of what Ann Arbor has most of goes to another site, and arrives the next morning. */
  #transfer(to: SiteCode, time: number, day: Day, rng: Rng): void {
    const { book, now } = this.#world;
    const from = 'AA';
    const plenty = ITEMS.filter(
      ({ sku, par, kind }) =>
        kind !== 'sample' && par[to] > 0 && this.#supply.shelves.count(from, sku) > par[from] * 1.3,
    );
    const chosen = rng.sample(plenty, 3);
    const id = book.newId(time);
    const parts = chosen.flatMap(({ sku, par }) =>
      this.#supply.shelves
        .take(from, sku, Math.max(1, Math.ceil(par[to] / 4)), day.date)
        .map((held) => ({ sku, held })),
    );
    if (parts.length === 0) return;
    const arrivesAt = time + 16 * 60 * MINUTE_MS;
    const hasArrived = arrivesAt <= now;
    const isShort = hasArrived && rng.chance(0.05);
    const sender = onDuty(this.#world, 'CS', from, day.index).id;
    const receiver = onDuty(this.#world, 'CS', to, day.index).id;
    const maker = { at: time, by: sender, device: clinicOf(from) };
    const steps: Step[] = [['shipped', time + MINUTE_MS, null]];
    if (hasArrived) steps.push([isShort ? 'short' : 'received', arrivesAt, null]);
    book.addMoved(
      'transfers',
      maker,
      {
        site_ids: [siteId(from), siteId(to)].toSorted(),
        location_id: siteId(from),
        to_location_id: siteId(to),
        wanted: parts.map(({ sku, held }) => ({
          item_id: idOfItem(sku),
          qty_base: held.count * QUANTITY_SCALE,
        })),
      },
      'draft',
      steps,
      id,
    );
    const lines = (list: readonly { sku: string; held: Held }[]) =>
      list.map(({ sku, held }) => stockLine(sku, held, { ref: ['transfer', id] }));
    writeStockAct(book, { ...maker, at: time + MINUTE_MS }, from, 'transfer_out', lines(parts));
    if (!hasArrived) return;
    const arrived = parts
      .map(({ sku, held }, nth) => ({
        sku,
        held: { ...held, count: held.count - (isShort && nth === 0 ? 1 : 0) },
      }))
      .filter(({ held }) => held.count > 0);
    if (arrived.length === 0) return;
    for (const { sku, held } of arrived) {
      this.#supply.shelves.put(to, sku, held.lotNo, held.expiry, held.count);
    }
    const there = { at: arrivesAt, by: receiver, device: clinicOf(to) };
    writeStockAct(book, there, to, 'transfer_in', lines(arrived));
    if (isShort) this.#short(id, siteId(to), arrivesAt);
  }

  #short(transfer: string, location_id: string, arrivedAt: number): void {
    const raisedAt = arrivedAt + 3 * DAY_MS;
    if (raisedAt > this.#world.now) return;
    this.#world.book.addMoved(
      'review_items',
      { at: raisedAt, by: null },
      {
        location_id,
        kind: 'transfer_short',
        table_name: 'transfers',
        row_id: transfer,
        facts: { missing_lines: 1 },
      },
      'open',
      [],
    );
  }

  #scan(site: SiteCode, time: number, rng: Rng): void {
    const isKnown = rng.chance(0.6);
    const raw = `01${String(rng.int(0, 9)).padStart(1, '0')}0400000${rng.int(100_000, 999_999)}`;
    const by = onDuty(this.#world, 'CS', site, rng.int(0, 9)).id;
    this.#world.book.add(
      'unmatched_scans',
      { at: time - 60 * MINUTE_MS, by, device: clinicOf(site) },
      {
        location_id: siteId(site),
        raw: Buffer.from(raw).toString('base64'),
        symbology: rng.pick(['DataMatrix', 'Code128', 'EAN13']),
        scanned_at: time - 60 * MINUTE_MS,
        resolved_item_id: isKnown ? idOfItem(rng.pick(ITEMS).sku) : null,
        dismissed: !isKnown && rng.chance(0.5),
      },
    );
  }
}
