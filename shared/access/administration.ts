import { ROLES } from '#shared/schema/roles.ts';
import type { Role } from '#shared/schema/roles.ts';
import { mayDo } from './rights.ts';
import type { Grant } from './rights.ts';

/**
 * What administrators may do beside what the matrix says: told here so that the screen offers nothing
 * else and the server refuses it; the functions of the database (migration "administration") judge
 * the same again.
 */

/** Roles that no person is given: a machine holds them. */
const OF_MACHINES: ReadonlySet<Role> = new Set(['KD']);
/** Roles that a second person has to give, whoever asks. */
const NEEDS_TWO: ReadonlySet<Role> = new Set(['SA']);

/** How somebody brings a role about: by giving it, or by proposing it to a second person. */
export type Giving = 'gives' | 'proposes' | null;

/**
 * Whether somebody may give a role at a site (null: at all of them).
 * @param grants of the giver, those that hold now
 * @param toUserId nobody gives themselves anything
 */
export function mayGive(
  grants: readonly Grant[],
  userId: string,
  toUserId: string,
  wish: { readonly role: Role; readonly locationId: string | null },
): Giving {
  const { role, locationId } = wish;
  if (toUserId === userId || OF_MACHINES.has(role)) return null;
  const row = { user_id: toUserId, role, location_id: locationId };
  if (mayDo(grants, userId, 'user_roles', 'create', row)) {
    return NEEDS_TWO.has(role) ? 'proposes' : 'gives';
  }
  return holds(grants, 'MG', locationId) ? 'proposes' : null;
}

/** The roles that somebody may give or propose to others at a site (null: at all of them). */
export function givableRoles(
  grants: readonly Grant[],
  userId: string,
  locationId: string | null,
): Role[] {
  return ROLES.filter((role) => mayGive(grants, userId, '', { role, locationId }) !== null);
}

/** True when somebody may decide what others have proposed. */
export const mayDecide = (
  grants: readonly Grant[],
  userId: string,
  asked: {
    readonly userId: string;
    readonly proposedBy: string;
    readonly role: Role;
    readonly locationId: string | null;
  },
): boolean =>
  asked.userId !== userId &&
  asked.proposedBy !== userId &&
  mayDo(grants, userId, 'user_roles', 'create', {
    user_id: asked.userId,
    role: asked.role,
    location_id: asked.locationId,
  });

/** Fields of a site that people change. */
export const SITE_FIELDS = ['code', 'name', 'time_zone', 'address', 'phone', 'active'] as const;
export type SiteField = (typeof SITE_FIELDS)[number];

/**
 * The fields of a site that somebody may change: managers all of them, a satellite manager how their
 * site is reached, IT what is technical.
 * @param grants those that hold now
 */
export function siteFieldsOf(grants: readonly Grant[], locationId: string): ReadonlySet<SiteField> {
  if (holds(grants, 'SA', locationId) || holds(grants, 'MG', locationId)) {
    return new Set(SITE_FIELDS);
  }
  return new Set<SiteField>([
    ...(holds(grants, 'LM', locationId) ? (['address', 'phone'] as const) : []),
    ...(holds(grants, 'IT', locationId) ? (['time_zone'] as const) : []),
  ]);
}

const holds = (grants: readonly Grant[], role: Role, locationId: string | null): boolean =>
  grants.some(
    (grant) =>
      grant.role === role && (grant.locationId === null || grant.locationId === locationId),
  );
