import { QUANTITY_SCALE } from '#shared/kernel/quantity.ts';
import type { Row } from '#shared/schema/define.ts';
import { patientActId } from '#shared/schema/tables/patient-uses.ts';
import type { PatientDraw } from '#shared/schema/tables/patient-uses.ts';
import { sampleActId } from '#shared/schema/tables/sample-log.ts';
import { STOCK_ACT_SIGNS } from '#shared/schema/tables/stock-acts.ts';
import type { StockActKind } from '#shared/schema/tables/stock-acts.ts';
import { ITEMS } from '../../supabase/demo/catalogue.ts';
import { SITES } from '../../supabase/demo/people.ts';
import type { SiteCode } from '../../supabase/demo/people.ts';
import { SEEDED_AT, demoStock } from '../../supabase/demo/stock.ts';
import { at } from './calendar.ts';
import type { Day } from './calendar.ts';
import { Shelves, idOfItem, idOfLot, itemBySku, stockLine, writeStockAct } from './shelves.ts';
import { Vials } from './vials.ts';
import type { Visit } from './visit.ts';
import { SITE_CODES, clinicOf, isOpen, onDuty, siteId } from './world.ts';
import type { World } from './world.ts';

const SAMPLE = 'SMP-BPO';
/** How an invented hand signs, as the pad writes it down. */
const SIGNED = JSON.stringify({
  kind: 'drawn',
  path: 'M20 90L60 30L80 100L120 40L150 90L230 60',
  width: 320,
  height: 140,
});

/** What every visit uses up a little of: base units a visit. Written down once a day and site. */
const EVERY_VISIT: readonly (readonly [sku: string, each: number])[] = [
  ['GLV-NIT-S', 0.4],
  ['GLV-NIT-M', 1.1],
  ['GLV-NIT-L', 0.7],
  ['ALC-PAD', 1.4],
  ['GAU-44', 0.5],
  ['CHL-SWB', 0.3],
  ['MSK-PROC', 0.12],
  ['PET-OINT', 0.3],
  ['SYR-3', 0.1],
  ['WIP-SRF', 0.02],
  ['SUN-50-F', 0.05],
  ['MST-CER', 0.03],
  ['CLN-GEN', 0.03],
];

const takes = (act: Row): boolean => STOCK_ACT_SIGNS[act['kind'] as StockActKind] < 0;

/** Use of stock: by visits, by the day, by age. Begins with what the seed put on the shelves. */
export class Supply {
  readonly shelves = new Shelves();
  readonly #world: World;
  readonly #seeded: { act: Row; site: SiteCode }[];
  /** True once what the seed takes later is kept back. */
  #isOpen = false;
  readonly #vials: Vials;
  readonly #reconciled = new Set<string>();
  /** Visits of the day at each site. */
  readonly #seen = new Map<SiteCode, number>();

  constructor(world: World) {
    this.#world = world;
    this.#vials = new Vials(world.book, this.shelves);
    const { acts, expanded } = demoStock();
    for (const { table, row } of expanded) {
      if (table === 'inventory_lots') world.book.alreadyThere(row.id);
    }
    const codeOf = new Map(SITE_CODES.map((code) => [SITES[code].id as string, code]));
    this.#seeded = acts
      .flatMap((act) => {
        const site = codeOf.get(act['location_id'] as string);
        return site === undefined ? [] : [{ act, site }];
      })
      .toSorted((a, b) => a.act.created_at - b.act.created_at);
    this.takeOver(Math.max(world.began, SEEDED_AT + 24 * 3_600_000));
    for (const { act, site } of this.#seeded) {
      if (takes(act)) this.shelves.reserve(act, site, 1);
    }
    this.#isOpen = true;
  }

