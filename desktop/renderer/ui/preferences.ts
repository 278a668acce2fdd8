/** Choices about how the window looks. Nothing about patients or stock is ever kept here. */
export type Preference = 'language' | 'site' | 'rail' | 'scanner';

const key = (name: Preference) => `ganger.${name}`;

/** A remembered choice, or null when there is none or the page may not remember. */
export function recall(name: Preference): string | null {
  try {
    return localStorage.getItem(key(name));
  } catch {
    return null;
  }
}

/** Remembers a choice; a page that may not remember goes on without. */
export function remember(name: Preference, value: string): void {
  try {
    localStorage.setItem(key(name), value);
  } catch {
    // Only a convenience is lost.
  }
}
