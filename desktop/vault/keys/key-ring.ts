import { randomBytes } from 'node:crypto';
import { AppError } from '#shared/errors/app-error.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { createAttempts } from './attempts.ts';
import type { Attempts, KeyClock, KeyStore } from './attempts.ts';
import type { CopyStep } from './copy-under-new-key.ts';
import { newEntry, openEntry, rewrapEntry, saltOf } from './key-entry.ts';
import type { Wrapper } from './key-entry.ts';
import { findKeyFile, mirrorKeyFile, removeHalfWritten, writeKeyFile } from './key-file.ts';
import type { FoundKeyFile, KeyEntry, KeyFile } from './key-file.ts';
import { stretchPin } from './pin.ts';
import type { PinCost, PinKdf } from './pin.ts';
import { rememberCopies } from './recovery-keep.ts';
import { makeRecoveryCopy } from './recovery-seal.ts';
import type { RecoveryPublicKey } from './recovery-seal.ts';
import { hasData, opensWith, removeLeftovers, whichFile } from './rotation.ts';
import type { ProfileFiles, SwitchStep } from './rotation.ts';
import { legacySecret, ownsSecret, secretBytes, vaultSecret } from './secrets.ts';
import type { Secrets } from './secrets.ts';
import { checkOf, newWrapping, sameHex, wrappingKey } from './wrap.ts';
import type { Wrapping } from './wrap.ts';

/** Steps at which a change of keys can be cut short; README.md shows their order. */
export type KeyStep =
  | 'try-counted'
  | 'secret-noted'
  | 'secret-made'
  | 'key-file-written'
  | 'proven'
  | 'forgotten'
  | 'list-cleared'
  | 'rotation-noted'
  | CopyStep
  | 'salt-noted'
  | SwitchStep
  | 'adopted'
  | 'abandoned'
  | 'removed';

export interface KeyRingOptions {
  readonly folder: string;
  readonly profileId: string;
  readonly secrets: Secrets;
  readonly kv: KeyStore;
  readonly log: Logger;
  readonly recoveryKey: RecoveryPublicKey | null;
  readonly clock: KeyClock;
  readonly step: (step: KeyStep) => void;
  /** For PINs set from now on. */
  readonly pinCost: PinCost;
}

/** What an open key is made of. Zeroed by `lock`. */
export interface OpenKey {
  file: KeyFile;
  /** The keychain's part. */
  secret: Buffer;
  /** Wraps data keys. */
  kek: Buffer;
  dataKey: Buffer;
}

interface NewFile {
  readonly secretName: string;
  /** The key file before this one, where there was a whole one. */
  readonly was: KeyFile | null;
  readonly forget: readonly string[];
  readonly lastRecovery: string | null;
}

/** The key of one profile while it is worked with. Not for use from two calls at once. */
export class KeyRing {
  readonly files: ProfileFiles;
  readonly attempts: Attempts;
  readonly #given: KeyRingOptions;
  #open: OpenKey | null = null;

  constructor(given: KeyRingOptions, files: ProfileFiles) {
    this.#given = given;
    this.files = files;
    this.attempts = createAttempts(given.kv, given.profileId, given.clock);
  }

