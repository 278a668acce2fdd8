import type pg from 'pg';
import { AppError } from '#shared/errors/app-error.ts';
import type { Hlc } from '#shared/kernel/hlc.ts';
import { withSession } from '../db/with-session.ts';
import type { Queries, Tx } from '../db/with-session.ts';
import type { Caller } from '../http/route.ts';
import { collectChanges } from '../realtime/change.ts';
import type { ChangeSet } from '../realtime/change.ts';
import { readAccess, requireKnown } from '../sync/access.ts';

/** What the database knows of a file and of its upload. */
export interface FileFacts {
  readonly id: string;
  readonly location_id: string | null;
  readonly sha256: string;
  readonly size: number;
  readonly mime: string;
  readonly owner_table: string;
  readonly upload_state: 'local' | 'partial' | 'complete';
  readonly scan_status: 'pending' | 'clean' | 'infected' | 'failed';
  /** Where the bytes are, once they are whole. */
  readonly storage_key: string | null;
  /** True when the time of keeping is over. */
  readonly is_over: boolean;
  /** Bytes that have arrived; null when no upload was begun. */
  readonly received: number | null;
}

/** A part as it lies in the store. */
export interface StoredPart {
  readonly at: number;
  readonly length: number;
}

const FACTS_SQL = `
  select f.id, f.location_id, f.sha256, f.size_bytes as size, f.mime, f.owner_table, f.upload_state,
         f.scan_status, f.storage_key, coalesce(f.retention_until < current_date, false) as is_over,
         s.received
    from public.file_uploads f left join private.file_sends s on s.file_id = f.id
   where f.id = $1`;

/** Its own statement: what is read after it has waited is what the one before has left. */
const LOCK_SQL = 'select from public.file_uploads where id = $1 for update';

/**
 * A transaction in the name of the caller over one file, when they may do with it what they want to.
 * Those that belong to an upload of one file come one after the other.
 * @throws AppError as `requireKnown`; NOT_FOUND, FILE_NOT_ALLOWED, FILE_OWNER_MISSING
 */
export function withFile<T>(
  pool: pg.Pool,
  caller: Caller,
  file: string,
  operation: 'upload' | 'fetch',
  work: (facts: FileFacts, tx: Tx) => Promise<T>,
): Promise<T> {
  return withSession(pool, caller, async (tx) => {
    if (operation === 'upload') await tx.asEngine((engine) => engine.query(LOCK_SQL, [file]));
    const [access, [right], [facts]] = await Promise.all([
      tx.asEngine((engine) => readAccess(engine, caller.userId, caller.deviceId)),
      tx.query<{ no: string | null }>('select private.file_right($1, $2) as no', [file, operation]),
      tx.asEngine((engine) => engine.query<FileFacts>(FACTS_SQL, [file])),
    ]);
    requireKnown(access);
    const no = right?.no ?? null;
    if (no === 'waits') throw new AppError('FILE_OWNER_MISSING');
    if (no === 'refused') throw new AppError('FILE_NOT_ALLOWED');
    if (no !== null || !facts) throw new AppError('NOT_FOUND');
    return work(facts, tx);
  });
}

/** Begins an upload, or finds the one that was begun. @returns bytes that have arrived */
export async function beginSend(engine: Queries, file: string): Promise<number> {
  const [row] = await engine.query<{ received: number }>(
    `insert into private.file_sends (file_id) values ($1)
     on conflict (file_id) do update set touched_at = now() returning received`,
    [file],
  );
  return row?.received ?? 0;
}

/**
 * Takes note of a part that is in the store, when it is the next one.
 * @returns false when another one has come in its place
 */
export async function noteStoredPart(
  engine: Queries,
  file: string,
  { at, length }: StoredPart,
): Promise<boolean> {
  const moved = await engine.execute(
    `update private.file_sends set received = $2::integer + $3::integer, touched_at = now()
      where file_id = $1 and received = $2::integer`,
    [file, at, length],
  );
  if (moved === 0) return false;
  await engine.execute(
    'insert into private.file_parts (file_id, starts_at, length) values ($1, $2, $3)',
    [file, at, length],
  );
  return true;
}

export const storedParts = (engine: Queries, file: string): Promise<StoredPart[]> =>
  engine.query<{ at: number; length: number }>(
    `select starts_at as at, length from private.file_parts where file_id = $1 order by starts_at`,
    [file],
  );

