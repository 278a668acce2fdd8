import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import {
  FILE_LIMITS,
  FILE_PATHS,
  FetchQuery,
  FileRequest,
  FileState,
  PART_HASH_HEADER,
  PartHash,
  PartQuery,
} from '#shared/protocol/files.ts';
import { fieldsOfIssues } from '#shared/schema/rows.ts';
import type { z } from 'zod';
import type { FetchedRange } from '../../files/fetches.ts';
import type { Uploads } from '../../files/uploads.ts';
import { codesOf } from '../describe/openapi.ts';
import type { ByteRoute } from '../describe/openapi.ts';
import { createLimiter } from '../limiter.ts';
import { identify } from '../registrar.ts';
import type { Gate } from '../registrar.ts';
import { defineRoute } from '../route.ts';
import type { Caller, Route, RouteWords } from '../route.ts';

/** Parts in memory at once: each holds up to `FILE_LIMITS.partBytes`. */
const PARTS_AT_ONCE = 8;
const WAITING_AT_MOST = 64;
/** Of these for one person: a device sends one after the other; who sends more leaves room for others. */
const PARTS_OF_ONE = 4;
/** A part on a slow line: less than the smallest one a device sends takes longer only when it is dead. */
const PART_WITHIN_MS = 60_000;

export interface FileRoutes {
  readonly gate: Gate;
  /** Null: the server has no place for files. */
  readonly uploads: Uploads | null;
  readonly openRange:
    | ((caller: Caller, file: string, range: string | null) => Promise<FetchedRange>)
    | null;
}

const OF_FILES: readonly Code[] = ['FILES_OFF', 'NOT_FOUND', 'FILE_OWNER_MISSING', 'FILE_GONE'];
const OF_UPLOADS: readonly Code[] = [
  ...OF_FILES,
  'FILE_NOT_ALLOWED',
  'FILE_TYPE_REFUSED',
  'FILE_TOO_LARGE',
];

/** What the description of the API says of the routes that carry bytes. */
export const BYTE_ROUTES: readonly ByteRoute[] = [
  {
    method: 'POST',
    url: FILE_PATHS.part,
    summary: 'Sends one part of a file.',
    query: PartQuery,
    headers: { [PART_HASH_HEADER]: '^[0-9a-f]{64}$' },
    errors: [...OF_UPLOADS, 'FILE_PART_WRONG', 'FILES_NO_ROOM'],
    bodyBytes: FILE_LIMITS.partBytes,
    reply: FileState,
  },
  {
    method: 'GET',
    url: FILE_PATHS.bytes,
    summary: 'Bytes of a file that is whole.',
    query: FetchQuery,
    headers: { range: '^bytes=[0-9]+-[0-9]*$' },
    errors: [...OF_FILES, 'FILE_NOT_READY', 'FILE_TYPE_REFUSED'],
    bodyBytes: null,
    reply: null,
  },
];

/** Where an upload stands, and that all was sent. */
export const fileRoutes = ({ uploads }: Pick<FileRoutes, 'uploads'>): Route[] => {
  const route = (
    url: string,
    words: RouteWords,
    run: (caller: Caller, file: string) => Promise<FileState>,
  ): Route =>
    defineRoute({
      method: 'POST',
      url,
      authorize: 'device',
      body: FileRequest,
      reply: FileState,
      bodyBytes: 1024,
      words,
      run: ({ caller, body }) => run(caller, body.file),
    });
  return [
    route(
      FILE_PATHS.state,
      { summary: 'Begins an upload, or says where it stands.', errors: OF_UPLOADS },
      async (caller, file) => on(uploads).state(caller, file),
    ),
    route(
      FILE_PATHS.complete,
      {
        summary: 'All parts were sent: checks the whole.',
        errors: [...OF_UPLOADS, 'FILE_HASH_WRONG', 'FILES_NO_ROOM'],
      },
      async (caller, file) => on(uploads).complete(caller, file),
    ),
  ];
};

/**
 * The routes that carry bytes. A part is read from the socket when its turn has come, so that however
 * many devices send at once, only a few parts are in memory; the others wait in their own line.
 */
