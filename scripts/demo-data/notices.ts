import { derivedId } from '#shared/kernel/ids.ts';
import { addDot } from '#shared/schema/or-set.ts';
import { ITEMS } from '../../supabase/demo/catalogue.ts';
import { DAY_MS, at } from './calendar.ts';
import type { Day } from './calendar.ts';
import { idOfItem } from './shelves.ts';
import type { Supply } from './supply.ts';
import { SITE_CODES, onDuty, person, siteId, staffAt } from './world.ts';
import type { World } from './world.ts';

const MINUTE_MS = 60_000;

/** What people are told, which edits met each other, and when systems were down. */
export class Notices {
  readonly #world: World;
  readonly #supply: Supply;

  constructor(world: World, supply: Supply) {
    this.#world = world;
    this.#supply = supply;
  }

  morning(day: Day): void {
    const time = at(day, 7 * 60 + 45);
    if (time > this.#world.now || day.weekday > 5) return;
    const rng = this.#world.rng('notices', day.index);
    if (day.weekday === 1) this.#low(day, time);
    if (rng.chance(0.05)) this.#outage(day, rng.int(4, 95));
    if (rng.chance(0.06)) this.#conflict(time, day);
  }

  /** On Mondays: what is below par, to a nurse and the manager. */
  #low(day: Day, time: number): void {
    const { book, now } = this.#world;
    for (const site of SITE_CODES) {
      const low = ITEMS.filter(
        ({ sku, par }) => par[site] > 0 && this.#supply.shelves.count(site, sku) < par[site] / 2,
      ).slice(0, 3);
      const people = [onDuty(this.#world, 'CS', site, day.index).id, person('manager')];
      for (const item of low) {
        for (const recipient of people) {
          const rng = this.#world.rng(`notice ${item.sku} ${site} ${recipient}`, day.index);
          const id = book.add(
            'notifications',
            { at: time, by: null },
            {
              recipient_id: recipient,
              location_id: siteId(site),
              kind: 'stock_low',
              severity: 'warning',
              ref_table: 'inventory_items',
              ref_id: idOfItem(item.sku),
              body: `${item.name} is running low.`,
              dedupe_key: `stock_low:${site}:${item.sku}:${recipient}:${day.date}`,
              expires_at: time + 7 * DAY_MS,
            },
          );
          const readAt = time + rng.int(10, 2000) * MINUTE_MS;
          if (readAt > now || !rng.chance(0.8)) continue;
          book.add(
            'notification_reads',
            { at: readAt, by: recipient },
            {
              notification_id: id,
              user_id: recipient,
              read: addDot(undefined, book.hlc(readAt)),
            },
          );
        }
      }
    }
  }

  #outage(day: Day, minutes: number): void {
    const rng = this.#world.rng('outage', day.index);
    const site = rng.pick(SITE_CODES);
    const began = at(day, rng.int(9 * 60, 15 * 60));
    const ended = began + minutes * MINUTE_MS;
    if (ended > this.#world.now) return;
    const by = onDuty(this.#world, 'FD', site, day.index).id;
    const system = rng.pick(['Internet line', 'Fax gateway', 'Insurer’s portal']);
    const base = { location_id: siteId(site), system, began_at: began };
    const how = rng.pick(['automatic', 'person'] as const);
    this.#world.book.add(
      'outage_log',
      { at: began, by },
      { ...base, event: 'began', detected_how: how },
    );
    this.#world.book.add(
      'outage_log',
      { at: ended, by },
      { ...base, event: 'ended', ended_at: ended, detected_how: how, evidence_hash: rng.hex(64) },
    );
  }

  /** Two people set the par of one item without seeing each other. */
  #conflict(time: number, day: Day): void {
    const { book } = this.#world;
    const rng = this.#world.rng('conflict', day.index);
    const site = rng.pick(SITE_CODES);
    const item = rng.pick(ITEMS.filter(({ par }) => par[site] > 0));
    const [one, two] = staffAt(this.#world, 'CS', site);
    book.add(
      'conflict_log',
      { at: time, by: null },
      {
        location_id: siteId(site),
        table_name: 'item_locations',
        row_id: derivedId('demo-item-location', item.sku, site),
        field: 'par',
        rule: 'LWW',
        kept_value: item.par[site] * 10_000,
        kept_hlc: book.hlc(time - 20 * MINUTE_MS),
        kept_by: one?.id ?? null,
        lost_value: (item.par[site] + 10) * 10_000,
        lost_hlc: book.hlc(time - 90 * MINUTE_MS),
        lost_by: two?.id ?? null,
      },
    );
  }
}
