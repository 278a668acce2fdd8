import type { T } from '../../ui/i18n.tsx';

/** Bytes as people read them, in steps of 1,000; one digit after the point from megabytes on. */
export function bytesWords(t: T, bytes: number): string {
  if (bytes < 1_000_000) return t('health.bytes.kb', { n: Math.ceil(bytes / 1_000) });
  const round = (unit: number): number => Math.round((bytes / unit) * 10) / 10;
  if (bytes < 1_000_000_000) return t('health.bytes.mb', { n: round(1_000_000) });
  return t('health.bytes.gb', { n: round(1_000_000_000) });
}

/** How long something lasted, to the minute; what was shorter to the second. */
export function lastedWords(t: T, ms: number): string {
  const unit = ms < 120_000 ? 1_000 : ms < 7_200_000 ? 60_000 : 3_600_000;
  return everyWords(t, Math.round(ms / unit) * unit);
}

/** How often something is done, in the largest unit that it is a whole number of. */
export function everyWords(t: T, ms: number): string {
  if (ms % 3_600_000 === 0) return t('health.hours', { n: ms / 3_600_000 });
  if (ms % 60_000 === 0) return t('health.minutes', { n: ms / 60_000 });
  return t('health.seconds', { n: Math.round(ms / 1_000) });
}
