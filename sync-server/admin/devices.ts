import { AppError } from '#shared/errors/app-error.ts';
import { ADMIN_LIMITS } from '#shared/protocol/admin.ts';
import type { AdminIn, AdminOut, DeviceView } from '#shared/protocol/admin.ts';
import type { Queries } from '../db/with-session.ts';
import type { Caller } from '../http/route.ts';
import { asAdmin, msOf, numberOf } from './admin-session.ts';
import type { AdminDeps, AdminSession } from './admin-session.ts';

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
  readonly reported_at: string | null;
  readonly app_version: string | null;
  readonly waiting: number | null;
  readonly needs_you: number | null;
  readonly update_channel: DeviceView['updateChannel'];
  readonly wipe_ordered_at: string | null;
  readonly wiped_at: string | null;
}

const DEVICES_SQL = `
  select d.id, d.name, d.kind, d.status, d.location_id, d.enrolled_by,
         ${msOf('d.created_at')} as enrolled_at, ${msOf('d.last_seen_at')} as last_seen_at,
         w.actor_id as last_person, ${msOf('w.recorded_at')} as last_write_at,
         (select count(*)::int from private.quarantine q
           where q.device_id = d.id and q.status = 'waiting') as quarantined,
         ${msOf('r.reported_at')} as reported_at, r.app_version, r.waiting, r.needs_you,
         coalesce(r.update_channel, 'stable') as update_channel,
         ${msOf('r.wipe_ordered_at')} as wipe_ordered_at, ${msOf('r.wiped_at')} as wiped_at
    from public.devices d
    left join private.device_reports r on r.device_id = d.id
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
    reportedAt: numberOf(row.reported_at),
    appVersion: row.app_version,
    waiting: row.waiting,
    needsYou: row.needs_you,
    updateChannel: row.update_channel,
    wipeOrderedAt: numberOf(row.wipe_ordered_at),
    wipedAt: numberOf(row.wiped_at),
  }));
}

interface BeforeRow {
  readonly status: DeviceView['status'];
  readonly location_id: string | null;
  readonly by: string;
}

/** Whether there is such a machine is told to those only who may change machines. */
async function requireChangeable(
  { tx, require }: AdminSession,
  deviceId: string,
): Promise<BeforeRow> {
  const [before] = await tx.asEngine((engine) =>
    engine.query<BeforeRow>(
      `select status, location_id, enrolled_by as by from public.devices where id = $1 for update`,
      [deviceId],
    ),
  );
  await require('devices', 'update', { id: deviceId, location_id: before?.location_id ?? null });
  if (!before) throw new AppError('NOT_FOUND');
  return before;
}

async function viewAfter({ tx }: AdminSession, deviceId: string): Promise<{ device: DeviceView }> {
  const [device] = await tx.asEngine((engine) => readDevices(engine, [deviceId]));
  if (!device) throw new AppError('NOT_FOUND');
  return { device };
}

async function move(
  { tx, audit, changed }: AdminSession,
  deviceId: string,
  before: BeforeRow,
  to: { readonly status: DeviceView['status']; readonly purpose: string },
): Promise<void> {
  await tx.asEngine((engine) =>
    engine.execute('update public.devices set status = $2 where id = $1', [deviceId, to.status]),
  );
  const { location_id: site } = before;
  await audit({
    action: 'update',
    table_name: 'devices',
    row_id: deviceId,
    outcome: 'ok',
    location_id: site,
    field_names: ['status'],
    purpose: to.purpose,
  });
  changed('devices', { id: deviceId, location_id: site, enrolled_by: before.by });
}

const ORDER_WIPE_SQL = `
  insert into private.device_reports (device_id, wipe_ordered_at, wipe_ordered_by)
  values ($1, date_trunc('milliseconds', now()), $2)
  on conflict (device_id) do update
    set wipe_ordered_at = excluded.wipe_ordered_at, wipe_ordered_by = excluded.wipe_ordered_by
    where device_reports.wipe_ordered_at is null`;

/**
 * Suspends a machine, lets it in again, or retires it for good. One that is lost also removes its
 * profiles at its next contact. Asked again, it changes nothing.
 * @throws AppError as `asAdmin`; NOT_FOUND; CALL_NOT_ALLOWED for the machine that the caller sits at;
 *   SYNC_TRANSITION_REFUSED when somebody else has moved it meanwhile, or when it is retired
 */
export function setDevice(
  deps: AdminDeps,
  caller: Caller,
  wish: AdminIn<'admin.setDevice'>,
): Promise<AdminOut<'admin.setDevice'>> {
  const { deviceId, status, was, purpose } = wish;
  return asAdmin(deps, caller, { table: 'devices', id: deviceId }, async (session) => {
    const before = await requireChangeable(session, deviceId);
    if (deviceId === caller.deviceId) throw new AppError('CALL_NOT_ALLOWED', { reason: 'own' });
    if (purpose === 'lost' && status !== 'retired') {
      throw new AppError('REQUEST_INVALID', { fields: ['purpose'] });
    }
    // One that was retired may turn out to be lost: only then is it wiped.
    if (before.status !== status) {
      // What is retired stays so: its key may be in other hands, so the machine begins anew.
      if (before.status !== was || before.status === 'retired') {
        throw new AppError('SYNC_TRANSITION_REFUSED', { fields: ['status'] });
      }
      await move(session, deviceId, before, { status, purpose });
    }
    if (purpose === 'lost') {
      const ordered = await session.tx.asEngine((engine) =>
        engine.execute(ORDER_WIPE_SQL, [deviceId, caller.userId]),
      );
      if (ordered > 0) {
        await session.audit({
          action: 'update',
          table_name: 'devices',
          row_id: deviceId,
          outcome: 'ok',
          location_id: before.location_id,
          purpose: 'wipe ordered',
        });
      }
    }
    return viewAfter(session, deviceId);
  });
}

/** Retires a machine with the person whose it was; one that is retired already, or one's own, stays. */
export async function retireDevice(
  session: AdminSession,
  caller: Caller,
  deviceId: string,
): Promise<void> {
  const before = await requireChangeable(session, deviceId);
  if (before.status === 'retired' || deviceId === caller.deviceId) return;
  await move(session, deviceId, before, { status: 'retired', purpose: 'left' });
  await session.tx.asEngine((engine) => engine.execute(ORDER_WIPE_SQL, [deviceId, caller.userId]));
}

/**
 * From which versions of the app a machine takes its updates.
 * @throws AppError as `asAdmin`; NOT_FOUND
 */
export function setChannel(
  deps: AdminDeps,
  caller: Caller,
  { deviceId, channel }: AdminIn<'admin.setChannel'>,
): Promise<AdminOut<'admin.setChannel'>> {
  return asAdmin(deps, caller, { table: 'devices', id: deviceId }, async (session) => {
    const before = await requireChangeable(session, deviceId);
    const changed = await session.tx.asEngine((engine) =>
      engine.execute(
        `insert into private.device_reports (device_id, update_channel) values ($1, $2)
         on conflict (device_id) do update set update_channel = excluded.update_channel
           where device_reports.update_channel <> excluded.update_channel`,
        [deviceId, channel],
      ),
    );
    if (changed > 0) {
      await session.audit({
        action: 'update',
        table_name: 'devices',
        row_id: deviceId,
        outcome: 'ok',
        location_id: before.location_id,
        field_names: ['update_channel'],
        purpose: channel,
      });
    }
    return viewAfter(session, deviceId);
  });
}
