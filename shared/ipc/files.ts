import { z } from 'zod';
import { CODES } from '#shared/errors/codes.ts';
import type { Code } from '#shared/errors/codes.ts';
import { FILE_OWNERS } from '#shared/schema/file-owners.ts';

/** Bytes that cross the port at once, both ways. */
export const FILE_PIECE_BYTES = 128 * 1024;

const Id = z.string().max(36);
const Adding = z.int().min(1);
const Bytes = z
  .instanceof(Uint8Array)
  .refine((bytes) => bytes.byteLength > 0 && bytes.byteLength <= FILE_PIECE_BYTES);

/** Bytes of a file on their way between this device and the server. */
export const FileTransfer = z.object({
  fileId: z.string(),
  direction: z.enum(['up', 'down']),
  done: z.number(),
  size: z.number(),
  /** held: waits for its turn or its record; offline: for the network or the server. */
  state: z.enum(['held', 'offline', 'moving', 'checking', 'refused']),
  /** Why it is refused, or what it waits for. */
  code: z.enum(Object.keys(CODES) as [Code, ...Code[]]).nullable(),
});
export type FileTransfer = z.infer<typeof FileTransfer>;

/** Calls about files. Bytes cross in pieces, never as a path. */
export const FILE_CALLS = {
  /** Begins to hand a file over to the store. */
  'files.begin': { in: z.strictObject({}), out: z.object({ adding: z.int() }) },
  /** Hands over its next bytes; the answer says that more may come. */
  'files.write': { in: z.strictObject({ adding: Adding, bytes: Bytes }), out: z.null() },
  /** All was handed over: attaches it to a record. It is saved on this device when this is answered. */
  'files.attach': {
    in: z.strictObject({
      adding: Adding,
      ownerTable: z.enum(FILE_OWNERS),
      ownerId: Id,
      caption: z.string().max(120).nullable(),
    }),
    out: z.object({ fileId: z.string() }),
  },
  /** Leaves nothing of what was handed over. */
  'files.giveUp': { in: z.strictObject({ adding: Adding }), out: z.null() },
  /** Which of these files can be read on this device without a network. */
  'files.here': {
    in: z.strictObject({ fileIds: z.array(Id).max(1000) }),
    out: z.object({ fileIds: z.array(z.string()) }),
  },
  /** Brings the bytes of a file to this device; at once when they are here. */
  'files.fetch': { in: z.strictObject({ fileId: Id }), out: z.null() },
  /** Bytes of a file that is on this device. */
  'files.read': {
    in: z.strictObject({
      fileId: Id,
      from: z.int().min(0),
      length: z.int().min(1).max(FILE_PIECE_BYTES),
    }),
    out: z.object({ bytes: z.instanceof(Uint8Array) }),
  },
  /** Writes an unencrypted copy of a file to where the person says. */
  'files.save': { in: z.strictObject({ fileId: Id }), out: z.object({ saved: z.boolean() }) },
  /** Sends a file again that was refused. */
  'files.retry': { in: z.strictObject({ fileId: Id }), out: z.null() },
} as const satisfies Record<string, { in: z.ZodType; out: z.ZodType }>;
