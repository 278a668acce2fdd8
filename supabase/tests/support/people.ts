import type pg from 'pg';
import { activeGrants, mayDo } from '#shared/access/rights.ts';
import type { Grant } from '#shared/access/rights.ts';
import type { Operation } from '#shared/access/cell.ts';
import { newId } from '#shared/kernel/ids.ts';
import type { Row } from '#shared/schema/define.ts';
import { ROLES, TEAM_ROLES } from '#shared/schema/roles.ts';
import type { Role, TeamRole } from '#shared/schema/roles.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { NOON, insertStatement, sampleRow } from '../../schema/sample-rows.ts';

const DAY = 86_400_000;

/** Three sites; the rows that tests look at lie at AA, the foreign ones at PY. */
export const SITE = {
  AA: '5a000000-0000-4000-8000-0000000000aa',
  WX: '5a000000-0000-4000-8000-0000000000bb',
  PY: '5a000000-0000-4000-8000-0000000000cc',
} as const;

/** A team at each of two sites. */
export const TEAM = {
  AA: '7e000000-0000-4000-8000-0000000000aa',
  PY: '7e000000-0000-4000-8000-0000000000cc',
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

const part = (
  role: TeamRole,
  teamId: string,
  validFrom = NOON - 30 * DAY,
  validTo: number | null = null,
): Grant => ({ role, locationId: null, teamId, validFrom, validTo });

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
    ...TEAM_ROLES.flatMap((role) => [
      persona(`${role} own team`, [part(role, TEAM.AA)]),
      persona(`${role} other team`, [part(role, TEAM.PY)]),
      persona(`${role} until a minute ago`, [part(role, TEAM.AA, undefined, now - 60_000)]),
      persona(`${role} from tomorrow`, [part(role, TEAM.AA, now + DAY)]),
      persona(`${role} until tomorrow`, [part(role, TEAM.AA, undefined, now + DAY)]),
      persona(`${role} suspended`, [part(role, TEAM.AA)], 'suspended'),
      persona(`${role} left`, [part(role, TEAM.AA)], 'left'),
      ...(['FD', 'CS', 'PR', 'MG', 'LM', 'SA'] as const).map((site) =>
        persona(`${role} and ${site}`, [part(role, TEAM.AA), grant(site, SITE.PY)]),
      ),
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

/** Rows of sites, teams, people and what they hold, by table. */
export async function insertPeople(
  pool: pg.Pool,
  people: readonly Persona[],
  values: { home: string | null },
): Promise<Record<'locations' | 'eos_teams' | 'users' | 'user_roles' | 'eos_team_members', Row[]>> {
  const sites = Object.entries(SITE).map(([code, id]) => sampleRow('locations', {}, { id, code }));
  const teams = Object.entries(TEAM).map(([code, id]) =>
    sampleRow('eos_teams', {}, { id, location_id: SITE[code as keyof typeof TEAM] }),
  );
  const users = people.map((who) =>
    sampleRow('users', {}, { id: who.id, status: who.status, home_location_id: values.home }),
  );
  const grants: Row[] = [];
  const members: Row[] = [];
  for (const who of people) {
    for (const held of who.grants) {
      const { role, locationId, teamId, validFrom, validTo } = held;
      if (teamId) {
        const refs = { users: who.id, eos_teams: teamId };
        const dates = { joined_at: validFrom, left_at: validTo };
        members.push(sampleRow('eos_team_members', refs, { role, ...dates }));
      } else {
        const dates = { valid_from: validFrom, valid_to: validTo };
        const place = { role, location_id: locationId };
        grants.push(sampleRow('user_roles', { users: who.id }, { ...place, ...dates }));
      }
    }
  }
  const rows = {
    locations: sites,
    users,
    eos_teams: teams,
    user_roles: grants,
    eos_team_members: members,
  };
  await pool.query(
    (Object.entries(rows) as [keyof typeof rows, Row[]][])
      .flatMap(([table, list]) =>
        list.map((row) => `${insertStatement(table, row)} on conflict do nothing`),
      )
      .join(';\n'),
  );
  return rows;
}
