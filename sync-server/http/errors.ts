import { AppError, toAppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { asBusy } from '../db/pg-errors.ts';
import { safeErrorFields } from '../monitoring/safe-error.ts';

/** Refusals of the HTTP layer itself, by its own codes. */
const OF_FASTIFY: Readonly<Record<string, Code>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'REQUEST_TOO_LARGE',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'REQUEST_INVALID',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'REQUEST_INVALID',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'REQUEST_INVALID',
  FST_ERR_CTP_INVALID_JSON_BODY: 'REQUEST_INVALID',
  FST_ERR_BAD_URL: 'NOT_FOUND',
};

/**
 * Any thrown thing as an error of the catalogue. What is not ours becomes INTERNAL: its words stay
 * here, since they may hold anything.
 */
export function errorOfRequest(error: unknown): AppError {
  const known = asBusy(error);
  if (known instanceof AppError) return known;
  const code = (known as { code?: unknown } | null)?.code;
  const ours = typeof code === 'string' ? OF_FASTIFY[code] : undefined;
  return ours ? new AppError(ours, {}, known) : toAppError(known);
}

/** Writes the line that an error of a request deserves. */
export function logError(log: Logger, error: AppError): void {
  const fields = { code: error.code };
  if (error.info.level === 'error') log.error('request failed', { ...fields, ...causeOf(error) });
  else if (error.info.level === 'warn')
    log.warn('request refused', { ...fields, ...causeOf(error) });
  else log.info('request refused', fields);
}

/** What lies behind an error, under names of its own: its code is not the catalogue's. */
function causeOf(error: AppError): Record<string, string | readonly string[]> {
  if (error.cause === undefined) return {};
  return Object.fromEntries(
    Object.entries(safeErrorFields(error.cause)).map(([name, value]) => [`cause_${name}`, value]),
  );
}
