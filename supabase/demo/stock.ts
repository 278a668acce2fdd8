import { derivedId } from '#shared/kernel/ids.ts';
import { clinicDate } from '#shared/kernel/dates.ts';
import { formatHlc } from '#shared/kernel/hlc.ts';
import { QUANTITY_SCALE } from '#shared/kernel/quantity.ts';
import { expandAct } from '#shared/merge/expand.ts';
import type { Expansion } from '#shared/merge/expand.ts';
import type { Row } from '#shared/schema/define.ts';
import type { StockActKind, StockActLine } from '#shared/schema/tables/stock-acts.ts';
import { ITEMS } from './catalogue.ts';
import type { DemoItem } from './item.ts';
import { PEOPLE, SITES } from './people.ts';
import type { SiteCode } from './people.ts';

export const TIME_ZONE = 'America/New_York';

/** When the demo sites opened: before all that demo data tells of. */
export const SEEDED_AT = Date.parse('2025-01-02T13:00:00.000Z');

export const itemId = (sku: string): string => derivedId('demo-item', sku);

interface DemoAct {
  readonly site: SiteCode;
  readonly kind: StockActKind;
  readonly at: string;
  readonly by: string;
  readonly note: string | null;
  readonly reason?: string;
  readonly lines: readonly StockActLine[];
}

/** What happened at the sites since they opened. */
export function demoActs(): Row[] {
  const opening: DemoAct[] = (Object.keys(SITES) as SiteCode[]).map((site, index) => ({
    site,
    kind: 'opening',
    at: `2025-01-02T13:${String(10 + index * 10)}:00.000Z`,
    by: site === 'PY' ? PEOPLE.satellite.id : PEOPLE.manager.id,
    note: 'Opening stock',
    lines: ITEMS.flatMap((item) => openingLines(item, site)),
  }));
  return [...opening, ...LATER].map(toRow);
}

/** The acts with all rows that they stand for: acts, lots, movements. */
export function demoStock(): { acts: Row[]; expanded: Expansion[] } {
  const acts = demoActs();
  const seen = new Set<string>();
  const expanded = acts
    .flatMap((act) => expandAct('stock_acts', act))
    .filter(({ row }) => !seen.has(row.id) && seen.add(row.id));
  return { acts, expanded };
}

const LATER: readonly DemoAct[] = [
  {
    site: 'AA',
    kind: 'receive',
    at: '2026-11-09T15:20:00.000Z',
    by: PEOPLE.frontDesk.id,
    note: 'Delivery at the front desk',
    lines: [line('GAU-44', 400), line('SUN-50-F', 12, 0), line('GLV-NIT-M', 100)],
  },
  {
    site: 'AA',
    kind: 'issue',
    at: '2026-11-10T19:05:00.000Z',
    by: PEOPLE.clinical.id,
    note: 'Procedure rooms',
    lines: [line('LID-1-EPI', 6, 0), line('GAU-22', 80), line('PNC-4', 9, 0), line('NDL-30', 40)],
  },
  {
    site: 'AA',
    kind: 'waste',
    at: '2026-11-12T21:40:00.000Z',
    by: PEOPLE.clinical.id,
    note: null,
    reason: 'damaged',
    lines: [line('SPC-JAR', 3, 0)],
  },
  {
    site: 'WX',
    kind: 'issue',
    at: '2026-11-11T16:30:00.000Z',
    by: PEOPLE.manager.id,
    note: 'Procedure rooms',
    lines: [line('TRI-10', 3, 0), line('SYR-1', 30), line('BLD-SHV', 12, 0)],
  },
  {
    site: 'PY',
    kind: 'issue',
    at: '2026-11-13T18:15:00.000Z',
    by: PEOPLE.satellite.id,
    note: 'Saturday clinic',
    lines: [line('LN2-L', 2), line('PNC-4', 8, 0), line('GLV-STR-75', 6, 0)],
  },
  {
    site: 'PY',
    kind: 'return_vendor',
    at: '2026-11-16T14:00:00.000Z',
    by: PEOPLE.satellite.id,
    note: null,
    reason: 'wrong_item',
    lines: [line('MSK-PROC', 50)],
  },
];

/** The older lot of an item with two takes a third of the stock. */
function openingLines(item: DemoItem, site: SiteCode): StockActLine[] {
  const stock = item.stock[site];
  if (stock === 0) return [];
  if (item.lots.length < 2) return [line(item.sku, stock, item.lots.length === 0 ? undefined : 0)];
  const older = Math.floor(stock / 3);
  return [line(item.sku, older, 0), line(item.sku, stock - older, 1)];
}

function line(sku: string, count: number, lot?: number): StockActLine {
  const item = ITEMS.find((candidate) => candidate.sku === sku);
  if (!item) throw new Error(`no demo item ${sku}`);
  const taken = lot === undefined ? null : item.lots[lot];
  if (taken === undefined || (taken === null && item.lot === 'required')) {
    throw new Error(`the demo item ${sku} needs one of its lots`);
  }
  return {
    item_id: itemId(sku),
    qty_base: count * QUANTITY_SCALE,
    lot_no: taken?.lotNo ?? null,
    expiry_date: taken?.expiry ?? null,
    serial: '',
    entered_unit: item.unit,
    entered_qty: String(count),
    unit_cost_cents: item.cost,
  };
}

function toRow(act: DemoAct, index: number): Row {
  const ms = Date.parse(act.at);
  return {
    id: derivedId('demo-act', String(index), act.site, act.kind, act.at),
    created_at: ms,
    created_by: act.by,
    device_id: null,
    hlc: formatHlc({ ms, counter: index, node: '000000000000' }),
    origin_seq: null,
    kind: act.kind,
    location_id: SITES[act.site].id,
    occurred_at: ms,
    local_date: clinicDate(ms, TIME_ZONE),
    reason_code: act.reason ?? null,
    note: act.note,
    lines: act.lines,
  };
}
