import type { T } from '../../../../ui/i18n.tsx';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long something still lasts, or since when it is over: "2 days 3 h", "3 h 20 min", "5 min". */
export function spanWords(t: T, ms: number): string {
  const span = Math.abs(ms);
  const days = Math.floor(span / DAY);
  const hours = Math.floor((span % DAY) / HOUR);
  const minutes = Math.floor((span % HOUR) / MINUTE);
  if (days > 0) {
    const rest = days < 3 && hours > 0 ? ` ${t('vials.hours', { n: hours })}` : '';
    return `${t('vials.days', { n: days })}${rest}`;
  }
  if (hours > 0) return `${t('vials.hours', { n: hours })} ${t('vials.minutes', { n: minutes })}`;
  return t('vials.minutes', { n: minutes });
}

/** From here on a clock is shown as running out. */
export const SOON_MS = 4 * HOUR;

export type ClockState = 'endless' | 'good' | 'soon' | 'over';
export function clockState(useBy: number | null, now: number): ClockState {
  if (useBy === null) return 'endless';
  if (now >= useBy) return 'over';
  return useBy - now <= SOON_MS ? 'soon' : 'good';
}
