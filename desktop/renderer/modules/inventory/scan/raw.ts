/** The bytes of a scan as base64, as `unmatched_scans` keeps them (at most 1,000 characters). */
export function rawOf(text: string): string {
  const bytes = new TextEncoder().encode(text).slice(0, MOST_BYTES);
  return btoa(String.fromCodePoint(...bytes));
}
const MOST_BYTES = 750;

/** The text of kept bytes; what is no base64 is shown as it is. */
export function textOfRaw(raw: string): string {
  try {
    const bytes = Uint8Array.from(atob(raw), (character) => character.codePointAt(0) ?? 0);
    return new TextDecoder().decode(bytes);
  } catch {
    return raw;
  }
}

/** A scan for reading: the separator, which cannot be seen, is shown as a line. */
export const readableScan = (text: string): string => text.replaceAll('\u001D', '|');
