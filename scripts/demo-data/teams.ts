import type { SiteCode } from '../../supabase/demo/people.ts';
import { TIME_ZONE } from '../../supabase/demo/stock.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';
import { addDays, dayOf, mondayOf } from './calendar.ts';
import type { Day } from './calendar.ts';
import { person, siteId, staffAt } from './world.ts';
import type { World } from './world.ts';

export interface DemoTeam {
  readonly id: string;
  readonly name: string;
  readonly location: string | null;
  readonly leader: string;
  readonly members: readonly string[];
  readonly weekday: number;
  readonly startMinute: number;
}

/** Weeks of scorecard that there are at least, however short the data is. */
const LEAST_WEEKS = 14;

export const SEGMENTS = [
  ['segue', 5],
  ['scorecard', 5],
  ['rocks', 5],
  ['headlines', 5],
  ['todos', 5],
  ['ids', 60],
  ['conclude', 5],
] as const;

/** Four teams: leadership, a department and two sites. */
export function demoTeams(world: World): DemoTeam[] {
  const { book } = world;
  const firstOf = (role: 'AS' | 'CS' | 'FD' | 'PR' | 'LM', site: SiteCode, nth = 0): string =>
    staffAt(world, role, site)[nth]?.id ?? person('manager');
  const team = (
    name: string,
    site: SiteCode | null,
    leader: string,
    others: readonly string[],
    weekday: number,
    startMinute: number,
  ): DemoTeam => ({
    id: book.namedId('team', name),
    name,
    location: site === null ? null : siteId(site),
    leader,
    members: [...new Set([leader, ...others])],
    weekday,
    startMinute,
  });
  const [manager, satellite, provider] = [
    person('manager'),
    person('satellite'),
    person('provider'),
  ];
  return [
    team(
      'Leadership',
      null,
      manager,
      [satellite, provider, person('superadmin'), firstOf('LM', 'WX')],
      2,
      7 * 60 + 30,
    ),
    team(
      'Patient access',
      null,
      firstOf('AS', 'AA'),
      [
        firstOf('AS', 'AA', 1),
        person('frontDesk'),
        firstOf('FD', 'WX'),
        firstOf('FD', 'PY'),
        manager,
      ],
      3,
      12 * 60,
    ),
    team(
      'Ann Arbor',
      'AA',
      person('clinical'),
      [
        person('frontDesk'),
        person('buyer'),
        provider,
        firstOf('CS', 'AA', 1),
        firstOf('FD', 'AA', 1),
      ],
      4,
      7 * 60 + 30,
    ),
    team(
      'Plymouth',
      'PY',
      satellite,
      [firstOf('PR', 'PY'), firstOf('FD', 'PY'), firstOf('CS', 'PY'), firstOf('CS', 'PY', 1)],
      1,
      12 * 60,
    ),
  ];
}

/** Mondays of all weeks up to now, at least those of a quarter. */
export function weeksOf({ from, options }: World): IsoDate[] {
  const last = mondayOf(options.today);
  const short = addDays(last, -7 * (LEAST_WEEKS - 1));
  const weeks: IsoDate[] = [];
  let week = mondayOf(from);
  if (short < week) week = short;
  for (; week <= last; week = addDays(week, 7)) weeks.push(week);
  return weeks;
}

/** A day by its date, also before the data begins. */
export const anyDay = (world: World, date: IsoDate): Day => dayOf(date, world.from);

export function writeTeams(world: World, teams: readonly DemoTeam[]): void {
  const { book } = world;
  const [firstWeek = world.from] = weeksOf(world);
  const at = anyDay(world, firstWeek).midnight - 30 * 86_400_000;
  for (const team of teams) {
    book.add(
      'eos_teams',
      { at, by: person('manager') },
      {
        name: team.name,
        kind: team.name === 'Leadership' ? 'leadership' : team.location ? 'site' : 'department',
        location_id: team.location,
        weekday: team.weekday,
        start_minute: team.startMinute,
        time_zone: TIME_ZONE,
        agenda: SEGMENTS.map(([segment, minutes]) => ({ segment, minutes })),
        active: true,
      },
      team.id,
    );
    for (const member of team.members) {
      book.add(
        'eos_team_members',
        { at, by: null },
        {
          team_id: team.id,
          user_id: member,
          location_id: team.location,
          role: member === team.leader ? 'leader' : 'member',
          seat: member === team.leader ? 'Leads the team' : null,
          joined_at: at,
        },
      );
    }
  }
  const [leadership] = teams;
  if (!leadership) return;
  const scope = { team_id: leadership.id, location_id: leadership.location };
  book.add(
    'vto_versions',
    { at: at + 3_600_000, by: leadership.leader },
    {
      ...scope,
      body: VISION,
      agreed_on: addDays(firstWeek, -7),
    },
  );
  for (const [section, body] of Object.entries(VISION)) {
    book.add(
      'vto_drafts',
      { at: world.now - 5 * 86_400_000, by: leadership.leader },
      {
        ...scope,
        section,
        body,
      },
    );
  }
}

const VISION = {
  core_values: ['Patients first', 'Say what you do', 'Own it'],
  core_focus: 'Skin health close to home',
  ten_year_target: 'Every patient of the region is seen within a week',
  one_year_plan: ['A fourth provider at Plymouth', 'Check-in under four minutes'],
};
