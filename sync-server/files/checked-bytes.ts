import { createHash } from 'node:crypto';
import { AppError } from '#shared/errors/app-error.ts';
import { SNIFF_BYTES, sniffType } from '#shared/schema/file-types.ts';

/** What the bytes of a file must turn out to be. */
export interface Promised {
  readonly sha256: string;
  readonly size: number;
  readonly mime: string;
}

/**
 * Lets bytes through and ends well only when they are what was promised. What was let through before
 * is worth nothing without that end.
 * @throws AppError FILE_HASH_WRONG, FILE_TYPE_REFUSED
 */
export async function* checkedBytes(
  source: AsyncIterable<Uint8Array>,
  promised: Promised,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let head = new Uint8Array(0);
  let size = 0;
  for await (const chunk of source) {
    if (head.byteLength < SNIFF_BYTES) {
      head = Buffer.concat([head, chunk.subarray(0, SNIFF_BYTES - head.byteLength)]);
    }
    size += chunk.byteLength;
    hash.update(chunk);
    yield chunk;
  }
  if (size !== promised.size || hash.digest('hex') !== promised.sha256) {
    throw new AppError('FILE_HASH_WRONG');
  }
  // After the hash: what somebody's line has garbled is no lie about the type.
  if (sniffType(head) !== promised.mime) throw new AppError('FILE_TYPE_REFUSED');
}

/** Reads a source to its end, for its errors alone. */
export async function drain(source: AsyncIterable<unknown>): Promise<void> {
  const iterator = source[Symbol.asyncIterator]();
  while ((await iterator.next()).done !== true);
}