export function registerFileBytes(app: FastifyInstance, routes: FileRoutes): void {
  const { gate, uploads, openRange } = routes;
  for (const route of BYTE_ROUTES) {
    app.described.set(`${route.method} ${route.url}`, new Set(codesOf.bytes(route)));
  }
  const callers = new WeakMap<FastifyRequest, Caller>();
  const onRequest = async (request: FastifyRequest): Promise<void> => {
    callers.set(request, (await identify(request, 'device', gate)) as Caller);
  };
  const callerOf = (request: FastifyRequest): Caller => {
    const caller = callers.get(request);
    if (!caller) throw new AppError('AUTH_TOKEN_INVALID');
    return caller;
  };
  const turns = createLimiter(PARTS_AT_ONCE, WAITING_AT_MOST);
  const sending = new Map<string, number>();
  const ofOne = async <T>({ userId }: Caller, work: () => Promise<T>): Promise<T> => {
    const open = sending.get(userId) ?? 0;
    if (open >= PARTS_OF_ONE) throw new AppError('SERVER_BUSY', { reason: 'parts of one person' });
    sending.set(userId, open + 1);
    try {
      return await work();
    } finally {
      const left = (sending.get(userId) ?? 1) - 1;
      if (left === 0) sending.delete(userId);
      else sending.set(userId, left);
    }
  };

  // Handed on as the stream that it is.
  app.addContentTypeParser('application/octet-stream', (_request, payload, done) =>
    done(null, payload),
  );
  app.route({
    method: 'POST',
    url: FILE_PATHS.part,
    bodyLimit: FILE_LIMITS.partBytes,
    onRequest,
    handler: async (request) => {
      const { file, at } = parse(PartQuery, request.query);
      const sha256 = parse(PartHash, request.headers[PART_HASH_HEADER]);
      const caller = callerOf(request);
      const taker = on(uploads);
      return ofOne(caller, () =>
        turns.run(async () => {
          const bytes = await readPart(request);
          return taker.part(caller, { file, at, sha256, bytes });
        }),
      );
    },
  });
  app.route({
    method: 'GET',
    url: FILE_PATHS.bytes,
    exposeHeadRoute: false,
    onRequest,
    handler: async (request, reply) => {
      const { file } = parse(FetchQuery, request.query);
      const open = on(openRange);
      const found = await open(callerOf(request), file, request.headers.range ?? null);
      return reply
        .status(206)
        .headers({
          'content-type': 'application/octet-stream',
          'content-range': `bytes ${found.first}-${found.last}/${found.size}`,
          'content-length': found.last - found.first + 1,
          'content-disposition': 'attachment',
        })
        .send(Readable.from(found.bytes, { objectMode: false, highWaterMark: 256 * 1024 }));
    },
  });
}

/** The body of a part. @throws AppError REQUEST_INVALID, REQUEST_TOO_LARGE, SERVER_BUSY */
async function readPart(request: FastifyRequest): Promise<Uint8Array> {
  const length = Number(request.headers['content-length']);
  if (!Number.isSafeInteger(length) || length < 1) {
    throw new AppError('REQUEST_INVALID', { fields: ['content-length'] });
  }
  if (length > FILE_LIMITS.partBytes) throw new AppError('REQUEST_TOO_LARGE');
  const body = request.body;
  if (!(body instanceof Readable)) throw new AppError('REQUEST_INVALID', { fields: ['body'] });
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  const late = setTimeout(() => body.destroy(new Error('late')), PART_WITHIN_MS);
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      if (filled + chunk.length > length) throw new AppError('REQUEST_TOO_LARGE');
      filled += chunk.copy(bytes, filled);
    }
  } catch (error) {
    // Whoever sent it is gone; what came is dropped.
    throw error instanceof AppError ? error : new AppError('FILE_PART_WRONG', { reason: 'cut' });
  } finally {
    clearTimeout(late);
  }
  if (filled !== length) throw new AppError('FILE_PART_WRONG', { reason: 'cut' });
  return bytes;
}

function on<T>(part: T | null): T {
  if (part === null) throw new AppError('FILES_OFF');
  return part;
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AppError('REQUEST_INVALID', { fields: fieldsOfIssues(parsed.error) });
}
