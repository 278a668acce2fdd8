import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '#shared/errors/app-error.ts';
import { DEVICE_HEADER, PROTOCOL_HEADER } from '#shared/protocol/messages.ts';

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The version of the wire that a client speaks.
 * @param oldest the oldest one that is served now
 * @throws AppError SYNC_CLIENT_TOO_OLD for a version that is not served any more, or none at all
 */
export function requireProtocol(headers: IncomingHttpHeaders, oldest: number): number {
  const value = headers[PROTOCOL_HEADER];
  const version = typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : 0;
  if (version < oldest) throw new AppError('SYNC_CLIENT_TOO_OLD', { oldest });
  return version;
}

/** @throws AppError AUTH_TOKEN_INVALID when there is no bearer token */
export function bearerToken(headers: IncomingHttpHeaders): string {
  const match = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(headers.authorization ?? '');
  if (!match?.[1]) throw new AppError('AUTH_TOKEN_INVALID');
  return match[1];
}

/** @throws AppError DEVICE_REFUSED when the header names no device */
export function deviceId(headers: IncomingHttpHeaders): string {
  const value = headers[DEVICE_HEADER];
  const id = typeof value === 'string' ? value.toLowerCase() : '';
  if (!GUID.test(id)) throw new AppError('DEVICE_REFUSED', { reason: 'no device named' });
  return id;
}
