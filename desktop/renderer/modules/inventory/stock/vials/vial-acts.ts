import type { LotAtSite } from '#shared/ipc/views.stock.ts';
import type { VialEvent, VialRow } from '#shared/ipc/views.vials.ts';
import { clinicDate } from '#shared/kernel/dates.ts';
import { newId } from '#shared/kernel/ids.ts';
import { formatQuantity } from '#shared/kernel/quantity.ts';
import { allocateDraw, isOverdue, openUntil } from '#shared/merge/derive/open-vials.ts';
import type { OpenVial } from '#shared/merge/derive/open-vials.ts';
import { containerQty, contentOf } from '#shared/schema/vials.ts';
import type { VialItem } from '#shared/schema/vials.ts';
import { patientActId } from '#shared/schema/tables/patient-uses.ts';
import type { PatientDraw } from '#shared/schema/tables/patient-uses.ts';
import type { StockActLine } from '#shared/schema/tables/stock-acts.ts';
import type { NewRow } from '#desktop/collections/tables.ts';

/** Why the rest of an opened container is thrown away. */
export const DISCARD_REASONS = [
  'open_expired',
  'remainder',
  'contaminated',
  'damaged',
  'recalled',
  'lost',
  'too_little',
] as const;

export interface Place {
  readonly id: string;
  readonly time_zone: string;
}

type OpenedItem = VialItem & { readonly id: string };

/** Until when a container may be used that is opened now. */
export const goodUntil = (
  item: VialItem,
  lot: Pick<LotAtSite, 'expiry_date' | 'expiry_precision'> | null,
  site: Place,
  now: number,
): number | null =>
  openUntil({
    openedAt: now,
    hours: item.open_hours,
    days: item.open_days,
    lot,
    timeZone: site.time_zone,
  });

/** The one document that opening a container makes. */
export function openAct(
  item: OpenedItem,
  lot: Omit<LotAtSite, 'on_hand'> | null,
  site: Place,
  now: number,
): NewRow<'vial_acts'> {
  const { units, unit } = contentOf(item);
  const qty = containerQty(item);
  return {
    ...common(site, now),
    step: 'open',
    vial_id: null,
    item_id: item.id,
    lot_id: lot?.lot_id ?? null,
    line: {
      item_id: item.id,
      qty_base: qty,
      lot_no: lot?.lot_no ?? null,
      expiry_date: lot?.expiry_date ?? null,
      ...(lot?.expiry_precision ? { expiry_precision: lot.expiry_precision } : {}),
      serial: lot?.serial ?? '',
      entered_unit: item.base_unit,
      entered_qty: formatQuantity(qty),
      unit_cost_cents: null,
    },
    units,
    unit,
    use_by: goodUntil(item, lot, site, now),
  };
}

const common = (site: Place, now: number) => ({
  id: newId(),
  location_id: site.id,
  occurred_at: now,
  local_date: clinicDate(now, site.time_zone),
  reason_code: null,
  note: null,
  witnessed_by: null,
  reverses_id: null,
  for_patient: false,
});

const ofVial = ({ vial_id, item_id, lot_id, unit }: VialRow) => ({
  vial_id,
  item_id,
  lot_id,
  unit,
});

/** Drawing for nobody in particular. */
export const drawAct = (
  vial: VialRow,
  units: number,
  site: Place,
  now: number,
): NewRow<'vial_acts'> => ({
  ...common(site, now),
  ...ofVial(vial),
  step: 'draw',
  line: null,
  units,
  use_by: null,
});

/** Throwing the rest away. */
export const discardAct = (
  vial: VialRow,
  how: { readonly reason: string; readonly note: string | null; readonly witnessId: string | null },
  site: Place,
  now: number,
): NewRow<'vial_acts'> => ({
  ...drawAct(vial, vial.rest, site, now),
  step: 'discard',
  reason_code: how.reason,
  note: how.note,
  witnessed_by: how.witnessId,
});

/** Taking a drawing or a throwing away back. */
export const undoAct = (
  vial: VialRow,
  event: Pick<VialEvent, 'id' | 'step' | 'units'>,
  reason: string,
  site: Place,
  now: number,
): NewRow<'vial_acts'> => ({
  ...drawAct(vial, event.units, site, now),
  step: event.step,
  reason_code: reason,
  reverses_id: event.id,
});

/** What is used for a patient: the one document of it. */
export function patientUse(of: {
  readonly patientId: string;
  readonly lines: readonly StockActLine[];
  readonly draws: readonly PatientDraw[];
  readonly reason: string | null;
  readonly note: string | null;
  readonly site: Place;
  readonly now: number;
}): NewRow<'patient_uses'> {
  const id = newId();
  return {
    id,
    location_id: of.site.id,
    patient_id: of.patientId,
    appointment_id: null,
    act_id: of.lines.length === 0 ? null : patientActId(id),
    occurred_at: of.now,
    local_date: clinicDate(of.now, of.site.time_zone),
    reason_code: of.reason,
    note: of.note,
    lines: [...of.lines],
    draws: [...of.draws],
  };
}

export type Choosable = VialRow & OpenVial;

/** As the choice of what to draw from sees them. */
export const choosable = (vials: readonly VialRow[]): Choosable[] =>
  vials
    .filter(({ is_closed: isClosed }) => !isClosed)
    .map((vial) => ({
      ...vial,
      isUsable: vial.recall_status !== 'recalled' && vial.recall_status !== 'suspect',
    }));

export type DrawPlan =
  | {
      readonly ok: true;
      readonly draws: readonly { readonly vial: VialRow; readonly units: number }[];
    }
  | { readonly ok: false; readonly problem: DrawProblem };
export type DrawProblem = 'quantity' | 'short' | 'over' | 'blocked' | 'two';

/**
 * How a quantity is drawn: of the container that somebody chose, or of all that are open of the item,
 * what has to be used up first on top. More than there is nobody draws: the next one is opened first.
 */
export function planDraw(
  vials: readonly VialRow[],
  wanted: number | null,
  now: number,
  chosen: string | null,
  forPatient: boolean,
): DrawPlan {
  if (wanted === null || wanted <= 0) return { ok: false, problem: 'quantity' };
  const open = choosable(vials);
  if (chosen !== null) {
    const vial = open.find(({ vial_id: id }) => id === chosen);
    if (!vial) return { ok: false, problem: 'short' };
    if (!vial.isUsable) return { ok: false, problem: 'blocked' };
    if (isOverdue(vial, now)) return { ok: false, problem: 'over' };
    return vial.rest < wanted
      ? { ok: false, problem: 'short' }
      : { ok: true, draws: [{ vial, units: wanted }] };
  }
  const { draws, missing } = allocateDraw(open, wanted, now);
  if (missing > 0) return { ok: false, problem: 'short' };
  // What happens to two containers is two acts, unless it is one use for one patient.
  return draws.length > 1 && !forPatient ? { ok: false, problem: 'two' } : { ok: true, draws };
}

/** Lines of a use for a patient. */
export const drawsOf = (plan: Extract<DrawPlan, { ok: true }>): PatientDraw[] =>
  plan.draws.map(({ vial, units }) => ({ ...ofVial(vial), units }));
