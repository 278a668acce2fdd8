import { distinctUntilChanged, filter, map, of, switchMap } from 'rxjs';
import type { Observable } from 'rxjs';
import type { Logger } from '#shared/logging/logger.ts';
import type { HttpServerApi } from '#desktop/replication/server-api.ts';
import type { Device } from '../device.ts';
import type { Profile } from '../profile.ts';
import { openReadChain } from './read-chain.ts';
import type { ReadChain } from './read-chain.ts';
import { chainServer, startReadSender } from './read-sender.ts';
import type { ReadSender } from './read-sender.ts';
import { createReadTrail } from './read-trail.ts';
import type { ReadTrail } from './read-trail.ts';

/** What was read on this device, by whomever: the chain, what fills it, what hands it over. */
export interface DeviceReads {
  readonly chain: ReadChain;
  readonly trail: ReadTrail;
  readonly sender: ReadSender;
  stop(): Promise<void>;
}

/** How long a sign-out waits for a chain that only somebody signed in can begin, milliseconds. */
const LAST_WORD_MS = 2_000;

/**
 * Opens the trail of a device. It is no part of a profile: it goes on when its people have left.
 * @throws AppError STORE_DISK_FULL, STORE_DAMAGED
 */
export function openDeviceReads(options: {
  readonly device: Device;
  readonly api: Pick<HttpServerApi, 'ask' | 'askOpenly'>;
  /** The open profile, as it comes and goes. */
  readonly profile$: Observable<Profile | null>;
  readonly log: Logger;
}): DeviceReads {
  const { device, api, profile$, log } = options;
  const chain = openReadChain({
    database: device.database,
    deviceId: device.id,
    isAnew: device.isAnew,
    now: Date.now,
  });
  let profile: Profile | null = null;
  const sender = startReadSender({
    chain,
    server: () =>
      chainServer({
        inName: profile === null ? null : (...asked) => api.ask(...asked),
        inNoName: (...asked) => api.askOpenly(...asked),
      }),
    random: Math.random,
    log,
  });
  const trail = createReadTrail({
    chain: () => chain,
    now: Date.now,
    log,
    onNoted: () => sender.noted(),
  });
  const note = (userId: string, action: 'sign_in' | 'sign_out'): void =>
    trail.note({ actor: userId, action, table: 'users', rows: [userId] });
  const coming = profile$.subscribe((next) => {
    if (profile) note(profile.userId, 'sign_out');
    profile = next;
    if (!next) return;
    note(next.userId, 'sign_in');
    sender.wake();
  });
  // The network is back when the replication has found it.
  const online = profile$
    .pipe(
      switchMap((now) => now?.status$.pipe(map((status) => status.online)) ?? of(false)),
      distinctUntilChanged(),
      filter(Boolean),
    )
    .subscribe(() => sender.wake());
  return {
    chain,
    trail,
    sender,
    async stop() {
      coming.unsubscribe();
      online.unsubscribe();
      await sender.stop();
    },
  };
}

/** To be waited for before a sign-out: a chain is begun in somebody's name, the rest goes without. */
export const lastWord = async ({ chain, sender }: DeviceReads): Promise<void> => {
  if (!chain.isKnown) await sender.flush(LAST_WORD_MS);
};
