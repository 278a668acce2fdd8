import type { StoreWork } from '#shared/ipc/store-contract.ts';
import type { T } from '../../ui/i18n.tsx';

/** Before this much time no estimate is honest. */
const ESTIMATE_AFTER_MS = 5_000;
/** Larger totals are pages or bytes, which say nothing to a person: a share says more. */
const COUNTABLE = 9_999;

/** Where a piece of work stood when it was first seen. */
export interface WorkStart {
  readonly kind: StoreWork['kind'];
  readonly total: number;
  readonly done: number;
  readonly at: number;
}

/** Begins to measure anew when another piece of work begins, or the same one from the front. */
export function workStart(
  former: WorkStart | null,
  work: StoreWork | null,
  now: number,
): WorkStart | null {
  if (!work) return null;
  const goesOn =
    former?.kind === work.kind && former.total === work.total && work.done >= former.done;
  return goesOn ? former : { kind: work.kind, total: work.total, done: work.done, at: now };
}

/** Milliseconds that are likely left, or null while nobody can know. */
export function timeLeft(start: WorkStart, work: StoreWork, now: number): number | null {
  const elapsed = now - start.at;
  const done = work.done - start.done;
  const left = work.total - work.done;
  if (elapsed < ESTIMATE_AFTER_MS || done <= 0 || left <= 0) return null;
  return (elapsed / done) * left;
}

/** What is being done. */
export const workTitle = (t: T, work: StoreWork): string => t(`work.${work.kind}`);

/** "3 of 12", or a share where the numbers are large; empty while the size is unknown. */
export function workAmount(t: T, work: StoreWork): string {
  if (work.total <= 0) return '';
  const done = Math.min(Math.max(0, work.done), work.total);
  if (work.total <= COUNTABLE) return t('work.of', { done, total: work.total });
  return t('work.percent', { percent: Math.floor((done / work.total) * 100) });
}

/** "about 20 seconds left": rounded up, in steps that do not jump about. */
export function leftWords(t: T, leftMs: number): string {
  const seconds = Math.ceil(leftMs / 1000);
  if (seconds <= 55) return t('work.seconds', { n: Math.max(5, Math.ceil(seconds / 5) * 5) });
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return t('work.minutes', { n: minutes });
  return t('work.hours', { n: Math.ceil(minutes / 60) });
}
