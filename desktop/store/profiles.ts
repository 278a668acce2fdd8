import { existsSync } from 'node:fs';
import path from 'node:path';
import { BehaviorSubject } from 'rxjs';
import { AppError, toAppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import type { AuthState, StoreWork } from '#shared/ipc/store-contract.ts';
import type { StoreConfig } from '#shared/ipc/store-host.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { SessionReply } from '#shared/protocol/messages.ts';
import type { ServerApi } from '#desktop/replication/server-api.ts';
import { finishWipes, wipeProfile } from '#desktop/vault/keys/wipe.ts';
import type { Device } from './device.ts';
import type { Host } from './host.ts';
import { openProfile } from './profile.ts';
import type { Profile } from './profile.ts';
import { lostFolders, openDoor, profileFolder, secretsOf } from './profile-door.ts';
import type { OpenFile, ProfileDoor } from './profile-door.ts';
import { isLocked, isStuck, lockedState, setAsideReason, stuckState } from './profile-states.ts';
import type { Person } from './profile-states.ts';
import { createSessionKeeper } from './session-keeper.ts';
import type { SessionKeeper } from './session-keeper.ts';

/** Which person's file is opened at the next start. */
const LAST_PROFILE = 'profile.last';
const nameKey = (userId: string): string => `profile.name.${userId}`;
const RENEW_PORTS_AFTER_MS = 20;

/** Somebody whose files this process has taken hold of, open or not. */
interface Comer {
  readonly person: Person;
  /** Null when not even their folder could be taken hold of. */
  readonly door: ProfileDoor | null;
  /** What the server said of them since they came; null: nothing yet. */
  readonly fresh: SessionReply | null;
  /** Why their profile does not open; null: it does, or nobody has tried. */
  readonly problem: AppError | null;
}

export interface ProfilesOptions {
  readonly host: Host;
  readonly config: StoreConfig;
  readonly log: Logger;
  /** The device's own file and the server. @throws AppError STORE_NOT_OPEN before both are there */
  ready(): { readonly device: Device; readonly api: ServerApi };
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
  readonly #given: ProfilesOptions;
  readonly #log: Logger;
  readonly #session: SessionKeeper;
  #comer: Comer | null = null;
  /** True when a profile has ended since windows got their ports. */
  #hasEnded = false;

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
    const profiles = path.dirname(profileFolder(this.#given.config.dataDir, 'any'));
    const { kv } = this.#given.ready().device;
    const secrets = secretsOf(this.#given.host);
    const wiped = await finishWipes({ profiles, secrets, kv, log: this.#log });
    for (const userId of wiped) this.#forget(userId);
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
    const door = this.#comer?.door;
    if (!door) throw new AppError('STORE_NOT_OPEN');
    if (this.profile$.value) throw new AppError('CALL_NOT_ALLOWED');
    return door;
  }

  /** Closes the profile until its PIN is given. @throws AppError PIN_NEEDED when it has none */
  lock(): Promise<null> {
    return this.#given.inTurn(async () => {
      const { door } = this.signedIn();
      if (!(await hasPin(door))) {
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

  /** Opens a closed profile with what IT answered. @throws AppError RECOVERY_INVALID */
  recover(answer: string): Promise<null> {
    return this.#given.inTurn(async () => {
      await this.closedDoor().recover(answer);
      await this.#openComer(null);
    });
  }

  /** Tries again to open a profile that did not open. */
  retry(): Promise<null> {
    return this.#given.inTurn(async () => {
      const comer = this.#stuck();
      if (comer.door) await this.#openComer(null);
      else await this.enter(comer.person.userId, comer.fresh);
    });
  }

  /** Puts the file from before an update back. @throws AppError NOT_FOUND when there is none */
  rollBack(): Promise<null> {
    return this.#given.inTurn(async () => {
      this.#stuck().door?.rollBack();
      await this.#openComer(null);
    });
  }

  /** Sets what does not open aside and begins anew with what the server has. */
  reload(): Promise<null> {
    return this.#given.inTurn(async () => {
      const comer = this.#stuck();
      const { door, person, problem } = comer;
      if (!door || !problem) throw new AppError('CALL_NOT_ALLOWED');
      // A session that was kept proves that the device is theirs, not that they sit before it.
      const isOurs = comer.fresh === null && !(await hasPin(door));
      const fresh = isOurs ? await this.#given.askSession(person.userId) : comer.fresh;
      if (!fresh) throw new AppError('AUTH_SESSION_ENDED', { reason: 'sign-in-first' });
      const because = setAsideReason(problem);
      door.setAside(because);
      this.#log.warn('profile set aside', { because, code: problem.code });
      if (because === 'key-lost') await this.enter(person.userId, fresh);
      else {
        this.#comer = { ...comer, fresh };
        await this.#openComer(null);
      }
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
      } finally {
        this.work$.next(null);
        await this.#openComer(null);
      }
    });
  }

  /**
   * Writes an encrypted copy of the open profile to where the person says; they work on meanwhile.
   * @returns false when they changed their mind
   */
  async backup(passphrase: string): Promise<boolean> {
    const { profile, door } = this.signedIn();
    const out = await this.#given.host.askPath('save-backup');
    if (out === null) return false;
    const stop = new AbortController();
    const ended = profile.ended$.subscribe(() => stop.abort(new AppError('STORE_NOT_OPEN')));
    try {
      await door.backup(profile.file, out, passphrase, stop.signal);
    } finally {
      ended.unsubscribe();
      this.work$.next(null);
    }
    return true;
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
    const backup = await this.#given.host.askPath('open-backup');
    if (backup === null) return false;
    try {
      await here.verifyBackup(backup, passphrase);
    } finally {
      this.work$.next(null);
    }
    if (this.profile$.value) {
      await this.#withFileClosed((door) => door.restore(backup, passphrase));
      return true;
    }
    await this.#given.inTurn(async () => {
      const comer = this.#stuck();
      if (comer.problem && setAsideReason(comer.problem) === 'key-lost') {
        comer.door?.setAside('key-lost');
        const { device } = this.#given.ready();
        this.#comer = { ...comer, door: this.#doorOf(comer.person.userId, device) };
      }
      await this.#comer?.door?.restore(backup, passphrase);
      await this.#openComer(null);
    });
    return true;
  }

  /** Deletes the open profile from this device for good; then nobody is here. */
  wipe(): Promise<null> {
    return this.#given.inTurn(async () => {
      const { profile, door } = this.signedIn();
      const { userId } = profile;
      const { device } = this.#given.ready();
      await this.leave();
      await wipeProfile({
        folder: door.folder,
        profileId: userId,
        secrets: secretsOf(this.#given.host),
        kv: device.kv,
        also: lostFolders(this.#given.config.dataDir, userId),
        log: this.#log,
      });
      this.#forget(userId);
    });
  }

  /** Takes hold of a person's files and opens them, or shows why they do not open. */
  async enter(userId: string, fresh: SessionReply | null): Promise<void> {
    const { device } = this.#given.ready();
    await this.leave();
    const known = existsSync(profileFolder(this.#given.config.dataDir, userId));
    if (!known && !fresh) throw new AppError('AUTH_SESSION_ENDED');
    device.kv.set(LAST_PROFILE, userId);
    if (fresh) device.kv.set(nameKey(userId), fresh.user.displayName);
    const person = { userId, displayName: device.kv.get(nameKey(userId)) ?? '' };
    const comer = { person, fresh, problem: null };
    try {
      this.#comer = { ...comer, door: this.#doorOf(userId, device) };
    } catch (error) {
      this.#comer = { ...comer, door: null };
      return this.#showClosed(error);
    }
    try {
      await this.#openComer(null);
    } catch (error) {
      if (!this.#isClosedOnly(error)) throw error;
    }
  }

  #doorOf(userId: string, device: Device): ProfileDoor {
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
    try {
      const file = await door.open(pin, fresh !== null);
      const profile = await this.#profileOf(person.userId, file, fresh);
      this.#comer = { ...comer, fresh: null, problem: null };
      this.profile$.next(profile);
      this.#showSignedIn(profile);
      this.#session.start(fresh !== null);
    } catch (error) {
      this.work$.next(null);
      if (this.#isClosedOnly(error)) this.#showClosed(error);
      else {
        await this.leave();
        this.auth$.next({ state: 'signed-out', because: toAppError(error).code });
      }
      throw error;
    }
  }

  #profileOf(userId: string, file: OpenFile, fresh: SessionReply | null): Promise<Profile> {
    const { device, api } = this.#given.ready();
    return openProfile({
      userId,
      file,
      fresh,
      config: this.#given.config,
      device,
      api,
      log: this.#log,
      onWork: (work) => this.work$.next(work),
      onDamaged: () => void this.#damaged(userId),
    });
  }

  /** A part of the open file turned out to be damaged: nobody works on in it. */
  async #damaged(userId: string): Promise<void> {
    await this.#given.inTurn(async () => {
      if (this.profile$.value?.userId !== userId) return;
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
    this.auth$.next({
      state: 'signed-in',
      who: {
        userId: user.id,
        displayName: user.displayName,
        email: user.email,
        deviceId: id,
        grants: [...profile.writer.grants()],
        broughtBack: profile.broughtBack,
      },
    });
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
    this.profile$.next(null);
    await profile.close();
    this.#hasEnded = true;
  }

  #forget(userId: string): void {
    const { kv } = this.#given.ready().device;
    kv.delete(nameKey(userId));
    if (kv.get(LAST_PROFILE) === userId) kv.delete(LAST_PROFILE);
  }

  #stuck(): Comer {
    const comer = this.#comer;
    if (!comer?.problem || this.profile$.value) throw new AppError('CALL_NOT_ALLOWED');
    return comer;
  }
}

/** Unknown counts as yes: nobody gets around a PIN because its file cannot be read. */
async function hasPin(door: ProfileDoor): Promise<boolean> {
  try {
    return (await door.keys.status())?.hasPin ?? false;
  } catch {
    return true;
  }
}
