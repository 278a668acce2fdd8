import { derivedId } from '#shared/kernel/ids.ts';
import { asAdmin } from '../database.ts';
import type { SyncDatabase } from '../database.ts';
import { deviceAt, makePushWorld, siteOf } from '../push/world.ts';

/** One device of the bench: the first ones write, the rest only hold a connection. */
export interface LiveDevice {
  readonly userId: string;
  readonly deviceId: string;
}

/** A site where nothing happens: where those are who only hold a connection. */
const QUIET_SITE = '5a000000-0000-4000-8000-0000000000dd';
/** As many machines has each person who only holds connections. */
const MACHINES_EACH = 20;

/** The count that people are on together. */
export const SHARED_COUNT = derivedId('bench', 'shared-count');

export function quietDevice(nth: number): LiveDevice {
  return {
    userId: derivedId('bench', 'quiet-person', String(Math.floor(nth / MACHINES_EACH))),
    deviceId: derivedId('bench', 'quiet-machine', String(nth)),
  };
}

/** Devices that write at three sites, devices that hold a connection at a fourth, and a count. */
export async function makeLiveWorld(
  database: SyncDatabase,
  size: { readonly active: number; readonly quiet: number },
): Promise<void> {
  await makePushWorld(database, size.active);
  await asAdmin(database.adminUrl, async (admin) => {
    await admin.query(`set session_replication_role = 'replica'`);
    const quiet = Array.from({ length: size.quiet }, (_, nth) => quietDevice(nth));
    const people = [...new Set(quiet.map(({ userId }) => userId))];
    await admin.query(
      `insert into public.locations (id, code, name, time_zone, active)
       values ($1, 'QT', 'Quiet', 'America/New_York', true)`,
      [QUIET_SITE],
    );
    await admin.query(
      `insert into public.users (id, display_name, status, email, mfa_required)
       select id, 'Quiet', 'active', id::text || '@example.com', false from unnest($1::uuid[]) as p (id)`,
      [people],
    );
    await admin.query(
      `insert into public.user_roles (id, user_id, role, location_id, valid_from)
       select gen_random_uuid(), id, 'LM', $2, now() - interval '1 day' from unnest($1::uuid[]) as p (id)`,
      [people, QUIET_SITE],
    );
    await admin.query(
      `insert into public.devices (id, name, kind, enrolled_by, status)
       select d.id, 'Quiet', 'desktop', d.user_id, 'active'
       from unnest($1::uuid[], $2::uuid[]) as d (id, user_id)`,
      [quiet.map(({ deviceId }) => deviceId), quiet.map(({ userId }) => userId)],
    );
    const first = deviceAt(0);
    await admin.query(
      `insert into public.count_sessions
         (id, location_id, kind, blind, status, counted_by, started_at, field_hlc)
       values ($1, $2, 'spot', false, 'open', $3, now(), '{}')`,
      [SHARED_COUNT, siteOf(first), first.userId],
    );
    await admin.query(`set session_replication_role = 'origin'`);
  });
}
