import { FILE_LIMITS } from '#shared/protocol/files.ts';

const SMALLEST = 64 * 1024;
const FIRST = 512 * 1024;

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
      bytes = Math.min(FILE_LIMITS.partBytes, bytes * 2);
    },
    broke(): void {
      bytes = Math.max(SMALLEST, bytes / 2);
    },
  };
}
