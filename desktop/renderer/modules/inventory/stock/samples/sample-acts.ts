import type { StockLevelRow } from '#shared/ipc/views.stock.ts';
import { clinicDate } from '#shared/kernel/dates.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';
import { newId } from '#shared/kernel/ids.ts';
import { formatQuantity, parseQuantity } from '#shared/kernel/quantity.ts';
import type { ReconciledLine } from '#shared/schema/tables/sample-reconciliations.ts';
import { sampleActId } from '#shared/schema/tables/sample-log.ts';
import type { StockActLine } from '#shared/schema/tables/stock-acts.ts';
import type { NewRow } from '#desktop/collections/tables.ts';
import type { LotRef } from '../take/take-check.ts';
import type { Place } from '../vials/vial-acts.ts';

interface Sample {
  readonly id: string;
  readonly base_unit: string;
}

const lineOf = (item: Sample, lot: Omit<LotRef, 'lot_id' | 'recall_status'> | null, qty: number) =>
  ({
    item_id: item.id,
    qty_base: qty,
    lot_no: lot?.lot_no ?? null,
    expiry_date: lot?.expiry_date ?? null,
    ...(lot?.expiry_precision ? { expiry_precision: lot.expiry_precision } : {}),
    serial: lot?.serial ?? '',
    entered_unit: item.base_unit,
    entered_qty: formatQuantity(qty),
    unit_cost_cents: null,
  }) satisfies StockActLine;

/** Samples that somebody brought: one act with stock. */
export const samplesIn = (of: {
  readonly item: Sample;
  readonly lot: { readonly lot_no: string; readonly expiry_date: string | null };
  readonly precision: 'day' | 'month';
  readonly quantity: number;
  /** Who brought them, in words. */
  readonly from: string;
  readonly site: Place;
  readonly now: number;
}): NewRow<'stock_acts'> => ({
  id: newId(),
  kind: 'sample_in',
  location_id: of.site.id,
  occurred_at: of.now,
  local_date: clinicDate(of.now, of.site.time_zone),
  reason_code: null,
  note: of.from.trim() === '' ? null : of.from.trim(),
  witnessed_by: null,
  lines: [lineOf(of.item, { ...of.lot, serial: '', expiry_precision: of.precision }, of.quantity)],
});

/** A sample that a patient takes home: one entry of the log, which takes it from the closet. */
export function sampleOut(of: {
  readonly item: Sample;
  readonly lot: LotRef;
  readonly quantity: number;
  readonly patientId: string;
  readonly prescriberId: string;
  readonly userId: string;
  readonly witnessId: string | null;
  readonly signature: string;
  readonly site: Place;
  readonly now: number;
}): NewRow<'sample_log'> {
  const id = newId();
  return {
    id,
    location_id: of.site.id,
    act_id: sampleActId(id),
    lot_id: of.lot.lot_id,
    qty_base: of.quantity,
    patient_id: of.patientId,
    prescriber_id: of.prescriberId,
    dispensed_by: of.userId,
    witnessed_by: of.witnessId,
    signature_id: null,
    occurred_at: of.now,
    local_date: clinicDate(of.now, of.site.time_zone),
    line: lineOf(of.item, of.lot, of.quantity),
    signature: of.signature,
  };
}

/** One lot in the closet, as the books have it. */
export interface ClosetLine {
  readonly key: string;
  readonly item_id: string;
  readonly name: string;
  readonly unit: string;
  readonly lot_id: string | null;
  readonly lot_no: string | null;
  readonly expiry_date: IsoDate | null;
  readonly book: number;
  readonly controlled: boolean;
}

/**
 * What lies in the closet of a site by the books, lot by lot.
 * @param samples ids of items that are samples, each with whether it is controlled
 */
export function closetOf(
  levels: readonly StockLevelRow[],
  siteId: string,
  samples: ReadonlyMap<string, boolean>,
): ClosetLine[] {
  return levels
    .filter(({ item_id: id }) => samples.has(id))
    .flatMap((item) => {
      const site = item.sites.find(({ location_id: id }) => id === siteId);
      const lots = site?.lots ?? [];
      const rest = (site?.on_hand ?? 0) - lots.reduce((sum, { on_hand: n }) => sum + n, 0);
      const of = {
        item_id: item.item_id,
        name: item.name,
        unit: item.base_unit,
        controlled: samples.get(item.item_id) ?? false,
      };
      return [
        ...lots.map((lot) => ({
          ...of,
          key: `${item.item_id} ${lot.lot_id}`,
          lot_id: lot.lot_id,
          lot_no: lot.lot_no,
          expiry_date: lot.expiry_date,
          book: lot.on_hand,
        })),
        ...(rest === 0
          ? []
          : [
              {
                ...of,
                key: item.item_id,
                lot_id: null,
                lot_no: null,
                expiry_date: null,
                book: rest,
              },
            ]),
      ];
    });
}

export interface CountedText {
  readonly counted: string;
  readonly why: string;
}

export type Reconciled =
  | { readonly ok: true; readonly lines: readonly ReconciledLine[]; readonly differences: number }
  | { readonly ok: false; readonly problems: ReadonlyMap<string, 'counted' | 'why'> };

/** The comparison as it was typed: every lot is counted, and a difference explained. */
export function reconcile(
  closet: readonly ClosetLine[],
  typed: ReadonlyMap<string, CountedText>,
): Reconciled {
  const problems = new Map<string, 'counted' | 'why'>();
  const lines = closet.flatMap((line): ReconciledLine[] => {
    const { counted = '', why = '' } = typed.get(line.key) ?? {};
    const quantity = parseQuantity(counted);
    if (quantity === null || quantity < 0) {
      problems.set(line.key, 'counted');
      return [];
    }
    const reason = why.trim();
    if (quantity !== line.book && reason === '') problems.set(line.key, 'why');
    return [
      {
        item_id: line.item_id,
        lot_id: line.lot_id,
        book: line.book,
        counted: quantity,
        why: quantity === line.book || reason === '' ? null : reason,
      },
    ];
  });
  if (problems.size > 0) return { ok: false, problems };
  const differences = lines.filter(({ book, counted }) => book !== counted).length;
  return { ok: true, lines, differences };
}

/** First day of the month that a comparison closes: until the tenth it is the one before. */
export function monthToClose(today: IsoDate): IsoDate {
  const [year = 0, month = 1, day = 1] = today.split('-').map(Number);
  const of = day > 10 ? month : month - 1;
  return of === 0 ? `${year - 1}-12-01` : `${year}-${String(of).padStart(2, '0')}-01`;
}
