/** Deeper than anything that the storage takes. */
const MAX_DEPTH = 600;

/**
 * About how many bytes a value takes on a port, without building its text. Stops counting as soon as
 * `limit` is passed; infinite for what is nested too deeply.
 */
export function sizeOf(value: unknown, limit: number): number {
  let bytes = 0;
  const walk = (part: unknown, depth: number): void => {
    if (bytes > limit) return;
    if (depth > MAX_DEPTH) {
      bytes = Infinity;
    } else if (typeof part === 'string') {
      bytes += part.length + 2;
    } else if (Array.isArray(part)) {
      bytes += 2;
      for (const item of part) {
        walk(item, depth + 1);
        if (bytes > limit) return;
      }
    } else if (ArrayBuffer.isView(part)) {
      bytes += part.byteLength;
    } else if (part !== null && typeof part === 'object') {
      bytes += 2;
      for (const [key, item] of Object.entries(part)) {
        bytes += key.length + 3;
        walk(item, depth + 1);
        if (bytes > limit) return;
      }
    } else {
      bytes += 8;
    }
  };
  walk(value, 0);
  return bytes;
}
