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
  /** Opens one more window; each has an address and half-filled forms of its own. */
  'window.open': { in: z.strictObject({}), out: z.null() },
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
