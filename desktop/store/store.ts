import { BehaviorSubject, Subscription, of, switchMap } from 'rxjs';
import type { Observable } from 'rxjs';
import { AppError, toAppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import type { AuthState } from '#shared/ipc/store-contract.ts';
import type { StoreConfig } from '#shared/ipc/store-host.ts';
import type { SyncStatus } from '#shared/ipc/sync-status.ts';
import { VIEWS } from '#shared/ipc/views.ts';
import type { ViewName } from '#shared/ipc/views.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { SessionReply } from '#shared/protocol/messages.ts';
import { isTableName } from '#shared/schema/tables.ts';
import { createServerApi } from '#desktop/replication/server-api.ts';
import type { ServerApi } from '#desktop/replication/server-api.ts';
import { createSignIn } from './auth/sign-in.ts';
import type { SignIn } from './auth/sign-in.ts';
import { openDevice } from './device.ts';
import type { Device } from './device.ts';
import type { Host, WindowPort } from './host.ts';
import { serveCalls } from './ports/call-port.ts';
import type { CallHandlers, Stop, WatchHandlers } from './ports/call-port.ts';
import { serveWindowStorage } from './ports/window-storage.ts';
import { openProfile } from './profile.ts';
import type { Profile } from './profile.ts';
import { watchView } from './views/live-view.ts';
import { STORE_VIEWS } from './views/registry.ts';

/** Which person's file is opened at the next start. */
const LAST_PROFILE = 'profile.last';
/** How often grants are asked for again, in milliseconds. */
const SESSION_EVERY_MS = 15 * 60_000;
const SESSION_RETRY_MS = 20_000;
const RENEW_PORTS_AFTER_MS = 20;
/** What makes a person sign in again; their data stay on the device. */
const ENDS_SESSION: ReadonlySet<Code> = new Set([
  'AUTH_SESSION_ENDED',
  'AUTH_NO_ACCESS',
  'AUTH_TOKEN_INVALID',
  'DEVICE_REFUSED',
]);

const PAUSED: SyncStatus = {
  state: 'paused',
  online: false,
  waiting: 0,
  needsYou: 0,
  lastSyncedAt: null,
  firstSync: null,
  problem: null,
};

/** Who is signed in on this device, their open profile, and what windows ask of both. */
export class Store {
  readonly #auth$ = new BehaviorSubject<AuthState>({ state: 'starting' });
  readonly #profile$ = new BehaviorSubject<Profile | null>(null);
  readonly #host: Host;
  readonly #log: Logger;
  readonly #config: StoreConfig;
  #turn: Promise<unknown> = Promise.resolve();
  #device: Device | null = null;
  #signIn: SignIn | null = null;
  #api: ServerApi | null = null;
  #sessionTimer: NodeJS.Timeout | null = null;

  constructor(host: Host, config: StoreConfig, log: Logger) {
    this.#host = host;
    this.#config = config;
    this.#log = log;
  }

  /** Opens the device's file and, when somebody was signed in, their profile; works offline. */
  async start(): Promise<void> {
    const { dataDir, nativeBinding, serverUrl, authUrl, authKey } = this.#config;
    try {
      const device = await openDevice({
        dataDir,
        nativeBinding,
        host: this.#host,
        log: this.#log,
      });
      const signIn = createSignIn({ authUrl, authKey, kv: device.kv });
      this.#device = device;
      this.#signIn = signIn;
      this.#api = createServerApi({
        baseUrl: serverUrl,
        deviceId: device.id,
        getToken: (options) => signIn.token(options),
        log: this.#log,
      });
      const last = device.kv.get(LAST_PROFILE);
      if (last) await this.#enter(last, null);
      else this.#auth$.next({ state: 'signed-out', because: null });
    } catch (error) {
      this.#fail(error);
    }
    this.#host.ready();
  }

  servePorts(windowId: number, storage: WindowPort, calls: WindowPort): void {
    serveCalls({ port: calls, calls: this.#calls(), watches: this.#watches(), log: this.#log });
    // A window may ask for its ports before anybody is signed in: its storage waits for a profile.
    const waiting = new Subscription();
    storage.onClose(() => waiting.unsubscribe());
    waiting.add(
      this.#profile$.subscribe((profile) => {
        if (!profile) return;
        queueMicrotask(() => waiting.unsubscribe());
        serveWindowStorage({
          port: storage,
          portId: `${String(windowId)}-${Date.now().toString(36)}`,
          instanceOf: profile.instanceOf,
          writer: profile.writer,
          ended$: profile.ended$,
          log: this.#log,
        });
      }),
    );
  }

  /** There is reason to believe that the network is back. */
  woke(): void {
    this.#profile$.value?.replication.online();
  }

  async stop(): Promise<void> {
    this.#signIn?.cancelGoogle();
    await this.#inTurn(() => this.#leave());
    this.#device?.close();
  }

  #calls(): CallHandlers {
    const signedIn = (): Profile => {
      const profile = this.#profile$.value;
      if (!profile) throw new AppError('STORE_NOT_OPEN');
      return profile;
    };
    return {
      'auth.signInWithPassword': ({ email, password }) => {
        // Whoever types a password waits for no browser any more.
        this.#signIn?.cancelGoogle();
        return this.#inTurn(() => this.#arrive((signIn) => signIn.withPassword(email, password)));
      },
      'auth.signInWithGoogle': () =>
        this.#inTurn(() =>
          this.#arrive((signIn) => signIn.withGoogle((url) => this.#host.openExternal(url))),
        ),
      'auth.cancelGoogle': () => {
        this.#signIn?.cancelGoogle();
        return Promise.resolve(null);
      },
      'auth.signOut': () => this.#inTurn(() => this.#signOut(null)),
      'sync.now': () => {
        signedIn().replication.syncNow();
        return Promise.resolve(null);
      },
      'sync.parked': () => Promise.resolve([...signedIn().replication.parked()]),
      'sync.discard': async ({ table, id }) => {
        if (!isTableName(table)) throw new AppError('NOT_FOUND');
        await signedIn().replication.discard(table, id);
        return null;
      },
    };
  }

  #watches(): WatchHandlers {
    return {
      topic: (name, next) => {
        const source$: Observable<unknown> =
          name === 'auth.state'
            ? this.#auth$
            : this.#profile$.pipe(switchMap((profile) => profile?.status$ ?? of(PAUSED)));
        const subscription = source$.subscribe(next);
        return () => subscription.unsubscribe();
      },
      view: (name, arg, next) => this.#watchView(name, arg, next),
    };
  }

  #watchView(name: ViewName, arg: unknown, next: (json: string) => void): Stop {
    let stop: Stop | null = null;
    const subscription = this.#profile$.subscribe((profile) => {
      stop?.();
      stop = null;
      if (!profile) return;
      stop = watchView({
        view: STORE_VIEWS[name] as (typeof STORE_VIEWS)['inventory.list'],
        arg: VIEWS[name].arg.parse(arg),
        read: profile.read,
        changes$: profile.changes$,
        next,
        onError: (error) =>
          this.#log.error('view failed', { view: name, code: toAppError(error).code }),
      });
    });
    return () => {
      subscription.unsubscribe();
      stop?.();
    };
  }

  #open(): { device: Device; signIn: SignIn; api: ServerApi } {
    if (!this.#device || !this.#signIn || !this.#api) throw new AppError('STORE_NOT_OPEN');
    return { device: this.#device, signIn: this.#signIn, api: this.#api };
  }

  /**
   * Coming and going happen one after the other: two at once would open one file twice, or let one
   * person's replication run with another's token.
   */
  async #inTurn(work: () => Promise<void>): Promise<null> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    await mine;
    return null;
  }

  /**
   * Somebody signs in: the server says who they are, then their file is opened.
   * @throws AppError CALL_NOT_ALLOWED while somebody is in: they sign out first
   */
  async #arrive(proveWho: (signIn: SignIn) => Promise<string>): Promise<void> {
    const { signIn } = this.#open();
    if (this.#profile$.value) throw new AppError('CALL_NOT_ALLOWED');
    const userId = await proveWho(signIn);
    try {
      await this.#enter(userId, await this.#askSession(userId));
    } catch (error) {
      await signIn.signOut();
      throw error;
    }
  }

  /** @throws AppError AUTH_TOKEN_INVALID when the server takes us for somebody else */
  async #askSession(userId: string): Promise<SessionReply> {
    const { api, device } = this.#open();
    const { deviceName, deviceKind } = this.#config;
    const session = await api.session({ id: device.id, name: deviceName, kind: deviceKind });
    if (session.user.id !== userId) throw new AppError('AUTH_TOKEN_INVALID');
    return session;
  }

  async #enter(userId: string, fresh: SessionReply | null): Promise<void> {
    const { device, api } = this.#open();
    await this.#leave();
    const profile = await openProfile({
      userId,
      fresh,
      config: this.#config,
      device,
      host: this.#host,
      api,
      log: this.#log,
    });
    device.kv.set(LAST_PROFILE, userId);
    this.#profile$.next(profile);
    this.#showSignedIn(profile);
    this.#refreshSessionIn(fresh ? SESSION_EVERY_MS : 0);
  }

  #showSignedIn(profile: Profile): void {
    const { user } = profile.known().session;
    this.#auth$.next({
      state: 'signed-in',
      who: {
        userId: user.id,
        displayName: user.displayName,
        email: user.email,
        deviceId: this.#open().device.id,
        grants: [...profile.writer.grants()],
      },
    });
  }

  #refreshSessionIn(ms: number): void {
    if (this.#sessionTimer) clearTimeout(this.#sessionTimer);
    this.#sessionTimer = setTimeout(() => void this.#refreshSession(), ms);
  }

  async #refreshSession(): Promise<void> {
    const profile = this.#profile$.value;
    if (!profile) return;
    const isIn = (): boolean => this.#profile$.value === profile;
    try {
      const session = await this.#askSession(profile.userId);
      if (!isIn()) return;
      profile.learn(session);
      this.#showSignedIn(profile);
      this.#refreshSessionIn(SESSION_EVERY_MS);
    } catch (error) {
      const { code } = toAppError(error);
      if (!isIn()) return;
      if (ENDS_SESSION.has(code)) {
        await this.#inTurn(async () => {
          if (isIn()) await this.#signOut(code);
        });
      } else {
        this.#refreshSessionIn(SESSION_RETRY_MS);
      }
    }
  }

  async #signOut(because: Code | null): Promise<void> {
    const { device, signIn } = this.#open();
    await this.#leave();
    device.kv.delete(LAST_PROFILE);
    await signIn.signOut();
    this.#auth$.next({ state: 'signed-out', because });
    // After the answer to whoever asked for this, which still goes over the old port.
    setTimeout(() => this.#host.renewPorts(), RENEW_PORTS_AFTER_MS);
  }

  async #leave(): Promise<void> {
    if (this.#sessionTimer) clearTimeout(this.#sessionTimer);
    const profile = this.#profile$.value;
    if (!profile) return;
    this.#profile$.next(null);
    await profile.close();
  }

  #fail(error: unknown): void {
    const { code, cause } = toAppError(error);
    this.#log.error('store could not open', {
      code,
      reason: cause instanceof Error ? cause.name : '',
    });
    this.#auth$.next({ state: 'signed-out', because: code });
  }
}
