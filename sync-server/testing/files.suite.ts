import { createHash, randomBytes } from 'node:crypto';
import { ErrorReply } from '#shared/protocol/messages.ts';
import { FILE_PATHS, FileState, PART_HASH_HEADER } from '#shared/protocol/files.ts';
import type { Row } from '#shared/schema/define.ts';
import type { RunningServer } from '../server.ts';
import type { Client } from './rig.suite.ts';
import { record } from './rows.suite.ts';

export const sha256 = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

/** Bytes that look like a PDF, and that nobody else has. */
export function pdf(size: number): Buffer {
  return Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(size - 9)]);
}

export function fileRow(
  author: Client,
  owner: { table: string; id: string | null },
  bytes: Uint8Array,
  over: Record<string, unknown> = {},
): Row {
  return record('file_uploads', author, {
    sha256: sha256(bytes),
    size_bytes: bytes.byteLength,
    mime: 'application/pdf',
    owner_table: owner.table,
    owner_id: owner.id,
    phi_class: 'P0',
    uploaded_by: author.userId,
    encryption_key_id: 'device:test',
    scan_status: 'pending',
    upload_state: 'local',
    ...over,
  });
}

/** What the server answers: the state of an upload, or the code of its refusal. */
export type Answer = FileState | string;

/** The routes of files as a device calls them; each call may go to another server. */
export function fileClient(client: Client, server: RunningServer) {
  const answerOf = async (response: Response): Promise<Answer> => {
    const body: unknown = await response.json();
    return response.ok ? FileState.parse(body) : ErrorReply.parse(body).error.code;
  };
  const post = async (path: string, file: string, at = server): Promise<Answer> =>
    answerOf(
      await fetch(at.url + path, {
        method: 'POST',
        headers: { ...client.headers(), 'content-type': 'application/json' },
        body: JSON.stringify({ file }),
      }),
    );
  const part = async (
    file: string,
    at: number,
    bytes: Uint8Array,
    { hash = sha256(bytes), to = server } = {},
  ): Promise<Answer> =>
    answerOf(
      await fetch(`${to.url}${FILE_PATHS.part}?file=${file}&at=${at}`, {
        method: 'POST',
        headers: {
          ...client.headers(),
          'content-type': 'application/octet-stream',
          [PART_HASH_HEADER]: hash,
        },
        body: new Uint8Array(bytes),
      }),
    );
  const state = (file: string, at?: RunningServer) => post(FILE_PATHS.state, file, at);
  const complete = (file: string, at?: RunningServer) => post(FILE_PATHS.complete, file, at);
  return {
    state,
    part,
    complete,
    /** Sends all that is missing and says that it is whole; stops at the first refusal. */
    async send(file: string, bytes: Buffer, size = 40_000): Promise<Answer> {
      let now = await state(file);
      while (typeof now !== 'string' && !now.isComplete && now.received < bytes.length) {
        now = await part(file, now.received, bytes.subarray(now.received, now.received + size));
      }
      return typeof now === 'string' || now.isComplete ? now : complete(file);
    },
    /** All bytes, range by range, or the code of the refusal. */
    async fetch(file: string, range?: string): Promise<Buffer | string> {
      const chunks: Buffer[] = [];
      for (let first = 0; ;) {
        const response = await fetch(`${server.url}${FILE_PATHS.bytes}?file=${file}`, {
          headers: { ...client.headers(), range: range ?? `bytes=${first}-` },
        });
        if (response.status !== 206) return ErrorReply.parse(await response.json()).error.code;
        const chunk = Buffer.from(await response.arrayBuffer());
        chunks.push(chunk);
        first += chunk.length;
        const [, total] = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '') ?? [];
        if (range !== undefined || first >= Number(total)) return Buffer.concat(chunks);
      }
    },
  };
}
