import { AppError } from '#shared/errors/app-error.ts';
import { newId } from '#shared/kernel/ids.ts';
import type {
  AdminIn,
  AdminOut,
  AuditEntryView,
  AuditFilter,
  ChainView,
} from '#shared/protocol/admin.ts';
import type { Caller } from '../http/route.ts';
import { asAdmin, msOf, numberOf } from './admin-session.ts';
import type { AdminDeps } from './admin-session.ts';

/** Column of the audit and comparison behind each part of a filter. */
const TESTS: Readonly<Record<keyof AuditFilter, (value: string) => string>> = {
  patientRef: (value) => `a.patient_ref = ${value}::uuid`,
  userId: (value) => `a.actor_id = ${value}::uuid`,
  deviceId: (value) => `a.device_id = ${value}::uuid`,
  table: (value) => `a.table_name = ${value}`,
  action: (value) => `a.action = ${value}`,
  from: (value) => `a.recorded_at >= timestamptz 'epoch' + ${value} * interval '1 millisecond'`,
  until: (value) => `a.recorded_at < timestamptz 'epoch' + ${value} * interval '1 millisecond'`,
};

const COLUMNS = `
  a.id, a.row_xid::text as xid, a.seq, a.device_id, a.actor_id, a.location_id, a.action,
  a.table_name, a.row_id, a.outcome, a.field_names, a.purpose, a.patient_ref,
  ${msOf('a.occurred_at')} as occurred_at, ${msOf('a.recorded_at')} as recorded_at`;

interface EntryRow {
  readonly id: string;
  readonly xid: string;
  readonly seq: number;
  readonly device_id: string | null;
  readonly actor_id: string | null;
  readonly location_id: string | null;
  readonly action: AuditEntryView['action'];
  readonly table_name: string;
  readonly row_id: string;
  readonly outcome: string;
  readonly field_names: string[];
  readonly purpose: string | null;
  readonly patient_ref: string | null;
  readonly occurred_at: string | null;
  readonly recorded_at: string;
}

/** The text of a page and its values: conditions of the filter, then the place after which it begins. */
export function auditPageSql({ filter, after, limit }: AdminIn<'admin.audit'>): {
  text: string;
  values: unknown[];
} {
  const values: unknown[] = [];
  const place = (value: unknown): string => `$${values.push(value)}`;
  const tests = (Object.keys(TESTS) as (keyof AuditFilter)[]).flatMap((name) =>
    filter[name] === undefined ? [] : [TESTS[name](place(filter[name]))],
  );
  if (after) {
    tests.push(`(a.row_xid, a.id) < (${place(after.xid)}::text::xid8, ${place(after.id)}::uuid)`);
  }
  const where = tests.length === 0 ? '' : ` where ${tests.join(' and ')}`;
  const text = `select ${COLUMNS} from public.audit_logs a${where}
    order by a.row_xid desc, a.id desc limit ${place(limit + 1)}`;
  return { text, values };
}

/**
 * One page of the audit, newest first, as the policies show it to the caller. Who has no more than
 * their own trail reads it nowhere: what they did stands in the records.
 * @throws AppError as `asAdmin`
 */
export function readAudit(
  deps: AdminDeps,
  caller: Caller,
  asked: AdminIn<'admin.audit'>,
): Promise<AdminOut<'admin.audit'>> {
  const subject = { table: 'audit_logs', id: caller.deviceId } as const;
  return asAdmin(deps, caller, subject, async ({ tx, require, audit }) => {
    await require('audit_logs', 'read', { location_id: null });
    const { text, values } = auditPageSql(asked);
    const rows = await tx.query<EntryRow>(text, values);
    // Whose trail is looked at is itself part of the trail; a page more of the same list is not.
    if (asked.after === null && asked.filter.patientRef !== undefined) {
      await audit({
        action: 'list',
        table_name: 'audit_logs',
        row_id: asked.filter.patientRef,
        outcome: 'ok',
        field_names: Object.keys(asked.filter),
        purpose: 'audit of a patient',
        patient_ref: asked.filter.patientRef,
      });
    }
    return { entries: rows.slice(0, asked.limit).map(viewOf), more: rows.length > asked.limit };
  });
}

const viewOf = (row: EntryRow): AuditEntryView => ({
  id: row.id,
  xid: row.xid,
  seq: row.seq,
  deviceId: row.device_id,
  actorId: row.actor_id,
  locationId: row.location_id,
  action: row.action,
  tableName: row.table_name,
  rowId: row.row_id,
  outcome: row.outcome,
  fieldNames: row.field_names,
  purpose: row.purpose,
  patientRef: row.patient_ref,
  occurredAt: numberOf(row.occurred_at),
  recordedAt: Number(row.recorded_at),
});

/**
 * Reckons the chain of a machine again, from its first entry to its head: a number and a place, nothing
 * of what stands there.
 * @throws AppError as `asAdmin`; a machine that is not known has an empty chain
 */
export function checkChain(
  deps: AdminDeps,
  caller: Caller,
  { deviceId }: AdminIn<'admin.auditChain'>,
): Promise<ChainView> {
  const subject = { table: 'audit_logs', id: deviceId } as const;
  return asAdmin(deps, caller, subject, ({ tx, require }) =>
    tx.asEngine(async (engine) => {
      const [device] = await engine.query<{ location_id: string | null }>(
        'select location_id from public.devices where id = $1',
        [deviceId],
      );
      await require('audit_logs', 'read', { location_id: device?.location_id ?? null });
      const [verdict] = await engine.query<{
        checked: number;
        broken_seq: number | null;
        fault: ChainView['fault'];
      }>('select checked, broken_seq, fault from private.verify_audit($1)', [deviceId]);
      if (!verdict) throw new AppError('INTERNAL', { reason: 'no verdict' });
      const { checked, broken_seq: brokenAt, fault } = verdict;
      return { deviceId, checked, brokenAt, fault };
    }),
  );
}

/**
 * Says in the audit that entries leave it as a file: how many, and by what they were chosen.
 * @throws AppError as `asAdmin`
 */
export function noteExport(
  deps: AdminDeps,
  caller: Caller,
  { filter, rows }: AdminIn<'admin.auditExport'>,
): Promise<AdminOut<'admin.auditExport'>> {
  const exportId = newId();
  const subject = { table: 'audit_logs', id: exportId } as const;
  return asAdmin(deps, caller, subject, async ({ require, audit }) => {
    await require('audit_logs', 'read', { location_id: null });
    await audit({
      action: 'export',
      table_name: 'audit_logs',
      row_id: exportId,
      outcome: `ok, ${rows} entries`,
      field_names: Object.keys(filter),
      purpose: 'audit as CSV',
      ...(filter.patientRef === undefined ? {} : { patient_ref: filter.patientRef }),
    });
    return { exportId };
  });
}
