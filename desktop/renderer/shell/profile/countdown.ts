import type { T } from '../../ui/i18n.tsx';

/** Whole seconds until a time, or null when it has come. */
export function secondsUntil(until: number | null, now: number): number | null {
  if (until === null || until <= now) return null;
  return Math.ceil((until - now) / 1000);
}

/** "0:25", "12:05", "1:00:00": for the eye, renewed every second. */
export function clockWords(seconds: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = two(seconds % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

/** How much is announced: changes rarely enough that a screen reader does not talk all the time. */
export function announcedSeconds(seconds: number): number {
  const steps = [10, 30, 60];
  return steps.find((step) => seconds <= step) ?? Math.ceil(seconds / 60) * 60;
}

/** The sentence for the ear, in the steps of `announcedSeconds`. */
export function waitWords(t: T, seconds: number): string {
  const said = announcedSeconds(seconds);
  return said < 60
    ? t('lock.waitSeconds', { n: said })
    : t('lock.waitMinutes', { n: Math.round(said / 60) });
}
