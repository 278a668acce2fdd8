import { z } from 'zod';
import { CODES } from '#shared/errors/codes.ts';
import type { Code } from '#shared/errors/codes.ts';
import { GrantView } from './grants.ts';
import { ParkedChange, SyncStatus } from './sync-status.ts';

/** Who is signed in on this device, as the screen may know it. */
export const SignedIn = z.object({
  userId: z.string(),
  displayName: z.string(),
  email: z.string(),
  deviceId: z.string(),
  grants: z.array(GrantView),
});
export type SignedIn = z.infer<typeof SignedIn>;

export const AuthState = z.discriminatedUnion('state', [
  z.object({ state: z.literal('starting') }),
  z.object({
    state: z.literal('signed-out'),
    /** Why, when it was not the person's own wish. */
    because: z.enum(Object.keys(CODES) as [Code, ...Code[]]).nullable(),
  }),
  z.object({ state: z.literal('signed-in'), who: SignedIn }),
]);
export type AuthState = z.infer<typeof AuthState>;

/** Calls from a window to the store process: the one place where each is named. */
export const STORE_CALLS = {
  'auth.signInWithPassword': {
    in: z.strictObject({ email: z.string().min(3).max(254), password: z.string().min(1).max(200) }),
    out: z.null(),
  },
  /** Opens the system browser; resolves when the person has come back. */
  'auth.signInWithGoogle': { in: z.strictObject({}), out: z.null() },
  'auth.cancelGoogle': { in: z.strictObject({}), out: z.null() },
  'auth.signOut': { in: z.strictObject({}), out: z.null() },
  'sync.now': { in: z.strictObject({}), out: z.null() },
  'sync.parked': { in: z.strictObject({}), out: z.array(ParkedChange) },
  /** Gives a refused change up and takes the server's state of the row. */
  'sync.discard': {
    in: z.strictObject({ table: z.string().max(63), id: z.string().max(36) }),
    out: z.null(),
  },
} as const satisfies Record<string, { in: z.ZodType; out: z.ZodType }>;

export type StoreCall = keyof typeof STORE_CALLS;
export type StoreCallIn<C extends StoreCall> = z.input<(typeof STORE_CALLS)[C]['in']>;
export type StoreCallOut<C extends StoreCall> = z.output<(typeof STORE_CALLS)[C]['out']>;

/** States that a window can watch, beside the views of `views.ts`. */
export const STORE_TOPICS = {
  'auth.state': { arg: z.object({}), out: AuthState },
  'sync.status': { arg: z.object({}), out: SyncStatus },
} as const satisfies Record<string, { arg: z.ZodType; out: z.ZodType }>;

export type StoreTopic = keyof typeof STORE_TOPICS;
export type TopicOut<T extends StoreTopic> = z.output<(typeof STORE_TOPICS)[T]['out']>;
