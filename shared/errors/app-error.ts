import { CODES, isCode } from './codes.ts';
import type { Code, CodeInfo } from './codes.ts';

/** Details that may leave the process: names of tables and fields, counts, codes; never values. */
export type SafeDetails = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** An error as it crosses a process or the wire. */
export interface ErrorBody {
  readonly code: Code;
  readonly say: string;
  readonly details: SafeDetails;
}

/** The error that callers act on. Its message is its code, so that logs never hold data. */
export class AppError extends Error {
  readonly code: Code;
  readonly safe: SafeDetails;

  constructor(code: Code, safe: SafeDetails = {}, cause?: unknown) {
    super(code, cause === undefined ? undefined : { cause });
    this.name = 'AppError';
    this.code = code;
    this.safe = safe;
  }

  get info(): CodeInfo {
    return CODES[this.code];
  }

  /** What may be shown to the other side. */
  toBody(): ErrorBody {
    return { code: this.code, say: this.info.say, details: this.safe };
  }

  static fromBody(body: { code: string; details?: SafeDetails }): AppError {
    return new AppError(isCode(body.code) ? body.code : 'INTERNAL', body.details ?? {});
  }
}

/** Any thrown thing as an AppError; what is not ours becomes INTERNAL and stays as the cause. */
export function toAppError(error: unknown): AppError {
  return error instanceof AppError ? error : new AppError('INTERNAL', {}, error);
}
