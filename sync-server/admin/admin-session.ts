import pg from 'pg';
import { mayDo } from '#shared/access/rights.ts';
import type { Operation } from '#shared/access/cell.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { isCode } from '#shared/errors/codes.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { Accounts } from '../accounts/accounts.ts';
import { rowFaultOf } from '../db/pg-errors.ts';
import { withSession } from '../db/with-session.ts';
import type { Queries, Tx } from '../db/with-session.ts';
import type { Caller } from '../http/route.ts';
import { collectChanges } from '../realtime/change.ts';
import type { ChangeSet } from '../realtime/change.ts';
import { readAccess, requireKnown } from '../sync/access.ts';
import type { Access } from '../sync/ports.ts';

/** What the routes of the administration need of the server. */
export interface AdminDeps {
  readonly pool: pg.Pool;
  readonly announce: (set: ChangeSet) => void;
  /** Null: accounts for signing in are made elsewhere. */
  readonly accounts: Accounts | null;
}

/** An entry of the caller's chain; names of fields, never values. */
export interface AdminEntry {
  readonly action: 'insert' | 'update' | 'refuse' | 'read' | 'list' | 'export';
  readonly table_name: TableName;
  readonly row_id: string;
  readonly outcome: string;
  readonly location_id?: string | null;
  readonly field_names?: readonly string[];
  readonly purpose?: string;
  readonly patient_ref?: string;
}

type AnyRow = Readonly<Record<string, unknown>>;

/** One transaction in the name of somebody of the administration. */
export interface AdminSession {
  readonly access: Access;
  readonly tx: Tx;
  /** True when matrix and database agree that the caller may do this with the row. */
  may(table: TableName, operation: Operation, row: AnyRow): Promise<boolean>;
  /** @throws AppError CALL_NOT_ALLOWED */
  require(table: TableName, operation: Operation, row: AnyRow): Promise<void>;
  /** Calls a function of the database that judges by itself, as the engine: its one row. */
  call<R extends pg.QueryResultRow>(text: string, values: readonly unknown[]): Promise<R>;
  /** Says in the audit, under the caller's device, what this transaction does. */
  audit(...entries: readonly AdminEntry[]): Promise<void>;
  /** Devices hear of the row once the transaction is committed. */
  changed(table: TableName, row: AnyRow): void;
}

/** About what a call is: stands in the audit when it is refused. */
export interface Subject {
  readonly table: TableName;
  readonly id: string;
}

/**
 * Runs a call of the administration. Who may do what is judged twice: by the matrix over grants read
 * now, and by the same cells in the database, asked as the person. What is refused changes nothing and
 * stands in the audit.
 * @throws AppError as `requireKnown`; CALL_NOT_ALLOWED, and what the work throws
 */
export async function asAdmin<T>(
  deps: AdminDeps,
  caller: Caller,
  subject: Subject | null,
  work: (session: AdminSession) => Promise<T>,
): Promise<T> {
  try {
    return await committed(deps, caller, work);
  } catch (error) {
    const refused = refusalOf(error);
    if (subject && refused instanceof AppError && NOTED.has(refused.code)) {
      await noteRefusal(deps.pool, caller, subject, refused);
    }
    throw refused;
  }
}

/** Attempts at what is not theirs, which stand in the audit. */
const NOTED: ReadonlySet<string> = new Set([
  'CALL_NOT_ALLOWED',
  'ADMIN_OWN',
  'ADMIN_LAST',
  'SYNC_OWN_APPROVAL',
]);

/** What the functions and constraints of the database say, in the words of the catalogue. */
function refusalOf(error: unknown): unknown {
  // GN020: the message is the name of the code (migration "administration").
  if (error instanceof pg.DatabaseError && error.code === 'GN020' && isCode(error.message)) {
    return new AppError(error.message);
  }
  const fault = rowFaultOf(error);
  switch (fault?.kind) {
    case 'parent-missing':
      return new AppError('SYNC_PARENT_MISSING');
    case 'unique-taken':
      return new AppError('SYNC_UNIQUE_TAKEN', { fields: UNIQUE_FIELDS[fault.constraint] ?? [] });
    case 'invalid':
      return new AppError('REQUEST_INVALID', { fields: fault.column ? [fault.column] : [] });
    default:
      return error;
  }
}

const UNIQUE_FIELDS: Readonly<Record<string, string[]>> = {
  users_email_key: ['email'],
  locations_code_key: ['code'],
  location_configs_location_id_key_effective_from_key: ['effective_from'],
};

async function committed<T>(
  { pool, announce }: AdminDeps,
  caller: Caller,
  work: (session: AdminSession) => Promise<T>,
): Promise<T> {
  const changes = collectChanges();
  const { result, xid } = await withSession(pool, caller, async (tx) => {
    const access = requireKnown(
      await tx.asEngine((engine) => readAccess(engine, caller.userId, caller.deviceId)),
    );
    const may: AdminSession['may'] = async (table, operation, row) => {
      if (!mayDo(access.grants, caller.userId, table, operation, row)) return false;
      const [answer] = await tx.query<{ may: boolean }>(
        'select private.may_row($1, $2, $3::jsonb) as may',
        [table, operation, JSON.stringify(row)],
      );
      return answer?.may === true;
    };
    const outcome = await work({
      access,
      tx,
      may,
      async require(table, operation, row) {
        if (!(await may(table, operation, row))) throw new AppError('CALL_NOT_ALLOWED', { table });
      },
      async call<R extends pg.QueryResultRow>(text: string, values: readonly unknown[]) {
        const [row] = await tx.asEngine((engine) => engine.query<R>(text, values));
        if (!row) throw new AppError('INTERNAL', { reason: 'no answer' });
        return row;
      },
      audit: (...entries) => tx.asEngine((engine) => appendAudit(engine, caller, entries)),
      changed: (table, row) => changes.add(table, row),
    });
    if (changes.list().length === 0) return { result: outcome, xid: null };
    const [now] = await tx.query<{ xid: string }>('select pg_current_xact_id()::text as xid');
    return { result: outcome, xid: now?.xid ?? null };
  });
  if (changes.list().length > 0) announce({ xid, changes: changes.list() });
  return result;
}

async function appendAudit(
  engine: Queries,
  { deviceId }: Caller,
  entries: readonly AdminEntry[],
): Promise<void> {
  const text = JSON.stringify(entries);
  await engine.query('select private.append_audit($1, $2::jsonb)', [deviceId, text]);
}

/** A transaction of its own: what was refused has been rolled back. */
function noteRefusal(pool: pg.Pool, caller: Caller, subject: Subject, error: AppError) {
  const entry: AdminEntry = {
    action: 'refuse',
    table_name: subject.table,
    row_id: subject.id,
    outcome: error.code,
  };
  return withSession(pool, caller, (tx) =>
    tx.asEngine((engine) => appendAudit(engine, caller, [entry])),
  );
}

/** Milliseconds since the Unix epoch of a column, as text of a whole number. */
export const msOf = (column: string): string =>
  `floor(extract(epoch from ${column}) * 1000)::bigint::text`;

/** The number of such a text, or null. */
export const numberOf = (text: string | null): number | null =>
  text === null ? null : Number(text);
