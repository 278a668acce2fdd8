import { daysBetween } from '#shared/kernel/dates.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';
import { lastUsableDay, standingOf } from './lot-choice.ts';
import type { LotOnHand } from './lot-choice.ts';
import { isOverdue } from './open-vials.ts';
import type { OpenVial } from './open-vials.ts';

/** Days before its expiry from which stock is said to expire soon, unless its item says otherwise. */
export const EXPIRY_ALERT_DAYS = 60;

/** One item at one site, quantities in 1/10,000 base units. */
export interface StockLevel {
  readonly item_id: string;
  readonly location_id: string;
  readonly on_hand: number;
  readonly par: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** False: the site does not keep the item, so that it is never low. */
  readonly is_stocked: boolean;
  readonly expiry_alert_days: number | null;
  readonly lots: readonly AlertedLot[];
  /** Containers that stand open. */
  readonly vials: readonly AlertedVial[];
}

export interface AlertedVial extends Pick<OpenVial, 'vial_id' | 'rest' | 'use_by'> {
  readonly lot_id: string | null;
  readonly unit: string;
}

export interface AlertedLot extends LotOnHand {
  /** Its container that stands open; see `open-container.ts`. */
  readonly open?: { readonly rest: number; readonly last_day: IsoDate } | null;
}

/** In the order in which somebody should look at them. */
export const ALERT_KINDS = [
  'negative',
  'expired',
  'beyond_use',
  'low',
  'expiring',
  'overstock',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

export interface StockAlert {
  /** The same as long as it is about the same thing. */
  readonly key: string;
  readonly kind: AlertKind;
  readonly item_id: string;
  readonly location_id: string;
  /** The lot that it is about; null for the item as a whole. */
  readonly lot_id: string | null;
  /** The opened container that it is about, whose rest is counted in `unit`; null for all others. */
  readonly vial_id: string | null;
  readonly unit: string | null;
  readonly quantity: number;
  /** The quantity that it is measured by; null where that is a date. */
  readonly limit: number | null;
  /** Last usable day of the lot. */
  readonly date: IsoDate | null;
  /** Days that are left of it; negative once it has passed. */
  readonly days: number | null;
}

/**
 * What is wrong with the stock of an item at a site. Computed from what is there and never stored: it
 * goes when its cause goes.
 * @param today the clinic's date
 * @param now for containers that stand open, which may be over by the hour
 */
export function alertsOf(level: StockLevel, today: IsoDate, now: number): StockAlert[] {
  const { on_hand: onHand, min, par, max } = level;
  const alerts: StockAlert[] = [];
  const say = (
    kind: AlertKind,
    quantity: number,
    rest: { limit?: number; lot?: AlertedLot; date?: IsoDate; vial?: AlertedVial } = {},
  ): void => {
    const { limit = null, lot, vial } = rest;
    const date = rest.date ?? (lot ? lastUsableDay(lot) : null);
    const { item_id, location_id } = level;
    alerts.push({
      key: [kind, item_id, location_id, lot?.lot_id ?? '', ...(vial ? [vial.vial_id] : [])].join(
        '/',
      ),
      kind,
      item_id,
      location_id,
      lot_id: lot?.lot_id ?? vial?.lot_id ?? null,
      vial_id: vial?.vial_id ?? null,
      unit: vial?.unit ?? null,
      quantity,
      limit,
      date,
      days: date === null ? null : daysBetween(today, date),
    });
  };
  for (const lot of level.lots) if (lot.on_hand < 0) say('negative', lot.on_hand, { lot });
  if (onHand < 0 && !alerts.some(({ kind }) => kind === 'negative')) say('negative', onHand);
  const least = min ?? par;
  if (level.is_stocked && least !== null && onHand < least) say('low', onHand, { limit: least });
  if (max !== null && onHand > max) say('overstock', onHand, { limit: max });
  const ahead = level.expiry_alert_days ?? EXPIRY_ALERT_DAYS;
  for (const lot of level.lots) {
    const last = lastUsableDay(lot);
    if (lot.open && lot.open.last_day < today) {
      say('beyond_use', lot.open.rest, { lot, date: lot.open.last_day });
    }
    if (lot.on_hand <= 0 || last === null) continue;
    if (standingOf({ ...lot, recall_status: 'none' }, today) === 'expired') {
      say('expired', lot.on_hand, { lot });
    } else if (daysBetween(today, last) <= ahead) say('expiring', lot.on_hand, { lot });
  }
  for (const vial of level.vials) {
    if (!isOverdue(vial, now)) continue;
    say('beyond_use', vial.rest, { vial });
  }
  return alerts;
}
