import type { EN } from '#shared/i18n/messages.en.ts';
import type { T } from '../../../ui/i18n.tsx';
import { EXPIRED_REASONS } from '../receive/receive-check.ts';
import { REVERSAL_REASONS } from './reversal.ts';
import { FEFO_REASONS, WASTE_REASONS } from './take/take-check.ts';
import { DISCARD_REASONS } from './vials/vial-acts.ts';

const OWN: ReadonlySet<string> = new Set([
  ...FEFO_REASONS,
  ...WASTE_REASONS,
  ...REVERSAL_REASONS,
  ...DISCARD_REASONS,
  'opened',
]);
const OF_RECEIPTS: ReadonlySet<string> = new Set(EXPIRED_REASONS);

type Own = Extract<keyof typeof EN, `reason.${string}`>;
type OfReceipts = Extract<keyof typeof EN, `receive.reason.${string}`>;

/** The words of a reason that is kept with a movement. Unknown ones stay as they are. */
export function reasonWord(t: T, code: string | null): string | null {
  if (code === null) return null;
  if (OWN.has(code)) return t(`reason.${code}` as Own);
  if (OF_RECEIPTS.has(code)) return t(`receive.reason.${code}` as OfReceipts);
  return code.replaceAll('_', ' ');
}
