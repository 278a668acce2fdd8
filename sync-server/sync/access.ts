import { activeGrants } from '#shared/access/rights.ts';
import type { Grant } from '#shared/access/rights.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { KEPT } from '../db/with-session.ts';
import type { Queries } from '../db/with-session.ts';
import type { Batch } from './batch.ts';
import type { Access } from './ports.ts';

interface AccessRow {
  user_status: string;
  display_name: string;
  email: string;
  device_status: 'active' | 'suspended' | 'retired' | null;
  epoch: string;
  lacks_factor: boolean;
  grants: Grant[];
  parts: Grant[];
  now: string;
}

/** Dates of grants are compared with the clock of the database, the same that the policies use. */
const ACCESS_SQL = `
  select u.status as user_status, u.display_name, u.email, private.epoch() as epoch,
    private.lacks_factor() as lacks_factor,
    (select d.status from public.devices d where d.id = $2) as device_status,
    floor(extract(epoch from now()) * 1000)::bigint::text as now,
    coalesce((
      select json_agg(json_build_object(
        'role', g.role,
        'locationId', g.location_id,
        'validFrom', floor(extract(epoch from g.valid_from) * 1000)::bigint,
        'validTo', floor(extract(epoch from g.valid_to) * 1000)::bigint))
      from public.user_roles g where g.user_id = u.id), '[]'::json) as grants,
    coalesce((
      select json_agg(json_build_object(
        'role', m.role,
        'locationId', null,
        'teamId', m.team_id,
        'validFrom', floor(extract(epoch from m.joined_at) * 1000)::bigint,
        'validTo', floor(extract(epoch from m.left_at) * 1000)::bigint))
      from public.eos_team_members m where m.user_id = u.id), '[]'::json) as parts
  from public.users u where u.id = $1`;

/** Longer than any grant that a device may work on without the server, milliseconds. */
export const LATE_MS = 90 * 86_400_000;

/** Grants that once held and do not any more, for one reason or another. */
export function endedGrants(grants: readonly Grant[], now: number, active: boolean): Grant[] {
  return grants.filter(({ validFrom, validTo }) => {
    if (validFrom > now || (validTo !== null && validTo <= now - LATE_MS)) return false;
    return !active || (validTo !== null && validTo <= now);
  });
}

/** Reads what a person and a device may do now; null when the database does not know the person. */
export async function readAccess(
  engine: Queries,
  userId: string,
  deviceId: string | null,
): Promise<Access | null> {
  const [row] = await engine.query<AccessRow>(ACCESS_SQL, [userId, deviceId], KEPT);
  if (!row) return null;
  const all = [...row.grants, ...row.parts];
  const active = row.user_status === 'active';
  const now = Number(row.now);
  return {
    user: { displayName: row.display_name, email: row.email },
    grants: active ? activeGrants(all, now) : [],
    ended: endedGrants(all, now, active),
    active,
    ...(row.user_status === 'invited' ? { isInvited: true as const } : {}),
    ...(row.lacks_factor ? { lacksFactor: true as const } : {}),
    deviceStatus: row.device_status,
    epoch: row.epoch,
  };
}

/**
 * The rights by which rows are judged that arrive now, and those under which they may have been written.
 * A retired device, like a person whose account has ended, has none any more; what they did before is
 * still taken in.
 */
export function standingOf(access: Access): Pick<Batch, 'grants' | 'ended'> {
  const before = access.ended ?? [];
  if (access.deviceStatus === 'retired') {
    const grants = [...access.grants, ...before];
    return { grants: [], ended: { grants, reason: 'device-retired' } };
  }
  const reason = access.active === false ? 'account-ended' : 'grant-ended';
  return { grants: access.grants, ended: { grants: before, reason } };
}

/**
 * A person whom the database knows, signed in as they must be, on a device that may sync. Whether the person has any right is
 * judged later, row by row, so that what was written before a right ended is told apart.
 * @throws AppError AUTH_NO_ACCESS, AUTH_MFA_NEEDED, DEVICE_REFUSED
 */
export function requireKnown(
  access: Access | null,
  devices: readonly Access['deviceStatus'][] = ['active'],
): Access {
  if (!access) throw new AppError('AUTH_NO_ACCESS');
  requireFactor(access);
  if (!devices.includes(access.deviceStatus)) {
    throw new AppError('DEVICE_REFUSED', { reason: access.deviceStatus ?? 'not enrolled' });
  }
  return access;
}

/** @throws AppError AUTH_MFA_NEEDED */
export function requireFactor({ lacksFactor }: Pick<Access, 'lacksFactor'>): void {
  if (lacksFactor) throw new AppError('AUTH_MFA_NEEDED');
}
