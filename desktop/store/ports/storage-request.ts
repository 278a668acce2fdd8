import { z } from 'zod';
import { AppError } from '#shared/errors/app-error.ts';
import { sizeOf } from './size-of.ts';

/** What a window may send over its storage port, apart from `create`. */

/** Bounds of one request. A window that needs more asks in parts. */
export const LIMITS = {
  rows: 2_000,
  ids: 20_000,
  bytes: 32 * 1024 * 1024,
  /** Collections open at once, and some that are just closing. */
  connections: 64,
} as const;

const Token = z.string().min(1).max(200);

export const Envelope = z.looseObject({
  connectionId: Token,
  requestId: Token,
  method: z.string().max(40),
  version: z.string().max(40).optional(),
  params: z.unknown(),
});
export type Envelope = z.infer<typeof Envelope>;

/** The window has taken in so many change events. */
export const Ack = z.strictObject({ method: z.literal('ack'), events: z.int().min(1).max(1e6) });

const Doc = z.looseObject({
  id: z.string().max(200).optional(),
  _rev: z.string().max(100),
});
const Rows = z.array(z.strictObject({ previous: Doc.optional(), document: Doc })).max(LIMITS.rows);
const Query = z.looseObject({
  query: z.looseObject({
    selector: z.record(z.string(), z.unknown()),
    sort: z.array(z.record(z.string(), z.enum(['asc', 'desc']))).max(20),
    skip: z.int().min(0),
    limit: z.int().min(0).optional(),
  }),
  queryPlan: z.looseObject({}),
});

const PARAMS = {
  bulkWrite: z.tuple([Rows, z.string().max(200)]),
  findDocumentsById: z.tuple([z.array(z.string().max(200)).max(LIMITS.ids), z.boolean()]),
  query: z.tuple([Query]),
  count: z.tuple([Query]),
  cleanup: z.tuple([z.number()]),
  close: z.tuple([]),
  remove: z.tuple([]),
} as const;

export type StorageMethod = keyof typeof PARAMS | 'create';

export const isMethod = (name: string): name is StorageMethod =>
  name === 'create' || Object.hasOwn(PARAMS, name);

/**
 * Looks at size and shape of a request.
 * @throws AppError REQUEST_TOO_LARGE, REQUEST_INVALID
 */
export function checkParams(method: StorageMethod, params: unknown): void {
  if (sizeOf(params, LIMITS.bytes) > LIMITS.bytes) throw new AppError('REQUEST_TOO_LARGE');
  if (method === 'create') return;
  if (Array.isArray(params) && isTooLong(params[0])) throw new AppError('REQUEST_TOO_LARGE');
  if (!PARAMS[method].safeParse(params).success) throw new AppError('REQUEST_INVALID');
}

const isTooLong = (list: unknown): boolean => Array.isArray(list) && list.length > LIMITS.ids;
