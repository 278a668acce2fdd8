import { randomBytes } from 'node:crypto';
import { AppError } from '#shared/errors/app-error.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { machineClock } from './attempts.ts';
import type { AttemptsState, KeyClock, KeyStore } from './attempts.ts';
import { copyUnderNewKey } from './copy-under-new-key.ts';
import type { CopyJob, CopyOptions } from './copy-under-new-key.ts';
import { saltOf } from './key-entry.ts';
import type { KeyFile } from './key-file.ts';
import { KeyRing } from './key-ring.ts';
import type { KeyStep } from './key-ring.ts';
import { PIN_COST, requireGoodPin } from './pin.ts';
import type { PinCost } from './pin.ts';
import { readAnswer, recoverableKeys, writeRequest } from './recovery-keep.ts';
import type { RecoveryPublicKey } from './recovery-seal.ts';
import { filesOf, hasData, opensWith, putBack, switchFiles } from './rotation.ts';
import { secretBytes, vaultSecret } from './secrets.ts';
import type { Secrets } from './secrets.ts';
import { checkOf, sameHex } from './wrap.ts';

export interface KeysStatus {
  readonly hasPin: boolean;
  readonly hasRecovery: boolean;
  /** What keeps the keychain's part. */
  readonly keychain: string;
  /** When the data key was made, in milliseconds since 1970. */
  readonly since: number;
  readonly keyId: string;
}

export interface RotateOptions {
  readonly nativeBinding?: string | null | undefined;
  readonly onProgress?: CopyOptions['onProgress'];
  /** Copies the file elsewhere, for example in a worker thread. In this thread when absent. */
  readonly copy?: ((job: CopyJob, options: CopyOptions) => Promise<void>) | undefined;
}

export interface OpenProfileKeys {
  /** Folder of the profile: database and key file lie in it. */
  readonly folder: string;
  /** Id of the person; small letters, digits and hyphens. */
  readonly profileId: string;
  readonly secrets: Secrets;
  /** Of the device's own encrypted file: what it has set must be on the disk. */
  readonly kv: KeyStore;
  readonly log: Logger;
  /** The organization's key for recovery copies; null where there is none. */
  readonly recoveryKey: RecoveryPublicKey | null;
  readonly clock?: KeyClock | undefined;
  /** What a PIN that is set from now on costs to try; `PIN_COST` when absent. */
  readonly pinCost?: PinCost | undefined;
  /** Told after every step that is durable; a test ends the process there. */
  readonly step?: ((step: KeyStep) => void) | undefined;
}

