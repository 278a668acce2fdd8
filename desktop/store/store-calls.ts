import { combineLatest, distinctUntilChanged, map, of, switchMap } from 'rxjs';
import type { Observable } from 'rxjs';
import { AppError } from '#shared/errors/app-error.ts';
import { ADMIN_CALL_NAMES } from '#shared/ipc/administration.ts';
import type { StoreTopic } from '#shared/ipc/store-contract.ts';
import type { DeskStatus } from '#shared/ipc/store-host.ts';
import type { SyncStatus } from '#shared/ipc/sync-status.ts';
import { sameContent } from '#shared/kernel/json.ts';
import type { AdminCall, AdminIn } from '#shared/protocol/admin.ts';
import { isTableName } from '#shared/schema/tables.ts';
import type { CallHandlers, WatchHandlers } from './ports/call-port.ts';
import type { SeatReads } from './reads/read-trail.ts';
import { shownFile } from './reads/shown-file.ts';
import { statusWithFiles } from './status-with-files.ts';
import type { Store } from './store.ts';
import type { WindowSeat } from './window-screens.ts';

const PAUSED: SyncStatus = {
  state: 'paused',
  online: false,
  waiting: 0,
  needsYou: 0,
  lastSyncedAt: null,
  firstSync: null,
  problem: null,
};

/** What windows may ask of the store, by the contract. */
export function callHandlers(store: Store, seat: WindowSeat, reads: () => SeatReads): CallHandlers {
  const done = async (work: Promise<void>): Promise<null> => {
    await work;
    return null;
  };
  const files = () => store.profiles.signedIn().profile.files;
  return {
    'auth.signInWithPassword': ({ email, password }) => store.signInWithPassword(email, password),
    'auth.signInWithGoogle': () => store.signInWithGoogle(),
    'auth.cancelGoogle': () => {
      store.cancelGoogle();
      return Promise.resolve(null);
    },
    'auth.factor': async () => ({ isSet: await store.hasFactor() }),
    'auth.beginFactor': () => store.beginFactor(),
    'auth.confirmFactor': ({ code }) => store.confirmFactor(code),
    'auth.signOut': () => store.signOut(),
    'sync.now': () => {
      store.profiles.signedIn().profile.replication.syncNow();
      return Promise.resolve(null);
    },
    'sync.details': () => {
      const { replication } = store.profiles.signedIn().profile;
      const { lastContactAt } = replication;
      return Promise.resolve({ lastContactAt, tables: [...replication.tables()] });
    },
    'sync.waiting': ({ limit }) => store.profiles.signedIn().profile.replication.waiting(limit),
    'sync.parked': () =>
      Promise.resolve([
        ...store.profiles.signedIn().profile.replication.parked(),
        ...files().refused(),
      ]),
    'sync.discard': ({ table, id }) => {
      if (!isTableName(table)) throw new AppError('NOT_FOUND');
      if (table === 'file_uploads' && files().abandon(id)) return Promise.resolve(null);
      return done(store.profiles.signedIn().profile.replication.discard(table, id));
    },
    'presence.show': ({ screens }) => {
      seat.show(screens);
      return Promise.resolve(null);
    },
    'screen.recall': ({ name }) => {
      const { kv } = store.profiles.signedIn().profile.file.database;
      return Promise.resolve({ value: kv.get(`screen.${name}`) ?? null });
    },
    'screen.remember': ({ name, value }) => {
      store.profiles.signedIn().profile.file.database.kv.set(`screen.${name}`, value);
      return Promise.resolve(null);
    },
    'sync.retry': ({ table, id }) => {
      if (!isTableName(table)) throw new AppError('NOT_FOUND');
      store.profiles.signedIn().profile.replication.retry(table, id);
      return done(Promise.resolve());
    },
    'keys.status': async () => {
      const status = await store.profiles.signedIn().door.keys.status();
      if (!status) throw new AppError('STORE_KEY_MISSING');
      const { hasPin, hasRecovery, keychain, since } = status;
      return { hasPin, hasRecovery, keychain, since };
    },
    'keys.setPin': ({ current, pin }) =>
      store.profiles.changeKeys((keys) => keys.setPin(current, pin)),
    'keys.removePin': ({ current }) => store.profiles.changeKeys((keys) => keys.removePin(current)),
    'keys.lock': () => store.profiles.lock(),
    'keys.unlock': ({ pin }) => store.unlock(pin),
    'witness.able': ({ userIds }) =>
      Promise.resolve({ userIds: store.profiles.signedIn().profile.witnesses.able(userIds) }),
    'witness.confirm': ({ userId, pin }) =>
      done(store.profiles.signedIn().profile.witnesses.confirm(userId, pin)),
    'keys.rotate': () => store.profiles.rotate(),
    'keys.recoveryRequest': () =>
      Promise.resolve({ text: store.profiles.closedDoor().keys.recoveryRequest() }),
    'keys.recover': ({ answer }) => store.profiles.ways.recover(answer),
    'profile.retry': () => store.profiles.ways.retry(),
    'profile.reload': () => store.profiles.ways.reload(),
    'profile.rollBack': () => store.profiles.ways.rollBack(),
    'profile.backup': async ({ passphrase }) => ({
      saved: await store.profiles.backup(passphrase),
    }),
    'profile.restore': async ({ passphrase }) => ({
      restored: await store.profiles.restore(passphrase),
    }),
    'profile.wipe': () => store.wipe(),
    'files.begin': async () => ({ adding: await files().begin() }),
    'files.write': ({ adding, bytes }) => done(files().write(adding, bytes)),
    'files.attach': async ({ adding, ...to }) => ({ fileId: await files().attach(adding, to) }),
    'files.giveUp': ({ adding }) => done(files().giveUp(adding)),
    'files.here': ({ fileIds }) =>
      Promise.resolve({ fileIds: fileIds.filter((id) => files().isHere(id)) }),
    'files.fetch': ({ fileId }) => done(files().fetch(fileId)),
    'files.read': async ({ fileId, from, length }) => {
      const bytes = new Uint8Array(await files().read(fileId, from, length));
      noteFile(store, reads(), fileId, null);
      return { bytes };
    },
    'files.save': async ({ fileId }) => {
      const saved = await files().saveCopy(fileId, async (ending) => {
        const out = await store.profiles.askCopyPath(ending);
        // Before it is written: what cannot be noted does not leave.
        if (out !== null) noteFile(store, reads(), fileId, 'export');
        return out;
      });
      return { saved };
    },
    'reads.leave': ({ action, ids }) => {
      reads().leave(store.profiles.signedIn().profile.userId, action, ids);
      return Promise.resolve(null);
    },
    'files.retry': async ({ fileId }) => {
      files().retry(fileId);
      return null;
    },
    'device.facts': () => Promise.resolve(store.deviceFacts()),
    ...adminHandlers(store),
  };
}

