import type {
  LevelLot,
  LevelSite,
  LotAtSite,
  NegativeLot,
  StockLevelRow,
} from '#shared/ipc/views.stock.ts';
import { lastUsableDay } from '#shared/merge/derive/lot-choice.ts';
import { likelyCauses } from '#shared/merge/derive/negative-stock.ts';
import type { ExplainedMovement, NegativeCause } from '#shared/merge/derive/negative-stock.ts';
import { openContainer } from '#shared/merge/derive/open-container.ts';
import type { LotMovement } from '#shared/merge/derive/open-container.ts';
import type { Pack } from '#shared/schema/tables/inventory-items.ts';
import { byText, live, valuesOf } from './definition.ts';
import type { Read, ViewDefinition } from './definition.ts';
import { ON_HAND, ON_HAND_OF_ITEM, STOCK, byIds, itemsConcerned, movedItems } from './inventory.ts';
import {
  PLACES,
  PLACES_OF_ITEM,
  WITH_ITEM,
  WITH_MERGED,
  standing,
  standingOfItem,
} from './merged.ts';
import { waitingFor } from './transfers.ts';
import { openVials } from './vials.ts';

const LOT_COLUMNS =
  'lot.lot_no, lot.expiry_date, lot.expiry_precision, lot.serial, lot.recall_status';

/** Lots of some items at a site, what expires first on top. */
export const stockLots: ViewDefinition<{ itemIds: string[]; siteId: string }, LotAtSite[]> = {
  reads: STOCK,
  compute: (read, { itemIds, siteId }) =>
    [...new Set(itemIds)].toSorted(byText).flatMap((itemId) =>
      read<LotAtSite>(
        `${WITH_ITEM}
         select o.item_id, o.location_id, o.lot_id, o.on_hand, ${LOT_COLUMNS}
         from (${ON_HAND_OF_ITEM}) o join ${live('inventory_lots')} lot on lot.id = o.lot_id
         where o.location_id = ?
         order by lot.expiry_date is null, lot.expiry_date, lot.lot_no, o.lot_id`,
        [itemId, siteId],
      ),
    ),
  list: {
    key: ({ lot_id }) => lot_id,
    keysOf: (read, changes, { itemIds }) => {
      const moved = movedItems(read, changes);
      return moved?.some((id) => itemIds.includes(id)) === false ? [] : null;
    },
  },
};

type LotRow = Omit<LevelLot, 'open'> & { item_id: string; location_id: string };
type PlaceRow = Omit<LevelSite, 'lots' | 'vials' | 'used' | 'on_hand' | 'is_stocked'> & {
  item_id: string;
  is_stocked: number;
};
type UseRow = { item_id: string; location_id: string; used: number };
type ItemRow = Omit<StockLevelRow, 'sites'> & { open_days: number | null };

const lotsSql = (names: string, onHand: string): string => `
  ${names}
  select o.item_id, o.location_id, o.lot_id, o.on_hand, ${LOT_COLUMNS}
  from (${onHand}) o left join ${live('inventory_lots')} lot on lot.id = o.lot_id
  order by o.item_id, o.location_id, lot.expiry_date is null, lot.expiry_date, lot.lot_no, o.lot_id`;
const placesSql = (names: string, places: string): string => `
  ${names}
  select item_id, location_id, id as item_location_id, par, "min", "max", is_stocked
  from ${places} order by item_id, location_id, id`;
const USED = 'location_id type local_date qty_base';
const usedSql = (names: string, movements: string): string => `
  ${names}
  select item_id, location_id, -sum(qty_base) as used from ${movements}
  where type in ('issue', 'sample_out') and local_date >= ?
  group by item_id, location_id`;
const itemsSql = (from: string): string => `
  ${WITH_MERGED}
  select i.id as item_id, i.name, i.sku, i.base_unit, i.status, i.expiry_alert_days, i.open_days
  from ${from} where i.id not in (select id from merged_items) order by i.name, i.id`;

