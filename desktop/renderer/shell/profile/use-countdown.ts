import { useEffect, useState } from 'react';
import { secondsUntil } from './countdown.ts';

/** Whole seconds until a time, counted down; null when it has come or there is none. */
export function useCountdown(until: number | null): number | null {
  const [now, setNow] = useState(() => Date.now());
  const left = secondsUntil(until, now);
  const running = left !== null;
  useEffect(() => {
    if (!running) return undefined;
    const tick = () => setNow(Date.now());
    // The present known so far may be old: it stood still while nothing ran.
    const first = setTimeout(tick, 0);
    const timer = setInterval(tick, 250);
    return () => {
      clearTimeout(first);
      clearInterval(timer);
    };
  }, [until, running]);
  return left;
}
