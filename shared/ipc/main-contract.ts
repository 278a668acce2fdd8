import { z } from 'zod';

/** Channels from a window to the main process: the one place where each is named. */
export const MAIN_CALLS = {
  /** Asks for a fresh pair of ports to the store process; they arrive as a message. */
  'store.ports': { in: z.strictObject({}), out: z.null() },
  'app.info': {
    in: z.strictObject({}),
    out: z.object({
      version: z.string(),
      platform: z.string(),
      kiosk: z.boolean(),
      language: z.string(),
      /** Which of the windows of this device it is, from 1. */
      window: z.int(),
    }),
  },
  /** Opens one more window, unless there are enough; each has an address and forms of its own. */
  'window.open': { in: z.strictObject({}), out: z.object({ opened: z.boolean() }) },
  /** A link that was opened outside, for a window with somebody signed in; null when there is none. */
  'link.take': {
    in: z.strictObject({}),
    // Null for one that is no link of ours.
    out: z.object({ address: z.string().nullable() }).nullable(),
  },
  /** True while a link waits for somebody to sign in. */
  'link.waits': { in: z.strictObject({}), out: z.boolean() },
  /** Puts the link of an address into the clipboard. False for an address that no link can name. */
  'link.copy': { in: z.strictObject({ address: z.string().max(2_000) }), out: z.boolean() },
  /** What this machine does beside its windows. */
  'desk.settings': {
    in: z.strictObject({
      /** Of the window: the words beside the clock are in it. */
      language: z.string().max(10).optional(),
      notifies: z.boolean().optional(),
    }),
    out: z.object({ notifies: z.boolean() }),
  },
  /** Takes away the way back: the person before went there. */
  'window.forgetHistory': { in: z.strictObject({}), out: z.null() },
} as const satisfies Record<string, { in: z.ZodType; out: z.ZodType }>;

export type MainCall = keyof typeof MAIN_CALLS;

/** Answer of every channel: never silence, never a raw exception. */
export const MainReply = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), code: z.string() }),
]);

/** What the preload puts into the page as `window.ganger`. */
export interface GangerBridge {
  call(name: MainCall, arg: unknown): Promise<unknown>;
}