/** Forgets an upload: it begins anew. */
export async function forgetSend(engine: Queries, file: string): Promise<void> {
  await engine.execute('delete from private.file_sends where file_id = $1', [file]);
}

/** Notes that bytes with this content are whole in the store. */
export async function noteBlob(engine: Queries, facts: FileFacts, key: string): Promise<void> {
  await engine.execute(
    `insert into private.file_blobs (sha256, size_bytes, mime, storage_key) values ($1, $2, $3, $4)
     on conflict (sha256) do nothing`,
    [facts.sha256, facts.size, facts.mime, key],
  );
}

/** Keeps bytes from being removed until the transaction ends. @returns their key, null: not there */
export async function lockBlob(engine: Queries, sha256: string): Promise<string | null> {
  const [blob] = await engine.query<{ storage_key: string }>(
    'select storage_key from private.file_blobs where sha256 = $1 for share',
    [sha256],
  );
  return blob?.storage_key ?? null;
}

/**
 * Another file with the same bytes that the caller may fetch: then they need not send them. Only one
 * that says the same of them proves it: what was checked there was its size and type.
 */
export async function mayFetchSame(tx: Tx, facts: FileFacts): Promise<boolean> {
  const found = await tx.query(
    `select from public.file_uploads f
      where f.sha256 = $1 and f.id <> $2 and f.upload_state = 'complete'
        and f.size_bytes = $3 and f.mime = $4 and f.scan_status not in ('failed', 'infected')
        and private.file_right(f.id, 'fetch') is null
      limit 1`,
    [facts.sha256, facts.id, facts.size, facts.mime],
  );
  return found.length > 0;
}

type Says = Partial<Pick<FileFacts, 'upload_state' | 'scan_status' | 'storage_key'>>;

/**
 * Writes what the server says of a file. Each field that devices see gets a stamp, so that one who
 * edits without having seen it is only late (see `judgeRecord`).
 * @returns what changed, to be announced after the commit; null when nothing did
 */
export async function sayOfFile(
  engine: Queries,
  facts: Pick<FileFacts, 'id' | 'location_id'>,
  says: Says,
  stamp: Hlc,
): Promise<ChangeSet | null> {
  const fields = Object.keys(says) as (keyof Says)[];
  const sets = fields.map((field, index) => `${field} = $${index + 3}`).join(', ');
  const differs = fields.map((field, index) => `${field} is distinct from $${index + 3}`);
  const stamps = Object.fromEntries(
    fields.filter((field) => field !== 'storage_key').map((field) => [field, stamp]),
  );
  const [row] = await engine.query<{ xid: string }>(
    `update public.file_uploads set ${sets}, field_hlc = field_hlc || $2::jsonb
      where id = $1 and (${differs.join(' or ')}) returning row_xid::text as xid`,
    [facts.id, JSON.stringify(stamps), ...fields.map((field) => says[field])],
  );
  if (!row) return null;
  const changes = collectChanges();
  changes.add('file_uploads', { ...facts });
  return { xid: row.xid, changes: changes.list() };
}

/** Writes into the audit what somebody did with the bytes of a file. */
export async function auditFile(
  engine: Queries,
  deviceId: string,
  facts: Pick<FileFacts, 'id' | 'location_id'>,
  entry: { readonly action: 'update' | 'read' | 'refuse'; readonly outcome: string },
): Promise<void> {
  const line = {
    ...entry,
    table_name: 'file_uploads',
    row_id: facts.id,
    location_id: facts.location_id,
    field_names: ['bytes'],
  };
  await engine.query('select private.append_audit($1, $2::jsonb)', [
    deviceId,
    JSON.stringify([line]),
  ]);
}

/** One entry for all parts of one fetch: when somebody's last is older than this. */
const FETCH_NOTED_FOR = '10 minutes';

/** @returns true when this fetch is to be written into the audit */
export async function noteFetch(engine: Queries, caller: Caller, file: string): Promise<boolean> {
  const noted = await engine.execute(
    `insert into private.file_fetches as f (file_id, device_id, user_id) values ($1, $2, $3)
     on conflict (file_id, device_id, user_id) do update set noted_at = now()
       where f.noted_at < now() - $4::interval`,
    [file, caller.deviceId, caller.userId, FETCH_NOTED_FOR],
  );
  return noted > 0;
}
