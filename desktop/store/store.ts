import { Subscription, combineLatest, filter, firstValueFrom, merge, take, timer } from 'rxjs';
import { AppError, toAppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import type { DeviceFacts } from '#shared/ipc/administration.ts';
import type { StoreConfig } from '#shared/ipc/store-host.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { ADMIN_CALLS } from '#shared/protocol/admin.ts';
import type { AdminCall, AdminIn, AdminOut } from '#shared/protocol/admin.ts';
import { PROTOCOL_VERSION } from '#shared/protocol/messages.ts';
import type { SessionReply } from '#shared/protocol/messages.ts';
import { createFileApi } from '#desktop/files/file-api.ts';
import type { FileApi } from '#desktop/files/file-api.ts';
import { createServerApi } from '#desktop/replication/server-api.ts';
import type { HttpServerApi } from '#desktop/replication/server-api.ts';
import { createSignIn } from './auth/sign-in.ts';
import type { NewFactor, SignIn } from './auth/sign-in.ts';
import { isLostDevice, openDevice } from './device.ts';
import type { Device } from './device.ts';
import type { Host, WindowPort } from './host.ts';
import { kioskMayCall, kioskMayUse } from './kiosk-limits.ts';
import { serveCalls } from './ports/call-port.ts';
import { serveWindowStorage } from './ports/window-storage.ts';
import { sizesIn } from './folder-sizes.ts';
import { LAST_BACKUP, Profiles } from './profiles.ts';
import { lastWord, openDeviceReads } from './reads/device-reads.ts';
import type { DeviceReads } from './reads/device-reads.ts';
import type { SeatReads } from './reads/read-trail.ts';
import { WIPED, createStanding, updateChannelOf } from './standing.ts';
import type { Standing } from './standing.ts';
import { callHandlers, watchHandlers } from './store-calls.ts';
import { createWindowScreens } from './window-screens.ts';
import { createDeviceTracing } from './tracing.ts';

/** How long a profile that is to be removed hands over what waits in it, milliseconds. */
const HAND_OVER_WITHIN_MS = 10_000;

/** Who is signed in on this device, their profile, and what windows ask of both. */
export class Store {
  readonly profiles: Profiles;
  readonly #host: Host;
  readonly #log: Logger;
  readonly #config: StoreConfig;
  readonly #screens = createWindowScreens();
  #turn: Promise<unknown> = Promise.resolve();
  /** Who has proved who they are, but for the second factor. */
  #half: string | null = null;
  #device: Device | null = null;
  #signIn: SignIn | null = null;
  #api: HttpServerApi | null = null;
  #fileApi: FileApi | null = null;
  #reads: DeviceReads | null = null;
  #standing: Standing | null = null;

  constructor(host: Host, config: StoreConfig, log: Logger) {
    this.#host = host;
    this.#config = config;
    this.#log = log;
    this.profiles = new Profiles({
      host,
      config,
      log,
      ready: () => this.#ready(),
      askSession: (userId) => this.#askSession(userId),
      inTurn: (work) => this.#inTurn(work),
      onSessionEnd: (because) => void this.#endSession(because),
    });
    combineLatest([this.profiles.profile$, this.#screens.screens$]).subscribe(
      ([profile, screens]) => profile?.replication.presence.show(screens),
    );
  }

  /** Opens the device's file and, when somebody was signed in, their profile; works offline. */
  async start(): Promise<void> {
    const log = this.#log;
    try {
      await this.#openDevice(false);
      // Held up, for example by the keychain, it keeps nobody else out; it is tried again.
      await this.profiles
        .finishWipes()
        .catch((error: unknown) => log.error('wipe not ended', { code: toAppError(error).code }));
      const last = this.profiles.last();
      if (last) await this.#inTurn(() => this.profiles.enter(last, null));
      else this.#signedOut(this.#ready().device.kv.get(WIPED) ? 'DEVICE_WIPED' : null);
    } catch (error) {
      const { code, cause } = toAppError(error);
      const reason = cause instanceof Error ? cause.name : '';
      log.error('store could not open', { code, reason });
      this.profiles.auth$.next({ state: 'signed-out', because: code });
    }
    this.#standing?.start();
    this.#host.ready();
  }

  async #openDevice(anew: boolean): Promise<void> {
    const { dataDir, nativeBinding, serverUrl, authUrl, authKey, tracesUrl } = this.#config;
    const log = this.#log;
    const device = await openDevice({ dataDir, nativeBinding, host: this.#host, log, anew });
    const signIn = createSignIn({ authUrl, authKey, kv: device.kv });
    this.#device = device;
    this.#signIn = signIn;
    const server = {
      baseUrl: serverUrl,
      deviceId: device.id,
      getToken: (options?: { force: boolean }) => signIn.token(options),
      log,
      ...(tracesUrl === undefined ? {} : { tracer: createDeviceTracing(tracesUrl) }),
    };
    this.#api = createServerApi(server);
    this.#fileApi = createFileApi(server);
    const { profile$ } = this.profiles;
    this.#reads = openDeviceReads({ device, api: this.#api, profile$, log });
    this.#standing?.stop();
    this.#standing = createStanding({
      api: this.#api,
      device,
      appVersion: this.#config.appVersion,
      waiting: () => this.profiles.profile$.value?.replication.status ?? null,
      profiles: () => this.profiles.onDisk(),
      wipeAll: () => this.#wipeAll(),
      remove: (userIds) => this.#removeLeft(userIds),
      log,
    });
  }

  /**
   * Somebody comes to a machine whose own file did not open at the start. It is tried again, and when
   * it is beyond help (a keychain that was emptied), the machine begins anew beside it.
   */
  async #requireDevice(): Promise<void> {
    if (this.#device?.kv.get(WIPED) !== undefined) {
      // What it was is retired for good; nothing of it is left but this.
      this.#device.close();
      this.#device = null;
      await this.#openDevice(true);
      this.#standing?.start();
    }
    if (this.#device) return;
    try {
      await this.#openDevice(false);
    } catch (error) {
      const { code } = toAppError(error);
      if (!isLostDevice(code)) throw error;
      this.#log.error('the device begins anew', { code });
      await this.#openDevice(true);
    }
    this.#standing?.start();
  }

  servePorts(windowId: number, storage: WindowPort, calls: WindowPort): void {
    const log = this.#log;
    const isKiosk = this.#config.deviceKind === 'kiosk';
    const seat = this.#screens.seat();
    calls.onClose(() => seat.leave());
    let mine: SeatReads | null = null;
    const reads = (): SeatReads => (mine ??= this.reads.trail.seat(windowId));
    serveCalls({
      port: calls,
      calls: callHandlers(this, seat, reads),
      watches: watchHandlers(this, reads),
      mayUse: isKiosk ? kioskMayCall : undefined,
      log,
    });
    // A window may ask for its ports before anybody is signed in: its storage waits for a profile.
    const waiting = new Subscription();
    storage.onClose(() => waiting.unsubscribe());
    waiting.add(
      this.profiles.profile$.subscribe((profile) => {
        if (!profile) return;
        queueMicrotask(() => waiting.unsubscribe());
        serveWindowStorage({
          port: storage,
          portId: `${String(windowId)}-${Date.now().toString(36)}`,
          instanceOf: profile.instanceOf,
          writer: profile.writer,
          ended$: profile.ended$,
          onRows: (table, shown) => reads().asked(profile.userId, `table:${table}`, shown),
          mayUse: isKiosk ? kioskMayUse : undefined,
          log,
        });
      }),
    );
  }

  /**
   * Asks the server what only it knows, in the name of who is signed in. Nothing of it is kept or queued.
   * @throws AppError STORE_NOT_OPEN, SERVER_UNREACHABLE, and what the server answers
   */
  async askAdmin<C extends AdminCall>(name: C, asked: AdminIn<C>): Promise<AdminOut<C>> {
    this.profiles.signedIn();
    const { path, out } = ADMIN_CALLS[name];
    return (await this.#ready().api.ask<unknown>(path, asked, out)) as AdminOut<C>;
  }

  /** How this device is, without a look at any row. @throws AppError STORE_NOT_OPEN */
  deviceFacts(): DeviceFacts {
    const { profile, door } = this.profiles.signedIn();
    const { serverUrl, authUrl, deviceName, deviceKind, appVersion, recoveryKey } = this.#config;
    return {
      deviceId: this.#ready().device.id,
      deviceName,
      deviceKind,
      appVersion,
      protocol: PROTOCOL_VERSION,
      serverUrl,
      authUrl,
      hasRecoveryKey: recoveryKey !== null,
      bytes: sizesIn(door.folder),
      updateChannel: updateChannelOf(this.#ready().device.kv),
      lastBackupAt: Number(profile.file.database.kv.get(LAST_BACKUP) ?? 0) || null,
    };
  }

  /** The trail of what is read on this device. @throws AppError STORE_NOT_OPEN */
  get reads(): DeviceReads {
    if (!this.#reads) throw new AppError('STORE_NOT_OPEN');
    return this.#reads;
  }

  /** There is reason to believe that the network is back. */
  woke(): void {
    void this.#standing?.check();
    this.profiles.profile$.value?.replication.online();
    this.#reads?.sender.wake();
  }

  async stop(): Promise<void> {
    this.#signIn?.cancelGoogle();
    this.#standing?.stop();
    await this.#inTurn(() => this.profiles.leave());
    await this.#reads?.stop();
    this.#device?.close();
  }

  signInWithPassword(email: string, password: string): Promise<null> {
    // Whoever types a password waits for no browser any more.
    this.cancelGoogle();
    return this.#inTurn(() => this.#arrive((signIn) => signIn.withPassword(email, password)));
  }

  signInWithGoogle(): Promise<null> {
    // One browser at a time: the one before would be waited for.
    this.cancelGoogle();
    return this.#inTurn(() =>
      this.#arrive((signIn) => signIn.withGoogle((url) => this.#host.openExternal(url))),
    );
  }

  /** @throws AppError STORE_NOT_OPEN, and as `SignIn.hasFactor` */
  hasFactor(): Promise<boolean> {
    this.profiles.signedIn();
    return this.#ready().signIn.hasFactor();
  }

  /** @throws AppError STORE_NOT_OPEN while nobody is in or about to be, and as `SignIn.beginFactor` */
  async beginFactor(): Promise<NewFactor> {
    if (this.#half === null) this.profiles.signedIn();
    return this.#ready().signIn.beginFactor();
  }

  /**
   * Proves the second factor of who is in, or about to be and then is.
   * @throws AppError STORE_NOT_OPEN, and as `SignIn.confirmFactor`
   */
  confirmFactor(code: string): Promise<null> {
    return this.#inTurn(async () => {
      const half = this.#half;
      if (half === null) this.profiles.signedIn();
      try {
        await this.#ready().signIn.confirmFactor(code);
        if (half !== null) await this.#letIn(half);
      } catch (error) {
        const failed = toAppError(error).code;
        // Whoever mistyped, or has no network just now, tries again where they are.
        const isOver = this.#half === null || failed === 'AUTH_SESSION_ENDED';
        if (half !== null && isOver) await this.#signOut(failed);
        throw error;
      }
    });
  }

  cancelGoogle(): void {
    this.#signIn?.cancelGoogle();
  }

  /** @throws AppError as `Profiles.unlock` */
  unlock(pin: string): Promise<null> {
    this.cancelGoogle();
    return this.profiles.unlock(pin);
  }

  signOut(): Promise<null> {
    this.cancelGoogle();
    return this.#inTurn(() => this.#signOut(null));
  }

  /**
   * Deletes the open profile from this device for good, changes that wait included. Then nobody is
   * in, also where something holds the wipe up: it goes on at the next start, or when they come.
   * @throws AppError STORE_NOT_OPEN, KEYCHAIN_UNAVAILABLE, STORE_IN_USE, STORE_IO
   */
  wipe(): Promise<null> {
    return this.#inTurn(async () => {
      const { userId } = this.profiles.signedIn().profile;
      await this.#signOut(null);
      try {
        await this.profiles.wipe(userId);
      } catch (error) {
        this.#signedOut(toAppError(error).code);
        throw error;
      }
    });
  }

  #ready(): { device: Device; signIn: SignIn; api: HttpServerApi; fileApi: FileApi } {
    if (!this.#device || !this.#signIn || !this.#api || !this.#fileApi) {
      throw new AppError('STORE_NOT_OPEN');
    }
    return {
      device: this.#device,
      signIn: this.#signIn,
      api: this.#api,
      fileApi: this.#fileApi,
    };
  }

  /**
   * Coming and going happen one after the other: two at once would open one file twice, or let one
   * person's replication run with another's token.
   */
  async #inTurn(work: () => Promise<void>): Promise<null> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    await mine.finally(() => this.profiles.afterTurn());
    return null;
  }

  /**
   * Somebody signs in: the server says who they are, then their file is opened.
   * @throws AppError CALL_NOT_ALLOWED while somebody is in: they sign out first
   */
  async #arrive(proveWho: (signIn: SignIn) => Promise<string>): Promise<void> {
    await this.#requireDevice();
    const { signIn } = this.#ready();
    if (this.profiles.profile$.value) throw new AppError('CALL_NOT_ALLOWED');
    const userId = await proveWho(signIn);
    try {
      if (await signIn.needsCode()) this.#awaitFactor(userId, 'code');
      else await this.#letIn(userId);
    } catch (error) {
      // There is none yet, and the server lets nobody in without.
      if (toAppError(error).code === 'AUTH_MFA_NEEDED') this.#awaitFactor(userId, 'set-up');
      else {
        await signIn.signOut();
        throw error;
      }
    }
  }

  #awaitFactor(userId: string, step: 'code' | 'set-up'): void {
    this.#half = userId;
    this.profiles.auth$.next({ state: 'second-factor', step });
  }

  async #letIn(userId: string): Promise<void> {
    this.#half = null;
    await this.profiles.enter(userId, await this.#askSession(userId));
    void this.#standing?.check();
  }

  /** @throws AppError AUTH_TOKEN_INVALID when the server takes us for somebody else */
  async #askSession(userId: string): Promise<SessionReply> {
    const { api, device } = this.#ready();
    const { deviceName, deviceKind } = this.#config;
    const session = await api.session({ id: device.id, name: deviceName, kind: deviceKind });
    if (session.user.id !== userId) throw new AppError('AUTH_TOKEN_INVALID');
    return session;
  }

  async #endSession(because: Code): Promise<void> {
    const profile = this.profiles.profile$.value;
    // Why it is refused may ask for more than a sign-out; then nobody is in when this returns.
    if (because === 'DEVICE_REFUSED' || because === 'AUTH_NO_ACCESS') await this.#standing?.check();
    // What they did before their right ended is theirs to hand in: nobody could do it later.
    if (because === 'AUTH_NO_ACCESS') await this.#handOver();
    try {
      await this.#inTurn(async () => {
        if (profile && this.profiles.profile$.value === profile) await this.#signOut(because);
      });
    } catch (error) {
      this.#log.error('session not ended', { code: toAppError(error).code });
    }
  }

  /** What waits goes to the server first, where it is kept for a decision; but not for long. */
  async #handOver(): Promise<void> {
    const replication = this.profiles.profile$.value?.replication;
    if (!replication || replication.status.waiting === 0) return;
    replication.syncNow();
    const isOver = replication.status$.pipe(
      filter(({ waiting }) => waiting === 0),
      take(1),
    );
    await firstValueFrom(merge(isOver, timer(HAND_OVER_WITHIN_MS)));
  }

  /** The machine was lost: nothing of anybody stays on it. */
  async #wipeAll(): Promise<void> {
    await this.#handOver();
    await this.#inTurn(async () => {
      await this.#signOut('DEVICE_WIPED');
      let failed: unknown = null;
      for (const userId of this.profiles.onDisk()) {
        await this.profiles.wipe(userId).catch((error: unknown) => (failed = error));
      }
      if (failed !== null) throw toAppError(failed);
    });
  }

  /** People have left: their profiles go, but for one in which changes wait that nobody else has. */
  async #removeLeft(userIds: readonly string[]): Promise<void> {
    const isIn = (userId: string): boolean => this.profiles.profile$.value?.userId === userId;
    if (userIds.some(isIn)) await this.#handOver();
    await this.#inTurn(async () => {
      for (const userId of userIds) {
        if (this.profiles.isHere(userId)) await this.#signOut('AUTH_ACCOUNT_CLOSED');
        if (this.profiles.hasUnsent(userId))
          this.#log.warn('profile of who has left stays: unsent');
        else await this.profiles.wipe(userId);
      }
    });
  }

  async #signOut(because: Code | null): Promise<void> {
    if (this.#reads) await lastWord(this.#reads);
    await this.profiles.leave();
    this.profiles.forgetLast();
    await this.#ready().signIn.signOut();
    this.#signedOut(because);
  }

  #signedOut(because: Code | null): void {
    this.#half = null;
    this.profiles.auth$.next({ state: 'signed-out', because });
  }
}
