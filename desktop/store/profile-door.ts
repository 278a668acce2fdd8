import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import type { StoreWork } from '#shared/ipc/store-contract.ts';
import type { StoreConfig } from '#shared/ipc/store-host.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { openDatabase } from '#desktop/storage/open-database.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import type { LockedFile } from '#desktop/storage/lock-file.ts';
import { toStoreError } from '#desktop/storage/sqlite-errors.ts';
import { SUITE_DEFINITIONS } from '#desktop/storage/suite-definitions.ts';
import { restoreBackup, verifyBackup } from '#desktop/vault/backup/restore-backup.ts';
import { rollBackUpgrade, upgradeCopyAt } from '#desktop/vault/backup/upgrade-copy.ts';
import { writeBackup } from '#desktop/vault/backup/write-backup.ts';
import { profileFile, saltOf } from '#desktop/vault/damage/examine-file.ts';
import type { Damage } from '#desktop/vault/damage/examine-file.ts';
import { lockProfile } from '#desktop/vault/damage/file-lock.ts';
import { finishWhatWasCut, prepareFile } from '#desktop/vault/damage/prepare-file.ts';
import { quarantine } from '#desktop/vault/damage/quarantine.ts';
import { attemptsKey } from '#desktop/vault/keys/attempts.ts';
import { notedSalts } from '#desktop/vault/keys/key-file.ts';
import { openProfileKeys } from '#desktop/vault/keys/profile-keys.ts';
import type { ProfileKeys } from '#desktop/vault/keys/profile-keys.ts';
import { parseRecoveryPublicKey } from '#desktop/vault/keys/recovery-seal.ts';
import type { RecoveryPublicKey } from '#desktop/vault/keys/recovery-seal.ts';
import type { Secrets } from '#desktop/vault/keys/secrets.ts';
import { finishWipes, wipeProfile } from '#desktop/vault/keys/wipe.ts';
import { SIDE_LOG_FILE, openSideLog } from '#desktop/vault/side-log/side-log.ts';
import type { SideLog } from '#desktop/vault/side-log/side-log.ts';
import type { Device } from './device.ts';
import type { Host } from './host.ts';

/** A person's file, open, and what belongs to it. */
export interface OpenFile {
  readonly folder: string;
  readonly database: EncryptedDatabase;
  readonly sideLog: SideLog;
  /** The data key, for threads that read the same file. */
  readonly key: string;
  /** True when the file did not exist before. */
  readonly isNew: boolean;
  close(): void;
}

export interface DoorOptions {
  readonly userId: string;
  readonly config: StoreConfig;
  readonly device: Device;
  readonly host: Host;
  readonly log: Logger;
  /** Told of long work over the whole file; null when it is over. */
  readonly onWork: (work: StoreWork | null) => void;
  /** Told when the side log cannot be written, and with null when it can again. */
  readonly onTrouble: (code: Code | null) => void;
}

/**
 * The way to one person's files on this device: nobody else has them open, the key is found or asked
 * for, and a file is looked at before SQLite touches it. Knows nothing of rows.
 */
export interface ProfileDoor {
  readonly userId: string;
  readonly folder: string;
  readonly keys: ProfileKeys;
  /**
   * Opens the file; at the first time makes it.
   * @param pin null: without one
   * @param mayMake true: a file that is not there is made, since its rows come from the server
   * @throws AppError PIN_NEEDED, PIN_WRONG, PIN_WAIT, PIN_BLOCKED; STORE_KEY_MISSING,
   *   STORE_KEY_WRONG, STORE_DAMAGED (`damage`), STORE_READ_ONLY, STORE_DISK_FULL; AUTH_SESSION_ENDED
   *   when there is nothing of this person here and nothing may be made
   */
  open(pin: string | null, mayMake: boolean): Promise<OpenFile>;
  /** Opens the key with what IT answered; the file must be closed. @throws AppError RECOVERY_INVALID */
  recover(answer: string): Promise<void>;
  /** Encrypts the file anew under another key. It must be closed. */
  rotate(): Promise<void>;
  /**
   * Writes an encrypted copy of the open file. @throws AppError STORE_DISK_FULL, STORE_DAMAGED,
   *   STORE_READ_ONLY, REQUEST_INVALID for a short passphrase
   */
  backup(file: OpenFile, out: string, passphrase: string, signal: AbortSignal): Promise<void>;
  /** Reads all of a backup and says whether it can be taken. @throws AppError BACKUP_* */
  verifyBackup(backup: string, passphrase: string): Promise<void>;
  /** Puts a backup in the place of the file, which must be closed and is set aside. */
  restore(backup: string, passphrase: string): Promise<void>;
  /** Forgets the key; the PIN is asked for again. The file must be closed. */
  lock(): void;
  /** Changes that are safe beside a file that does not open; null when that cannot be told. */
  savedChanges(): number | null;
  /**
   * Sets what does not open aside, so that the next opening begins anew: the database, or without a
   * key all there is, after which this door leads nowhere. Nothing is deleted.
   * @returns puts all that was there back, in place of what has come since; null where the next
   *   opening does the same without it
   * @throws AppError STORE_READ_ONLY, STORE_IN_USE, STORE_DISK_FULL: all is as before
   */
  setAside(because: Damage | 'key-lost'): (() => void) | null;
  /** True when there is a copy from before an update. */
  hasUpgradeCopy(): boolean;
  /** Puts that copy back; the file must be closed. @throws AppError NOT_FOUND */
  rollBack(): void;
  /** Lets others have the files. A second call does nothing. */
  release(): void;
}