/** Notes down that somebody gets the bytes of a file about a patient. @throws AppError where it leaves */
function noteFile(store: Store, reads: SeatReads, fileId: string, leaves: 'export' | null): void {
  const { userId, file } = store.profiles.signedIn().profile;
  const shown = shownFile(file.database, fileId);
  if (!shown) return;
  reads.asked(userId, 'files', shown);
  if (leaves) reads.leave(userId, leaves, [fileId]);
}

/** Each goes to the server as it is; the answer is that of the same name. */
function adminHandlers(store: Store): Pick<CallHandlers, AdminCall> {
  const entries = ADMIN_CALL_NAMES.map((name) => [
    name,
    (asked: AdminIn<AdminCall>) => store.askAdmin(name, asked),
  ]);
  return Object.fromEntries(entries) as Pick<CallHandlers, AdminCall>;
}

/** Where the data of whoever is signed in stands, files included. */
export function syncStatusOf(store: Store): Observable<SyncStatus> {
  // Waiting changes that are not beside the database too are less safe than the screen says.
  return store.profiles.profile$.pipe(
    switchMap((profile) =>
      profile
        ? combineLatest([
            combineLatest([profile.status$, profile.files.transfers$]).pipe(
              map(([status, transfers]) =>
                statusWithFiles(status, transfers, profile.files.refused().length),
              ),
            ),
            store.profiles.trouble$,
          ])
        : of([PAUSED, null] as const),
    ),
    map(([status, trouble]) =>
      trouble === null ? status : { ...status, state: 'failed' as const, problem: trouble },
    ),
  );
}

/** The same for the mark beside the clock. */
export function deskStatusOf(store: Store): Observable<DeskStatus> {
  return combineLatest([syncStatusOf(store), store.profiles.profile$]).pipe(
    map(([{ state, waiting, needsYou, firstSync }, profile]): DeskStatus => ({
      isSignedIn: profile !== null,
      state,
      waiting,
      needsYou,
      isFirstSync: firstSync !== null,
    })),
    distinctUntilChanged<DeskStatus>(sameContent),
  );
}

/** What windows may watch. */
export function watchHandlers(store: Store, reads: () => SeatReads): WatchHandlers {
  const topics: Readonly<Record<StoreTopic, Observable<unknown>>> = {
    'auth.state': store.profiles.auth$,
    'sync.status': syncStatusOf(store),
    'presence.others': store.profiles.profile$.pipe(
      switchMap((profile) => (profile ? profile.replication.presence.others$ : of([]))),
    ),
    'store.work': store.profiles.work$,
    'files.transfers': store.profiles.profile$.pipe(
      switchMap((profile) => profile?.files.transfers$ ?? of([])),
    ),
  };
  return {
    topic(name, next) {
      const subscription = topics[name].subscribe(next);
      return () => subscription.unsubscribe();
    },
    view(name, arg, next, fail) {
      let stop: (() => void) | null = null;
      /** Whose screen asked: the next person asks for themselves. */
      let asker: string | null = null;
      const subscription = store.profiles.profile$.subscribe((profile) => {
        stop?.();
        stop = null;
        if (!profile || profile.userId !== (asker ??= profile.userId)) return;
        const watch = {};
        const end = profile.reader.watch(name, arg, {
          next(json, isPatch, shown) {
            // First it is noted, then it goes out: a kill in between cannot lose it.
            if (shown.length > 0) reads().watched(watch, profile.userId, name, shown);
            next(json, isPatch);
          },
          fail,
        });
        stop = () => {
          end();
          reads().unwatched(watch);
        };
      });
      return () => {
        subscription.unsubscribe();
        stop?.();
      };
    },
  };
}
