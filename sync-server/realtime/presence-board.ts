import { PRESENCE, screenKey } from '#shared/protocol/presence.ts';
import type { PersonHere, Screen, ShownScreen } from '#shared/protocol/presence.ts';

/** What one device of one person shows, as it was last heard of. */
export interface Shown {
  readonly user: string;
  readonly device: string;
  readonly name: string;
  readonly seq: number;
  readonly screens: readonly ShownScreen[];
}

interface Entry extends Shown {
  /** Milliseconds of the board's own clock. */
  heardAt: number;
  /** True when the device talks to this replica, false when another one told of it. */
  readonly here: boolean;
}

/** People of one screen, without those on the device that asks. */
export interface PeopleThere {
  readonly people: PersonHere[];
  readonly more: number;
}

export const holderOf = (shown: { readonly user: string; readonly device: string }): string =>
  `${shown.user}/${shown.device}`;

/** More devices than this are not kept: the memory of a replica has an end. */
const MAX_HOLDERS = 20_000;

/**
 * Who shows what, on all replicas, as far as it was said lately. Pure but for the clock that it is
 * given. Each change returns the keys of the screens on which something is different now.
 */
export function createPresenceBoard(now: () => number) {
  const entries = new Map<string, Entry>();
  const holders = new Map<string, Set<string>>();

  const stepOff = (holder: string, key: string): void => {
    const there = holders.get(key);
    there?.delete(holder);
    if (there?.size === 0) holders.delete(key);
  };
  const leave = (holder: string, entry: Entry): void => {
    for (const screen of entry.screens) stepOff(holder, screenKey(screen));
    entries.delete(holder);
  };

  return {
    /**
     * Takes what a device says, or said to another replica `ageMs` ago. Something older than what is
     * known, or too old to count at all, changes nothing.
     */
    put(shown: Shown, origin: { here: boolean; ageMs: number }): string[] {
      const holder = holderOf(shown);
      const known = entries.get(holder);
      const heardAt = now() - origin.ageMs;
      if (origin.ageMs >= PRESENCE.ttlMs || (known && known.seq > shown.seq)) return [];
      if (known?.seq === shown.seq && !origin.here) {
        // The same once more: it may only have been heard later than was known.
        known.heardAt = Math.max(known.heardAt, heardAt);
        return [];
      }
      if (!known && entries.size >= MAX_HOLDERS) return [];
      const keys = new Set(shown.screens.map(screenKey));
      for (const key of known?.screens.map(screenKey) ?? []) {
        if (!keys.has(key)) stepOff(holder, key);
      }
      // Whoever stays on a screen keeps their place in its line.
      for (const key of keys) holders.set(key, (holders.get(key) ?? new Set()).add(holder));
      if (keys.size === 0) entries.delete(holder);
      else entries.set(holder, { ...shown, here: origin.here, heardAt });
      return differences(known, shown);
    },

    /** A device is gone, unless something later than `seq` was heard of it. */
    remove(holder: string, seq: number): string[] {
      const known = entries.get(holder);
      if (!known || known.seq > seq) return [];
      leave(holder, known);
      return known.screens.map(screenKey);
    },

    /** Forgets what was not said again in time. */
    sweep(): string[] {
      const changed: string[] = [];
      const oldest = now() - PRESENCE.ttlMs;
      for (const [holder, entry] of entries) {
        if (entry.heardAt > oldest) continue;
        leave(holder, entry);
        changed.push(...entry.screens.map(screenKey));
      }
      return changed;
    },

    /** Who is on a screen beside the device that asks, who came first first. */
    people(key: string, exceptHolder: string): PeopleThere {
      const people: PersonHere[] = [];
      let more = 0;
      for (const holder of holders.get(key) ?? []) {
        const entry = entries.get(holder);
        if (!entry || holder === exceptHolder) continue;
        if (people.length >= PRESENCE.people) more += 1;
        else {
          const { user, name, device, screens } = entry;
          const focus = screens.find((screen) => screenKey(screen) === key)?.focus ?? null;
          people.push({ user, name, device, focus });
        }
      }
      return { people, more };
    },

    /** Devices that show a screen. */
    holders: (key: string): Iterable<string> => holders.get(key) ?? [],

    screens: (holder: string): readonly Screen[] => entries.get(holder)?.screens ?? [],

    shows: (holder: string, key: string): boolean => holders.get(key)?.has(holder) ?? false,

    /** What devices said to this replica, and how long ago. */
    *here(): Iterable<{ shown: Shown; ageMs: number }> {
      for (const entry of entries.values()) {
        if (entry.here) yield { shown: entry, ageMs: Math.max(0, now() - entry.heardAt) };
      }
    },

    get size(): number {
      return entries.size;
    },
  };
}
export type PresenceBoard = ReturnType<typeof createPresenceBoard>;

/** Screens that a device came to, left, or is at another place of. */
function differences(before: Shown | undefined, after: Shown): string[] {
  const focusBy = (shown: Shown | undefined): Map<string, string> =>
    new Map((shown?.screens ?? []).map((s) => [screenKey(s), JSON.stringify(s.focus)]));
  const [from, to] = [focusBy(before), focusBy(after)];
  return [...new Set([...from.keys(), ...to.keys()])].filter(
    (key) => from.get(key) !== to.get(key) || before?.name !== after.name,
  );
}
