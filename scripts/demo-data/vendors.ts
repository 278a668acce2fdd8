import { QUANTITY_SCALE } from '#shared/kernel/quantity.ts';
import { ITEMS } from '../../supabase/demo/catalogue.ts';
import { DAY_MS, addDays } from './calendar.ts';
import { phone } from './invented.ts';
import { idOfItem } from './shelves.ts';
import { localDate, person } from './world.ts';
import type { World } from './world.ts';

/** Whom the sites buy from, for how much, and what to do when something spills. */
export function writeVendors(world: World): void {
  const { book, began, now } = world;
  const rng = world.rng('vendors');
  const maker = { at: began, by: person('manager') };
  for (const name of new Set(ITEMS.map((item) => item.maker))) {
    book.add(
      'vendors',
      maker,
      {
        name,
        account_no: `DEMO-${rng.int(1000, 9999)}`,
        phone: phone(rng),
        email: `orders@${name.toLowerCase().replaceAll(/[^a-z]/g, '')}.example`,
        website: null,
        order_channel: rng.pick(['slack', 'email', 'portal']),
        free_shipping_cents: rng.int(5, 30) * 1000,
        active: true,
      },
      book.namedId('vendor', name),
    );
  }
  for (const item of ITEMS) {
    const vendor_id = book.namedId('vendor', item.maker);
    const item_id = idOfItem(item.sku);
    book.add('vendor_items', maker, {
      vendor_id,
      item_id,
      vendor_sku: `${item.maker.slice(0, 2).toUpperCase()}-${item.sku}`,
      min_qty: (item.packs[0]?.[1] ?? 1) * QUANTITY_SCALE,
      lead_days: rng.int(2, 6),
      is_primary: true,
    });
    for (let time = began, price = item.cost; time <= now; time += 91 * DAY_MS) {
      book.add(
        'vendor_prices',
        { at: time, by: person('buyer') },
        {
          vendor_id,
          item_id,
          unit: item.unit,
          price_cents: price,
          seen_on: localDate(time),
          source: rng.pick(['catalogue', 'invoice', 'quote']),
        },
      );
      price = Math.max(1, Math.round(price * (0.98 + rng.float() * 0.05)));
    }
  }
  writeWholesaler(world);
  for (const item of ITEMS.filter(({ hazardous, kind }) => hazardous || kind === 'treatment')) {
    const revised = addDays(world.from, -rng.int(60, 700));
    const at = began - 30 * DAY_MS;
    book.addMoved(
      'sds_documents',
      { at, by: person('manager') },
      {
        item_id: idOfItem(item.sku),
        product_name: item.name,
        cas_no: null,
        hazard_class: item.hazardous ? 'Health hazard, category 2' : null,
        first_aid:
          'Eyes: rinse with water for 15 minutes. Skin: wash with soap. If swallowed: call for help.',
        spill: 'Wear gloves, take it up with an absorbent pad, air the room.',
        language: 'en',
        revised_on: revised,
      },
      'draft',
      [['current', at + DAY_MS, person('superadmin')]],
    );
  }
}

/** Somebody who sells what others make, dearer or cheaper: prices can be compared. */
function writeWholesaler({ book, began, now, rng: rngOf }: World): void {
  const rng = rngOf('wholesaler');
  const maker = { at: began, by: person('manager') };
  const vendor_id = book.namedId('vendor', WHOLESALER);
  book.add(
    'vendors',
    maker,
    {
      name: WHOLESALER,
      account_no: 'DEMO-7001',
      phone: phone(rng),
      email: 'orders@lakeside.example',
      website: null,
      order_channel: 'email',
      free_shipping_cents: 25_000,
      active: true,
    },
    vendor_id,
  );
  for (const item of ITEMS.filter(({ kind }) => kind === 'supply')) {
    const item_id = idOfItem(item.sku);
    book.add('vendor_items', maker, {
      vendor_id,
      item_id,
      vendor_sku: `LK-${item.sku}`,
      min_qty: null,
      lead_days: rng.int(1, 3),
      is_primary: false,
    });
    book.add(
      'vendor_prices',
      { at: now - 20 * DAY_MS, by: person('buyer') },
      {
        vendor_id,
        item_id,
        unit: item.unit,
        price_cents: Math.max(1, Math.round(item.cost * (0.9 + rng.float() * 0.3))),
        seen_on: localDate(now - 20 * DAY_MS),
        source: 'quote',
      },
    );
  }
}

const WHOLESALER = 'Lakeside Medical Supply';
