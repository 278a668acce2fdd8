import { z } from 'zod';
import { AppError } from '#shared/errors/app-error.ts';
import { exactly } from './file-store.ts';
import type { FileStore, StoredEntry } from './file-store.ts';

export interface SupabaseStoreOptions {
  /** The project's storage address, for example `https://<project>.storage.supabase.co/storage/v1`. */
  readonly url: string;
  /** A secret key of the project (`sb_secret_…`, or the old service key). Never leaves the server. */
  readonly key: string;
  /** A private bucket. */
  readonly bucket: string;
  readonly fetch?: typeof globalThis.fetch;
}

/** What Supabase wants of every piece of a resumable upload but the last. */
const PIECE_BYTES = 6 * 1024 * 1024;
const LIST_PAGE = 100;
const REMOVE_AT_ONCE = 100;
const ANSWER_WITHIN_MS = 60_000;

const Refusal = z.object({ statusCode: z.string().optional(), error: z.string().optional() });
const Entry = z.object({
  name: z.string(),
  /** Null for a folder. */
  id: z.string().nullable(),
  updated_at: z.string().nullable().optional(),
});

/**
 * A store in a bucket of Supabase Storage, over its HTTP API. What fits into one piece is one request;
 * what is larger goes as a resumable upload (TUS), a piece at a time, and becomes an object with its
 * last piece.
 */
