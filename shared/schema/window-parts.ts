/** Names of parts of a table that follow a window: `<window>:<site>`, `<window>:*` for all sites. */
const WINDOW_PART = /^(day|care):/;

export const isWindowPart = (part: string): boolean => WINDOW_PART.test(part);
