import { AppError } from '#shared/errors/app-error.ts';
import { isCode } from '#shared/errors/codes.ts';
import { RETIRED } from './storage-channel.ts';

interface WriteErrorLike {
  readonly status?: unknown;
  readonly code?: unknown;
  readonly validationErrors?: readonly { readonly field?: unknown }[];
}

/**
 * What a refused or failed write means, in terms of the catalogue. Nothing of RxDB's message is
 * kept, since it holds the document.
 */
export function writeError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const refused = refusal(error);
  if (refused) {
    if (isCode(refused.code)) return new AppError(refused.code, fieldsOf(refused));
    if (refused.status === 422) return new AppError('ROW_INVALID', fieldsOf(refused));
    if (refused.status === 409) return new AppError('SYNC_UNIQUE_TAKEN');
  }
  const code = codeInText(error);
  return new AppError(code ?? 'INTERNAL');
}

/** True when the store process went away in the middle, so that trying once more is right. */
export const isRestart = (error: AppError): boolean => error.code === 'STORE_RESTARTING';

/** True when nobody knows whether it was done: the store went away, or took too long. */
export const isUnanswered = (error: AppError): boolean =>
  isRestart(error) || error.code === 'STORE_TIMEOUT';

function refusal(error: unknown): WriteErrorLike | null {
  if (error === null || typeof error !== 'object') return null;
  const parameters = (error as { parameters?: { writeError?: unknown } }).parameters;
  if (parameters?.writeError && typeof parameters.writeError === 'object') {
    return parameters.writeError as WriteErrorLike;
  }
  return 'status' in error ? (error as WriteErrorLike) : null;
}

function fieldsOf(refused: WriteErrorLike): { fields: string[] } | Record<string, never> {
  const fields = (refused.validationErrors ?? [])
    .map(({ field }) => field)
    .filter((field): field is string => typeof field === 'string');
  return fields.length > 0 ? { fields } : {};
}

/** The remote storage wraps errors into text; ours carry their code as message. */
function codeInText(error: unknown) {
  const text = error instanceof Error ? error.message : '';
  if (text.includes(RETIRED)) return RETIRED;
  for (const [word] of text.matchAll(/\b[A-Z]+(?:_[A-Z]+)+\b/g)) if (isCode(word)) return word;
  return null;
}