/** Every item with its levels, lots and lately used quantity at each site. */
export const stockLevels: ViewDefinition<{ usedSince: string }, StockLevelRow[]> = {
  reads: ['item_locations', 'locations', 'vial_acts', ...STOCK],
  compute: (read, { usedSince }) =>
    levels(
      read,
      read<ItemRow>(itemsSql(`${live('inventory_items')} i`)),
      read<LotRow>(lotsSql(WITH_MERGED, ON_HAND)),
      read<PlaceRow>(placesSql(WITH_MERGED, PLACES)),
      read<UseRow>(usedSql(WITH_MERGED, standing('stock_movements', USED)), [usedSince]),
    ),
  list: {
    key: ({ item_id }) => item_id,
    keysOf(read, changes, _arg, last) {
      if (changes.has('locations')) return null;
      const opened = valuesOf(read, 'vial_acts', 'item_id', changes.get('vial_acts'));
      const concerned = itemsConcerned(read, changes, last.values());
      return opened === null || concerned === null ? null : [...concerned, ...opened];
    },
    computeKeys: (read, { usedSince }, keys) =>
      read<ItemRow>(itemsSql(byIds('inventory_items', 'i')), [JSON.stringify(keys)]).flatMap(
        (item) =>
          levels(
            read,
            [item],
            read<LotRow>(lotsSql(WITH_ITEM, ON_HAND_OF_ITEM), [item.item_id]),
            read<PlaceRow>(placesSql(WITH_ITEM, PLACES_OF_ITEM), [item.item_id]),
            read<UseRow>(usedSql(WITH_ITEM, standingOfItem('stock_movements', USED)), [
              item.item_id,
              usedSince,
            ]),
          ),
      ),
    compare: (a, b) => byText(a.name, b.name) || byText(a.item_id, b.item_id),
  },
};

function levels(
  read: Read,
  items: readonly ItemRow[],
  lots: readonly LotRow[],
  places: readonly PlaceRow[],
  use: readonly UseRow[],
): StockLevelRow[] {
  const zones = new Map(
    read<{ id: string; time_zone: string }>(`select id, time_zone from ${live('locations')}`).map(
      ({ id, time_zone: zone }) => [id, zone],
    ),
  );
  const of = <R extends { item_id: string }>(rows: readonly R[]) =>
    Map.groupBy(rows, ({ item_id }) => item_id);
  const [lotsOf, placesOf, useOf] = [of(lots), of(places), of(use)];
  const vialsOf = of(openVials(read).filter(({ is_closed: isClosed }) => !isClosed));
  return items.map(({ open_days: openDays, ...item }) => {
    const own = lotsOf.get(item.item_id) ?? [];
    const kept = placesOf.get(item.item_id) ?? [];
    const opened = vialsOf.get(item.item_id) ?? [];
    const sites = new Set([...own, ...kept, ...opened].map(({ location_id: site }) => site));
    return {
      ...item,
      sites: [...sites].toSorted(byText).map((site): LevelSite => {
        const place = kept.find(({ location_id: id }) => id === site);
        const here = own.filter(({ location_id: id }) => id === site);
        return {
          location_id: site,
          item_location_id: place?.item_location_id ?? null,
          on_hand: here.reduce((sum, { on_hand: quantity }) => sum + quantity, 0),
          par: place?.par ?? null,
          min: place?.min ?? null,
          max: place?.max ?? null,
          is_stocked: place ? Boolean(place.is_stocked) : false,
          vials: opened
            .filter(({ location_id: id }) => id === site)
            .map(({ vial_id, lot_id, rest, unit, use_by }) => ({
              vial_id,
              lot_id,
              rest,
              unit,
              use_by,
            })),
          used: useOf.get(item.item_id)?.find(({ location_id: id }) => id === site)?.used ?? 0,
          lots: here
            .filter(({ lot_id: lot, on_hand: quantity }) => lot !== '' && quantity !== 0)
            .map(({ item_id: _item, location_id: _site, ...lot }) => ({
              ...lot,
              open:
                openDays === null
                  ? null
                  : openOf(
                      read,
                      { ...lot, item_id: item.item_id, location_id: site },
                      {
                        openDays,
                        timeZone: zones.get(site) ?? 'UTC',
                      },
                    ),
            })),
        };
      }),
    };
  });
}

const WHOLE = 10_000;

/** The open container of a lot: only where there is more than whole ones the ledger is looked at. */
function openOf(
  read: Read,
  lot: LotRow,
  how: { readonly openDays: number; readonly timeZone: string },
): LevelLot['open'] {
  if (lot.on_hand <= 0 || lot.on_hand % WHOLE === 0) return null;
  const shelf = [lot.item_id, lot.location_id, lot.lot_id];
  const [seen] = read<LotMovement>(
    `${WITH_ITEM}
     select c.id, c.hlc, c.counted_qty as qty_base, c.counted_at as occurred_at
     from ${standingOfItem('count_lines', 'id hlc session_id location_id counted_qty counted_at', true)} c
     join ${live('count_sessions')} s on s.id = c.session_id
     where s.status = 'posted' and c.location_id = ? and c.lot_id = ?
     order by c.hlc desc, c.id desc limit 1`,
    shelf,
  );
  const moved = read<LotMovement>(
    `${WITH_ITEM}
     select id, hlc, qty_base, occurred_at
     from ${standingOfItem('stock_movements', 'id hlc location_id qty_base occurred_at', true)}
     where location_id = ? and lot_id = ? and hlc > ?`,
    [...shelf, seen?.hlc ?? ''],
  );
  return openContainer({
    movements: [...(seen ? [seen] : []), ...moved],
    lotLastDay: lastUsableDay(lot),
    ...how,
  });
}

