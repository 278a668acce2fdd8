import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { toAppError } from '#shared/errors/app-error.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { DEVICE_PATHS, DeviceStanding } from '#shared/protocol/device.ts';
import type { DeviceReport } from '#shared/protocol/device.ts';
import type { HttpServerApi } from '#desktop/replication/server-api.ts';
import type { Device } from './device.ts';

/** The machine's own secret: by it the server knows the machine while nobody is signed in. */
const SECRET = 'device.secret';
/** Set once the server knows the hash of the secret. */
const SECRET_KEPT = 'device.secret.kept';
const CHANNEL = 'update.channel';
/** Set when all profiles were removed since the machine was lost: it begins anew at the next sign-in. */
export const WIPED = 'device.wiped';

const EVERY_MS = 5 * 60_000;

export interface StandingOptions {
  readonly api: Pick<HttpServerApi, 'ask' | 'askOpenly'>;
  readonly device: Pick<Device, 'id' | 'kv'>;
  readonly appVersion: string;
  /** What waits in the open profile; null while nobody is in. */
  waiting(): { readonly waiting: number; readonly needsYou: number } | null;
  /** Whose profiles lie here. */
  profiles(): string[];
  /** Removes every profile from this machine. @throws AppError when some of it is still there */
  wipeAll(): Promise<void>;
  /** Removes profiles of people who have left. */
  remove(userIds: readonly string[]): Promise<void>;
  readonly log: Logger;
}

export interface Standing {
  /** Begins to ask now and then, and now. */
  start(): void;
  /**
   * Says how this machine is and does what the server answers. Never throws: whatever does not work is
   * tried again.
   */
  check(): Promise<void>;
  stop(): void;
}

/** From which versions of the app this machine is to take its updates, as far as it has been told. */
export const updateChannelOf = (kv: Device['kv']): DeviceStanding['channel'] =>
  DeviceStanding.shape.channel.safeParse(kv.get(CHANNEL)).data ?? 'stable';

/** Keeps the server informed of this machine, and learns what is to become of it. */
export function createStanding(options: StandingOptions): Standing {
  const { api, device, appVersion, log } = options;
  const { kv } = device;
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> | null = null;
  /** One more, for whoever asks while one is under way: its answer may be from before. */
  let next: Promise<void> | null = null;

  const secret = (): string => {
    const known = kv.get(SECRET);
    if (known !== undefined) return known;
    const made = randomBytes(32).toString('base64url');
    kv.set(SECRET, made);
    return made;
  };

  const isKnown = async (): Promise<boolean> => {
    if (kv.get(SECRET_KEPT) !== undefined) return true;
    // Only who is signed in can make it known; until then nothing of anybody lies here.
    if (options.waiting() === null) return false;
    const hash = createHash('sha256').update(secret()).digest('hex');
    await api.ask(DEVICE_PATHS.secret, { hash }, z.object({ kept: z.boolean() }));
    kv.set(SECRET_KEPT, '1');
    return true;
  };

  const report = (wiped: boolean): Promise<DeviceStanding> => {
    const open = options.waiting();
    const said: DeviceReport = {
      deviceId: device.id,
      secret: secret(),
      appVersion,
      waiting: open?.waiting ?? null,
      needsYou: open?.needsYou ?? null,
      profiles: options.profiles(),
      wiped,
    };
    return api.askOpenly(DEVICE_PATHS.standing, said, DeviceStanding);
  };

  const once = async (): Promise<void> => {
    try {
      if (!(await isKnown())) return;
      // What was removed before the server could be told is told now.
      const standing = await report(kv.get(WIPED) !== undefined);
      kv.set(CHANNEL, standing.channel);
      if (standing.wipe) {
        log.warn('this device was reported lost: profiles are removed');
        await options.wipeAll();
        kv.set(WIPED, '1');
        await report(true);
      } else if (standing.closed.length > 0) await options.remove(standing.closed);
    } catch (error) {
      log.debug('standing of the device not known', { code: toAppError(error).code });
    }
  };

  const check = (): Promise<void> => {
    if (running) {
      next ??= running.then(() => {
        next = null;
        return check();
      });
      return next;
    }
    running = once().finally(() => {
      running = null;
    });
    return running;
  };

  return {
    start() {
      timer ??= setInterval(() => void check(), EVERY_MS);
      timer.unref();
      void check();
    },
    check,
    stop() {
      if (timer) clearInterval(timer);
      timer = null;
    },
  };
}