  /** Acts of the seed that have happened by then are on the shelves. */
  takeOver(instant: number): void {
    while (this.#seeded[0] && this.#seeded[0].act.created_at <= instant) {
      const next = this.#seeded.shift();
      if (!next) break;
      if (this.#isOpen && takes(next.act)) this.shelves.reserve(next.act, next.site, -1);
      else this.shelves.apply(next.act, next.site);
    }
  }

  /** What one visit used: a line for each item, by an act that only clinical roles read. */
  visit(visit: Visit): void {
    this.#seen.set(visit.site, (this.#seen.get(visit.site) ?? 0) + 1);
    if (visit.endsAt > this.#world.now) return;
    this.#usedUp(visit);
    if (visit.rng.chance(0.012)) this.#sample(visit);
  }

  #usedUp(visit: Visit): void {
    const { rng, site, day, type, provider } = visit;
    if (type.uses.length === 0) return;
    const { book } = this.#world;
    const nurse = onDuty(this.#world, 'CS', site, day.index + provider.number).id;
    const maker = { at: visit.endsAt, by: nurse, device: clinicOf(site) };
    const draws: PatientDraw[] = [];
    const lines = type.uses.flatMap(([sku, most]) => {
      const count = most > 1 ? rng.int(1, most) : Number(rng.chance(sku === 'LN2-L' ? 0.15 : 0.7));
      if (count > 0 && itemBySku(sku).vial) {
        draws.push(...this.#vials.draw(site, sku, rng.int(1, 4) / 4, day, maker));
        return [];
      }
      return this.shelves.take(site, sku, count, day.date).map((held) => stockLine(sku, held));
    });
    if (lines.length + draws.length === 0) return;
    const id = book.newId(visit.endsAt);
    book.addAct(
      'patient_uses',
      maker,
      {
        location_id: siteId(site),
        patient_id: visit.patient.id,
        appointment_id: visit.id,
        act_id: lines.length === 0 ? null : patientActId(id),
        occurred_at: visit.endsAt,
        local_date: day.date,
        lines,
        draws,
      },
      id,
    );
  }

  #sample(visit: Visit): void {
    const { site, day, provider, patient } = visit;
    const { book } = this.#world;
    const [held] = this.shelves.take(site, SAMPLE, 1, day.date);
    if (!held) return;
    const nurse = onDuty(this.#world, 'CS', site, day.index).id;
    const maker = { at: visit.endsAt, by: nurse, device: clinicOf(site) };
    const lot = idOfLot(SAMPLE, held);
    if (lot === null) return;
    const id = book.newId(visit.endsAt);
    book.addAct(
      'sample_log',
      maker,
      {
        location_id: siteId(site),
        act_id: sampleActId(id),
        lot_id: lot,
        qty_base: QUANTITY_SCALE,
        patient_id: patient.id,
        prescriber_id: provider.id,
        dispensed_by: nurse,
        occurred_at: visit.endsAt,
        local_date: day.date,
        line: stockLine(SAMPLE, held),
        signature: SIGNED,
      },
      id,
    );
  }

  /** On a day near the end of each month the closet is compared with its log. */
  #reconcile(site: SiteCode, day: Day, time: number): void {
    const month = `${day.date.slice(0, 7)}-01`;
    if (day.date.slice(8) < '26' || this.#reconciled.has(`${site} ${month}`)) return;
    const held = this.shelves.at(site, SAMPLE).filter(({ count }) => count > 0);
    if (held.length === 0) return;
    this.#reconciled.add(`${site} ${month}`);
    const nurse = onDuty(this.#world, 'CS', site, day.index).id;
    this.#world.book.add(
      'sample_reconciliations',
      { at: time + 180_000, by: nurse, device: clinicOf(site) },
      {
        location_id: siteId(site),
        month,
        occurred_at: time + 180_000,
        lines: held.map((one) => ({
          item_id: idOfItem(SAMPLE),
          lot_id: idOfLot(SAMPLE, one),
          book: one.count * QUANTITY_SCALE,
          counted: one.count * QUANTITY_SCALE,
          why: null,
        })),
        signature: SIGNED,
      },
    );
  }

  /** At the end of a day: what the rooms used, and on Fridays what has expired. */
  endOfDay(day: Day): void {
    const time = at(day, 17 * 60 + 25);
    this.takeOver(time);
    for (const site of SITE_CODES) {
      const visits = this.#seen.get(site) ?? 0;
      this.#seen.set(site, 0);
      if (!isOpen(site, day) || time > this.#world.now) continue;
      this.#rooms(site, day, time, visits);
      if (day.weekday === 5) this.#expired(site, day, time);
      this.#reconcile(site, day, time);
    }
  }

  #rooms(site: SiteCode, day: Day, time: number, visits: number): void {
    const rng = this.#world.rng(`rooms ${site}`, day.index);
    const lines = EVERY_VISIT.flatMap(([sku, each]) =>
      this.shelves
        .take(site, sku, rng.around(visits * each, visits * each * 0.4), day.date)
        .map((held) => stockLine(sku, held)),
    );
    if (lines.length === 0) return;
    const nurse = onDuty(this.#world, 'CS', site, day.index).id;
    const maker = { at: time, by: nurse, device: clinicOf(site) };
    writeStockAct(this.#world.book, maker, site, 'issue', lines, {
      localDate: day.date,
      note: 'Rooms and shop, whole day',
    });
    if (!rng.chance(0.06)) return;
    const [sku] = rng.pick(EVERY_VISIT);
    const broken = this.shelves.take(site, sku, rng.int(1, 3), day.date);
    if (broken.length === 0) return;
    writeStockAct(
      this.#world.book,
      { ...maker, at: time + 60_000 },
      site,
      'waste',
      broken.map((held) => stockLine(sku, held)),
      { localDate: day.date, reason: rng.pick(['damaged', 'contaminated', 'dropped']) },
    );
  }

  #expired(site: SiteCode, day: Day, time: number): void {
    const lines = ITEMS.flatMap(({ sku }) =>
      this.shelves
        .at(site, sku)
        .filter(({ expiry, count }) => count > 0 && expiry !== null && expiry < day.date)
        .map((held) => {
          const line = stockLine(sku, { ...held });
          held.count = 0;
          return line;
        }),
    );
    if (lines.length === 0) return;
    const nurse = onDuty(this.#world, 'CS', site, day.index).id;
    writeStockAct(
      this.#world.book,
      { at: time + 120_000, by: nurse, device: clinicOf(site) },
      site,
      'waste',
      lines,
      { localDate: day.date, reason: 'expired' },
    );
  }
}
