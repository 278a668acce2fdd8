import { z } from 'zod';

/** A rectangle of the desktop, in device-independent pixels. */
export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const Size = z.int().min(200).max(20_000);
const Place = z.int().min(-50_000).max(50_000);

/** A window as it was left. Nothing of what it showed stands here: that lies in the profile. */
export const LeftWindow = z.strictObject({
  /** Which of the windows of this device it is; each has an address and half-filled forms of its own. */
  slot: z.int().min(1).max(20),
  bounds: z.strictObject({ x: Place, y: Place, width: Size, height: Size }).nullable(),
  isMaximized: z.boolean(),
});
export type LeftWindow = z.infer<typeof LeftWindow>;

/** Most windows of one device. */
export const MOST_WINDOWS = 8;
const FIRST: LeftWindow = { slot: 1, bounds: null, isMaximized: false };
/** So much of a window has to be on a screen, or nobody could take hold of it. */
const VISIBLE = 80;

/**
 * The windows to open, as they were left.
 * @param text what was written down; whatever cannot be read is one window at its usual place
 * @param screens work areas of the screens that are there now: one may have been unplugged
 */
export function windowsToOpen(text: string | null, screens: readonly Bounds[]): LeftWindow[] {
  const left = read(text);
  const slots = new Set<number>();
  const windows = left.filter(({ slot }) => !slots.has(slot) && slots.add(slot));
  const placed = windows.slice(0, MOST_WINDOWS).map((window) => ({
    ...window,
    bounds: window.bounds && isOnScreen(window.bounds, screens) ? window.bounds : null,
  }));
  return placed.length > 0 ? placed : [FIRST];
}

function read(text: string | null): LeftWindow[] {
  if (text === null) return [];
  try {
    const parsed = z.array(LeftWindow).safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : [];
  } catch {
    return [];
  }
}

function isOnScreen(bounds: Bounds, screens: readonly Bounds[]): boolean {
  return screens.some((screen) => {
    const width =
      Math.min(bounds.x + bounds.width, screen.x + screen.width) - Math.max(bounds.x, screen.x);
    const height =
      Math.min(bounds.y + bounds.height, screen.y + screen.height) - Math.max(bounds.y, screen.y);
    return width >= VISIBLE && height >= VISIBLE;
  });
}

/** The slot of one more window: the lowest that is free, or null when there are enough. */
export function freeSlot(taken: readonly number[]): number | null {
  for (let slot = 1; slot <= MOST_WINDOWS; slot += 1) if (!taken.includes(slot)) return slot;
  return null;
}