type ExplainedRow = ExplainedMovement & { who: string | null };

/** Lots of an item that a site has less than nothing of, each with its likely causes. */
export const stockNegative: ViewDefinition<{ itemId: string; siteId: string }, NegativeLot[]> = {
  reads: ['transfers', 'users', ...STOCK],
  compute(read, { itemId, siteId }) {
    const [item] = read<{ base_unit: string; packs: string }>(
      `select base_unit, json_extract(doc, '$.packs') as packs
       from ${live('inventory_items')} where id = ?`,
      [itemId],
    );
    if (!item) return [];
    const stock = read<{ lot_id: string; lot_no: string | null; on_hand: number }>(
      `${WITH_ITEM}
       select o.lot_id, lot.lot_no, o.on_hand from (${ON_HAND_OF_ITEM}) o
       left join ${live('inventory_lots')} lot on lot.id = o.lot_id
       where o.location_id = ? order by lot.lot_no, o.lot_id`,
      [itemId, siteId],
    );
    if (!stock.some(({ on_hand: quantity }) => quantity < 0)) return [];
    const movements = read<ExplainedRow>(
      `${WITH_ITEM}
       select m.id, m.type, m.lot_id, m.qty_base, m.entered_unit, m.entered_qty, m.occurred_at,
              m.performed_by, json_extract(m.doc, '$.device_id') as device_id, m.reverses_id,
              u.display_name as who
       from ${standingOfItem('stock_movements', EXPLAINED_BY, true)} m
       left join ${live('users')} u on u.id = m.performed_by
       where m.location_id = ?
       order by m.occurred_at desc, m.id desc limit ${EXPLAINED}`,
      [itemId, siteId],
    );
    const counted = new Set(
      read<{ lot_id: string }>(
        `${WITH_ITEM}
         select distinct coalesce(c.lot_id, '') as lot_id
         from ${standingOfItem('count_lines', 'session_id location_id', true)} c
         join ${live('count_sessions')} s on s.id = c.session_id
         where s.status = 'posted' and c.location_id = ?`,
        [itemId, siteId],
      ).map(({ lot_id: lot }) => lot),
    );
    const onItsWay = waitingFor(read, itemId, siteId);
    const lotOf = (id: string): string | null => (id === '' ? null : id);
    return stock
      .filter(({ on_hand: quantity }) => quantity < 0)
      .map((lot) => ({
        lot_id: lotOf(lot.lot_id),
        lot_no: lot.lot_no,
        on_hand: lot.on_hand,
        base_unit: item.base_unit,
        causes: likelyCauses({
          lotId: lotOf(lot.lot_id),
          onHand: lot.on_hand,
          movements,
          counted: counted.has(lot.lot_id),
          baseUnit: item.base_unit,
          packs: JSON.parse(item.packs) as Pack[],
          others: stock
            .filter((other) => other !== lot)
            .map((other) => ({ lot_id: lotOf(other.lot_id), on_hand: other.on_hand })),
          onItsWay,
        }).map((cause) => shownCause(cause, movements, stock)),
      }));
  },
  list: { key: ({ lot_id }) => lot_id ?? '' },
};

/** Columns of movements by which stock below zero is explained. */
const EXPLAINED_BY =
  'id type location_id qty_base entered_unit entered_qty occurred_at performed_by reverses_id doc';
/** Older ones explain nothing that a count would not have found. */
const EXPLAINED = 500;

function shownCause(
  cause: NegativeCause,
  movements: readonly ExplainedRow[],
  lots: readonly { readonly lot_id: string; readonly lot_no: string | null }[],
): NegativeLot['causes'][number] {
  const movement = (id: string): ExplainedRow[] => movements.filter((one) => one.id === id);
  switch (cause.kind) {
    case 'double_issue':
      return {
        kind: cause.kind,
        takings: cause.movements.flatMap(movement).map(({ who, occurred_at, qty_base }) => ({
          who,
          occurred_at,
          qty_base,
        })),
      };
    case 'unit_mixup': {
      const [entry] = movement(cause.movement);
      return {
        kind: cause.kind,
        entered_qty: entry?.entered_qty ?? '',
        entered_unit: entry?.entered_unit ?? '',
        unit: cause.unit,
        occurred_at: entry?.occurred_at ?? 0,
        who: entry?.who ?? null,
      };
    }
    case 'other_lot': {
      const lot = lots.find(({ lot_id: id }) => id === (cause.lot_id ?? ''));
      return { kind: cause.kind, lot_no: lot?.lot_no ?? null, quantity: cause.quantity };
    }
    default:
      return cause;
  }
}