/** The keys of one profile. Calls are served one after the other. */
export interface ProfileKeys {
  /**
   * `absent`: neither key nor data, so `create` may be called; `present`: `unlock` opens the
   * profile or says what is missing. Touches no key.
   */
  presence(): 'absent' | 'present';
  /**
   * How the key is kept; null when there is no key file (yet). Needs no PIN.
   * @throws AppError as `unlock` about the key file
   */
  status(): Promise<KeysStatus | null>;
  /** Wrong PINs so far. Needs no PIN. */
  attempts(): AttemptsState;
  /** True when a PIN is set. Needs no keychain. @throws AppError as `unlock` about the key file */
  hasPin(): boolean;
  /** True when there is a copy that IT could open. Needs neither PIN nor keychain. */
  canRecover(): boolean;
  /**
   * Makes the key of a new profile, without a PIN. @returns the data key, 64 hex digits
   * @throws AppError STORE_KEY_MISSING (`data-without-key`) over any data; KEYCHAIN_UNAVAILABLE
   */
  create(): Promise<string>;
  /**
   * Opens the key, and finishes what was cut short: a rotation, the step from an earlier build, a
   * torn key file. The database must be closed. @returns the data key, 64 hex digits
   * @throws AppError PIN_NEEDED; PIN_WRONG (`triesLeft`, `until`); PIN_WAIT (`triesLeft`, `until`);
   *   PIN_BLOCKED; STORE_KEY_MISSING, STORE_KEY_WRONG, STORE_NEWER with a `reason` (README.md
   *   lists them); KEYCHAIN_UNAVAILABLE
   */
  unlock(pin: string | null): Promise<string>;
  /**
   * Judges a PIN without opening anything: the person is beside whoever is signed in. Wrong ones count as
   * they do at the lock.
   * @throws AppError PIN_NEEDED where none is set; PIN_WRONG, PIN_WAIT, PIN_BLOCKED; those of the key file
   */
  prove(pin: string): Promise<void>;
  /** Forgets what `unlock` opened and zeroes it. */
  lock(): void;
  /**
   * Sets or changes the PIN of the open key; `current` is null where there is none.
   * @throws AppError PIN_TOO_SIMPLE (`reason`); PIN_NEEDED, PIN_WRONG, PIN_WAIT, PIN_BLOCKED for
   *   `current`; STORE_NOT_OPEN
   */
  setPin(current: string | null, pin: string): Promise<void>;
  /** @throws AppError as `setPin` */
  removePin(current: string): Promise<void>;
  /**
   * Puts the open key under a new keychain secret. With a PIN, `pin` is that PIN.
   * @throws AppError as `setPin` about `current`
   */
  rewrap(pin: string | null): Promise<void>;
  /**
   * Builds the database anew under a new data key. Needs the key open and the database closed.
   * @returns the new data key, 64 hex digits
   * @throws AppError STORE_NOT_OPEN; those of `copyUnderNewKey`, after which all is as before
   */
  rotate(options?: RotateOptions): Promise<string>;
  /** Notes the first 16 bytes of the database file; does nothing when they are noted already. */
  noteSalt(salt: Uint8Array): void;
  /**
   * What IT needs for releasing the recovery copy; needs neither PIN nor keychain. A new request
   * makes the one before it worthless.
   * @throws AppError RECOVERY_NONE
   */
  recoveryRequest(): string;
  /**
   * Opens the key with IT's answer, once. The PIN is gone and so are the wrong tries, and the
   * keychain's part is a new one. The database must be closed.
   * @returns the data key, 64 hex digits
   * @throws AppError RECOVERY_INVALID (`reason`); KEYCHAIN_UNAVAILABLE
   */
  recover(answer: string): Promise<string>;
}

