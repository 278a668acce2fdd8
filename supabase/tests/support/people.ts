import type pg from 'pg';
import { activeGrants, mayDo } from '#shared/access/rights.ts';
import type { Grant } from '#shared/access/rights.ts';
import type { Operation } from '#shared/access/matrix.ts';
import { newId } from '#shared/kernel/ids.ts';
import type { Row } from '#shared/schema/define.ts';
import { ROLES } from '#shared/schema/roles.ts';
import type { Role } from '#shared/schema/roles.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { NOON, insertStatement, sampleRow } from './sample-rows.ts';

const DAY = 86_400_000;

/** Three sites; the rows that tests look at lie at AA, the foreign ones at PY. */
export const SITE = {
  AA: '5a000000-0000-4000-8000-0000000000aa',
  WX: '5a000000-0000-4000-8000-0000000000bb',
  PY: '5a000000-0000-4000-8000-0000000000cc',
} as const;

export interface Persona {
  readonly name: string;
  readonly id: string;
  readonly status: 'active' | 'suspended' | 'left' | 'invited';
  readonly grants: readonly Grant[];
}

const grant = (
  role: Role,
  locationId: string | null,
  validFrom = NOON - 30 * DAY,
  validTo: number | null = null,
): Grant => ({ role, locationId, validFrom, validTo });

const persona = (
  name: string,
  grants: readonly Grant[],
  status: Persona['status'] = 'active',
): Persona => ({ name, id: newId(), status, grants });

/**
 * Every role as somebody of this site, of another, of all sites, with a grant that has ended or has
 * not begun, and as somebody who is suspended, has left or has not come yet.
 */
export function everyPersona(now: number): Persona[] {
  return [
    persona('nobody', []),
    ...ROLES.flatMap((role) => [
      persona(`${role} own site`, [grant(role, SITE.AA)]),
      persona(`${role} other site`, [grant(role, SITE.PY)]),
      persona(`${role} all sites`, [grant(role, null)]),
      persona(`${role} until a minute ago`, [grant(role, SITE.AA, undefined, now - 60_000)]),
      persona(`${role} all sites until a minute ago`, [grant(role, null, undefined, now - 60_000)]),
      persona(`${role} from tomorrow`, [grant(role, SITE.AA, now + DAY)]),
      persona(`${role} until tomorrow`, [grant(role, SITE.AA, undefined, now + DAY)]),
      persona(`${role} suspended`, [grant(role, SITE.AA), grant(role, null)], 'suspended'),
      persona(`${role} left`, [grant(role, SITE.AA)], 'left'),
      persona(`${role} invited`, [grant(role, SITE.AA)], 'invited'),
    ]),
    ...mixedPersonas(now),
  ];
}

/** People with several grants at once: every role beside the next ones, at different sites. */
function mixedPersonas(now: number): Persona[] {
  return ROLES.flatMap((role, index) =>
    [1, 2, 5].map((step) => {
      const other = ROLES[(index + step) % ROLES.length] ?? role;
      return persona(`${role} here, ${other} there`, [
        grant(role, SITE.AA),
        grant(other, SITE.PY),
        grant(other, SITE.WX, undefined, now - 60_000),
      ]);
    }),
  );
}

/** What the code says that somebody may do, told of the same facts as the database. */
export function codeSays(
  who: Persona,
  now: number,
  table: TableName,
  operation: Operation,
  row: Row,
): boolean {
  if (who.status !== 'active') return false;
  return mayDo(activeGrants(who.grants, now), who.id, table, operation, row);
}

/** Rows of sites, people and grants. Returns the rows of users and grants that it made. */
export async function insertPeople(
  pool: pg.Pool,
  people: readonly Persona[],
  values: { home: string | null },
): Promise<{ users: Row[]; grants: Row[] }> {
  const sites = Object.entries(SITE).map(([code, id]) => sampleRow('locations', {}, { id, code }));
  const users = people.map((who) =>
    sampleRow('users', {}, { id: who.id, status: who.status, home_location_id: values.home }),
  );
  const grants = people.flatMap((who) =>
    who.grants.map((held) =>
      sampleRow(
        'user_roles',
        { users: who.id },
        {
          role: held.role,
          location_id: held.locationId,
          valid_from: held.validFrom,
          valid_to: held.validTo,
        },
      ),
    ),
  );
  await pool.query(
    [
      ...sites.map((row) => `${insertStatement('locations', row)} on conflict do nothing`),
      ...users.map((row) => insertStatement('users', row)),
      ...grants.map((row) => insertStatement('user_roles', row)),
    ].join(';\n'),
  );
  return { users, grants };
}
