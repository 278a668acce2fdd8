import { z } from 'zod';
import { LARGEST_FILE } from '#shared/schema/file-types.ts';

/** SHA-256 of a part, lower-case hex, beside its bytes. */
export const PART_HASH_HEADER = 'x-ganger-part-sha256';

export const FILE_LIMITS = {
  /** Bytes of one part at most; a device on a bad line sends smaller ones. */
  partBytes: 4 * 1024 * 1024,
  /** And at least, but for the last one. */
  leastPartBytes: 16 * 1024,
  /** Bytes of one answer to a fetch at most. */
  fetchBytes: 4 * 1024 * 1024,
} as const;

const Id = z.guid().toLowerCase();
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Names a file by its row: where an upload of it stands, or that all of it has been sent. */
export const FileRequest = z.strictObject({ file: Id });
export type FileRequest = z.infer<typeof FileRequest>;

/**
 * What the server has of a file. The next part starts at `received`; a part that starts elsewhere
 * changes nothing and is answered with this. Once `isComplete`, the bytes were checked as a whole.
 */
export const FileState = z.object({
  file: Id,
  /** Bytes that have arrived, from the start without a gap. */
  received: z.int().min(0).max(LARGEST_FILE),
  size: z.int().min(1),
  isComplete: z.boolean(),
});
export type FileState = z.infer<typeof FileState>;

/** Query of a part that is sent; the body holds its bytes, a header their hash. */
export const PartQuery = z.strictObject({ file: Id, at: z.coerce.number().int().min(0) });
export const PartHash = Sha256;

/** Query of a fetch; which bytes says the header `range: bytes=<first>-<last>`. */
export const FetchQuery = z.strictObject({ file: Id });

/** Paths of the bytes of files. */
export const FILE_PATHS = {
  /** Where does the upload of a file stand? */
  state: '/v1/files/state',
  /** One part, as `application/octet-stream`. */
  part: '/v1/files/part',
  /** All parts were sent: check the whole. */
  complete: '/v1/files/complete',
  /** Bytes of a file, answered with 206. */
  bytes: '/v1/files/bytes',
} as const;
