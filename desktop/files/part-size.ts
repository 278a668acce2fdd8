const SMALLEST = 64 * 1024;
const FIRST = 512 * 1024;
/** Less than the server takes: a part is in memory while it goes, and some more until it is swept up. */
const LARGEST = 1024 * 1024;

/**
 * How many bytes go at once. A line that breaks halves it, down to what a bad one carries between two
 * breaks; one that holds doubles it.
 */
export function createPartSize() {
  let bytes = FIRST;
  return {
    get bytes(): number {
      return bytes;
    },
    held(): void {
      bytes = Math.min(LARGEST, bytes * 2);
    },
    broke(): void {
      bytes = Math.max(SMALLEST, bytes / 2);
    },
  };
}