  get open(): OpenKey {
    if (!this.#open) throw new AppError('STORE_NOT_OPEN', { reason: 'key-locked' });
    return this.#open;
  }

  get hex(): string {
    return this.open.dataKey.toString('hex');
  }

  find(): FoundKeyFile | null {
    return findKeyFile(this.#given.folder, this.#given.profileId);
  }

  lock(): void {
    if (!this.#open) return;
    for (const bytes of [this.#open.secret, this.#open.kek, this.#open.dataKey]) bytes.fill(0);
    this.#open = null;
  }

  /** Writes the key file, and keeps its recovery copies apart. */
  write(file: KeyFile): void {
    const written = writeKeyFile(this.#given.folder, file);
    rememberCopies(this.#given.kv, this.#given.profileId, written);
    if (this.#open) this.#open.file = written;
  }

  /** Wraps a data key as the open one is wrapped. */
  newEntry(dataKey: Buffer, by: Wrapper = this.#wrapper(), salt: string | null = null): KeyEntry {
    const { recoveryKey, clock } = this.#given;
    return newEntry(by, dataKey, { recoveryKey, created: clock.now(), salt });
  }

  /** Opens what a key file holds. @throws as `ProfileKeys.unlock` */
  async unlock({ file, isMirrored, fromCopy }: FoundKeyFile, pin: string | null): Promise<void> {
    const { secrets, folder, log } = this.#given;
    if (file.wrapping.kdf && pin === null) throw new AppError('PIN_NEEDED');
    const secret = await secretBytes(secrets, file.secret);
    if (!sameHex(checkOf(secret, 'keychain'), file.wrapping.secretCheck)) {
      throw new AppError('STORE_KEY_WRONG', { reason: 'secret-changed' });
    }
    const opened = await this.#openWith(file, secret, pin);
    this.#keep({ file, secret, ...opened });
    removeHalfWritten(folder);
    if (!isMirrored) mirrorKeyFile(folder, file);
    if (fromCopy) log.warn('key file was torn or lost; its copy took over');
    await this.settle();
  }

  /** Judges the PIN of the open profile; passes where there is none. */
  async judge(pin: string | null): Promise<void> {
    const { file, secret } = this.open;
    if (!file.wrapping.kdf) return;
    if (pin === null) throw new AppError('PIN_NEEDED');
    const { kek, dataKey } = await this.#openWith(file, secret, pin);
    kek.fill(0);
    dataKey.fill(0);
  }

  /** Judges the PIN of a profile that stays closed. @throws as `ProfileKeys.prove` */
  async prove(pin: string): Promise<void> {
    const file = this.find()?.file;
    if (!file?.wrapping.kdf) throw new AppError('PIN_NEEDED', { reason: 'no-pin-set' });
    const secret = await secretBytes(this.#given.secrets, file.secret);
    try {
      const { kek, dataKey } = await this.#openWith(file, secret, pin);
      kek.fill(0);
      dataKey.fill(0);
    } finally {
      secret.fill(0);
    }
  }

  async #openWith(file: KeyFile, secret: Buffer, pin: string | null) {
    const { kdf } = file.wrapping;
    const wrong = (): AppError => {
      const { triesLeft, waitUntil } = this.attempts.state();
      if (triesLeft === 0) return new AppError('PIN_BLOCKED', { triesLeft });
      const wait = waitUntil === null ? {} : { until: waitUntil };
      return new AppError('PIN_WRONG', { triesLeft, ...wait });
    };
    // What cannot be a PIN is a slip of the hand, and tells nobody anything.
    if (kdf && !/^[0-9]{6,12}$/.test(pin ?? '')) throw wrong();
    if (kdf) {
      this.attempts.begin();
      this.#given.step('try-counted');
    }
    const kek = await this.#wrappingKey(file.wrapping, secret, kdf ? pin : null);
    const dataKey = openEntry(this.#wrapper(file.wrapping, kek), file.key);
    if (!dataKey && kdf) throw wrong();
    if (!dataKey) throw new AppError('STORE_KEY_WRONG', { reason: 'key-file-changed' });
    if (kdf) this.attempts.clear();
    return { kek, dataKey };
  }

  /** Puts the open key under another PIN or none, and under a new keychain secret if wished. */
  async wrapAnew(pin: string | null, freshSecret = false): Promise<void> {
    const { profileId, secrets, step, pinCost } = this.#given;
    const { open } = this;
    let secret: Buffer = Buffer.from(open.secret);
    let secretName = this.open.file.secret;
    let forget = this.open.file.forget;
    if (freshSecret) {
      const fresh = `${vaultSecret(profileId)}-${randomBytes(4).toString('hex')}`;
      // Noted before it is made: after a kill in between, nobody else would know of it.
      this.write({ ...this.open.file, forget: [...forget, fresh] });
      step('secret-noted');
      secret = await secretBytes(secrets, fresh, true);
      step('secret-made');
      forget = [...forget, secretName];
      secretName = fresh;
    }
    const wrapping = newWrapping(secret, pin === null ? null : newPinKdf(pinCost));
    const kek = await this.#wrappingKey(wrapping, secret, pin);
    // A lock meanwhile has filled the key with zeros: those must never be what is wrapped.
    if (this.#open !== open) throw new AppError('STORE_NOT_OPEN', { reason: 'locked-meanwhile' });
    const { file, dataKey } = open;
    const by = this.#wrapper(wrapping, kek);
    const next = file.rotation && this.#openNext();
    this.write({
      ...file,
      secret: secretName,
      forget,
      wrapping,
      key: rewrapEntry(by, file.key, dataKey),
      rotation: file.rotation &&
        next && { ...file.rotation, next: rewrapEntry(by, file.rotation.next, next) },
    });
    next?.fill(0);
    step('key-file-written');
    this.#keep({ file: this.open.file, secret, kek, dataKey: Buffer.from(dataKey) });
    await this.#forgetOld();
  }

  /** Writes a key file for a data key, without a PIN, and opens it. */
  async adopt(dataKey: Buffer, { secretName, was, forget, lastRecovery }: NewFile): Promise<void> {
    const { profileId, secrets, step } = this.#given;
    const secret = await secretBytes(secrets, secretName, true);
    step('secret-made');
    const wrapping = newWrapping(secret, null);
    const kek = await this.#wrappingKey(wrapping, secret, null);
    const by = this.#wrapper(wrapping, kek);
    const { database } = this.files;
    const salt = opensWith(database, dataKey.toString('hex')) ? saltOf(database) : null;
    const known = [was?.key, was?.rotation?.next].find(
      (entry) => entry && sameHex(entry.check, checkOf(dataKey, 'data')),
    );
    const key = known
      ? { ...rewrapEntry(by, known, dataKey), salt: salt ?? known.salt }
      : this.newEntry(dataKey, by, salt);
    const file: KeyFile = {
      version: 1,
      revision: was?.revision ?? 0,
      profileId,
      secret: secretName,
      wrapping,
      key,
      rotation: null,
      forget: forget.filter((name) => name !== secretName),
      lastRecovery,
    };
    this.#keep({ file, secret, kek, dataKey });
    this.write(file);
    step('key-file-written');
    await this.settle();
  }

  /**
   * The step from builds that kept the data key itself in the keychain.
   * @returns the data key as hex
   */
  async unlockLegacy(): Promise<string> {
    const { profileId } = this.#given;
    const dataKey = await this.#legacyKey();
    const hex = dataKey.toString('hex');
    // Not proven to be the key: the database has to say what is wrong, and nothing is written.
    if (!opensWith(this.files.database, hex)) return hex;
    await this.adopt(dataKey, {
      secretName: vaultSecret(profileId),
      was: null,
      forget: [legacySecret(profileId)],
      lastRecovery: null,
    });
    return hex;
  }

  async #legacyKey(): Promise<Buffer> {
    const { profileId, secrets } = this.#given;
    const lost = new AppError('STORE_KEY_MISSING', { reason: 'key-file-lost' });
    if (!hasData(this.files)) throw lost;
    try {
      return await secretBytes(secrets, legacySecret(profileId));
    } catch (error) {
      if (error instanceof AppError && error.safe['reason'] === 'secret-lost') throw lost;
      throw error;
    }
  }

  /** Finishes what was cut short, with the key open and the database closed. */
  async settle(): Promise<void> {
    this.#settleRotation();
    const { file } = this.open;
    const { database } = this.files;
    if (file.rotation === null && opensWith(database, this.hex)) {
      if (removeLeftovers(this.files)) this.#given.step('removed');
      // A page that is genuine proves the salt, too; a file made anew has another one.
      const salt = saltOf(database);
      if (file.key.salt !== salt) this.write({ ...file, key: { ...file.key, salt } });
    }
    this.#renewRecoveryCopy();
    await this.#forgetOld();
  }

  #settleRotation(): void {
    const { step, log } = this.#given;
    const { file, dataKey } = this.open;
    if (!file.rotation) return;
    const next = this.#openNext();
    const keys = { present: this.hex, next: next.toString('hex') };
    switch (whichFile(this.files, keys)) {
      case 'next':
        this.write({ ...file, key: file.rotation.next, rotation: null });
        this.open.dataKey = next;
        dataKey.fill(0);
        step('adopted');
        return;
      case 'present':
        this.write({ ...file, rotation: null });
        next.fill(0);
        step('abandoned');
        return;
      case 'unclear':
        next.fill(0);
        log.error('neither key of an unfinished rotation opens the database');
    }
  }

  #openNext(): Buffer {
    const { rotation } = this.open.file;
    const next = rotation && openEntry(this.#wrapper(), rotation.next);
    if (!next) throw new AppError('STORE_KEY_WRONG', { reason: 'key-file-changed' });
    return next;
  }

  /** A copy sealed to a key that the organization no longer uses is sealed anew. */
  #renewRecoveryCopy(): void {
    const { recoveryKey, profileId } = this.#given;
    const { file, dataKey } = this.open;
    if (!recoveryKey || file.rotation) return;
    if (file.key.recovery?.organizationKeyId === recoveryKey.id) return;
    const recovery = makeRecoveryCopy(recoveryKey, profileId, file.key.id, dataKey);
    this.write({ ...file, key: { ...file.key, recovery } });
  }

  /** Keychain entries go only after what replaces them is on the disk and opens the database. */
  async #forgetOld(): Promise<void> {
    const { profileId, secrets, step, log } = this.#given;
    const { file } = this.open;
    if (file.forget.length === 0 || !(await this.#isProven())) return;
    step('proven');
    try {
      for (const name of file.forget) {
        if (name !== file.secret && ownsSecret(profileId, name)) await secrets.forget(name);
      }
    } catch {
      log.warn('an old keychain entry stays for now');
      return;
    }
    step('forgotten');
    this.write({ ...this.open.file, forget: [] });
    step('list-cleared');
  }

  async #isProven(): Promise<boolean> {
    const { secrets } = this.#given;
    const { database } = this.files;
    const { file, kek } = this.open;
    const found = this.find();
    if (!found?.isMirrored || found.file.revision !== file.revision) return false;
    const secret = await secretBytes(secrets, found.file.secret);
    const isSecret = sameHex(checkOf(secret, 'keychain'), found.file.wrapping.secretCheck);
    secret.fill(0);
    const key = openEntry(this.#wrapper(found.file.wrapping, kek), found.file.key);
    const opens = !hasData(this.files) || (key && opensWith(database, key.toString('hex')));
    key?.fill(0);
    return isSecret && opens === true;
  }

  #keep(open: OpenKey): void {
    this.lock();
    this.#open = open;
  }

  #wrapper(wrapping = this.open.file.wrapping, kek = this.open.kek): Wrapper {
    return { profileId: this.#given.profileId, wrapping, kek };
  }

  async #wrappingKey(wrapping: Wrapping, secret: Buffer, pin: string | null): Promise<Buffer> {
    const { kdf } = wrapping;
    const stretched = kdf && pin !== null ? await stretchPin(pin, kdf) : null;
    const kek = wrappingKey(wrapping, this.#given.profileId, secret, stretched);
    stretched?.fill(0);
    return kek;
  }
}

function newPinKdf(cost: PinCost): PinKdf {
  return { name: 'argon2id', ...cost, salt: randomBytes(16).toString('base64') };
}
