/** What a folder of the store holds. */
export interface StoredEntry {
  readonly name: string;
  readonly isFolder: boolean;
  /** Milliseconds since the Unix epoch; null where the store does not say (folders). */
  readonly changedAt: number | null;
}

/**
 * Where the bytes of files lie: named objects, written whole or not at all. A key is a path of
 * `[a-z0-9-]` names; nothing in it says anything about a person.
 *
 * Whatever does not work for now (a disk that is full, a store that is not reached) is an AppError
 * with `retry`: FILES_NO_ROOM, SERVER_BUSY.
 */
export interface FileStore {
  /**
   * Writes an object of `size` bytes in place of one that is there. It comes into being only when
   * the source has ended with exactly that many bytes; a source that throws leaves what was before.
   * @throws what the source throws; RangeError for another number of bytes
   */
  put(key: string, size: number, source: AsyncIterable<Uint8Array>): Promise<void>;
  /** Bytes of an object, or null when there is none. */
  size(key: string): Promise<number | null>;
  /** Streams bytes of an object; how fast it is read decides how fast the store is. @throws AppError NOT_FOUND */
  read(key: string, from: number, length: number): AsyncIterable<Uint8Array>;
  /** Removes objects; one that is not there is no error. */
  remove(keys: readonly string[]): Promise<void>;
  /** What lies directly below a folder, in no order. One that is not there is empty. */
  list(folder: string): AsyncIterable<StoredEntry>;
}

/** Key of the bytes with this content. */
export const blobKey = (sha256: string): string => `files/${sha256.slice(0, 2)}/${sha256}`;

/** Folder of the parts of one upload. */
export const partsFolder = (fileId: string): string => `parts/${fileId}`;

/** Key of one part: its place and length stand in it, so that different parts never share one. */
export const partKey = (fileId: string, at: number, length: number): string =>
  `${partsFolder(fileId)}/${at}-${length}`;

/** Counts what goes through and ends with an error when it was not `size` bytes. */
export async function* exactly(
  size: number,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let seen = 0;
  for await (const chunk of source) {
    seen += chunk.byteLength;
    if (seen > size) break;
    yield chunk;
  }
  if (seen !== size) throw new RangeError('an object of another size');
}
