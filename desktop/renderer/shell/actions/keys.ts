import type { HotkeyItem } from '@mantine/hooks';

/** Keys as the registry writes them: `mod+K`, `alt+shift+1`, `/`, `F1`. `mod` is Ctrl, on a Mac ⌘. */
export type Keys = string;

const NAMES: Readonly<Record<string, string>> = {
  mod: 'Ctrl',
  alt: 'Alt',
  shift: 'Shift',
  Escape: 'Esc',
};
const MAC_NAMES: Readonly<Record<string, string>> = { mod: '⌘', alt: '⌥', shift: '⇧' };

/** The names that stand on the keys, one after the other. */
export function keyNames(keys: Keys, isMac: boolean): readonly string[] {
  return keys.split('+').map((key) => (isMac ? MAC_NAMES[key] : undefined) ?? NAMES[key] ?? key);
}

/** As in menus: `Ctrl K`. */
export const keyWords = (keys: Keys, isMac: boolean): string => keyNames(keys, isMac).join(' ');

/**
 * For the listener of the keyboard. With Alt the place of the key counts and not what it would write:
 * on a Mac Alt+R writes ®, and with Shift a digit writes a sign.
 */
export function hotkey(keys: Keys, run: (event: KeyboardEvent) => void): HotkeyItem {
  const parts = keys.split('+');
  if (!parts.includes('alt')) return [keys, run];
  const physical = parts.map((part) => (/^\d$/.test(part) ? `digit${part}` : part)).join('+');
  return [physical, run, { usePhysicalKeys: true }];
}

/** The key of the nth place of the rail: Alt+1 … Alt+9, Alt+0, then the same with Shift. */
export function placeKey(index: number): Keys {
  return `${index < 10 ? 'alt' : 'alt+shift'}+${(index + 1) % 10}`;
}

/** True on a Mac, where keys have other names. */
export const isMac = (): boolean => /mac/i.test(navigator.userAgent);
