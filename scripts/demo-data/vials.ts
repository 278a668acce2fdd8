import { QUANTITY_SCALE } from '#shared/kernel/quantity.ts';
import { openUntil } from '#shared/merge/derive/open-vials.ts';
import type { PatientDraw } from '#shared/schema/tables/patient-uses.ts';
import type { SiteCode } from '../../supabase/demo/people.ts';
import { TIME_ZONE } from '../../supabase/demo/stock.ts';
import type { Book, Maker } from './book.ts';
import type { Day } from './calendar.ts';
import { idOfItem, idOfLot, itemBySku, stockLine } from './shelves.ts';
import type { Shelves } from './shelves.ts';
import { siteId } from './world.ts';

/** A container that stands open at a site. */
interface Open {
  readonly id: string;
  readonly lotId: string | null;
  readonly useBy: number;
  rest: number;
}

/** Containers that are opened and used up bit by bit, one at a time at each site. */
export class Vials {
  readonly #book: Book;
  readonly #shelves: Shelves;
  readonly #open = new Map<string, Open>();

  constructor(book: Book, shelves: Shelves) {
    this.#book = book;
    this.#shelves = shelves;
  }

  /** Draws so much (in the unit of the content) for a patient, opening the next container when one is empty. */
  draw(site: SiteCode, sku: string, units: number, day: Day, maker: Maker): PatientDraw[] {
    const { vial } = itemBySku(sku);
    const key = `${site} ${sku}`;
    let open = this.#open.get(key);
    if (open && open.useBy <= maker.at) {
      this.#discard(site, sku, open, day, maker);
      open = undefined;
    }
    const wanted = units * QUANTITY_SCALE;
    if (!vial) return [];
    if (!open || open.rest < wanted) {
      if (open && open.rest > 0) this.#discard(site, sku, open, day, maker);
      open = this.#openNext(site, sku, day, { ...maker, at: maker.at - 60_000 });
      if (!open) return [];
      this.#open.set(key, open);
    }
    open.rest -= wanted;
    const { id: vialId, lotId } = open;
    return [
      { vial_id: vialId, item_id: idOfItem(sku), lot_id: lotId, units: wanted, unit: vial.unit },
    ];
  }

  #openNext(site: SiteCode, sku: string, day: Day, maker: Maker): Open | undefined {
    const { vial } = itemBySku(sku);
    const [held] = this.#shelves.take(site, sku, 1, day.date);
    if (!held || !vial) return undefined;
    const lot = { expiry_date: held.expiry, expiry_precision: null };
    const useBy =
      openUntil({ openedAt: maker.at, hours: null, days: vial.days, lot, timeZone: TIME_ZONE }) ??
      0;
    const lotId = idOfLot(sku, held);
    const { id } = this.#book.addAct('vial_acts', maker, {
      ...this.#common(site, sku, lotId, day, maker),
      step: 'open',
      line: stockLine(sku, held),
      units: vial.units * QUANTITY_SCALE,
      use_by: useBy,
    });
    return { id, lotId, useBy, rest: vial.units * QUANTITY_SCALE };
  }

  #discard(site: SiteCode, sku: string, open: Open, day: Day, maker: Maker): void {
    this.#book.add('vial_acts', maker, {
      ...this.#common(site, sku, open.lotId, day, maker),
      step: 'discard',
      vial_id: open.id,
      units: open.rest,
      reason_code: open.useBy <= maker.at ? 'open_expired' : 'too_little',
    });
    this.#open.delete(`${site} ${sku}`);
  }

  #common(site: SiteCode, sku: string, lotId: string | null, day: Day, maker: Maker) {
    return {
      location_id: siteId(site),
      item_id: idOfItem(sku),
      lot_id: lotId,
      unit: itemBySku(sku).vial?.unit ?? '',
      occurred_at: maker.at,
      local_date: day.date,
      for_patient: false,
    };
  }
}
