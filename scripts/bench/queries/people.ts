import type { Grant } from '#shared/access/rights.ts';
import type { Role } from '#shared/schema/roles.ts';
import { insertStatement, sampleRow } from '../../../supabase/schema/sample-rows.ts';

/** Three sites and a team at two of them. */
export const SITE = {
  AA: '5a000000-0000-4000-8000-0000000000aa',
  WX: '5a000000-0000-4000-8000-0000000000bb',
  PY: '5a000000-0000-4000-8000-0000000000cc',
} as const;
export const TEAM = {
  AA: '7e000000-0000-4000-8000-0000000000aa',
  PY: '7e000000-0000-4000-8000-0000000000cc',
} as const;

/** Somebody of the bench with what they hold. */
export interface BenchPerson {
  readonly name: string;
  readonly id: string;
  readonly grants: readonly Grant[];
}

const SINCE = Date.parse('2026-01-01T00:00:00Z');

const personId = (nth: number): string =>
  `9e000000-0000-4000-8000-${nth.toString(16).padStart(12, '0')}`;

const ofSite = (nth: number, role: Role, locationId: string | null): BenchPerson => ({
  name: role,
  id: personId(nth),
  grants: [{ role, locationId, validFrom: SINCE, validTo: null }],
});

/** One of each role that is measured, at the first site. */
export const PERSON = {
  FD: ofSite(1, 'FD', SITE.AA),
  CS: ofSite(2, 'CS', SITE.AA),
  PR: ofSite(3, 'PR', SITE.AA),
  MG: ofSite(4, 'MG', SITE.AA),
  LM: ofSite(5, 'LM', SITE.AA),
  AS: ofSite(6, 'AS', null),
  leader: {
    name: 'leader',
    id: personId(7),
    grants: [
      { role: 'leader', locationId: null, teamId: TEAM.AA, validFrom: SINCE, validTo: null },
    ],
  },
} as const satisfies Record<string, BenchPerson>;

/** Colleagues, so that the tables of grants are as long as those of a group of practices. */
const COLLEAGUES: readonly BenchPerson[] = Array.from({ length: 200 }, (_, nth) =>
  ofSite(100 + nth, nth % 2 === 0 ? 'FD' : 'CS', nth % 3 === 0 ? SITE.WX : SITE.PY),
);

export const PEOPLE: readonly BenchPerson[] = [...Object.values(PERSON), ...COLLEAGUES];

/** A person's device. */
export const DEVICE = (person: string): string => `de${person.slice(2)}`;

/** Statements that give everybody what they hold. */
export function grantRows(): string[] {
  return PEOPLE.flatMap(({ id, grants }) =>
    grants.map((grant) => {
      const refs = { users: id, eos_teams: grant.teamId ?? '' };
      return grant.teamId
        ? insertStatement(
            'eos_team_members',
            sampleRow('eos_team_members', refs, { role: grant.role, joined_at: SINCE }),
          )
        : insertStatement(
            'user_roles',
            sampleRow('user_roles', refs, {
              role: grant.role,
              location_id: grant.locationId,
              valid_from: SINCE,
            }),
          );
    }),
  );
}
