import { QUANTITY_SCALE } from '#shared/kernel/quantity.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';
import { lotId, normalizeLotNo } from '#shared/schema/lots.ts';
import type { Row } from '#shared/schema/define.ts';
import { STOCK_ACT_SIGNS } from '#shared/schema/tables/stock-acts.ts';
import type { StockActKind, StockActLine } from '#shared/schema/tables/stock-acts.ts';
import { ITEMS } from '../../supabase/demo/catalogue.ts';
import type { DemoItem } from '../../supabase/demo/item.ts';
import type { SiteCode } from '../../supabase/demo/people.ts';
import { itemId } from '../../supabase/demo/stock.ts';
import type { Maker, Book } from './book.ts';
import { localDate, siteId } from './world.ts';

/** So many base units of one lot (or of an item without lots) on one shelf. */
export interface Held {
  readonly lotNo: string | null;
  readonly expiry: IsoDate | null;
  count: number;
  /** Lies there too, and is kept for an act of the seed that is still to come. */
  reserved?: number;
}

export interface LineMore {
  readonly ref?: readonly [type: 'po_line' | 'transfer' | 'appointment' | 'sample_log', id: string];
}

/** What lies at the sites, in base units, as the ledger would reckon it. */
export class Shelves {
  readonly #held = new Map<string, Held[]>();

  at(site: SiteCode, sku: string): Held[] {
    const key = `${site} ${sku}`;
    let held = this.#held.get(key);
    if (!held) this.#held.set(key, (held = []));
    return held;
  }

  count(site: SiteCode, sku: string): number {
    return this.at(site, sku).reduce((sum, { count }) => sum + count, 0);
  }

  /** Puts an act on the shelves, or takes it away, that somebody else wrote. */
  apply(act: Row, site: SiteCode): void {
    const sign = STOCK_ACT_SIGNS[act['kind'] as StockActKind];
    for (const line of act['lines'] as readonly StockActLine[]) {
      const item = itemBy(line.item_id);
      const count = (sign * line.qty_base) / QUANTITY_SCALE;
      if (item) this.#change(site, item.sku, line.lot_no, line.expiry_date, count);
    }
  }

  /** Keeps back what an act of the seed takes away later; `by` −1 lets it go. */
  reserve(act: Row, site: SiteCode, by: 1 | -1): void {
    for (const line of act['lines'] as readonly StockActLine[]) {
      const item = itemBy(line.item_id);
      const lot = line.lot_no === null ? null : normalizeLotNo(line.lot_no);
      const held = item && this.at(site, item.sku).find((one) => one.lotNo === lot);
      if (!held) continue;
      const count = line.qty_base / QUANTITY_SCALE;
      if (by === 1) held.count -= count;
      held.reserved = (held.reserved ?? 0) + by * count;
    }
  }

  put(site: SiteCode, sku: string, lotNo: string | null, expiry: IsoDate | null, count: number) {
    this.#change(site, sku, lotNo, expiry, count);
  }

  /**
   * Takes so many away, first what expires first, never what has expired, and never more than there
   * is. @returns what was taken, lot by lot
   */
  take(site: SiteCode, sku: string, count: number, today: IsoDate): Held[] {
    const taken: Held[] = [];
    let wanted = count;
    const usable = this.at(site, sku)
      .filter(({ expiry, count: has }) => has > 0 && (expiry === null || expiry >= today))
      .toSorted((a, b) => ((a.expiry ?? '') < (b.expiry ?? '') ? -1 : 1));
    for (const held of usable) {
      if (wanted <= 0) break;
      const part = Math.min(wanted, held.count);
      held.count -= part;
      wanted -= part;
      taken.push({ lotNo: held.lotNo, expiry: held.expiry, count: part });
    }
    return taken;
  }

  #change(
    site: SiteCode,
    sku: string,
    lotNo: string | null,
    expiry: IsoDate | null,
    count: number,
  ): void {
    const shelf = this.at(site, sku);
    const lot = lotNo === null ? null : normalizeLotNo(lotNo);
    const held = shelf.find((one) => one.lotNo === lot && one.expiry === expiry);
    if (held) held.count += count;
    else shelf.push({ lotNo: lot, expiry, count });
  }
}

export const itemBySku = (sku: string): DemoItem => {
  const found = BY_SKU.get(sku);
  if (!found) throw new RangeError(`no demo item ${sku}`);
  return found;
};
const BY_SKU = new Map(ITEMS.map((item) => [item.sku, item]));
const BY_ID = new Map(ITEMS.map((item) => [itemId(item.sku), item]));
const IDS = new Map(ITEMS.map(({ sku }) => [sku, itemId(sku)]));

const itemBy = (id: string): DemoItem | undefined => BY_ID.get(id);
export const idOfItem = (sku: string): string => IDS.get(sku) ?? itemId(sku);

/** The id of what is held, null for what has no lot. */
export const idOfLot = (sku: string, { lotNo, expiry }: Held): string | null =>
  lotNo === null ? null : lotId({ itemId: idOfItem(sku), lotNo, expiryDate: expiry, serial: '' });

/** One line of a stock act. */
export function stockLine(sku: string, held: Held, more: LineMore = {}): StockActLine {
  const item = itemBySku(sku);
  return {
    item_id: idOfItem(sku),
    qty_base: held.count * QUANTITY_SCALE,
    lot_no: held.lotNo,
    expiry_date: held.expiry,
    serial: '',
    entered_unit: item.unit,
    entered_qty: String(held.count),
    unit_cost_cents: item.cost,
    bin: item.bin,
    ...(more.ref ? { ref_type: more.ref[0], ref_id: more.ref[1] } : {}),
  };
}

/** Writes an act with stock down. */
export function writeStockAct(
  book: Book,
  maker: Maker,
  site: SiteCode,
  kind: StockActKind,
  lines: readonly StockActLine[],
  more: { reason?: string; note?: string; localDate?: IsoDate } = {},
): Row {
  return book.addAct('stock_acts', maker, {
    kind,
    location_id: siteId(site),
    occurred_at: maker.at,
    local_date: more.localDate ?? localDate(maker.at),
    reason_code: more.reason ?? null,
    note: more.note ?? null,
    lines: [...lines],
  });
}
