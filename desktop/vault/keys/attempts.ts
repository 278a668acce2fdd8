import { readFileSync } from 'node:fs';
import os from 'node:os';
import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import { AppError } from '#shared/errors/app-error.ts';
import { safeJson } from './recovery-seal.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** Wait after the n-th wrong PIN; the first two cost nothing. */
const WAITS = [0, 0, 30 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE];
const LONGEST_WAIT = 60 * MINUTE;
/** Wrong PINs after which only the recovery copy opens the profile. */
export const MAX_TRIES = 10;

/** Time as the limits of PINs see it. */
export interface KeyClock {
  /** Wall clock in milliseconds since 1970: only shown to people, never counted with. */
  now(): number;
  /** Milliseconds since the machine started; nobody can set this one. */
  uptime(): number;
  /** Names this start of the machine; empty where the system has no name for it. */
  boot(): string;
}

export const machineClock: KeyClock = {
  now: () => Date.now(),
  uptime: () => {
    try {
      return Math.round(os.uptime() * 1_000);
    } catch {
      // A machine that does not tell: the process counts for itself, and every start waits anew.
      return Math.round(performance.now());
    }
  },
  boot: () => {
    if (process.platform !== 'linux') return '';
    try {
      return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    } catch {
      return '';
    }
  },
};

/** Where wrong PINs are counted: in the device's encrypted file, each call on the disk at once. */
export interface KeyStore {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
  delete(key: string): void;
}

export interface AttemptsState {
  readonly failed: number;
  readonly triesLeft: number;
  /** Wall clock from which on the next PIN is looked at; null: at once. */
  readonly waitUntil: number | null;
}

export interface Attempts {
  state(): AttemptsState;
  /**
   * Counts a try before the PIN is judged, so that a kill in between is not a free one.
   * @throws AppError PIN_BLOCKED; PIN_WAIT with `until` (wall clock)
   */
  begin(): void;
  /** The PIN was right, or the recovery copy opened the profile. */
  clear(): void;
}

const Stored = z.strictObject({
  failed: z.int().min(0),
  /** Milliseconds still to wait, as of `uptime`. */
  wait: z.number().min(0),
  uptime: z.number().min(0),
  boot: z.string().max(60),
});
type Stored = z.infer<typeof Stored>;

/**
 * Counts wrong PINs of a profile. What is still to wait is counted down by the time since the
 * machine started, which no setting of the clock moves. After a restart of the machine only the
 * time since then counts: less than has truly passed, never more. Where a restart cannot be told from its
 * absence, the smaller of both readings counts.
 */
export function createAttempts(kv: KeyStore, profileId: string, clock: KeyClock): Attempts {
  const name = attemptsKey(profileId);

  const load = (): Stored => {
    const text = kv.get(name);
    const [now, boot] = [clock.uptime(), clock.boot()];
    if (text === undefined) return { failed: 0, wait: 0, uptime: now, boot };
    const parsed = Stored.safeParse(safeJson(text));
    // Something wrote nonsense over the count: not a reason for free tries.
    if (!parsed.success) return { failed: MAX_TRIES, wait: 0, uptime: now, boot };
    const { failed, wait, uptime } = parsed.data;
    const isRestarted = now < uptime || boot !== parsed.data.boot;
    const passed = isRestarted ? now : now - uptime;
    return { failed, wait: Math.max(0, wait - passed), uptime: now, boot };
  };

  return {
    state() {
      const { failed, wait } = load();
      return {
        failed,
        triesLeft: Math.max(0, MAX_TRIES - failed),
        waitUntil: wait > 0 ? clock.now() + wait : null,
      };
    },
    begin() {
      const stored = load();
      if (stored.failed >= MAX_TRIES) throw new AppError('PIN_BLOCKED', { triesLeft: 0 });
      if (stored.wait > 0) {
        // Kept as it is now: what a restart of the machine would forget has been waited for.
        kv.set(name, JSON.stringify(stored));
        throw new AppError('PIN_WAIT', {
          until: clock.now() + stored.wait,
          triesLeft: MAX_TRIES - stored.failed,
        });
      }
      const failed = stored.failed + 1;
      const wait = failed >= MAX_TRIES ? 0 : (WAITS[failed - 1] ?? LONGEST_WAIT);
      kv.set(name, JSON.stringify({ ...stored, failed, wait } satisfies Stored));
    },
    clear: () => kv.delete(name),
  };
}

export const attemptsKey = (profileId: string): string => `keys.attempts.${profileId}`;
