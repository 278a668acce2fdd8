import { AppError } from '#shared/errors/app-error.ts';
import { ErrorReply } from '#shared/protocol/messages.ts';

/** Longest time that a server may ask to be left alone, seconds: it may be wrong. */
const LONGEST_RETRY_AFTER_S = 120;

/**
 * The error of an answer that is not 200. A body that is not ours decides by its status.
 * @param retryAfter the header of that name: seconds; a date is passed over
 */
export function errorOf(
  path: string,
  status: number,
  text: string,
  retryAfter?: string | null,
): AppError {
  const error = errorByContent(path, status, text);
  const seconds = /^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) : 0;
  if (seconds === 0) return error;
  const retryAfterMs = Math.min(seconds, LONGEST_RETRY_AFTER_S) * 1_000;
  return new AppError(error.code, { ...error.safe, retryAfterMs });
}

/** How long the server asked to be left alone, milliseconds; 0 when it did not. */
export function retryAfterMs(error: unknown): number {
  const value = error instanceof AppError ? error.safe['retryAfterMs'] : undefined;
  return typeof value === 'number' ? value : 0;
}

function errorByContent(path: string, status: number, text: string): AppError {
  const parsed = ErrorReply.safeParse(jsonOf(text));
  if (parsed.success) {
    const { code, details } = parsed.data.error;
    return new AppError(code, details);
  }
  if (status === 413) return new AppError('REQUEST_TOO_LARGE', { path, status });
  if (status === 429) return new AppError('SERVER_BUSY', { path, status });
  if (status === 502 || status === 503 || status === 504) {
    return new AppError('SERVER_UNREACHABLE', { path, status });
  }
  return new AppError('SERVER_ANSWER_INVALID', { path, status });
}

/** The value of a JSON text, or undefined when it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
