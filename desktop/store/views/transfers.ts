import type { LotTrace, TransferRow } from '#shared/ipc/views.stock.ts';
import { sumLegs } from '#shared/merge/derive/transfer-legs.ts';
import type { TransferLeg } from '#shared/merge/derive/transfer-legs.ts';
import { byText, isOpen, live } from './definition.ts';
import type { Read, ViewDefinition } from './definition.ts';
import { ON_HAND_OF_ITEM, STOCK, byIds } from './inventory.ts';
import { WITH_ITEM, WITH_MERGED, readMerges, standingOfItem } from './merged.ts';
import { namedPatients, patientsOfDraws, patientsShown } from './vials.ts';

type HeadRow = Omit<
  TransferRow,
  'lines' | 'wanted' | 'site_ids' | 'waiting' | 'shipped_at' | 'received_at'
> & {
  site_ids: string;
  wanted: string;
  waiting: number;
};
type LegRow = TransferLeg & { ref_id: string; location_id: string; occurred_at: number };

const headsSql = (from: string): string => `
  select t.id, t.location_id, f.code as location_code, t.to_location_id,
         d.code as to_location_code, json_extract(t.doc, '$.site_ids') as site_ids, t.status, t.note,
         json_extract(t.doc, '$.created_at') as created_at,
         json_extract(t.doc, '$.created_by') as created_by, u.display_name as who,
         json_extract(t.doc, '$.wanted') as wanted, t.origin = 'local' as waiting
  from ${from}
  join ${live('locations')} f on f.id = t.location_id
  join ${live('locations')} d on d.id = t.to_location_id
  left join ${live('users')} u on u.id = json_extract(t.doc, '$.created_by')
  order by created_at desc, t.id desc limit ?`;
const ALL_HEADS = headsSql(`${live('transfers')} t`);
const HEADS = headsSql(byIds('transfers', 't'));

const LEGS = `
  select m.id, m.type, m.item_id, m.lot_id, m.qty_base, m.ref_id, m.location_id, m.occurred_at
  from ${live('stock_movements')} m
  where m.ref_type = 'transfer' and m.ref_id in (select value from json_each(?))`;

/** Transfers between sites with both legs, the latest first. */
export const stockTransfers: ViewDefinition<{ limit: number }, TransferRow[]> = {
  reads: [
    'transfers',
    'stock_movements',
    'inventory_items',
    'item_merges',
    'inventory_lots',
    'users',
    'locations',
  ],
  compute: (read, { limit }) => withLegs(read, read<HeadRow>(ALL_HEADS, [limit])),
  list: {
    key: ({ id }) => id,
    keysOf(read, changes) {
      const named = ['inventory_items', 'item_merges', 'inventory_lots', 'users', 'locations'];
      if (named.some((table) => changes.has(table))) return null;
      const moved = [...(changes.get('stock_movements') ?? [])];
      const found = read<{ ref_type: string | null; ref_id: string | null }>(
        `select m.ref_type, m.ref_id from ${byIds('stock_movements', 'm')}`,
        [JSON.stringify(moved)],
      );
      // One that is gone cannot say which transfer it belonged to.
      if (found.length < moved.length) return null;
      return [
        ...(changes.get('transfers') ?? []),
        ...found.flatMap(({ ref_type: type, ref_id: id }) =>
          type === 'transfer' && id !== null ? [id] : [],
        ),
      ];
    },
    computeKeys: (read, _arg, keys) =>
      withLegs(read, read<HeadRow>(HEADS, [JSON.stringify(keys), keys.length])),
    compare: (a, b) => b.created_at - a.created_at || byText(b.id, a.id),
    limit: ({ limit }) => limit,
  },
};

