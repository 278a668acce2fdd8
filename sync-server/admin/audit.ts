import { AppError } from '#shared/errors/app-error.ts';
import { newId } from '#shared/kernel/ids.ts';
import type { AdminIn, AdminOut, AuditEntryView, ChainView } from '#shared/protocol/admin.ts';
import type { Caller } from '../http/route.ts';
import { asAdmin, msOf, numberOf } from './admin-session.ts';
import type { AdminDeps } from './admin-session.ts';
import { READ_COLUMNS, READ_TESTS } from './reads.ts';

/** Column of the audit and comparison behind each part of a filter. */
const TESTS: typeof READ_TESTS = {
  patientRef: (value) => `a.patient_ref = ${value}::uuid`,
  userId: (value) => `a.actor_id = ${value}::uuid`,
  deviceId: (value) => `a.device_id = ${value}::uuid`,
  table: (value) => `a.table_name = ${value}`,
  action: (value) => `a.action = ${value}`,
  from: (value) => `a.recorded_at >= timestamptz 'epoch' + ${value} * interval '1 millisecond'`,
  until: (value) => `a.recorded_at < timestamptz 'epoch' + ${value} * interval '1 millisecond'`,
};

const COLUMNS = `
  a.id, a.row_xid, a.seq, a.device_id, a.actor_id, a.location_id, a.action,
  a.table_name, a.row_id, a.outcome, a.field_names, a.purpose, a.patient_ref,
  ${msOf('a.occurred_at')} as occurred_at, ${msOf('a.recorded_at')} as recorded_at,
  null::uuid as chain_id, null as screen, null::integer as n, null::uuid[] as row_ids,
  null::uuid[] as patient_ids`;

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
  /** Of a device's own chain; null: of the server's. */
  readonly chain_id: string | null;
  readonly screen: string | null;
  readonly n: number | null;
  readonly row_ids: string[] | null;
  readonly patient_ids: string[] | null;
}

/** Where entries stand: what the server wrote itself, and what devices handed over. */
const SOURCES = {
  writes: { from: 'public.audit_logs a', alias: 'a', columns: COLUMNS, tests: TESTS },
  reads: {
    from: 'private.device_entries e',
    alias: 'e',
    columns: READ_COLUMNS,
    tests: READ_TESTS,
  },
} as const;

/** The text of a page and its values: conditions of the filter, then the place after which it begins. */
export function auditPageSql({ filter, after, limit }: AdminIn<'admin.audit'>): {
  text: string;
  values: unknown[];
} {
  const values: unknown[] = [];
  const place = (value: unknown): string => `$${values.push(value)}`;
  const { kind, ...rest } = filter;
  const wanted = (Object.keys(TESTS) as (keyof typeof TESTS)[]).flatMap((name) =>
    rest[name] === undefined ? [] : [[name, place(rest[name])] as const],
  );
  const last = after && [place(after.xid), place(after.id)];
  const most = place(limit + 1);
  // Each in its own order first, so that no index is walked further than a page.
  const pages = [kind ?? (['writes', 'reads'] as const)].flat().map((name) => {
    const { from, alias, columns, tests } = SOURCES[name];
    const conditions = wanted.map(([test, value]) => tests[test](value));
    if (last) {
      conditions.push(
        `(${alias}.row_xid, ${alias}.id) < (${last[0]}::text::xid8, ${last[1]}::uuid)`,
      );
    }
    const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
    return `(select ${columns} from ${from}${where}
      order by ${alias}.row_xid desc, ${alias}.id desc limit ${most})`;
  });
  const text = `select p.*, p.row_xid::text as xid from (${pages.join(' union all ')}) p
    order by p.row_xid desc, p.id desc limit ${most}`;
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
  chainId: row.chain_id,
  screen: row.screen,
  n: row.n,
  rowIds: row.row_ids ?? [],
  patientRefs: row.patient_ids ?? [],
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
