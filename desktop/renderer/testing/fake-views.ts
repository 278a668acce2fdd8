import { AppError } from '#shared/errors/app-error.ts';
import { derivedId } from '#shared/kernel/ids.ts';
import type {
  CountPlanRow,
  CountSessionRow,
  HistoryRow,
  InventoryListRow,
  LotStock,
  ReviewGroup,
  ReviewSide,
  ScanCode,
  SearchItem,
  ViewName,
} from '#shared/ipc/views.ts';
import type { Row } from '#shared/schema/define.ts';
import type { Pack } from '#shared/schema/tables/inventory-items.ts';
import { linesOf } from '#shared/schema/review-lines.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { fakeFiles } from './fake-files.ts';
import { params } from './fake-params.ts';
import { fakePatientView } from './fake-patients.ts';
import { ME, OTHER } from './fake-rows.ts';

export type Rows = (table: TableName) => readonly Row[];
const text = (value: unknown) => value as string;
const num = (value: unknown) => value as number;
const names: Record<string, string> = { [ME]: 'Ana Ruiz', [OTHER]: 'Ben Okafor' };

/** Answers of the views over the rows in memory. @throws AppError when the address asks for it */
export function fakeView(name: ViewName, arg: Record<string, unknown>, rows: Rows): unknown {
  if (params.get('views') === 'fail') throw new AppError('STORE_DAMAGED');
  if (name === 'inventory.list' || name === 'inventory.first') return list(rows);
  if (name === 'inventory.places') return rows('item_locations');
  if (name === 'inventory.pictures' || name === 'inventory.safety') return [];
  if (name === 'files.of') return fakeFiles();
  if (name === 'inventory.codes') return codes(rows);
  if (name === 'away.news') return { received: 12, moved: 41, counted: 2, items: 1 };
  if (name === 'search.items') return searchItems(rows);
  if (name === 'inventory.lots') return lots(rows, text(arg['itemId']));
  if (name === 'inventory.history') return history(rows, text(arg['itemId']));
  if (name === 'inventory.counts') return counts(rows);
  if (name.startsWith('patients.')) return fakePatientView(name, arg);
  if (name === 'stock.trace') return null;
  if (name.startsWith('stock.')) return [];
  if (name === 'inventory.countFar') return [];
  if (name === 'inventory.countPlan') return countPlan(rows);
  return inbox(rows, Number(params.get('conflicts') ?? 2), arg['itemId'] ?? null);
}

function searchItems(rows: Rows): SearchItem[] {
  return rows('inventory_items').map(({ id, name, sku }) => ({
    id,
    title: text(name),
    code: text(sku),
  }));
}

function onHand(rows: Rows, key: (row: Row) => string): Map<string, number> {
  const sums = new Map<string, number>();
  for (const row of rows('stock_movements')) {
    sums.set(key(row), (sums.get(key(row)) ?? 0) + num(row['qty_base']));
  }
  return sums;
}

function list(rows: Rows): InventoryListRow[] {
  const sums = onHand(rows, (m) => `${text(m['item_id'])} ${text(m['location_id'])}`);
  const wants = new Map(
    rows('item_locations').map((w) => [`${text(w['item_id'])} ${text(w['location_id'])}`, w]),
  );
  const expiry = new Map<string, string>();
  const lotById = new Map(rows('inventory_lots').map((lot) => [lot.id, lot]));
  for (const m of rows('stock_movements')) {
    const date = lotById.get(text(m['lot_id']))?.['expiry_date'];
    const key = `${text(m['item_id'])} ${text(m['location_id'])}`;
    const known = expiry.get(key);
    if (typeof date === 'string' && (!known || date < known)) expiry.set(key, date);
  }
  return rows('inventory_items').map((item) => ({
    item_id: item.id,
    name: text(item['name']),
    sku: text(item['sku']),
    category: text(item['category']),
    base_unit: text(item['base_unit']),
    status: text(item['status']),
    lot_policy: text(item['lot_policy']),
    expiry_policy: text(item['expiry_policy']),
    sites: rows('locations').map((site) => {
      const key = `${item.id} ${site.id}`;
      const want = wants.get(key);
      return {
        location_id: site.id,
        item_location_id: want?.id ?? null,
        on_hand: sums.get(key) ?? 0,
        par: (want?.['par'] as number | null) ?? null,
        bin: (want?.['bin'] as string | null) ?? null,
        next_expiry: expiry.get(key) ?? null,
      };
    }),
  }));
}

