import { existsSync } from 'node:fs';
import { BehaviorSubject } from 'rxjs';
import { AppError, toAppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import type { AuthState, StoreWork } from '#shared/ipc/store-contract.ts';
import type { StoreConfig } from '#shared/ipc/store-host.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { SessionReply } from '#shared/protocol/messages.ts';
import type { FileApi } from '#desktop/files/file-api.ts';
import type { FileEnding } from '#shared/schema/file-types.ts';
import type { ServerApi } from '#desktop/replication/server-api.ts';
import type { ProfileKeys } from '#desktop/vault/keys/profile-keys.ts';
import { isBeingWiped } from '#desktop/vault/keys/wipe.ts';
import { Backups } from './backups.ts';
import type { Device } from './device.ts';
import type { Host } from './host.ts';
import { openProfile } from './profile.ts';
import type { Profile } from './profile.ts';
import {
  endWipes,
  openDoor,
  peopleOn,
  profileFolder,
  secretsOf,
  wipePerson,
} from './profile-door.ts';
import type { OpenFile, ProfileDoor, Wiping } from './profile-door.ts';
import {
  hasPin,
  isLocked,
  isStuck,
  lockedState,
  signedInState,
  stuckState,
} from './profile-states.ts';
import type { Comer } from './profile-states.ts';
import { createSessionKeeper } from './session-keeper.ts';
import type { SessionKeeper } from './session-keeper.ts';
import { WaysBack } from './ways-back.ts';
import { Witnesses } from './witnesses.ts';

/** Which person's file is opened at the next start. */
const LAST_PROFILE = 'profile.last';
/** When a backup of the profile was last written whole, milliseconds; in the profile itself. */
export const LAST_BACKUP = 'backup.last';
const nameKey = (userId: string): string => `profile.name.${userId}`;
/** How many changes waited in a profile when it was closed: those of who is not here are not read. */
const unsentKey = (userId: string): string => `profile.unsent.${userId}`;
const RENEW_PORTS_AFTER_MS = 20;

export interface ProfilesOptions {
  readonly host: Host;
  readonly config: StoreConfig;
  readonly log: Logger;
  /** The device's own file and the server. @throws AppError STORE_NOT_OPEN before both are there */
  ready(): { readonly device: Device; readonly api: ServerApi; readonly fileApi: FileApi };
  /** @throws AppError AUTH_TOKEN_INVALID when the server takes us for somebody else */
  askSession(userId: string): Promise<SessionReply>;
  /** Runs work when all that came before is over. */
  inTurn(work: () => Promise<void>): Promise<null>;
  /** The server does not know the session of who is signed in any more. */
  onSessionEnd(because: Code): void;
}

/**
 * The one profile that is in use on this device: open, locked, or not to be opened, and the ways from
 * one to the other. Public calls wait for their turn; `enter` and `leave` are parts of a turn.
 */
export class Profiles {
  readonly auth$ = new BehaviorSubject<AuthState>({ state: 'starting' });
  readonly profile$ = new BehaviorSubject<Profile | null>(null);
  readonly work$ = new BehaviorSubject<StoreWork | null>(null);
  /** Why the side log cannot be written, or null. */
  readonly trouble$ = new BehaviorSubject<Code | null>(null);
  /** What can be done about a profile that does not open. */
  readonly ways: WaysBack;
  readonly #given: ProfilesOptions;
  readonly #log: Logger;
  readonly #session: SessionKeeper;
  #comer: Comer | null = null;
  /** True when a profile has ended since windows got their ports. */
  #hasEnded = false;
  readonly #backups = new Backups();

  constructor(options: ProfilesOptions) {
    this.#given = options;
    this.#log = options.log;
    this.#session = createSessionKeeper({
      ask: () => options.askSession(this.signedIn().profile.userId),
      onSession: (session) => {
        const { profile } = this.signedIn();
        profile.learn(session);
        this.#showSignedIn(profile);
      },
      onEnd: options.onSessionEnd,
    });
    this.ways = new WaysBack({
      log: options.log,
      inTurn: (work) => options.inTurn(work),
      askSession: (userId) => options.askSession(userId),
      onWork: (work) => this.work$.next(work),
      closed: () => this.#closed(),
      put: (comer) => (this.#comer = comer),
      doorOf: (userId) => this.#doorOf(userId),
      open: () => this.#openComer(null),
      enter: (userId, fresh) => this.enter(userId, fresh),
    });
  }

  /** Who was in when the app was last closed, or null. */
  last(): string | null {
    return this.#given.ready().device.kv.get(LAST_PROFILE) ?? null;
  }

  /** To be called when a turn is over: windows whose storage ended with a profile get new ports. */
  afterTurn(): void {
    if (!this.#hasEnded) return;
    this.#hasEnded = false;
    // After the answer to whoever asked for it, which still goes over the old port.
    setTimeout(() => this.#given.host.renewPorts(), RENEW_PORTS_AFTER_MS);
  }

  /** At the next start nobody is in. */
  forgetLast(): void {
    this.#given.ready().device.kv.delete(LAST_PROFILE);
  }

  /** Ends what was being wiped when the app was last ended. */
  async finishWipes(): Promise<void> {
    for (const userId of await endWipes(this.#wiping())) this.#forget(userId);
  }

  /** The open profile. @throws AppError STORE_NOT_OPEN */
  signedIn(): { profile: Profile; door: ProfileDoor } {
    const profile = this.profile$.value;
    const door = this.#comer?.door;
    if (!profile || !door) throw new AppError('STORE_NOT_OPEN');
    return { profile, door };
  }

  /** The door of a profile that is not open. @throws AppError STORE_NOT_OPEN, CALL_NOT_ALLOWED */
  closedDoor(): ProfileDoor {
    const { door } = this.#closed();
    if (!door) throw new AppError('STORE_NOT_OPEN');
    return door;
  }

  /**
   * Changes how the key of the open profile is kept. Takes a turn: what zeroes the key must not come
   * in between, or zeros would be wrapped in its place.
   */
  changeKeys(work: (keys: ProfileKeys) => Promise<void>): Promise<null> {
    return this.#given.inTurn(() => work(this.signedIn().door.keys));
  }

  /**
   * Closes the profile until its PIN is given, also one that did not open after its PIN was given.
   * @throws AppError PIN_NEEDED when it has none
   */
  lock(): Promise<null> {
    return this.#given.inTurn(async () => {
      const door = this.#comer?.door;
      if (!door) throw new AppError('STORE_NOT_OPEN');
      if (!hasPin(door)) {
        throw new AppError('PIN_NEEDED', { reason: 'no-pin-set' });
      }
      await this.#closeProfile();
      door.lock();
      this.#showClosed(new AppError('PIN_NEEDED'));
    });
  }

  /** @throws AppError PIN_WRONG, PIN_WAIT, PIN_BLOCKED, and why the profile does not open */
  unlock(pin: string): Promise<null> {
    return this.#given.inTurn(async () => {
      this.closedDoor();
      await this.#openComer(pin);
    });
  }

  /** Encrypts the open profile anew under another key. */
  rotate(): Promise<null> {
    return this.#withFileClosed((door) => door.rotate());
  }

  /**
   * Does something with the files of the open profile while they are closed, and opens them again
   * whatever happened.
   */
  #withFileClosed(work: (door: ProfileDoor) => Promise<void>): Promise<null> {
    return this.#given.inTurn(async () => {
      const { door } = this.signedIn();
      this.auth$.next({ state: 'starting' });
      await this.#closeProfile();
      try {
        await work(door);
      } catch (error) {
        this.work$.next(null);
        // Whether it opens again is seen in the state; asked was for this.
        await this.#openComer(null).catch(() => undefined);
        throw error;
      }
      this.work$.next(null);
      await this.#openComer(null);
    });
  }

  /**
   * Writes an encrypted copy of the open profile to where the person says; they work on meanwhile.
   * @returns false when they changed their mind
   * @throws AppError STORE_NOT_OPEN when the profile is closed before it is done
   */
  async backup(passphrase: string): Promise<boolean> {
    const { profile, door } = this.signedIn();
    const out = await this.#given.host.askPath('save-backup');
    if (out === null) return false;
    if (this.profile$.value !== profile) throw new AppError('STORE_NOT_OPEN');
    await this.#backups.write(async (signal) => {
      try {
        await door.backup(profile.file, out, passphrase, signal);
        profile.file.database.kv.set(LAST_BACKUP, String(Date.now()));
      } finally {
        this.work$.next(null);
      }
    });
    return true;
  }

  /** Asks where a copy of a file goes. */
  askCopyPath(ending: FileEnding): Promise<string | null> {
    return this.#given.host.askCopyPath(ending);
  }

  /**
   * Takes the profile out of a backup that the person chooses. What the server does not have of the
   * present one comes back over it.
   * @returns false when they changed their mind
   * @throws AppError BACKUP_INVALID, BACKUP_PASSPHRASE_WRONG, BACKUP_OTHER_PERSON: nothing has changed
   */
  async restore(passphrase: string): Promise<boolean> {
    const here = this.#comer?.door;
    if (!here) throw new AppError('STORE_NOT_OPEN');
    if (!this.profile$.value) this.ways.requireRestorable();
    const backup = await this.#given.host.askPath('open-backup');
    if (backup === null) return false;
    try {
      await here.verifyBackup(backup, passphrase);
    } finally {
      this.work$.next(null);
    }
    if (this.profile$.value) {
      await this.#withFileClosed(async (door) => {
        if (door !== here) throw new AppError('CALL_NOT_ALLOWED');
        await door.restore(backup, passphrase);
      });
    } else await this.ways.restore(here, backup, passphrase);
    return true;
  }

  /** Whose profiles lie on this machine, those set aside included. */
  onDisk(): string[] {
    return peopleOn(this.#given.config.dataDir);
  }

  /** True when changes of somebody wait in their closed profile: nobody else has these. */
  hasUnsent(userId: string): boolean {
    return Number(this.#given.ready().device.kv.get(unsentKey(userId)) ?? 0) > 0;
  }

  /** Part of a turn: deletes the files of somebody who is not here. @throws AppError as `wipeProfile` */
  async wipe(userId: string): Promise<void> {
    await wipePerson(this.#wiping(), userId);
    this.#forget(userId);
  }

  #wiping(): Wiping {
    const { config, host } = this.#given;
    const { kv } = this.#given.ready().device;
    return { dataDir: config.dataDir, secrets: secretsOf(host), kv, log: this.#log };
  }

  /** Takes hold of a person's files and opens them, or shows why they do not open. */
  async enter(userId: string, fresh: SessionReply | null): Promise<void> {
    await this.leave();
    try {
      await this.#takeHold(userId, fresh);
    } catch (error) {
      if (!this.#comer) {
        this.auth$.next({ state: 'signed-out', because: toAppError(error).code });
      }
      throw error;
    }
  }

  async #takeHold(userId: string, fresh: SessionReply | null): Promise<void> {
    const { kv } = this.#given.ready().device;
    const folder = profileFolder(this.#given.config.dataDir, userId);
    // What is written into a profile that is being wiped would go with it.
    if (isBeingWiped(folder)) await this.wipe(userId);
    if (!existsSync(folder) && !fresh) throw new AppError('AUTH_SESSION_ENDED');
    kv.set(LAST_PROFILE, userId);
    if (fresh) kv.set(nameKey(userId), fresh.user.displayName);
    const person = { userId, displayName: kv.get(nameKey(userId)) ?? '' };
    this.#comer = { person, fresh, problem: null, door: null };
    try {
      this.#comer = { ...this.#comer, door: this.#doorOf(userId) };
    } catch (error) {
      return this.#showClosed(error);
    }
    try {
      await this.#openComer(null);
    } catch (error) {
      if (!this.#isClosedOnly(error)) throw error;
    }
  }

  #doorOf(userId: string): ProfileDoor {
    const { device } = this.#given.ready();
    return openDoor({
      userId,
      config: this.#given.config,
      device,
      host: this.#given.host,
      log: this.#log,
      onWork: (work) => this.work$.next(work),
      onTrouble: (code) => this.trouble$.next(code),
    });
  }

  /** True for what the screen shows as a state of its own. */
  #isClosedOnly = (error: unknown): boolean => {
    const { code } = toAppError(error);
    return isLocked(code) || isStuck(code);
  };

  /**
   * Opens the files of who came.
   * @throws AppError why they do not open; the state says so too
   */
  async #openComer(pin: string | null): Promise<void> {
    const comer = this.#comer;
    if (!comer?.door) throw new AppError('STORE_NOT_OPEN');
    const { door, fresh, person } = comer;
    this.trouble$.next(null);
    try {
      const file = await door.open(pin, fresh !== null);
      const profile = await this.#profileOf(person.userId, file, fresh);
      this.#comer = { ...comer, fresh: null, problem: null };
      this.profile$.next(profile);
      this.#showSignedIn(profile);
      this.#session.start(fresh !== null);
    } catch (error) {
      this.work$.next(null);
      // What failed may be the last step: what is shown as closed is closed.
      await this.#closeProfile();
      if (this.#isClosedOnly(error)) this.#showClosed(error);
      else {
        await this.leave();
        this.auth$.next({ state: 'signed-out', because: toAppError(error).code });
      }
      throw error;
    }
  }

  #profileOf(userId: string, file: OpenFile, fresh: SessionReply | null): Promise<Profile> {
    const { device, api, fileApi } = this.#given.ready();
    return openProfile({
      userId,
      file,
      fresh,
      config: this.#given.config,
      device,
      api,
      fileApi,
      witnesses: new Witnesses({
        userId,
        config: this.#given.config,
        secrets: secretsOf(this.#given.host),
        kv: device.kv,
        log: this.#log,
      }),
      log: this.#log,
      onWork: (work) => this.work$.next(work),
      onDamaged: () => void this.#damaged(file),
      onRights: () => this.#session.hurry(),
    });
  }

  /** A part of the open file turned out to be damaged: nobody works on in it. */
  async #damaged(file: OpenFile): Promise<void> {
    await this.#given.inTurn(async () => {
      // Told late, it says nothing of the file that has come in its place.
      if (this.profile$.value?.file !== file) return;
      this.#log.error('profile is damaged');
      await this.#closeProfile();
      this.#showClosed(new AppError('STORE_DAMAGED', { damage: 'pages' }));
    });
  }

  /** Shows why the files of who came are not open. */
  #showClosed(error: unknown): void {
    const comer = this.#comer;
    if (!comer) return;
    const { person, door } = comer;
    const problem = toAppError(error);
    const { code, safe } = problem;
    if (isLocked(code) && door) {
      // What was wrong before says nothing of a profile that only waits for its PIN.
      this.#comer = { ...comer, problem: null };
      this.auth$.next(lockedState(person, door));
      return;
    }
    this.#log.error('profile does not open', { code, reason: String(safe['reason'] ?? '') });
    this.#comer = { ...comer, problem };
    this.auth$.next(stuckState(person, code, door));
  }

  #showSignedIn(profile: Profile): void {
    const { user } = profile.known().session;
    const { kv, id } = this.#given.ready().device;
    kv.set(nameKey(user.id), user.displayName);
    this.auth$.next(signedInState(profile, id));
  }

  /** Lets go of who is here: their profile, their files. */
  async leave(): Promise<void> {
    await this.#closeProfile();
    this.#comer?.door?.release();
    this.#comer = null;
  }

  async #closeProfile(): Promise<void> {
    this.#session.stop();
    const profile = this.profile$.value;
    if (!profile) return;
    const { waiting } = profile.replication.status;
    this.#given.ready().device.kv.set(unsentKey(profile.userId), String(waiting));
    this.profile$.next(null);
    await this.#backups.stop();
    await profile.close();
    this.#hasEnded = true;
    // Of this person's file: not to be told to the next.
    this.trouble$.next(null);
    this.work$.next(null);
  }

  #forget(userId: string): void {
    const { kv } = this.#given.ready().device;
    kv.delete(nameKey(userId));
    kv.delete(unsentKey(userId));
    if (kv.get(LAST_PROFILE) === userId) kv.delete(LAST_PROFILE);
  }

  /** True when somebody's files are held here: open, locked, or not to be opened. */
  isHere(userId: string): boolean {
    return this.#comer?.person.userId === userId;
  }

  /** Whose profile is here and not open. @throws AppError STORE_NOT_OPEN, CALL_NOT_ALLOWED */
  #closed(): Comer {
    if (!this.#comer) throw new AppError('STORE_NOT_OPEN');
    if (this.profile$.value) throw new AppError('CALL_NOT_ALLOWED');
    return this.#comer;
  }
}
