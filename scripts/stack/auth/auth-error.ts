import { randomUUID } from 'node:crypto';
import type { z } from 'zod';

/** The API version from which error bodies carry the code as a word. */
const NAMED_CODES_VERSION = '2024-01-01';
export const API_VERSION_HEADER = 'x-supabase-api-version';
export const ERROR_CODE_HEADER = 'x-sb-error-code';

/** A refusal that the client sees: HTTP status, Supabase's error code and a message without data. */
export class AuthError extends Error {
  override readonly name = 'AuthError';
  readonly status: number;
  readonly code: string;
  /** Fields beside code and message, as `weak_password` has them. */
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, message: string, extra: Record<string, unknown> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.extra = extra;
  }
}

/** A reply to a request that failed. */
export type ErrorReply = {
  status: number;
  headers: Record<string, string>;
  body: Record<string, unknown>;
};

/**
 * Words a failure as the Auth API does, in the format of the version that the client asked for:
 * `{code: 400, error_code, msg}` at first, `{code, message}` since 2024-01-01. What is not an
 * `AuthError` becomes a 500 with an id by which the log line can be found, and says nothing else.
 */
export function toErrorReply(error: unknown, askedVersion: string | undefined): ErrorReply {
  const known = error instanceof AuthError ? error : unexpected();
  const { status, code, message, extra } = known;
  const headers: Record<string, string> = { [ERROR_CODE_HEADER]: code };
  if (!wantsNamedCodes(askedVersion)) {
    return { status, headers, body: { code: status, error_code: code, msg: message, ...extra } };
  }
  headers[API_VERSION_HEADER] = NAMED_CODES_VERSION;
  return { status, headers, body: { code, message, ...extra } };
}

function unexpected(): AuthError {
  const message = 'Unexpected failure, please check server logs for more information';
  return new AuthError(500, 'unexpected_failure', message, { error_id: randomUUID() });
}

function wantsNamedCodes(version: string | undefined): boolean {
  return (
    version !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(version) && version >= NAMED_CODES_VERSION
  );
}

/**
 * Parses a part of a request. Throws `AuthError` 400 `validation_failed` that names the field and
 * what is wrong with it, never its value.
 */
export function parseInput<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path.join('.') ?? '';
  throw new AuthError(
    400,
    'validation_failed',
    `${field || 'input'}: ${issue?.message ?? 'wrong'}`,
  );
}
