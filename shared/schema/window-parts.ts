/** Windows over the calendar that a part of a table can follow; how wide says `shared/access`. */
export const WINDOW_NAMES = ['day', 'care'] as const;
export type WindowName = (typeof WINDOW_NAMES)[number];

/** True for parts named `<window>:<site>`, or `<window>:*` for all sites. */
export const isWindowPart = (part: string): boolean =>
  WINDOW_NAMES.some((name) => part.startsWith(`${name}:`));
