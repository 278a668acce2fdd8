import { createHash, timingSafeEqual } from 'node:crypto';
import type pg from 'pg';
import { AppError } from '#shared/errors/app-error.ts';
import type { DeviceReport, DeviceSecret, DeviceStanding } from '#shared/protocol/device.ts';
import { asEngine } from '../db/as-engine.ts';
import type { Queries } from '../db/with-session.ts';
import type { Caller } from '../http/route.ts';

interface StandingRow {
  readonly status: DeviceStanding['status'];
  readonly location_id: string | null;
  readonly secret_hash: string | null;
  readonly channel: DeviceStanding['channel'];
  readonly wipe_ordered: boolean;
  readonly wiped: boolean;
}

/**
 * Takes note of the hash of a machine's secret: the first one counts, and another one later changes
 * nothing, so that whoever copies a machine's id gets no say about it.
 * @throws AppError DEVICE_REFUSED for a machine that is not enrolled
 */
export async function keepDeviceSecret(
  pool: pg.Pool,
  caller: Caller,
  { hash }: DeviceSecret,
): Promise<{ kept: boolean }> {
  const kept = await asEngine(pool, (engine) =>
    engine.execute(
      `insert into private.device_reports (device_id, secret_hash)
       select d.id, $2 from public.devices d
        where d.id = $1 and exists (select from public.users u where u.id = $3)
       on conflict (device_id) do update set secret_hash = excluded.secret_hash
         where device_reports.secret_hash is null`,
      [caller.deviceId, hash, caller.userId],
    ),
  );
  return { kept: kept > 0 };
}

/** A machine is noted as seen at most this often, milliseconds: see `pg-session-store.ts`. */
const SEEN_EVERY_MS = 15 * 60_000;

/**
 * A machine says how it is, and learns what is to become of it: nobody needs to be signed in on it.
 * @throws AppError DEVICE_REFUSED for a machine that does not prove to be the one
 */
export function reportDevice(pool: pg.Pool, report: DeviceReport): Promise<DeviceStanding> {
  const { deviceId, profiles, wiped } = report;
  return asEngine(pool, async (engine) => {
    const [row] = await engine.query<StandingRow>(
      `select d.status, d.location_id, r.secret_hash, r.update_channel as channel,
              r.wipe_ordered_at is not null as wipe_ordered, r.wiped_at is not null as wiped
         from public.devices d join private.device_reports r on r.device_id = d.id
        where d.id = $1 for update of r`,
      [deviceId],
    );
    if (!row || !isSecretOf(report.secret, row.secret_hash)) {
      throw new AppError('DEVICE_REFUSED', { reason: 'unknown' });
    }
    const isWiped = row.wiped || (row.wipe_ordered && wiped);
    await engine.execute(
      `update private.device_reports
          set app_version = $2, waiting = $3, needs_you = $4,
              reported_at = date_trunc('milliseconds', now()),
              wiped_at = case when $5 then coalesce(wiped_at, date_trunc('milliseconds', now())) end
        where device_id = $1`,
      [deviceId, report.appVersion, report.waiting, report.needsYou, isWiped],
    );
    if (isWiped && !row.wiped) await noteWiped(engine, deviceId, row.location_id);
    await engine.execute(
      `update public.devices set last_seen_at = date_trunc('milliseconds', now())
        where id = $1 and status = 'active'
          and (last_seen_at is null or last_seen_at < now() - $2 * interval '1 millisecond')`,
      [deviceId, SEEN_EVERY_MS],
    );
    const closed = await engine.query<{ id: string }>(
      `select id from public.users where id = any ($1::uuid[]) and status = 'left'`,
      [profiles],
    );
    return {
      status: row.status,
      wipe: row.wipe_ordered && !isWiped,
      closed: closed.map(({ id }) => id),
      channel: row.channel,
    };
  });
}

const noteWiped = (engine: Queries, deviceId: string, site: string | null): Promise<unknown> =>
  engine.query('select private.append_audit($1, $2::jsonb)', [
    deviceId,
    JSON.stringify([
      {
        action: 'update',
        table_name: 'devices',
        row_id: deviceId,
        outcome: 'ok',
        location_id: site,
        purpose: 'wiped',
      },
    ]),
  ]);

function isSecretOf(secret: string, hash: string | null): boolean {
  if (hash === null) return false;
  const given = createHash('sha256').update(secret).digest();
  return timingSafeEqual(given, Buffer.from(hash, 'hex'));
}
