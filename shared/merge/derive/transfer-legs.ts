import { distinctFacts } from '../facts.ts';

/** How long what was sent may be on its way before a difference needs a person (domain §2.5). */
export const SHORT_AFTER_MS = 72 * 3_600_000;

/** A movement that names a transfer. */
export interface TransferLeg {
  readonly id: string;
  readonly type: string;
  readonly item_id: string;
  readonly lot_id: string | null;
  /** Signed, 1/10,000 base units; a reversal has the other sign. */
  readonly qty_base: number;
}

/** What one site sent and the other received of one item and lot, 1/10,000 base units. */
export interface TransferSum {
  readonly item_id: string;
  readonly lot_id: string | null;
  readonly sent: number;
  readonly received: number;
}

/**
 * Both legs side by side, in any order of arrival: the receiving site may post its leg before the
 * other's is known. Lots are told apart, since a box of another lot is a difference as well.
 */
export function sumLegs(legs: readonly TransferLeg[]): TransferSum[] {
  const sums = new Map<string, { -readonly [K in keyof TransferSum]: TransferSum[K] }>();
  for (const { type, item_id, lot_id, qty_base } of distinctFacts(legs)) {
    const key = `${item_id} ${lot_id ?? ''}`;
    const sum = sums.get(key) ?? { item_id, lot_id, sent: 0, received: 0 };
    if (type === 'transfer_out') sum.sent -= qty_base;
    if (type === 'transfer_in') sum.received += qty_base;
    sums.set(key, sum);
  }
  return [...sums]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, sum]) => sum)
    .filter(({ sent, received }) => sent !== 0 || received !== 0);
}

/** Where both legs do not say the same. */
export const differencesOf = (sums: readonly TransferSum[]): TransferSum[] =>
  sums.filter(({ sent, received }) => sent !== received);

/** What has left one site and is not at the other yet. */
export const inTransit = (sums: readonly TransferSum[]): number =>
  sums.reduce((all, { sent, received }) => all + Math.max(0, sent - received), 0);

const hasSent = (sums: readonly TransferSum[]): boolean => sums.some(({ sent }) => sent > 0);

/**
 * The step that follows from the legs, or null. Shipped as soon as something was sent; received when
 * both legs agree; short when they still differ after 72 hours.
 * @param since when it became shipped, milliseconds; null while it is not
 */
export function nextTransferStatus(of: {
  readonly status: string;
  readonly sums: readonly TransferSum[];
  readonly since: number | null;
  readonly now: number;
}): 'shipped' | 'received' | 'short' | null {
  const { status, sums, since, now } = of;
  if (status === 'draft') return hasSent(sums) ? 'shipped' : null;
  if (status !== 'shipped') return null;
  const differs = differencesOf(sums).length > 0;
  if (!differs && hasSent(sums)) return 'received';
  return differs && since !== null && now - since >= SHORT_AFTER_MS ? 'short' : null;
}