function withLegs(read: Read, heads: readonly HeadRow[]): TransferRow[] {
  const legs = read<LegRow>(LEGS, [JSON.stringify(heads.map(({ id }) => id))]);
  const { rootOf } = readMerges(read);
  const items = named<{ name: string; base_unit: string }>(read, 'inventory_items');
  const lots = named<{
    lot_no: string;
    expiry_date: string | null;
    expiry_precision: 'day' | 'month' | null;
    serial: string;
  }>(read, 'inventory_lots');
  return heads.map((head) => {
    const own = legs.filter(({ ref_id: id, type, location_id: site }) => {
      const where = type === 'transfer_out' ? head.location_id : head.to_location_id;
      return id === head.id && site === where;
    });
    const first = (type: string): number | null => {
      const times = own.flatMap((leg) => (leg.type === type ? [leg.occurred_at] : []));
      return times.length === 0 ? null : Math.min(...times);
    };
    // Both legs say the item that was sent; it is called as what it stands for now.
    const itemOf = (id: string) => {
      const item = items(rootOf(id));
      return { item_id: id, item_name: item?.name ?? '', base_unit: item?.base_unit ?? '' };
    };
    return {
      ...head,
      site_ids: JSON.parse(head.site_ids) as string[],
      waiting: head.waiting === 1,
      shipped_at: first('transfer_out'),
      received_at: first('transfer_in'),
      wanted: (JSON.parse(head.wanted) as { item_id: string; qty_base: number }[]).map((line) => ({
        ...itemOf(line.item_id),
        qty_base: line.qty_base,
      })),
      lines: sumLegs(own).map(({ item_id, lot_id, sent, received }) => {
        const lot = lot_id === null ? undefined : lots(lot_id);
        return {
          ...itemOf(item_id),
          lot_id,
          lot_no: lot?.lot_no ?? null,
          expiry_date: lot?.expiry_date ?? null,
          expiry_precision: lot?.expiry_precision ?? null,
          serial: lot?.serial ?? '',
          sent,
          received,
        };
      }),
    };
  });
}

/** Looks rows up by their id, each once. */
function named<R>(read: Read, table: string): (id: string) => R | undefined {
  const known = new Map<string, R | undefined>();
  return (id) => {
    if (!known.has(id)) {
      known.set(id, read<R & object>(`select * from ${live(table)} where id = ?`, [id])[0]);
    }
    return known.get(id);
  };
}

/** What of an item other sites have sent to a site that it has not received, 1/10,000 base units. */
export function waitingFor(read: Read, itemId: string, siteId: string): number {
  if (!isOpen(read, 'transfers')) return 0;
  const found = read<{ wanted: string; status: string; sent: number; received: number }>(
    `${WITH_ITEM}
     select json_extract(t.doc, '$.wanted') as wanted, t.status,
            coalesce(sum(case when m.type = 'transfer_out' then -m.qty_base end), 0) as sent,
            coalesce(sum(case when m.type = 'transfer_in' then m.qty_base end), 0) as received
     from ${live('transfers')} t
     left join ${standingOfItem('stock_movements', 'type qty_base ref_type ref_id')} m
       on m.ref_type = 'transfer' and m.ref_id = t.id
     where t.to_location_id = ? and t.status in ('draft', 'shipped', 'short')
     group by t.id`,
    [itemId, siteId],
  );
  const kin = new Set(readMerges(read).kinOf(itemId));
  return found.reduce((all, { wanted, status, sent, received }) => {
    const announced = (JSON.parse(wanted) as { item_id: string; qty_base: number }[])
      .filter(({ item_id: id }) => kin.has(id))
      .reduce((sum, { qty_base: quantity }) => sum + quantity, 0);
    // Whoever has the movements of this site only knows what was announced.
    const onItsWay = sent > 0 || status === 'draft' ? sent : announced;
    return all + Math.max(0, onItsWay - received);
  }, 0);
}

type LotHead = Omit<LotTrace, 'sites' | 'events'>;
type EventRow = Omit<
  LotTrace['events'][number],
  'for_patient' | 'patient' | 'undoes' | 'undone' | 'waiting'
> & {
  act_id: string;
  location_id: string;
  reverses_id: string | null;
  for_patient: number;
  waiting: number;
};

/** Columns of movements that a trace shows. */
const TRACED =
  'id type occurred_at location_id qty_base reason_code note reverses_id ref_type act_id performed_by';

/** Whom an act was for: id of the act → patient. */
function patientsOfActs(read: Read, acts: readonly string[]): ReadonlyMap<string, string> {
  const found = (table: 'patient_uses' | 'sample_log') =>
    isOpen(read, table)
      ? read<{ act_id: string; patient_id: string }>(
          `select t.act_id, t.patient_id from ${live(table)} t
           where t.patient_id is not null and t.act_id in (select value from json_each(?))`,
          [JSON.stringify([...new Set(acts)])],
        )
      : [];
  return new Map(
    [...found('patient_uses'), ...found('sample_log')].map((row) => [row.act_id, row.patient_id]),
  );
}

/** What was drawn from containers of the lot that stand or stood open, and what of them was thrown away. */
const drawnOf = (read: Read, lotIds: readonly string[]): EventRow[] =>
  read<EventRow>(
    `select v.id, 'vial_' || v.step as type, v.occurred_at, v.location_id, l.code as location_code,
            0 as qty_base, v.units, v.unit, u.display_name as who, v.reason_code, v.note,
            v.reverses_id, v.for_patient, v.id as act_id, v.origin <> 'server' as waiting
     from ${live('vial_acts')} v
     join ${live('locations')} l on l.id = v.location_id
     left join ${live('users')} u on u.id = json_extract(v.doc, '$.created_by')
     where v.lot_id in (select value from json_each(?)) and v.step <> 'open'`,
    [JSON.stringify(lotIds)],
  );