/** Reads nothing yet: see the calls. */
export function openProfileKeys(options: OpenProfileKeys): ProfileKeys {
  const { folder, profileId, secrets, kv, log, clock = machineClock } = options;
  const pinCost = options.pinCost ?? PIN_COST;
  const step = options.step ?? (() => undefined);
  const files = filesOf(folder);
  const ring = new KeyRing({ ...options, clock, step, pinCost }, files);

  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const asked = queue.then(work);
    queue = asked.catch(() => undefined);
    return asked;
  };

  /** The key file, or null when it is lost or torn: its recovery copy is kept elsewhere too. */
  const findWhole = (): KeyFile | null => {
    try {
      return ring.find()?.file ?? null;
    } catch (error) {
      if (error instanceof AppError && error.code === 'STORE_KEY_MISSING') return null;
      throw error;
    }
  };

  const hasKeyFile = (): boolean => {
    try {
      return ring.find() !== null;
    } catch {
      // One that cannot be read is there: `unlock` says what is wrong with it.
      return true;
    }
  };

  const rotate = async (rotation: RotateOptions): Promise<string> => {
    // One that a full disk kept from being finished is finished first.
    if (ring.open.file.rotation) await ring.settle();
    const { file } = ring.open;
    if (file.rotation || !opensWith(files.database, ring.hex)) {
      throw new AppError('STORE_NOT_OPEN', { reason: 'no-database-under-this-key' });
    }
    const nextKey = randomBytes(32);
    const next = ring.newEntry(nextKey);
    const job: CopyJob = {
      file: files.database,
      next: files.next,
      key: ring.hex,
      nextKey: nextKey.toString('hex'),
      nativeBinding: rotation.nativeBinding ?? null,
    };
    nextKey.fill(0);
    const started = clock.now();
    ring.write({ ...file, rotation: { next, started } });
    step('rotation-noted');
    try {
      const copying: CopyOptions = { step, onProgress: rotation.onProgress };
      if (rotation.copy) await rotation.copy(job, copying);
      else copyUnderNewKey(job, copying);
      const salt = saltOf(files.next);
      ring.write({ ...ring.open.file, rotation: { next: { ...next, salt }, started } });
      step('salt-noted');
      switchFiles(files, step);
    } catch (error) {
      // As before, or as after when the switch had happened: the files decide, as after a kill.
      await ring.settle();
      throw error;
    }
    await ring.settle();
    log.info('data key rotated');
    return ring.hex;
  };

  const recover = async (text: string): Promise<string> => {
    const was = findWhole();
    const answer = readAnswer(kv, profileId, text, was?.lastRecovery ?? null);
    const keys = [...answer.keys.values()];
    // Of a rotation cut short there may be two: the database says which one counts.
    const fits = keys.find((key) => putBack(files, key.toString('hex')));
    const known = keys.find((key) => was && sameHex(checkOf(key, 'data'), was.key.check));
    // A damaged database fits none; the key file then knows its key by the check value, as long as
    // it is not of two minds about it.
    const dataKey = fits ?? (was?.rotation ? undefined : known);
    if (!dataKey) throw new AppError('RECOVERY_INVALID', { reason: 'not-this-database' });
    const first = vaultSecret(profileId);
    await ring.adopt(Buffer.from(dataKey), {
      // Always a new one: the one before may be lost, or of a keychain that is no more. Named after
      // the request, so that an answer given again after a kill finds it.
      secretName: `${first}-${answer.requestId.slice(0, 8)}`,
      was,
      forget: was ? [...new Set([was.secret, ...was.forget])] : [first],
      lastRecovery: answer.requestId,
    });
    for (const key of keys) key.fill(0);
    ring.attempts.clear();
    answer.done();
    log.warn('profile opened with its recovery copy');
    return ring.hex;
  };

  return {
    presence: () => (hasData(files) || hasKeyFile() ? 'present' : 'absent'),
    async status() {
      const found = ring.find();
      if (!found) return null;
      const { wrapping, key } = found.file;
      return {
        hasPin: wrapping.kdf !== null,
        hasRecovery: key.recovery !== null,
        keychain: await secrets.backend(),
        since: key.created,
        keyId: key.id,
      };
    },
    attempts: () => ring.attempts.state(),
    hasPin: () => (ring.find()?.file.wrapping.kdf ?? null) !== null,
    canRecover() {
      try {
        return recoverableKeys(kv, profileId, findWhole()).length > 0;
      } catch {
        return false;
      }
    },
    create: () =>
      inTurn(async () => {
        if (ring.find() || hasData(files)) {
          throw new AppError('STORE_KEY_MISSING', { reason: 'data-without-key' });
        }
        const secretName = await nameForNew(secrets, profileId);
        const nothing = { was: null, forget: [], lastRecovery: null };
        await ring.adopt(randomBytes(32), { secretName, ...nothing });
        return ring.hex;
      }),
    unlock: (pin) =>
      inTurn(async () => {
        const found = ring.find();
        if (!found) return ring.unlockLegacy();
        await ring.unlock(found, pin);
        return ring.hex;
      }),
    prove: (pin) => inTurn(() => ring.prove(pin)),
    lock: () => ring.lock(),
    setPin: (current, pin) =>
      inTurn(async () => {
        requireGoodPin(pin);
        await ring.judge(current);
        await ring.wrapAnew(pin);
      }),
    removePin: (current) =>
      inTurn(async () => {
        await ring.judge(current);
        await ring.wrapAnew(null);
      }),
    rewrap: (pin) =>
      inTurn(async () => {
        await ring.judge(pin);
        await ring.wrapAnew(ring.open.file.wrapping.kdf ? pin : null, true);
      }),
    rotate: (rotation = {}) => inTurn(() => rotate(rotation)),
    noteSalt(salt) {
      const { file } = ring.open;
      const hex = Buffer.from(salt).toString('hex');
      if (file.key.salt !== hex) ring.write({ ...file, key: { ...file.key, salt: hex } });
    },
    recoveryRequest: () => writeRequest(kv, profileId, recoverableKeys(kv, profileId, findWhole())),
    recover: (answer) => inTurn(() => recover(answer)),
  };
}

/**
 * The keychain entry of a new key: the usual one, or another where something is in the way that
 * cannot be read (left by a profile whose key was lost, and kept in case it is found).
 */
async function nameForNew(secrets: Secrets, profileId: string): Promise<string> {
  const usual = vaultSecret(profileId);
  try {
    (await secretBytes(secrets, usual, true)).fill(0);
    return usual;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'STORE_KEY_MISSING') throw error;
    return `${usual}-${randomBytes(4).toString('hex')}`;
  }
}
