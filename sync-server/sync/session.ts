import type pg from 'pg';
import { AppError } from '#shared/errors/app-error.ts';
import type { SessionReply, SessionRequest } from '#shared/protocol/messages.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { TABLES } from '#shared/schema/tables.ts';
import type { Identity } from '../auth/token-verifier.ts';
import { withSession } from '../db/with-session.ts';
import type { Queries } from '../db/with-session.ts';
import { readAccess, requireKnown } from './access.ts';
import type { Access } from './ports.ts';

/**
 * A machine is noted as seen at most this often, milliseconds: each note is a change of the row that
 * every device of its site would fetch.
 */
const SEEN_EVERY_MS = 15 * 60_000;

/**
 * Begins the work of a person on a device: who they are, what they may do, under which epoch. A
 * device that the server meets for the first time is enrolled by the person who brings it; a known
 * one may be used by everybody.
 * @throws AppError REQUEST_INVALID for a name that is not readable, AUTH_NO_ACCESS for people without any right, DEVICE_REFUSED for a device that is
 *   suspended, retired, or of a kind that only IT enrols
 */
export async function openSession(
  deps: { pool: pg.Pool; clock: Clock },
  who: Identity,
  request: SessionRequest,
): Promise<SessionReply> {
  const { device } = request;
  if (!TABLES.devices.fields.name.zod.safeParse(device.name).success) {
    throw new AppError('REQUEST_INVALID', { fields: ['device.name'] });
  }
  const access = await withSession(deps.pool, who, (tx) =>
    tx.asEngine(async (engine) => {
      const before = await readAccess(engine, who.userId, device.id);
      if (!before || before.grants.length === 0) throw new AppError('AUTH_NO_ACCESS');
      if (before.deviceStatus === 'active') await noteSeen(engine, device.id);
      if (before.deviceStatus !== null) return requireKnown(before);
      // A kiosk has rights of its own; it is enrolled by IT with a code, never by turning up.
      if (device.kind === 'kiosk') throw new AppError('DEVICE_REFUSED', { reason: 'not enrolled' });
      await enrol(engine, who.userId, device);
      return requireKnown(await readAccess(engine, who.userId, device.id));
    }),
  );
  return {
    user: { id: who.userId, ...namesOf(access) },
    grants: access.grants.map(({ role, locationId, teamId = null, validFrom, validTo }) => ({
      role,
      locationId,
      teamId,
      validFrom,
      validTo,
    })),
    epoch: access.epoch,
    serverTime: deps.clock.now(),
  };
}

const namesOf = ({ user }: Access): { displayName: string; email: string } => ({
  displayName: user.displayName,
  email: user.email,
});

async function noteSeen(engine: Queries, deviceId: string): Promise<void> {
  await engine.execute(
    `update public.devices set last_seen_at = now() where id = $1
      and (last_seen_at is null or last_seen_at < now() - $2 * interval '1 millisecond')`,
    [deviceId, SEEN_EVERY_MS],
  );
}

async function enrol(
  engine: Queries,
  userId: string,
  device: SessionRequest['device'],
): Promise<void> {
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
