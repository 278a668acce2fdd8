import { z } from 'zod';

/** Rows that one call may name; a longer list goes in several. */
export const LEAVING_AT_ONCE = 5_000;

/** Calls about what leaves the app. What a window only shows, the store notes down by itself. */
export const READS_CALLS = {
  /**
   * Rows are about to leave the app. Which of them are about people the store knows by what it gave to
   * the window. Only when this is answered may they leave.
   */
  'reads.leave': {
    in: z.strictObject({
      action: z.enum(['export', 'print', 'reveal']),
      ids: z.array(z.string().max(80)).min(1).max(LEAVING_AT_ONCE),
    }),
    out: z.null(),
  },
} as const satisfies Record<string, { in: z.ZodType; out: z.ZodType }>;