export const profileFolder = (dataDir: string, userId: string): string =>
  path.join(dataDir, 'profiles', userId);

/**
 * Comes to the door of a profile, and keeps others away from it until `release`.
 * @throws AppError STORE_IN_USE, STORE_READ_ONLY, STORE_DISK_FULL
 */
export function openDoor(options: DoorOptions): ProfileDoor {
  const folder = profileFolder(options.config.dataDir, options.userId);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw toStoreError(error);
  }
  return new Door(options, folder);
}

class Door implements ProfileDoor {
  readonly userId: string;
  readonly folder: string;
  readonly keys: ProfileKeys;
  readonly #options: DoorOptions;
  readonly #native: string | undefined;
  #lock: LockedFile;
  /** The data key, once it is known. */
  #key: string | null = null;
  /** The key before a rotation: the side log may still be written under it. */
  #formerKey: string | undefined;

  constructor(options: DoorOptions, folder: string) {
    this.#options = options;
    this.userId = options.userId;
    this.folder = folder;
    this.#native = options.config.nativeBinding ?? undefined;
    this.#lock = lockProfile(folder, this.#native);
    this.keys = openProfileKeys({
      folder,
      profileId: options.userId,
      secrets: secretsOf(options.host),
      kv: options.device.kv,
      log: options.log,
      recoveryKey: recoveryKeyOf(options.config, options.log),
    });
  }

  async open(pin: string | null, mayMake: boolean): Promise<OpenFile> {
    const { folder } = this;
    finishWhatWasCut(folder);
    if (this.keys.presence() === 'absent' && !mayMake) throw new AppError('AUTH_SESSION_ENDED');
    const key = this.#key ?? (await this.#findKey(pin));
    this.#key = key;
    const file = profileFile(folder);
    const isNew = this.#examine(key, mayMake);
    const database = isNew ? this.#make(file, key) : this.#openDatabase(file, key, true);
    try {
      const sideLog = this.#openSideLog(key);
      const close = (): void => {
        try {
          sideLog.close();
        } finally {
          database.close();
        }
      };
      return { folder, database, sideLog, key, isNew, close };
    } catch (error) {
      database.close();
      throw error;
    }
  }

  async recover(answer: string): Promise<void> {
    this.#key = await this.keys.recover(answer);
  }