export function createSupabaseStore(options: SupabaseStoreOptions): FileStore {
  const send = options.fetch ?? globalThis.fetch;
  const base = options.url.replace(/\/+$/, '');
  const { bucket } = options;
  const keys = { authorization: `Bearer ${options.key}`, apikey: options.key };

  const ask = async (
    method: string,
    url: string,
    headers: Record<string, string>,
    body?: Uint8Array<ArrayBuffer> | string,
  ): Promise<Response> => {
    try {
      return await send(url, {
        method,
        headers: { ...keys, ...headers },
        ...(body === undefined ? {} : { body }),
        redirect: 'error',
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
    } catch (error) {
      throw new AppError('SERVER_BUSY', { reason: 'file store' }, error);
    }
  };
  const json = (method: string, path: string, body: unknown): Promise<Response> =>
    ask(method, base + path, { 'content-type': 'application/json' }, JSON.stringify(body));
  const objectUrl = (key: string): string => `${base}/object/${bucket}/${key}`;
  const readUrl = (key: string): string => `${base}/object/authenticated/${bucket}/${key}`;

  const putWhole = async (key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> => {
    const headers = { 'content-type': 'application/octet-stream', 'x-upsert': 'true' };
    const answer = await ask('POST', objectUrl(key), headers, bytes);
    if (!answer.ok) throw await refused(answer);
    await answer.body?.cancel();
  };

  const beginPieces = async (key: string, size: number): Promise<string> => {
    const metadata = {
      bucketName: bucket,
      objectName: key,
      contentType: 'application/octet-stream',
    };
    const answer = await ask('POST', `${base}/upload/resumable`, {
      'tus-resumable': '1.0.0',
      'upload-length': String(size),
      'upload-metadata': Object.entries(metadata)
        .map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`)
        .join(','),
      'x-upsert': 'true',
    });
    const location = answer.headers.get('location');
    if (answer.status !== 201 || location === null) throw await refused(answer);
    await answer.body?.cancel();
    const url = new URL(location, base);
    // Our key goes with every piece: nowhere but to the store itself.
    if (url.origin !== new URL(base).origin)
      throw new AppError('SERVER_BUSY', { reason: 'file store' });
    return url.href;
  };

  const sendPiece = async (
    url: string,
    offset: number,
    bytes: Uint8Array<ArrayBuffer>,
  ): Promise<void> => {
    const headers = {
      'tus-resumable': '1.0.0',
      'upload-offset': String(offset),
      'content-type': 'application/offset+octet-stream',
    };
    const answer = await ask('PATCH', url, headers, bytes);
    const reached = Number(answer.headers.get('upload-offset'));
    if (answer.status !== 204 || reached !== offset + bytes.byteLength) throw await refused(answer);
  };

  return {
    async put(key, size, source) {
      let upload: string | null = null;
      let offset = 0;
      for await (const { bytes, isLast } of pieces(exactly(size, source))) {
        if (isLast && upload === null) return putWhole(key, bytes);
        upload ??= await beginPieces(key, size);
        await sendPiece(upload, offset, bytes);
        offset += bytes.byteLength;
      }
    },

    async size(key) {
      const answer = await ask('GET', readUrl(key), { range: 'bytes=0-0' });
      if (answer.status === 206) {
        await answer.body?.cancel();
        const total = /\/(\d+)$/.exec(answer.headers.get('content-range') ?? '')?.[1];
        if (total === undefined) throw new AppError('SERVER_BUSY', { reason: 'file store' });
        return Number(total);
      }
      const error = await refused(answer);
      if (error.code === 'NOT_FOUND') return null;
      throw error;
    },

    async *read(key, from, length) {
      const range = `bytes=${from}-${from + length - 1}`;
      const answer = await ask('GET', readUrl(key), { range });
      if (answer.status !== 206 || !answer.body) throw await refused(answer);
      try {
        yield* answer.body;
      } catch (error) {
        throw new AppError('SERVER_BUSY', { reason: 'file store' }, error);
      }
    },

    async remove(all) {
      for (let at = 0; at < all.length; at += REMOVE_AT_ONCE) {
        const prefixes = all.slice(at, at + REMOVE_AT_ONCE);
        const answer = await json('DELETE', `/object/${bucket}`, { prefixes });
        if (!answer.ok) throw await refused(answer);
        await answer.body?.cancel();
      }
    },

    async *list(folder): AsyncGenerator<StoredEntry> {
      for (let offset = 0; ; offset += LIST_PAGE) {
        const sortBy = { column: 'name', order: 'asc' };
        const question = { prefix: folder, limit: LIST_PAGE, offset, sortBy };
        const answer = await json('POST', `/object/list/${bucket}`, question);
        if (!answer.ok) throw await refused(answer);
        const page = z.array(Entry).parse(await answer.json());
        for (const { name, id, updated_at: changed } of page) {
          const changedAt = changed ? Date.parse(changed) : null;
          yield { name, isFolder: id === null, changedAt: id === null ? null : changedAt };
        }
        if (page.length < LIST_PAGE) return;
      }
    },
  };
}

/**
 * Bytes in pieces of the size that the store wants. The last one is given out only when the source
 * has ended, so that nothing becomes whole before its source has agreed to it.
 */
async function* pieces(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<{ bytes: Uint8Array<ArrayBuffer>; isLast: boolean }> {
  let piece = new Uint8Array(PIECE_BYTES);
  let filled = 0;
  for await (const chunk of source) {
    for (let done = 0; done < chunk.byteLength;) {
      if (filled === PIECE_BYTES) {
        yield { bytes: piece, isLast: false };
        // The one given out may still be on its way.
        piece = new Uint8Array(PIECE_BYTES);
        filled = 0;
      }
      const take = Math.min(PIECE_BYTES - filled, chunk.byteLength - done);
      piece.set(chunk.subarray(done, done + take), filled);
      filled += take;
      done += take;
    }
  }
  yield { bytes: piece.subarray(0, filled), isLast: true };
}

/** The store's no as an error of ours. Some of its errors come as 400 with the status inside. */
async function refused(answer: Response): Promise<AppError> {
  const text = await answer.text().catch(() => '');
  let said: z.infer<typeof Refusal> = {};
  try {
    said = Refusal.catch({}).parse(JSON.parse(text));
  } catch {
    // A page of some proxy: its status is all that there is.
  }
  const status = Number(said.statusCode ?? answer.status);
  if (status === 404 && said.error !== 'Bucket not found') return new AppError('NOT_FOUND');
  if (status === 413 || status === 507) return new AppError('FILES_NO_ROOM', { status });
  return new AppError('SERVER_BUSY', { reason: 'file store', status });
}
