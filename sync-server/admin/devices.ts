import { AppError } from '#shared/errors/app-error.ts';
import { ADMIN_LIMITS } from '#shared/protocol/admin.ts';
import type { AdminIn, AdminOut, DeviceView } from '#shared/protocol/admin.ts';
import type { Queries } from '../db/with-session.ts';
import type { Caller } from '../http/route.ts';
import { asAdmin, msOf, numberOf } from './admin-session.ts';
import type { AdminDeps } from './admin-session.ts';

interface DeviceRow {
  readonly id: string;
  readonly name: string;
  readonly kind: DeviceView['kind'];
  readonly status: DeviceView['status'];
  readonly location_id: string | null;
  readonly enrolled_by: string;
  readonly enrolled_at: string;
  readonly last_seen_at: string | null;
  readonly last_person: string | null;
  readonly last_write_at: string | null;
  readonly quarantined: number;
}

const DEVICES_SQL = `
  select d.id, d.name, d.kind, d.status, d.location_id, d.enrolled_by,
         ${msOf('d.created_at')} as enrolled_at, ${msOf('d.last_seen_at')} as last_seen_at,
         w.actor_id as last_person, ${msOf('w.recorded_at')} as last_write_at,
         (select count(*)::int from private.quarantine q
           where q.device_id = d.id and q.status = 'waiting') as quarantined
    from public.devices d
    left join lateral (
      select a.actor_id, a.recorded_at from public.audit_logs a
       where a.device_id = d.id and a.actor_id is not null
       order by a.seq desc limit 1) w on true
   where d.id = any ($1::uuid[])
   order by d.name, d.id`;

/**
 * The machines that the caller may see, with when they were here and who wrote from them last.
 * @throws AppError as `asAdmin`; CALL_NOT_ALLOWED for people who see no machine but their own
 */
export function listDevices(deps: AdminDeps, caller: Caller): Promise<AdminOut<'admin.devices'>> {
  return asAdmin(deps, caller, null, async ({ tx, require }) => {
    // Of no site: whoever sees machines of any site sees these too, and the others see none.
    await require('devices', 'read', { location_id: null });
    // Under the policies of the caller; what they name the engine may complete.
    const seen = await tx.query<{ id: string }>('select id from public.devices limit $1', [
      ADMIN_LIMITS.devices,
    ]);
    const ids = seen.map(({ id }) => id);
    return { devices: await tx.asEngine((engine) => readDevices(engine, ids)) };
  });
}

async function readDevices(engine: Queries, ids: readonly string[]): Promise<DeviceView[]> {
  const rows = await engine.query<DeviceRow>(DEVICES_SQL, [ids]);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    kind: row.kind,
    status: row.status,
    locationId: row.location_id,
    enrolledBy: row.enrolled_by,
    enrolledAt: Number(row.enrolled_at),
    lastSeenAt: numberOf(row.last_seen_at),
    lastPersonId: row.last_person,
    lastWriteAt: numberOf(row.last_write_at),
    quarantined: row.quarantined,
  }));
}

/**
 * Suspends a machine, lets it in again, or retires it for good. Asked again, it changes nothing.
 * @throws AppError as `asAdmin`; NOT_FOUND; CALL_NOT_ALLOWED for the machine that the caller sits at;
 *   SYNC_TRANSITION_REFUSED when somebody else has moved it meanwhile, or when it is retired
 */
export function setDevice(
  deps: AdminDeps,
  caller: Caller,
  wish: AdminIn<'admin.setDevice'>,
): Promise<AdminOut<'admin.setDevice'>> {
  const { deviceId, status } = wish;
  return asAdmin(deps, caller, { table: 'devices', id: deviceId }, async (session) => {
    const { tx, audit, changed } = session;
    const [before] = await tx.asEngine((engine) =>
      engine.query<{ status: DeviceView['status']; location_id: string | null; by: string }>(
        `select status, location_id, enrolled_by as by from public.devices
          where id = $1 for update`,
        [deviceId],
      ),
    );
    const row = { id: deviceId, location_id: before?.location_id ?? null };
    // Whether there is such a machine is told to those only who may change machines.
    await session.require('devices', 'update', row);
    if (!before) throw new AppError('NOT_FOUND');
    if (deviceId === caller.deviceId) throw new AppError('CALL_NOT_ALLOWED', { reason: 'own' });
    if (before.status !== status) {
      // What is retired stays so: its key may be in other hands, so the machine begins anew.
      if (before.status !== wish.was || before.status === 'retired') {
        throw new AppError('SYNC_TRANSITION_REFUSED', { fields: ['status'] });
      }
      await tx.asEngine((engine) =>
        engine.execute('update public.devices set status = $2 where id = $1', [deviceId, status]),
      );
      await audit({
        action: 'update',
        table_name: 'devices',
        row_id: deviceId,
        outcome: 'ok',
        location_id: before.location_id,
        field_names: ['status'],
        purpose: wish.purpose,
      });
      changed('devices', { ...row, enrolled_by: before.by });
    }
    const [device] = await tx.asEngine((engine) => readDevices(engine, [deviceId]));
    if (!device) throw new AppError('NOT_FOUND');
    return { device };
  });
}
