import type pg from 'pg';
import { AppError } from '#shared/errors/app-error.ts';
import { FILE_LIMITS } from '#shared/protocol/files.ts';
import type { Caller } from '../http/route.ts';
import { auditFile, noteFetch, withFile } from './file-records.ts';
import type { FileStore } from './file-store.ts';

/** Some bytes of a file, ready to be sent. */
export interface FetchedRange {
  readonly first: number;
  readonly last: number;
  readonly size: number;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * Opens bytes of a file for somebody who may see the record that owns it.
 * @param range the value of a `range` header; null: from the start
 * @throws AppError as `withFile`; FILE_GONE, FILE_NOT_READY, FILE_TYPE_REFUSED, REQUEST_INVALID
 */
export async function openRange(
  deps: { readonly pool: pg.Pool; readonly store: FileStore },
  caller: Caller,
  file: string,
  range: string | null,
): Promise<FetchedRange> {
  const facts = await withFile(deps.pool, caller, file, 'fetch', async (found, tx) => {
    if (found.is_over) throw new AppError('FILE_GONE');
    if (found.scan_status === 'failed' || found.scan_status === 'infected') {
      throw new AppError('FILE_TYPE_REFUSED');
    }
    if (found.upload_state !== 'complete' || found.storage_key === null) {
      throw new AppError('FILE_NOT_READY');
    }
    await tx.asEngine(async (engine) => {
      if (!(await noteFetch(engine, caller, file))) return;
      await auditFile(engine, caller.deviceId, found, { action: 'read', outcome: 'fetched' });
    });
    return { size: found.size, key: found.storage_key };
  });
  const { first, last } = rangeOf(range, facts.size);
  return {
    first,
    last,
    size: facts.size,
    bytes: deps.store.read(facts.key, first, last - first + 1),
  };
}

/** The bytes asked for, no more than one answer may hold. @throws AppError REQUEST_INVALID */
function rangeOf(range: string | null, size: number): { first: number; last: number } {
  const asked = /^bytes=(\d{1,12})-(\d{1,12})?$/.exec(range ?? 'bytes=0-');
  const first = Number(asked?.[1]);
  if (!asked || first >= size) throw new AppError('REQUEST_INVALID', { fields: ['range'] });
  const wanted = asked[2] === undefined ? size - 1 : Number(asked[2]);
  if (wanted < first) throw new AppError('REQUEST_INVALID', { fields: ['range'] });
  return { first, last: Math.min(wanted, size - 1, first + FILE_LIMITS.fetchBytes - 1) };
}
