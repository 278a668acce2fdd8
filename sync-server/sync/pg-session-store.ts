import type pg from 'pg';
import { withSession } from '../db/with-session.ts';
import type { Queries } from '../db/with-session.ts';
import { readAccess } from './access.ts';
import type { Row } from '#shared/schema/define.ts';
import type { NewDevice, OpenSession } from './ports.ts';

/**
 * A machine is noted as seen at most this often, milliseconds: each note is a change of the row that
 * every device of its site would fetch.
 */
const SEEN_EVERY_MS = 15 * 60_000;

/** Sessions over Postgres: one transaction each. */
export function pgSession(pool: pg.Pool): OpenSession {
  return (who, work) =>
    withSession(pool, who, (tx) =>
      tx.asEngine((engine) =>
        work({
          access: (deviceId) => readAccess(engine, who.userId, deviceId),
          acceptInvitation: (deviceId) => acceptInvitation(engine, who.userId, deviceId),
          noteSeen: (deviceId) => noteSeen(engine, deviceId),
          enrol: (device) => enrol(engine, who.userId, device),
        }),
      ),
    );
}

async function acceptInvitation(
  engine: Queries,
  userId: string,
  deviceId: string,
): Promise<Row | null> {
  const [row] = await engine.query<{ accepted: boolean }>(
    'select private.accept_invitation() as accepted',
  );
  if (row?.accepted !== true) return null;
  const entry = {
    action: 'update',
    table_name: 'users',
    row_id: userId,
    outcome: 'ok',
    field_names: ['status'],
    purpose: 'invitation accepted',
  };
  await engine.query('select private.append_audit($1, $2::jsonb)', [
    deviceId,
    JSON.stringify([entry]),
  ]);
  const [user] = await engine.query<Row>(
    'select id, home_location_id from public.users where id = $1',
    [userId],
  );
  return user ?? null;
}

async function noteSeen(engine: Queries, deviceId: string): Promise<void> {
  await engine.execute(
    `update public.devices set last_seen_at = now() where id = $1
      and (last_seen_at is null or last_seen_at < now() - $2 * interval '1 millisecond')`,
    [deviceId, SEEN_EVERY_MS],
  );
}

async function enrol(engine: Queries, userId: string, device: NewDevice): Promise<void> {
  // Two first contacts at once make one row.
  const made = await engine.execute(
    `insert into public.devices
       (id, created_at, created_by, device_id, kind, name, status, enrolled_by, last_seen_at)
     values ($1, date_trunc('milliseconds', now()), $2, $1, $3, $4, 'active', $2,
       date_trunc('milliseconds', now()))
     on conflict (id) do nothing`,
    [device.id, userId, device.kind, device.name],
  );
  if (made === 0) return;
  const entry = { action: 'insert', table_name: 'devices', row_id: device.id, outcome: 'ok' };
  await engine.query('select private.append_audit($1, $2::jsonb)', [
    device.id,
    JSON.stringify([entry]),
  ]);
}
