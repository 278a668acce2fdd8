import { describe, expect, test } from 'vitest';
import { mayDo, rightsOf } from '#shared/access/rights.ts';
import { ROLES } from '#shared/schema/roles.ts';
import type { Role } from '#shared/schema/roles.ts';
import { ADMIN_PARTS, adminParts } from './admin-rights.ts';

const ME = '5b000000-0000-4000-8000-000000000001';
const SITE = '5a000000-0000-4000-8000-000000000001';

/** What a person with one role may do, as their session says it. */
function who(role: Role) {
  const locationId = role === 'LM' || role === 'FD' ? SITE : null;
  const grants = [{ role, locationId, validFrom: 0, validTo: null }];
  return {
    may: (...[table, operation, row]: Parameters<Parameters<typeof adminParts>[0]['may']>) => {
      const { all, own, locations } = rightsOf(grants, table, operation, row);
      return all || own || locations.size > 0;
    },
    mayRow: (...[table, operation, row]: Parameters<Parameters<typeof adminParts>[0]['mayRow']>) =>
      mayDo(grants, ME, table, operation, row),
    holds: (roles: ReadonlySet<string>, site: string | null) =>
      roles.has(role) && (locationId === null || locationId === site),
  };
}

describe('the parts of the administration', () => {
  const ALL = [...ADMIN_PARTS];
  const PARTS: Partial<Record<Role, readonly string[]>> = {
    SA: ALL,
    MG: ALL,
    LM: ALL,
    // Who keeps the machines running has no PHI in sight, and reads no trail but their own.
    IT: ALL.filter((part) => part !== 'audit'),
    CO: ALL.filter((part) => part !== 'devices' && part !== 'outbox'),
  };
  test.each(ROLES)('of %s', (role) => {
    expect(adminParts(who(role))).toEqual(PARTS[role] ?? []);
  });
});
