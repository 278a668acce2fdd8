import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A stand-in for the HTTP API of Supabase Storage, as far as the sync server uses it: objects, ranges,
 * lists by folder, removal, resumable uploads. It answers as the real one does, its habit of saying
 * 400 with the status inside included, and is stricter where the documents ask for something (pieces of
 * exactly 6 MiB). Objects are in memory.
 */
export interface RunningStorage {
  /** With `/storage/v1`. */
  readonly url: string;
  readonly objects: ReadonlyMap<string, Buffer>;
  /** Resumable uploads that were begun and not ended. */
  readonly unfinished: () => number;
  /** Makes the next requests that match fail as if the service were down. */
  failNext(method: string, times?: number): void;
  /** Sets the time at which an object was changed. */
  age(key: string, changedAt: number): void;
  stop(): Promise<void>;
}

export const STORAGE_PIECE_BYTES = 6 * 1024 * 1024;

interface Upload {
  readonly key: string;
  readonly length: number;
  bytes: Buffer;
}

/** Starts the stand-in. `key` is the only one that it takes, `bucket` the only bucket that it has. */
export async function startStorage(options: {
  readonly key: string;
  readonly bucket: string;
  readonly port?: number;
}): Promise<RunningStorage> {
  const { key: secret, bucket } = options;
  const objects = new Map<string, Buffer>();
  const changed = new Map<string, number>();
  const uploads = new Map<string, Upload>();
  const failing = new Map<string, number>();
  let origin = '';

  const keep = (key: string, bytes: Buffer): void => {
    objects.set(key, bytes);
    changed.set(key, Date.now());
  };

  const handle = async (request: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const { method = 'GET', headers } = request;
    const { pathname } = new URL(request.url ?? '/', 'http://storage');
    const left = failing.get(method) ?? 0;
    if (left > 0) {
      failing.set(method, left - 1);
      return say(answer, 503, '503', 'Unavailable');
    }
    if (headers['apikey'] !== secret || headers.authorization !== `Bearer ${secret}`) {
      return say(answer, 400, '403', 'Unauthorized');
    }
    const path = decodeURIComponent(pathname.replace(/^\/storage\/v1/, ''));
    const body = await bodyOf(request);

    if (path === '/upload/resumable' && method === 'POST') return begin(request, answer);
    const [, id] = /^\/upload\/resumable\/(.+)$/.exec(path) ?? [];
    if (id !== undefined) return resume(id, request, body, answer);

    if (path === `/object/list/${bucket}` && method === 'POST') return list(body, answer);
    if (path === `/object/${bucket}` && method === 'DELETE') {
      const { prefixes } = JSON.parse(body.toString()) as { prefixes: string[] };
      for (const key of prefixes) objects.delete(key);
      return json(answer, 200, []);
    }
    const [, mode, named, key] = /^\/object\/(authenticated\/)?([^/]+)\/(.+)$/.exec(path) ?? [];
    if (named !== bucket || key === undefined) {
      return say(answer, 400, '404', 'Bucket not found');
    }
    if (method === 'GET' && mode !== undefined) return give(key, headers.range, answer);
    if (method === 'POST' && mode === undefined) {
      if (objects.has(key) && headers['x-upsert'] !== 'true') {
        return say(answer, 400, '409', 'Duplicate');
      }
      keep(key, body);
      return json(answer, 200, { Key: `${bucket}/${key}`, Id: randomUUID() });
    }
    say(answer, 404, '404', 'Not Found');
  };

  const begin = (request: IncomingMessage, answer: ServerResponse): void => {
    const { headers } = request;
    const metadata = new Map(
      String(headers['upload-metadata'] ?? '')
        .split(',')
        .map((pair) => {
          const [name = '', value = ''] = pair.trim().split(' ');
          return [name, Buffer.from(value, 'base64').toString()] as const;
        }),
    );
    const key = metadata.get('objectName');
    if (headers['tus-resumable'] !== '1.0.0' || key === undefined) {
      return say(answer, 412, '412', 'Precondition');
    }
    if (metadata.get('bucketName') !== bucket) return say(answer, 404, '404', 'Bucket not found');
    if (objects.has(key) && headers['x-upsert'] !== 'true') {
      return say(answer, 409, '409', 'Duplicate');
    }
    const id = Buffer.from(`${bucket}/${key}/${randomUUID()}`).toString('base64url');
    uploads.set(id, { key, length: Number(headers['upload-length']), bytes: Buffer.alloc(0) });
    answer.writeHead(201, {
      location: `${origin}/storage/v1/upload/resumable/${id}`,
      'tus-resumable': '1.0.0',
    });
    answer.end();
  };

  const resume = (
    id: string,
    { method, headers }: IncomingMessage,
    body: Buffer,
    answer: ServerResponse,
  ): void => {
    const upload = uploads.get(id);
    if (!upload) return say(answer, 404, '404', 'not_found');
    const offset = (): Record<string, string> => ({
      'tus-resumable': '1.0.0',
      'upload-offset': String(upload.bytes.length),
    });
    if (method === 'HEAD') {
      answer.writeHead(200, { ...offset(), 'upload-length': String(upload.length) }).end();
      return;
    }
    if (method !== 'PATCH' || headers['content-type'] !== 'application/offset+octet-stream') {
      return say(answer, 415, '415', 'Unsupported');
    }
    if (Number(headers['upload-offset']) !== upload.bytes.length) {
      return say(answer, 409, '409', 'Offset conflict');
    }
    const reached = upload.bytes.length + body.length;
    const isLast = reached === upload.length;
    if (reached > upload.length) return say(answer, 413, '413', 'Too large');
    if (!isLast && body.length !== STORAGE_PIECE_BYTES) {
      return say(answer, 400, '400', 'Pieces are of 6 MiB');
    }
    upload.bytes = Buffer.concat([upload.bytes, body]);
    if (isLast) {
      keep(upload.key, upload.bytes);
      uploads.delete(id);
    }
    answer.writeHead(204, offset()).end();
  };

  const give = (key: string, range: string | undefined, answer: ServerResponse): void => {
    const bytes = objects.get(key);
    if (!bytes) return say(answer, 400, '404', 'not_found');
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
    if (from === undefined) {
      answer.writeHead(200, { 'content-length': bytes.length }).end(bytes);
      return;
    }
    const first = Number(from);
    const last = Math.min(to ? Number(to) : Infinity, bytes.length - 1);
    if (first > last) return say(answer, 416, '416', 'InvalidRange');
    const part = bytes.subarray(first, last + 1);
    answer.writeHead(206, {
      'content-length': part.length,
      'content-range': `bytes ${first}-${last}/${bytes.length}`,
    });
    answer.end(part);
  };

  const list = (body: Buffer, answer: ServerResponse): void => {
    const { prefix, limit, offset } = JSON.parse(body.toString()) as {
      prefix: string;
      limit: number;
      offset: number;
    };
    const below = [...objects.keys()].filter((key) => key.startsWith(`${prefix}/`));
    const names = new Map<string, { id: string | null; updated_at: string | null }>();
    for (const key of below) {
      const [name = '', ...rest] = key.slice(prefix.length + 1).split('/');
      const isFolder = rest.length > 0;
      const at = new Date(changed.get(key) ?? 0).toISOString();
      names.set(name, { id: isFolder ? null : randomUUID(), updated_at: isFolder ? null : at });
    }
    const sorted = [...names].toSorted(([a], [b]) => (a < b ? -1 : 1));
    json(
      answer,
      200,
      sorted.slice(offset, offset + limit).map(([name, facts]) => ({ name, ...facts })),
    );
  };

  const server = createServer((request, answer) => {
    handle(request, answer).catch(() => answer.destroy());
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${origin}/storage/v1`,
    objects,
    unfinished: () => uploads.size,
    failNext: (method, times = 1) => void failing.set(method, times),
    age: (key, at) => void changed.set(key, at),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function json(answer: ServerResponse, status: number, content: unknown): void {
  answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
}

function say(answer: ServerResponse, status: number, statusCode: string, error: string): void {
  json(answer, status, { statusCode, error, message: error });
}