function codes(rows: Rows): ScanCode[] {
  const items = rows('inventory_items').flatMap((item) => [
    { id: `sku ${item.id}`, item_id: item.id, kind: 'sku', code: text(item['sku']), unit: null },
    ...(item['packs'] as readonly Pack[]).flatMap(({ unit, gtin }) =>
      gtin ? [{ id: `gtin ${gtin}`, item_id: item.id, kind: 'gtin', code: gtin, unit }] : [],
    ),
  ]);
  const linked = rows('unmatched_scans').flatMap((scan) =>
    scan['resolved_item_id']
      ? [
          {
            id: `linked ${scan.id}`,
            item_id: text(scan['resolved_item_id']),
            kind: 'linked',
            code: text(scan['raw']),
            unit: null,
          },
        ]
      : [],
  );
  return [...items, ...linked] as ScanCode[];
}

function lots(rows: Rows, itemId: string): LotStock[] {
  const sums = onHand(rows, (m) => `${text(m['lot_id'])} ${text(m['location_id'])}`);
  return rows('inventory_lots')
    .filter((lot) => lot['item_id'] === itemId)
    .flatMap((lot) =>
      rows('locations').flatMap((site) => {
        const on_hand = sums.get(`${lot.id} ${site.id}`);
        return on_hand === undefined
          ? []
          : [
              {
                lot_id: lot.id,
                lot_no: text(lot['lot_no']),
                expiry_date: lot['expiry_date'] as string | null,
                location_id: site.id,
                on_hand,
              },
            ];
      }),
    );
}

function history(rows: Rows, itemId: string): HistoryRow[] {
  const item = rows('inventory_items').find(({ id }) => id === itemId);
  return rows('stock_movements')
    .filter((m) => m['item_id'] === itemId)
    .map((m) => ({
      id: m.id,
      type: text(m['type']),
      occurred_at: num(m['occurred_at']),
      item_id: itemId,
      item_name: text(item?.['name']),
      lot_id: (m['lot_id'] as string | null) ?? null,
      lot_no:
        (rows('inventory_lots').find(({ id }) => id === m['lot_id'])?.['lot_no'] as
          | string
          | undefined) ?? null,
      location_id: text(m['location_id']),
      location_code: code(rows, m['location_id']),
      qty_base: num(m['qty_base']),
      base_unit: text(item?.['base_unit']),
      entered_unit: text(m['entered_unit']),
      entered_qty: text(m['entered_qty']),
      who: names[text(m['performed_by'])] ?? 'Ana Ruiz',
      reason_code: (m['reason_code'] as string | null) ?? null,
      reverses_id: (m['reverses_id'] as string | null) ?? null,
      waiting: m['origin_seq'] !== null,
    }));
}

const code = (rows: Rows, id: unknown) =>
  text(rows('locations').find((site) => site.id === id)?.['code']);

function countPlan(rows: Rows): CountPlanRow[] {
  return rows('inventory_items').map((item, n) => ({
    item_id: item.id,
    item_name: text(item['name']),
    sku: text(item['sku']),
    base_unit: text(item['base_unit']),
    bin: `${'ABC'.charAt(n % 3)}${1 + (n % 9)}`,
    lots: [],
  }));
}

