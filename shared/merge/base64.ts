const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUE_OF: ReadonlyMap<string, number> = new Map(
  Array.from(ALPHABET, (letter, at) => [letter, at]),
);
const WELL_FORMED =
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/;

/**
 * Base64 (RFC 4648 §4, padded). By hand, since the same code runs in a window, in the store and on
 * the server, and `Uint8Array.prototype.toBase64` is not in all of them.
 */
export function toBase64(bytes: Uint8Array): string {
  let out = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const a = bytes[at] ?? 0;
    const b = bytes[at + 1];
    const c = bytes[at + 2];
    const word = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    out += ALPHABET.charAt(word >> 18) + ALPHABET.charAt((word >> 12) & 63);
    out += b === undefined ? '=' : ALPHABET.charAt((word >> 6) & 63);
    out += c === undefined ? '=' : ALPHABET.charAt(word & 63);
  }
  return out;
}

/** @throws RangeError when the text is not base64, or not the one base64 text of its bytes */
export function fromBase64(text: string): Uint8Array {
  if (!WELL_FORMED.test(text)) throw new RangeError('not base64');
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  for (let from = 0, to = 0; from < text.length; from += 4, to += 3) {
    const word =
      (bitsAt(text, from) << 18) |
      (bitsAt(text, from + 1) << 12) |
      (bitsAt(text, from + 2) << 6) |
      bitsAt(text, from + 3);
    // A write past the end of the array is dropped: that is the padding.
    bytes[to] = word >> 16;
    bytes[to + 1] = (word >> 8) & 255;
    bytes[to + 2] = word & 255;
  }
  return bytes;
}

const bitsAt = (text: string, at: number): number => VALUE_OF.get(text.charAt(at)) ?? 0;