/** A lot and those that it stands for. */
const lotsLike = (read: Read, lotId: string): string[] => [
  lotId,
  ...read<{ id: string }>(
    `${WITH_MERGED} select id from merged_lots where root_id = ? and id <> root_id order by id`,
    [lotId],
  ).map(({ id }) => id),
];

/** Where a lot came in, where it was used and where it is left. */
export const lotTrace: ViewDefinition<{ lotId: string }, LotTrace | null> = {
  reads: [
    'users',
    'locations',
    'stock_acts',
    'vial_acts',
    'patient_uses',
    'sample_log',
    'patients',
    ...STOCK,
  ],
  shows: (trace) => patientsShown('patient_uses', trace?.events ?? []),
  compute(read, { lotId }) {
    const [lot] = read<LotHead>(
      `${WITH_MERGED}
       select lot.id as lot_id, lot.lot_no, lot.expiry_date, lot.expiry_precision, lot.serial,
              lot.recall_status, i.id as item_id, i.name as item_name, i.sku, i.base_unit
       from (select ? as id) asked left join merged_lots k on k.id = asked.id
       join ${live('inventory_lots')} lot on lot.id = coalesce(k.root_id, asked.id)
       left join merged_items g on g.id = lot.item_id
       join ${live('inventory_items')} i on i.id = coalesce(g.root_id, lot.item_id)`,
      [lotId],
    );
    if (!lot) return null;
    const moved = read<EventRow>(
      `${WITH_ITEM}
       select m.id, m.type, m.occurred_at, m.location_id, l.code as location_code, m.qty_base,
              null as units, null as unit, u.display_name as who, m.reason_code, m.note,
              m.reverses_id, m.act_id,
              coalesce(m.ref_type in ('appointment', 'sample_log'), 0) as for_patient,
              coalesce(a.origin <> 'server', 0) as waiting
       from ${standingOfItem('stock_movements', TRACED, true)} m
       join ${live('locations')} l on l.id = m.location_id
       left join ${live('stock_acts')} a on a.id = m.act_id
       left join ${live('users')} u on u.id = m.performed_by
       where m.lot_id = ?
       order by m.occurred_at desc, m.id desc`,
      [lot.item_id, lot.lot_id],
    );
    const lots = lotsLike(read, lot.lot_id);
    const events = [...moved, ...drawnOf(read, lots)].toSorted(
      (a, b) => b.occurred_at - a.occurred_at || byText(b.id, a.id),
    );
    const usedFor = new Map([
      ...patientsOfActs(
        read,
        moved.map(({ act_id: act }) => act),
      ),
      ...patientsOfDraws(read, { column: 'lot_id', values: lots }),
    ]);
    const patients = namedPatients(read, [...usedFor.values()]);
    const undone = new Set(events.map(({ reverses_id: id }) => id));
    const stock = read<{ location_id: string; location_code: string; on_hand: number }>(
      `${WITH_ITEM}
       select o.location_id, l.code as location_code, o.on_hand from (${ON_HAND_OF_ITEM}) o
       join ${live('locations')} l on l.id = o.location_id
       where o.lot_id = ? order by l.code, o.location_id`,
      [lot.item_id, lot.lot_id],
    );
    return {
      ...lot,
      sites: stock.map((site) => {
        const sum = (types: readonly string[]): number =>
          events
            .filter(({ location_id: id, type }) => id === site.location_id && types.includes(type))
            .reduce((all, { qty_base: quantity }) => all + quantity, 0);
        return {
          ...site,
          received: sum(['receive', 'opening', 'sample_in', 'return_stock']),
          // Never minus nothing.
          used: 0 - sum(['issue', 'sample_out']),
          wasted: 0 - sum(['waste', 'return_vendor']),
          moved: 0 - sum(['transfer_in', 'transfer_out', 'reclass']),
        };
      }),
      events: events.map(({ location_id: _site, reverses_id: undoes, act_id: act, ...event }) => ({
        ...event,
        for_patient: event.for_patient === 1,
        patient: patients.get(usedFor.get(act) ?? '') ?? null,
        undoes: undoes !== null,
        undone: undone.has(event.id),
        waiting: event.waiting === 1,
      })),
    };
  },
};
