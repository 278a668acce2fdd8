import { BehaviorSubject } from 'rxjs';
import { PRESENCE, screenKey } from '#shared/protocol/presence.ts';
import type { ShownScreen } from '#shared/protocol/presence.ts';

/** What one window shows. */
export interface WindowSeat {
  show(screens: readonly ShownScreen[]): void;
  /** The window is gone. */
  leave(): void;
}

/**
 * Joins what the windows of this device show: each screen once, with the place where the person was
 * last. The server knows devices, not windows.
 */
export function createWindowScreens() {
  /** The window that spoke last comes last. */
  const windows = new Map<object, readonly ShownScreen[]>();
  const screens$ = new BehaviorSubject<readonly ShownScreen[]>([]);

  const join = (): void => {
    const joined = new Map<string, ShownScreen>();
    for (const screens of [...windows.values()].toReversed()) {
      for (const screen of screens) {
        const key = screenKey(screen);
        const known = joined.get(key);
        if (!known) joined.set(key, screen);
        else if (known.focus === null) joined.set(key, screen);
      }
    }
    screens$.next([...joined.values()].slice(0, PRESENCE.screens));
  };

  return {
    screens$: screens$.asObservable(),
    seat(): WindowSeat {
      const window = {};
      return {
        show(screens) {
          windows.delete(window);
          windows.set(window, screens);
          join();
        },
        leave() {
          if (windows.delete(window)) join();
        },
      };
    },
  };
}
