import { BehaviorSubject } from 'rxjs';
import type { Observable } from 'rxjs';
import type { LiveMessage } from '#shared/protocol/messages.ts';
import { PRESENCE, screenKey } from '#shared/protocol/presence.ts';
import type { PresenceNotice, ShowScreens, ShownScreen } from '#shared/protocol/presence.ts';
import type { Timers } from './timers.ts';

/** Everybody else on one of the screens that this device shows. */
export type OthersThere = PresenceNotice['screens'][number];

export interface DevicePresence {
  /** Others on the screens that this device shows; nobody while there is no connection. */
  readonly others$: Observable<readonly OthersThere[]>;
  /** All that this device shows now, in the place of what it showed before. */
  show(screens: readonly ShownScreen[]): void;
  /** The live connection stands, or is gone. */
  up(): void;
  down(): void;
  heard(message: LiveMessage): void;
  stop(): void;
}

/** Changes are told at once, and then not more often than this, milliseconds. */
const TELL_EVERY_MS = 40;

/**
 * What this device shows, told to the server while there is a connection, and who else shows it.
 * Nothing is kept for later: what could not be said is not said, and what is known of others ends
 * with the connection.
 */
export function createDevicePresence(options: {
  timers: Timers;
  now: () => number;
  /** Says it on the live connection; may be lost. */
  tell: (message: ShowScreens) => void;
  /** Asks whether the connection still stands. */
  check: () => void;
}): DevicePresence {
  const { timers, now, tell, check } = options;
  const others$ = new BehaviorSubject<readonly OthersThere[]>([]);
  /** By screen, also of those that this device has left and not said so yet. */
  const known = new Map<string, OthersThere>();
  let mine: readonly ShownScreen[] = [];
  let isUp = false;
  let seq = 0;
  let changed = false;
  let resting: (() => void) | null = null;
  let cancelBeat: () => void = () => undefined;

  const say = (): void => {
    changed = false;
    seq = Math.max(seq + 1, now());
    tell({ type: 'presence', seq, screens: [...mine] });
    // From here on the server tells nothing of the others, and all of them again after a return.
    const shown = new Set(mine.map(screenKey));
    for (const key of known.keys()) if (!shown.has(key)) known.delete(key);
    cancelBeat();
    if (mine.length > 0) cancelBeat = timers.after(PRESENCE.beatMs, beat);
    resting = timers.after(TELL_EVERY_MS, () => {
      resting = null;
      if (changed && isUp) say();
    });
  };
  const beat = (): void => {
    if (!isUp) return;
    // Others that are shown must be there: a connection that is half open tells of nobody's going.
    if (others$.value.length > 0) check();
    if (resting) changed = true;
    else say();
  };
  const sayNowOrSoon = (): void => {
    changed = true;
    if (isUp && !resting) say();
  };
  const emit = (): void => {
    const others = mine.flatMap((screen) => known.get(screenKey(screen)) ?? []);
    if (others.length > 0 || others$.value.length > 0) others$.next(others);
  };

  return {
    others$: others$.asObservable(),
    show(screens) {
      if (JSON.stringify(screens) === JSON.stringify(mine)) return;
      mine = screens;
      emit();
      sayNowOrSoon();
    },
    up() {
      isUp = true;
      if (mine.length > 0) sayNowOrSoon();
    },
    down() {
      isUp = false;
      changed = false;
      cancelBeat();
      known.clear();
      emit();
    },
    heard(message) {
      if (message.type !== 'presence') return;
      for (const there of message.screens) {
        if (there.people.length > 0) known.set(screenKey(there), there);
        else known.delete(screenKey(there));
      }
      emit();
    },
    stop() {
      isUp = false;
      cancelBeat();
      resting?.();
      known.clear();
      emit();
      others$.complete();
    },
  };
}
