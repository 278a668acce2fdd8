import { AppError } from '#shared/errors/app-error.ts';
import { ErrorReply } from '#shared/protocol/messages.ts';

/** The error of an answer that is not 200. A body that is not ours decides by its status. */
export function errorOf(path: string, status: number, text: string): AppError {
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