  async rotate(): Promise<void> {
    this.#formerKey = this.#key ?? undefined;
    // Cut short, the files decide which key is theirs: it is asked for anew then.
    this.#key = null;
    this.#key = await this.keys.rotate({
      nativeBinding: this.#native ?? null,
      onProgress: (done, total) => this.#options.onWork({ kind: 'rotate', done, total }),
    });
    // The former key is on no disk any more after this: the log takes the new one at once.
    this.#openSideLog(this.#key).close();
    this.#formerKey = undefined;
    this.#options.onWork(null);
  }

  async backup(file: OpenFile, out: string, passphrase: string, signal: AbortSignal) {
    const { userId, config } = this.#options;
    await writeBackup({
      database: file.database,
      key: file.key,
      nativeBinding: this.#native,
      userId,
      app: config.appVersion,
      passphrase,
      out,
      signal,
      onProgress: ({ done, total }) => this.#options.onWork({ kind: 'backup', done, total }),
    });
  }

  async verifyBackup(backup: string, passphrase: string): Promise<void> {
    await verifyBackup({
      file: backup,
      passphrase,
      expectedUserId: this.userId,
      onProgress: ({ done, total }) => this.#options.onWork({ kind: 'check', done, total }),
    });
  }

  async restore(backup: string, passphrase: string): Promise<void> {
    this.#key ??= await this.#findKey(null);
    const { salt } = await restoreBackup({
      file: backup,
      passphrase,
      expectedUserId: this.userId,
      folder: this.folder,
      key: this.#key,
      nativeBinding: this.#native,
      definitions: SUITE_DEFINITIONS,
      onProgress: ({ done, total }) => this.#options.onWork({ kind: 'restore', done, total }),
    });
    this.keys.noteSalt(Buffer.from(salt, 'hex'));
  }

  savedChanges(): number | null {
    if (this.#key === null) return null;
    try {
      const sideLog = this.#openSideLog(this.#key);
      const count = sideLog.count();
      sideLog.close();
      return count;
    } catch {
      return null;
    }
  }

  setAside(because: Damage | 'key-lost'): (() => void) | null {
    const { folder } = this;
    if (because !== 'key-lost') {
      quarantine({ folder, reason: because });
      return null;
    }
    const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
    const parent = lostFolder(this.#options.config.dataDir);
    const target = path.join(parent, `${this.userId}-${stamp}`);
    // Windows renames no folder in which a file is open.
    this.release();
    try {
      mkdirSync(parent, { recursive: true, mode: 0o700 });
      renameSync(folder, target);
    } catch (error) {
      this.#lock = lockProfile(folder, this.#native);
      throw toStoreError(error);
    }
    return () => {
      rmSync(folder, { recursive: true, force: true });
      renameSync(target, folder);
    };
  }

  hasUpgradeCopy(): boolean {
    return upgradeCopyAt(this.folder) !== null;
  }

  rollBack(): void {
    rollBackUpgrade(this.folder);
  }

  lock(): void {
    this.keys.lock();
    this.#key = null;
  }

  release(): void {
    this.lock();
    this.#lock.release();
  }

  #openDatabase(file: string, key: string, mustExist: boolean): EncryptedDatabase {
    const { log } = this.#options;
    return openDatabase({ file, key, mustExist, nativeBinding: this.#native, log });
  }

  /** A new file has its salt on the disk once it was closed; read while open it would lose its locks. */
  #make(file: string, key: string): EncryptedDatabase {
    this.#openDatabase(file, key, false).close();
    const salt = saltOf(file);
    if (salt !== null) this.keys.noteSalt(Buffer.from(salt, 'hex'));
    return this.#openDatabase(file, key, true);
  }

  async #findKey(pin: string | null): Promise<string> {
    if (this.keys.presence() === 'present') return this.keys.unlock(pin);
    const key = await this.keys.create();
    // Wrong PINs were those of a key that is not here any more.
    this.#options.device.kv.delete(attemptsKey(this.userId));
    return key;
  }

  /** Looks at the file before SQLite does. @returns true when there is none yet */
  #examine(key: string, mayMake: boolean): boolean {
    const state = prepareFile({
      folder: this.folder,
      key,
      salts: notedSalts(this.folder, this.userId).map((salt) => salt.toString('hex')),
      mustExist: !mayMake,
      nativeBinding: this.#native,
      log: this.#options.log,
    });
    return state === 'new';
  }

  /**
   * The side log, under the key of the database. One under another key (a rotation that a kill cut
   * after its last step) is set beside: the database, which opens, holds all that was in it.
   */
  #openSideLog(key: string): SideLog {
    const formerKey = this.#formerKey;
    const { log, onTrouble } = this.#options;
    const open = (): SideLog =>
      openSideLog({
        folder: this.folder,
        key,
        log,
        onTrouble,
        ...(formerKey ? { formerKey } : {}),
      });
    try {
      return open();
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'STORE_KEY_WRONG') throw error;
      const file = path.join(this.folder, SIDE_LOG_FILE);
      log.error('side log of another key set beside');
      // Beside others of the kind: each may hold the only copy of somebody's work.
      renameSync(file, `${file}.other-key-${randomBytes(4).toString('hex')}`);
      return open();
    }
  }
}

const lostFolder = (dataDir: string): string => path.join(dataDir, 'set-aside');

/** What wiping a person's files needs to know of the machine. */
export interface Wiping {
  readonly dataDir: string;
  readonly secrets: Secrets;
  readonly kv: Device['kv'];
  readonly log: Logger;
}

/** Deletes all of a person's files, those set aside included. @throws AppError as `wipeProfile` */
export function wipePerson({ dataDir, ...rest }: Wiping, userId: string): Promise<void> {
  const folder = profileFolder(dataDir, userId);
  return wipeProfile({ ...rest, folder, profileId: userId, also: lostFolders(dataDir, userId) });
}

/** Ends what was being wiped when the app was last ended. @returns whose files those were */
export const endWipes = ({ dataDir, ...rest }: Wiping): Promise<string[]> =>
  finishWipes({ ...rest, profiles: path.join(dataDir, 'profiles') });

/** Whose files lie below a folder of data, in use or set aside. */
export function peopleOn(dataDir: string): string[] {
  const names = ['profiles', 'set-aside'].flatMap((name) => {
    const folder = path.join(dataDir, name);
    return existsSync(folder) ? readdirSync(folder) : [];
  });
  return [...new Set(names.map((name) => name.slice(0, 36)).filter((id) => GUID.test(id)))];
}

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Folders of a person that were set aside because their key was lost. */
function lostFolders(dataDir: string, userId: string): string[] {
  const parent = lostFolder(dataDir);
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .filter((name) => name.startsWith(`${userId}-`))
    .map((name) => path.join(parent, name));
}

export const secretsOf = (host: Host): Secrets => ({
  get: (name, create) => host.secret(name, create),
  forget: (name) => host.forgetSecret(name),
  backend: () => host.keychain(),
});

function recoveryKeyOf({ recoveryKey }: StoreConfig, log: Logger): RecoveryPublicKey | null {
  if (recoveryKey === null) return null;
  try {
    return parseRecoveryPublicKey(recoveryKey);
  } catch {
    // A wrong policy must not keep people from their work; IT sees it in the log and in the status.
    log.error('the organization’s recovery key cannot be read');
    return null;
  }
}