function counts(rows: Rows): CountSessionRow[] {
  return rows('count_sessions').map((session) => ({
    id: session.id,
    location_id: text(session['location_id']),
    location_code: code(rows, session['location_id']),
    kind: text(session['kind']),
    zone: session['zone'] as string | null,
    blind: session['blind'] === true,
    sent_back: null,
    status: text(session['status']),
    started_at: num(session['started_at']),
    counted_by: text(session['counted_by']),
    who: names[text(session['counted_by'])] ?? null,
    waiting: false,
    lines: rows('count_lines')
      .filter((line) => line['session_id'] === session.id)
      .map((line) => {
        const item = rows('inventory_items').find(({ id }) => id === line['item_id']);
        return {
          id: line.id,
          item_id: text(line['item_id']),
          item_name: text(item?.['name']),
          base_unit: text(item?.['base_unit']),
          lot_id: line['lot_id'] as string | null,
          lot_no: null,
          expiry_date: null,
          bin: 'A1',
          counter_id: text(line['counter_id']),
          who: names[text(line['counter_id'])] ?? null,
          pass: num(line['pass']),
          counted_qty: num(line['counted_qty']),
          expected_qty: session['status'] === 'open' && session['blind'] === true ? null : 120_000,
          since_qty: 0,
          unit_cost_cents: 250,
          counted_at: num(line['counted_at']),
        };
      }),
  }));
}

/** Contested fields of as many places of items, and what was decided about them in this window. */
function inbox(rows: Rows, count: number, itemId: unknown): ReviewGroup[] {
  const wants = rows('item_locations').slice(0, count);
  return wants.flatMap((want, index) => {
    const item = rows('inventory_items').find(({ id }) => id === want['item_id']);
    if (itemId !== null && item?.id !== itemId) return [];
    const decisions = rows('review_decisions').filter((row) => row['row_id'] === want.id);
    const undone = new Set(decisions.map((row) => row['reverses_id']));
    const standing = decisions.filter((d) => d['reverses_id'] === null && !undone.has(d.id));
    const fields = index % 2 === 1 ? ['bin'] : ['par', 'min', 'bin'];
    const side = (value: unknown, isKept: boolean): ReviewSide => ({
      value,
      label: null,
      by: isKept ? 'Ben Okafor' : 'Ana Ruiz',
      at: Date.now() - (isKept ? 3_600_000 : 5_400_000),
      device: isKept ? 'Front desk 2' : 'Laptop of Ana',
      site_id: text(want['location_id']),
    });
    return [
      {
        key: `item_locations/${want.id}`,
        table_name: 'item_locations',
        row_id: want.id,
        name: text(item?.['name']),
        item_id: item?.id ?? null,
        location_id: text(want['location_id']),
        location_code: code(rows, want['location_id']),
        newest_at: Date.now() - index,
        scope: { location_id: want['location_id'] },
        current: Object.fromEntries(
          fields.map((field) => [
            field,
            { value: want[field] ?? null, label: null, seen: want.field_hlc?.[field] ?? null },
          ]),
        ),
        entries: fields.map((field, nth) => {
          const id = derivedId('fake', 'conflict', String(index), field);
          const isDecided = standing.some((d) => linesOf(d).some((line) => line.about_id === id));
          return {
            about: 'conflict_log' as const,
            id,
            kind: 'field_conflict',
            field,
            rule: 'LWW' as const,
            state: isDecided ? ('decided' as const) : ('open' as const),
            opened_at: Date.now() - 3_600_000 + nth,
            kept: side(want[field] ?? null, true),
            lost: side(field === 'bin' ? 'Cabinet 3, top shelf' : 120_000, false),
            late: null,
            clash: null,
          };
        }),
        decisions: decisions
          .filter((row) => row['reverses_id'] === null)
          .map((row) => ({
            id: row.id,
            by: names[ME] ?? null,
            by_id: ME,
            at: row.created_at,
            accepted_at: row.created_at,
            undone: undone.has(row.id),
            lines: linesOf(row).map(({ field, choice, value }) => ({
              field,
              choice,
              value,
              label: null,
            })),
            row: { ...row },
          })),
      },
    ];
  });
}
