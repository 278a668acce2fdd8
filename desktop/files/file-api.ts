import { createHash } from 'node:crypto';
import { AppError, toAppError } from '#shared/errors/app-error.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { FILE_PATHS, FileState, PART_HASH_HEADER } from '#shared/protocol/files.ts';
import { DEVICE_HEADER, PROTOCOL_HEADER, PROTOCOL_VERSION } from '#shared/protocol/messages.ts';
import { errorOf, jsonOf } from '#desktop/replication/answers.ts';

/** The bytes of files on the server. All calls throw AppError only. */
export interface FileApi {
  /** Begins an upload, or says where it stands. */
  state(file: string, signal: AbortSignal): Promise<FileState>;
  /** Sends bytes that start at `at`; the answer says what has arrived. */
  part(file: string, at: number, bytes: Uint8Array, signal: AbortSignal): Promise<FileState>;
  /** All was sent: the server checks the whole. */
  complete(file: string, signal: AbortSignal): Promise<FileState>;
  /**
   * Bytes of a file, as many as the server gives at once, as they come. What came before an error is good.
   * @throws AppError SERVER_UNREACHABLE when the line breaks on the way
   */
  read(file: string, from: number, length: number, signal: AbortSignal): AsyncIterable<Uint8Array>;
}

export interface FileApiOptions {
  /** For example `https://sync.example`; a path in it is kept. */
  readonly baseUrl: string;
  /** The access token; with `force` a new one, since the server called the last one expired. */
  getToken(options?: { force: boolean }): Promise<string>;
  readonly deviceId: string;
  readonly fetch?: typeof globalThis.fetch;
  readonly log: Logger;
}

const ASK_WITHIN_MS = 30_000;
const PART_WITHIN_MS = 45_000;
/** The server reads all of a large file before it answers. */
const COMPLETE_WITHIN_MS = 5 * 60_000;
/** A line on which nothing comes for so long is dead. */
const SILENT_FOR_MS = 20_000;

interface Asked {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer> | string;
  readonly withinMs: number;
}

/** The routes of files over HTTP; an expired token is renewed once per request. */
export function createFileApi(options: FileApiOptions): FileApi {
  const send = options.fetch ?? globalThis.fetch;
  const base = options.baseUrl.replace(/\/+$/, '');

  const once = async (asked: Asked, token: string, signal: AbortSignal): Promise<Response> => {
    const { method, path, headers, body, withinMs } = asked;
    try {
      return await send(base + path, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          [PROTOCOL_HEADER]: String(PROTOCOL_VERSION),
          [DEVICE_HEADER]: options.deviceId,
          ...headers,
        },
        ...(body === undefined ? {} : { body }),
        // A redirect is a portal or a proxy: following it would show our token to a stranger.
        redirect: 'manual',
        signal: AbortSignal.any([AbortSignal.timeout(withinMs), signal]),
      });
    } catch (error) {
      throw unreachable(error);
    }
  };

  /** The answer when it has the wanted status. @throws the error that it holds otherwise */
  const ask = async (asked: Asked, status: number, signal: AbortSignal): Promise<Response> => {
    const tryWith = async (token: string): Promise<Response> => {
      const answer = await once(asked, token, signal);
      if (answer.status === status) return answer;
      const text = await answer.text().catch((error: unknown) => {
        throw unreachable(error);
      });
      throw errorOf(asked.path.split('?')[0] ?? '', answer.status, text);
    };
    try {
      return await tryWith(await options.getToken());
    } catch (error) {
      const known = toAppError(error);
      if (known.code !== 'AUTH_TOKEN_EXPIRED') throw known;
      options.log.debug('token expired, renewing');
      return tryWith(await options.getToken({ force: true }));
    }
  };

  const state = async (asked: Asked, signal: AbortSignal): Promise<FileState> => {
    const answer = await ask(asked, 200, signal);
    const text = await answer.text().catch((error: unknown) => {
      throw unreachable(error);
    });
    const parsed = FileState.safeParse(jsonOf(text));
    if (parsed.success) return parsed.data;
    throw new AppError('SERVER_ANSWER_INVALID', { status: 200 });
  };
  const about = (path: string, file: string, withinMs: number): Asked => ({
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ file }),
    withinMs,
  });

  return {
    state: (file, signal) => state(about(FILE_PATHS.state, file, ASK_WITHIN_MS), signal),
    complete: (file, signal) => state(about(FILE_PATHS.complete, file, COMPLETE_WITHIN_MS), signal),
    part: (file, at, bytes, signal) =>
      state(
        {
          method: 'POST',
          path: `${FILE_PATHS.part}?file=${file}&at=${at}`,
          headers: {
            'content-type': 'application/octet-stream',
            [PART_HASH_HEADER]: createHash('sha256').update(bytes).digest('hex'),
          },
          body: bytes as Uint8Array<ArrayBuffer>,
          withinMs: PART_WITHIN_MS,
        },
        signal,
      ),
    async *read(file, from, length, signal) {
      const silent = new AbortController();
      const answer = await ask(
        {
          method: 'GET',
          path: `${FILE_PATHS.bytes}?file=${file}`,
          headers: { range: `bytes=${from}-${from + length - 1}` },
          withinMs: COMPLETE_WITHIN_MS,
        },
        206,
        AbortSignal.any([signal, silent.signal]),
      );
      const [, first] = /^bytes (\d+)-/.exec(answer.headers.get('content-range') ?? '') ?? [];
      if (Number(first) !== from || !answer.body) {
        throw new AppError('SERVER_ANSWER_INVALID', { status: 206 });
      }
      let timer: NodeJS.Timeout | undefined;
      const listen = (): void => {
        clearTimeout(timer);
        timer = setTimeout(() => silent.abort(), SILENT_FOR_MS);
      };
      listen();
      try {
        for await (const chunk of answer.body) {
          listen();
          yield chunk;
        }
      } catch (error) {
        throw unreachable(error);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

const unreachable = (error: unknown): AppError =>
  error instanceof AppError ? error : new AppError('SERVER_UNREACHABLE', {}, error);
