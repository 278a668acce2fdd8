import { AppError } from '#shared/errors/app-error.ts';
import type { AdminIn, AdminOut, AuditFilter, ReadChainView } from '#shared/protocol/admin.ts';
import type { Caller } from '../http/route.ts';
import { asAdmin, msOf, numberOf } from './admin-session.ts';
import type { AdminDeps } from './admin-session.ts';

/** What each part of a filter of the audit asks of an entry of a device's chain. */
export const READ_TESTS: Readonly<
  Record<Exclude<keyof AuditFilter, 'kind'>, (value: string) => string>
> = {
  patientRef: (value) => `e.patient_ids @> array[${value}::uuid]`,
  userId: (value) => `e.actor_id = ${value}::uuid`,
  deviceId: (value) => `e.device_id = ${value}::uuid`,
  table: (value) => `e.table_name = ${value}`,
  action: (value) => `e.action = ${value}`,
  from: (value) => `e.taken_at >= timestamptz 'epoch' + ${value} * interval '1 millisecond'`,
  until: (value) => `e.taken_at < timestamptz 'epoch' + ${value} * interval '1 millisecond'`,
};

/** Entries of devices in the columns of the server's own, for one list of both. */
export const READ_COLUMNS = `
  e.id, e.row_xid, e.seq, e.device_id, e.actor_id, e.location_id, e.action,
  coalesce(e.table_name, '') as table_name, coalesce(e.row_ids[1], e.id) as row_id,
  coalesce(e.body::jsonb ->> 'outcome', 'ok') as outcome, '[]'::jsonb as field_names,
  coalesce(e.body::jsonb ->> 'how', e.body::jsonb ->> 'because') as purpose,
  e.patient_ids[1] as patient_ref, (e.body::jsonb ->> 'at') as occurred_at,
  ${msOf('e.taken_at')} as recorded_at, e.chain_id, e.body::jsonb ->> 'screen' as screen,
  (e.body::jsonb ->> 'n')::integer as n, e.row_ids, e.patient_ids`;

interface ChainRow {
  readonly id: string;
  readonly device_id: string;
  readonly location_id: string | null;
  readonly begun_at: string;
  readonly seq: number;
  readonly taken_at: string | null;
  readonly is_signed: boolean;
  readonly is_last: boolean;
  readonly fault: ReadChainView['fault'];
  readonly fault_seq: number | null;
  readonly fault_at: string | null;
  readonly checked_at: string | null;
  readonly checked: number | null;
}

const CHAINS = `
  select c.id, c.device_id, d.location_id, ${msOf('c.begun_at')} as begun_at, c.seq,
         ${msOf('c.taken_at')} as taken_at, c.signature is not null as is_signed,
         c.begun_at = max(c.begun_at) over (partition by c.device_id) as is_last,
         c.fault, c.fault_seq, ${msOf('c.fault_at')} as fault_at,
         ${msOf('c.checked_at')} as checked_at, c.checked
    from private.device_chains c join public.devices d on d.id = c.device_id`;

const viewOf = (row: ChainRow): ReadChainView => ({
  chainId: row.id,
  deviceId: row.device_id,
  begunAt: Number(row.begun_at),
  seq: row.seq,
  takenAt: numberOf(row.taken_at),
  isSigned: row.is_signed,
  isLast: row.is_last,
  fault: row.fault,
  faultSeq: row.fault_seq,
  faultAt: numberOf(row.fault_at),
  checkedAt: numberOf(row.checked_at),
  checked: row.checked,
});

/**
 * The chains of reads of all machines whose audit the caller may read: how far each has come, when it was
 * checked, what is wrong with it.
 * @throws AppError as `asAdmin`
 */
export function listReadChains(
  deps: AdminDeps,
  caller: Caller,
): Promise<AdminOut<'admin.readChains'>> {
  const subject = { table: 'audit_logs', id: caller.deviceId } as const;
  return asAdmin(deps, caller, subject, async ({ tx, require, may }) => {
    await require('audit_logs', 'read', { location_id: null });
    const rows = await tx.asEngine((engine) =>
      engine.query<ChainRow>(`${CHAINS} order by c.device_id, c.begun_at desc, c.id`),
    );
    const mine: ReadChainView[] = [];
    // One answer a site, however many machines stand there.
    const bySite = new Map<string | null, boolean>();
    for (const row of rows) {
      const { location_id: site } = row;
      const isMine = bySite.get(site) ?? (await may('audit_logs', 'read', { location_id: site }));
      bySite.set(site, isMine);
      if (isMine) mine.push(viewOf(row));
    }
    return { chains: mine };
  });
}

/**
 * Reckons a chain of reads again, from its first entry to its head, and keeps what comes out.
 * @throws AppError NOT_FOUND, as `asAdmin`
 */
export function checkReadChain(
  deps: AdminDeps,
  caller: Caller,
  { chainId }: AdminIn<'admin.readChain'>,
): Promise<ReadChainView> {
  const subject = { table: 'audit_logs', id: chainId } as const;
  return asAdmin(deps, caller, subject, ({ tx, require }) =>
    tx.asEngine(async (engine) => {
      const read = async (): Promise<ChainRow> => {
        const [row] = await engine.query<ChainRow>(`select * from (${CHAINS}) c where c.id = $1`, [
          chainId,
        ]);
        if (!row) throw new AppError('NOT_FOUND');
        return row;
      };
      await require('audit_logs', 'read', { location_id: (await read()).location_id });
      await engine.execute(
        `update private.device_chains c
            set checked_at = now(), checked = v.checked, fault = coalesce(c.fault, v.fault),
                fault_seq = case when c.fault is null then v.broken_seq else c.fault_seq end,
                fault_at = case when c.fault is null and v.fault is not null then now()
                                else c.fault_at end
           from private.verify_device_chain($1) v where c.id = $1`,
        [chainId],
      );
      return viewOf(await read());
    }),
  );
}
