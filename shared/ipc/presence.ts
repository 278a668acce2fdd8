import { z } from 'zod';
import { PRESENCE, PersonHere, Screen, ShownScreen, screenKey } from '#shared/protocol/presence.ts';
import type { Focus } from '#shared/protocol/presence.ts';

/**
 * Who is on which screen, between windows and the store: in the words of the wire, so that the store
 * hands on what it does not have to understand.
 */
export { screenKey };
export type { Focus, PersonHere, Screen, ShownScreen };

/** What one window shows, in the place of what it showed before. */
export const WindowScreens = z.strictObject({
  screens: z.array(ShownScreen).max(PRESENCE.screens),
});

/** Everybody else on one of the screens that windows of this device show. */
export const OthersThere = z.object({
  ...Screen.shape,
  people: z.array(PersonHere),
  more: z.number(),
});
export type OthersThere = z.infer<typeof OthersThere>;
