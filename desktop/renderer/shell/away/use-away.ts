import { createContext, useContext, useEffect, useRef, useState } from 'react';
import { KeeperContext } from '../../ui/table-arrangement.ts';
import { awaySince, readSeen } from './away.ts';

const NAME = 'seen';
const KEEP_EVERY_MS = 60_000;

export interface Away {
  /** Since when the person was away; null when they were here all the time. */
  readonly since: number | null;
  /** The person has read it, or does not want to. */
  readonly dismiss: () => void;
  readonly isDismissed: boolean;
}

/**
 * Notices that a person comes back: at a sign-in, at an unlocking, and at a window that was left open.
 * When they were last seen lies in their profile on this device.
 */
export function useWatchAway(): Away {
  const keeper = useContext(KeeperContext);
  const [since, setSince] = useState<number | null>(null);
  const [isDismissed, setDismissed] = useState(false);
  const seen = useRef<number | null>(null);
  const keptAt = useRef(0);
  useEffect(() => {
    let current = true;
    const look = (now: number): void => {
      const absent = awaySince(seen.current, now);
      if (absent !== null) {
        setSince(absent);
        setDismissed(false);
      }
      seen.current = now;
      if (now - keptAt.current < KEEP_EVERY_MS) return;
      keptAt.current = now;
      keeper?.remember(NAME, String(now)).catch(() => undefined);
    };
    const begin = async (): Promise<void> => {
      const kept = (await keeper?.recall(NAME).catch(() => null)) ?? null;
      if (!current) return;
      seen.current = readSeen(kept, Date.now());
      look(Date.now());
      for (const event of SIGNS) window.addEventListener(event, hear, { capture: true });
    };
    const hear = (): void => look(Date.now());
    void begin();
    return () => {
      current = false;
      for (const event of SIGNS) window.removeEventListener(event, hear, { capture: true });
    };
  }, [keeper]);
  return { since, isDismissed, dismiss: () => setDismissed(true) };
}

/** What tells that somebody is there. */
const SIGNS = ['keydown', 'pointerdown'] as const;

export const AwayContext = createContext<Away | null>(null);

/** @throws Error outside of the frame */
export function useAway(): Away {
  const away = useContext(AwayContext);
  if (!away) throw new Error('useAway needs the frame around it');
  return away;
}
