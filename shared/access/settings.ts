import { ORDER_LIMIT_CENTS, REFUND_LIMIT_CENTS } from './duties.ts';
import type { Grant } from './rights.ts';

/** A setting that something in this version reads. Amounts are cents. */
export interface Setting {
  readonly kind: 'money' | 'years';
  /** What holds where nothing was ever set. */
  readonly usual: number;
  readonly least: number;
  readonly most: number;
  /** False: it is one for all sites. */
  readonly perSite: boolean;
  /** Who sets it, beside having the right to change settings: never those whom it limits. */
  readonly setBy: readonly ('MG' | 'SA')[];
}

/**
 * Settings of `location_configs` that have an effect: limits of orders and refunds are read by the
 * database (migration "duties"), years of keeping by its removal (migration "keeping").
 */
export const SETTINGS = {
  'po.limit.LM': {
    kind: 'money',
    usual: ORDER_LIMIT_CENTS.LM,
    least: 0,
    most: 10_000_000,
    perSite: true,
    setBy: ['MG', 'SA'],
  },
  'po.limit.MG': {
    kind: 'money',
    usual: ORDER_LIMIT_CENTS.MG,
    least: 0,
    most: 100_000_000,
    perSite: true,
    setBy: ['SA'],
  },
  'refund.limit': {
    kind: 'money',
    usual: REFUND_LIMIT_CENTS,
    least: 0,
    most: 1_000_000,
    perSite: true,
    setBy: ['SA'],
  },
  'retention.years': {
    kind: 'years',
    usual: 7,
    // Fewer than the law asks never count, so they cannot be said.
    least: 7,
    most: 100,
    perSite: false,
    setBy: ['SA'],
  },
} as const satisfies Record<string, Setting>;

export type SettingKey = keyof typeof SETTINGS;

export const isSettingKey = (key: string): key is SettingKey => Object.hasOwn(SETTINGS, key);

/** A wish that a setting holds from an instant on. */
export interface SettingWish {
  readonly key: string;
  readonly locationId: string | null;
  readonly value: unknown;
}

/**
 * Why somebody may not set this, or null when they may; that they may change settings of the site at
 * all is asked of the matrix.
 * @param grants those that hold now
 */
export function whyNotSet(
  grants: readonly Grant[],
  { key, locationId, value }: SettingWish,
): 'unknown' | 'not-theirs' | 'not-per-site' | 'value' | null {
  if (!isSettingKey(key)) return 'unknown';
  const setting: Setting = SETTINGS[key];
  const reaches = (grant: Grant): boolean =>
    grant.locationId === null || grant.locationId === locationId;
  const theirs = grants.some((g) => setting.setBy.some((role) => role === g.role) && reaches(g));
  if (!theirs) return 'not-theirs';
  if (locationId !== null && !setting.perSite) return 'not-per-site';
  if (!Number.isSafeInteger(value)) return 'value';
  const amount = value as number;
  return amount < setting.least || amount > setting.most ? 'value' : null;
}

/** A row of `location_configs`, as far as it counts here. */
export interface DatedSetting {
  readonly location_id: string | null;
  readonly key: string;
  readonly effective_from: number;
}

/**
 * The row that holds at an instant: that of the site before that of all sites, of these the latest
 * that has begun. As the database has it (`private.setting`).
 */
export function settingAt<R extends DatedSetting>(
  rows: readonly R[],
  key: string,
  locationId: string | null,
  now: number,
): R | null {
  const begun = rows.filter((row) => row.key === key && row.effective_from <= now);
  const latest = (site: string | null): R | undefined =>
    begun
      .filter((row) => row.location_id === site)
      .toSorted((a, b) => b.effective_from - a.effective_from)[0];
  return (locationId === null ? undefined : latest(locationId)) ?? latest(null) ?? null;
}
