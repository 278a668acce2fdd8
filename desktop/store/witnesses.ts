import { existsSync } from 'node:fs';
import { AppError } from '#shared/errors/app-error.ts';
import type { StoreConfig } from '#shared/ipc/store-host.ts';
import type { Row } from '#shared/schema/define.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { openProfileKeys } from '#desktop/vault/keys/profile-keys.ts';
import type { KeyStore } from '#desktop/vault/keys/attempts.ts';
import type { ProfileKeys } from '#desktop/vault/keys/profile-keys.ts';
import type { Secrets } from '#desktop/vault/keys/secrets.ts';
import { profileFolder } from './profile-door.ts';

/** A confirmation is worth something while both people still stand there. */
const GOOD_FOR_MS = 120_000;

export interface WitnessOptions {
  readonly userId: string;
  readonly config: Pick<StoreConfig, 'dataDir'>;
  readonly secrets: Secrets;
  readonly kv: KeyStore;
  readonly log: Logger;
  /** Milliseconds that nobody sets back. */
  readonly uptime?: () => number;
}

/**
 * People beside the one who is signed in, who say with their own PIN that they saw it: those who have a
 * profile with a PIN on this machine. Nothing of theirs is opened, and no network is needed. A
 * confirmation is for one act.
 */
export class Witnesses {
  readonly #given: WitnessOptions;
  readonly #uptime: () => number;
  readonly #confirmed = new Map<string, number>();

  constructor(options: WitnessOptions) {
    this.#given = options;
    this.#uptime = options.uptime ?? (() => performance.now());
  }

  /** Which of some people could confirm here. */
  able(userIds: readonly string[]): string[] {
    return userIds.filter((id) => {
      if (id === this.#given.userId || !this.#isHere(id)) return false;
      try {
        return this.#keysOf(id).hasPin();
      } catch {
        // A key file that cannot be read is their own matter, at their own sign-in.
        return false;
      }
    });
  }

  /**
   * Takes note that somebody has confirmed.
   * @throws AppError PIN_WRONG, PIN_WAIT, PIN_BLOCKED; PIN_NEEDED for who has none here;
   *   CALL_NOT_ALLOWED for oneself
   */
  async confirm(userId: string, pin: string): Promise<void> {
    if (userId === this.#given.userId) throw new AppError('CALL_NOT_ALLOWED');
    if (!this.#isHere(userId)) throw new AppError('PIN_NEEDED', { reason: 'no-pin-set' });
    await this.#keysOf(userId).prove(pin);
    this.#confirmed.set(userId, this.#uptime());
  }

  /**
   * Uses up the confirmation of whom an act names as its witness.
   * @throws AppError PIN_OF_WITNESS when there is none, or it is too long ago
   */
  take(act: Row): void {
    const id = act['witnessed_by'];
    if (typeof id !== 'string') return;
    const at = this.#confirmed.get(id);
    this.#confirmed.delete(id);
    if (at === undefined || this.#uptime() - at > GOOD_FOR_MS) throw new AppError('PIN_OF_WITNESS');
  }

  #isHere(userId: string): boolean {
    // An id that is none would be a path.
    return (
      /^[0-9a-f-]{36}$/.test(userId) &&
      existsSync(profileFolder(this.#given.config.dataDir, userId))
    );
  }

  #keysOf(userId: string): ProfileKeys {
    const { config, secrets, kv, log } = this.#given;
    return openProfileKeys({
      folder: profileFolder(config.dataDir, userId),
      profileId: userId,
      secrets,
      kv,
      log,
      recoveryKey: null,
    });
  }
}
