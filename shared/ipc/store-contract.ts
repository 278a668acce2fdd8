import { z } from 'zod';
import { CODES } from '#shared/errors/codes.ts';
import type { Code } from '#shared/errors/codes.ts';
import { ADMINISTRATION_CALLS } from './administration.ts';
import { FILE_CALLS, FileTransfer } from './files.ts';
import { GrantView } from './grants.ts';
import { OthersThere, WindowScreens } from './presence.ts';
import { READS_CALLS } from './reads.ts';
import { ParkedChange, SyncDetails, SyncStatus, WaitingChange } from './sync-status.ts';

/** Who is signed in on this device, as the screen may know it. */
export const SignedIn = z.object({
  userId: z.string(),
  displayName: z.string(),
  email: z.string(),
  deviceId: z.string(),
  grants: z.array(GrantView),
  /** Changes not sent yet that came back from beside a lost or damaged file when it was opened. */
  broughtBack: z.int(),
});
export type SignedIn = z.infer<typeof SignedIn>;

const AnyCode = z.enum(Object.keys(CODES) as [Code, ...Code[]]);
const Person = z.object({ userId: z.string(), displayName: z.string() });

/** What a person can do about a profile that does not open. */
export const WayBack = z.enum(['retry', 'reload', 'recover', 'restore', 'rollBack']);
export type WayBack = z.infer<typeof WayBack>;

export const AuthState = z.discriminatedUnion('state', [
  z.object({ state: z.literal('starting') }),
  z.object({
    state: z.literal('signed-out'),
    /** Why, when it was not the person's own wish. */
    because: AnyCode.nullable(),
  }),
  /**
   * Somebody has proved who they are by their password or Google, and is not in yet: the code of
   * their second factor is asked for, or they have to set one up.
   */
  z.object({ state: z.literal('second-factor'), step: z.enum(['code', 'set-up']) }),
  /** Their profile is closed, and opens with their PIN. */
  z.object({
    state: z.literal('locked'),
    person: Person,
    /** No PIN is looked at before this time; null: at once. */
    waitUntil: z.number().nullable(),
    /** Wrong PINs that are left before only the recovery copy opens the profile. */
    triesLeft: z.number(),
    hasRecovery: z.boolean(),
  }),
  /** Their profile does not open. Nothing of it has been deleted. */
  z.object({
    state: z.literal('stuck'),
    person: Person,
    problem: AnyCode,
    /** Changes that the server does not have and that are safe beside the file; null: not known. */
    savedChanges: z.number().nullable(),
    ways: z.array(WayBack),
  }),
  z.object({ state: z.literal('signed-in'), who: SignedIn }),
]);
export type AuthState = z.infer<typeof AuthState>;

/** Something that the store does with a whole file: `done` of `total`, in a unit of its own. */
export const StoreWork = z.object({
  kind: z.enum(['check', 'upgrade', 'rotate', 'backup', 'restore', 'reapply']),
  done: z.number(),
  total: z.number(),
});
export type StoreWork = z.infer<typeof StoreWork>;

const Pin = z.string().min(1).max(64);
const Passphrase = z.string().min(1).max(1000);

/** How the key of the open profile is kept. */
export const KeyStatus = z.object({
  hasPin: z.boolean(),
  hasRecovery: z.boolean(),
  /** What keeps the keychain's part, for example `gnome_libsecret`. */
  keychain: z.string(),
  /** When the data key was made. */
  since: z.number(),
});
export type KeyStatus = z.infer<typeof KeyStatus>;

/** Name of something on a screen that a person arranges, a table for example. */
const ArrangedName = z.string().regex(/^[a-z][a-z0-9.-]{0,59}$/);

/** Calls from a window to the store process: the one place where each is named. */
export const STORE_CALLS = {
  'auth.signInWithPassword': {
    in: z.strictObject({ email: z.string().min(3).max(254), password: z.string().min(1).max(200) }),
    out: z.null(),
  },
  /** Opens the system browser; resolves when the person has come back. */
  'auth.signInWithGoogle': { in: z.strictObject({}), out: z.null() },
  'auth.cancelGoogle': { in: z.strictObject({}), out: z.null() },
  /** Whether the account of who is signed in has a second factor; only the server knows. */
  'auth.factor': { in: z.strictObject({}), out: z.object({ isSet: z.boolean() }) },
  /** Begins a second factor; it works once its first code was confirmed. */
  'auth.beginFactor': {
    in: z.strictObject({}),
    out: z.object({ uri: z.string(), secret: z.string() }),
  },
  /** Proves the second factor by the code that the authenticator app shows. */
  'auth.confirmFactor': {
    in: z.strictObject({ code: z.string().regex(/^\d{6}$/) }),
    out: z.null(),
  },
  'auth.signOut': { in: z.strictObject({}), out: z.null() },
  'sync.now': { in: z.strictObject({}), out: z.null() },
  'sync.details': { in: z.strictObject({}), out: SyncDetails },
  /** Changes that wait for the server, the oldest first. */
  'sync.waiting': {
    in: z.strictObject({ limit: z.int().min(1).max(500) }),
    out: z.array(WaitingChange),
  },
  'sync.parked': { in: z.strictObject({}), out: z.array(ParkedChange) },
  /** Gives a refused change up and takes the server's state of the row. */
  'sync.discard': {
    in: z.strictObject({ table: z.string().max(63), id: z.string().max(36) }),
    out: z.null(),
  },
  /** What this window shows now; it ends with the window. */
  'presence.show': { in: WindowScreens, out: z.null() },
  /**
   * How the person has arranged something on a screen, as they left it on this device; null when they
   * have not. It lies in their encrypted profile, since they name views in words of their own, and is
   * never sent.
   */
  'screen.recall': {
    in: z.strictObject({ name: ArrangedName }),
    out: z.object({ value: z.string().nullable() }),
  },
  'screen.remember': {
    in: z.strictObject({ name: ArrangedName, value: z.string().max(100_000) }),
    out: z.null(),
  },
  /** Sends a refused change again as it is. */
  'sync.retry': {
    in: z.strictObject({ table: z.string().max(63), id: z.string().max(36) }),
    out: z.null(),
  },
  'keys.status': { in: z.strictObject({}), out: KeyStatus },
  /** Sets or changes the PIN of the open profile; `current` is null where there is none yet. */
  'keys.setPin': { in: z.strictObject({ current: Pin.nullable(), pin: Pin }), out: z.null() },
  'keys.removePin': { in: z.strictObject({ current: Pin }), out: z.null() },
  /** Closes the open profile; it opens again with the PIN. */
  'keys.lock': { in: z.strictObject({}), out: z.null() },
  'keys.unlock': { in: z.strictObject({ pin: Pin }), out: z.null() },
  /** Which of some people have a profile with a PIN on this device, so that they can confirm what they saw. */
  'witness.able': {
    in: z.strictObject({ userIds: z.array(z.string().max(36)).max(500) }),
    out: z.object({ userIds: z.array(z.string()) }),
  },
  /** Somebody beside the one who is signed in says with their own PIN that they see it; for the next act. */
  'witness.confirm': {
    in: z.strictObject({ userId: z.string().max(36), pin: Pin }),
    out: z.null(),
  },
  /** Encrypts the open profile anew under another data key. */
  'keys.rotate': { in: z.strictObject({}), out: z.null() },
  /** What IT needs to release the recovery copy of a locked or stuck profile. */
  'keys.recoveryRequest': { in: z.strictObject({}), out: z.object({ text: z.string() }) },
  /** Opens the profile with what IT answered. A PIN that was set before is gone. */
  'keys.recover': { in: z.strictObject({ answer: z.string().max(4000) }), out: z.null() },
  /** Tries again to open a profile that did not open. */
  'profile.retry': { in: z.strictObject({}), out: z.null() },
  /** Sets the files of a profile that does not open aside and loads its rows from the server. */
  'profile.reload': { in: z.strictObject({}), out: z.null() },
  /** Puts the file from before the last update back, for the build that wrote it. */
  'profile.rollBack': { in: z.strictObject({}), out: z.null() },
  /** Writes an encrypted copy of the open profile to where the person says. */
  'profile.backup': {
    in: z.strictObject({ passphrase: Passphrase }),
    out: z.object({ saved: z.boolean() }),
  },
  /** Takes a profile out of a backup that the person chooses, in place of the present one. */
  'profile.restore': {
    in: z.strictObject({ passphrase: Passphrase }),
    out: z.object({ restored: z.boolean() }),
  },
  /** Deletes the open profile from this device for good, changes that wait included. */
  'profile.wipe': { in: z.strictObject({}), out: z.null() },
  ...FILE_CALLS,
  ...READS_CALLS,
  ...ADMINISTRATION_CALLS,
} as const satisfies Record<string, { in: z.ZodType; out: z.ZodType }>;

export type StoreCall = keyof typeof STORE_CALLS;
export type StoreCallIn<C extends StoreCall> = z.input<(typeof STORE_CALLS)[C]['in']>;
export type StoreCallOut<C extends StoreCall> = z.output<(typeof STORE_CALLS)[C]['out']>;

/** States that a window can watch, beside the views of `views.ts`. */
export const STORE_TOPICS = {
  'auth.state': { arg: z.object({}), out: AuthState },
  'sync.status': { arg: z.object({}), out: SyncStatus },
  /** Who else is on screens that windows of this device show; nobody while there is no connection. */
  'presence.others': { arg: z.object({}), out: z.array(OthersThere) },
  /** Long work over a whole file, or null. */
  'store.work': { arg: z.object({}), out: StoreWork.nullable() },
  /** Files on their way; those that are where they belong are not named. */
  'files.transfers': { arg: z.object({}), out: z.array(FileTransfer) },
} as const satisfies Record<string, { arg: z.ZodType; out: z.ZodType }>;

export type StoreTopic = keyof typeof STORE_TOPICS;
export type TopicOut<T extends StoreTopic> = z.output<(typeof STORE_TOPICS)[T]['out']>;
