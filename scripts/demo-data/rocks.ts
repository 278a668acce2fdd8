import type { IsoDate } from '#shared/kernel/dates.ts';
import { QUANTITY_SCALE } from '#shared/kernel/quantity.ts';
import { addDays, at, quarterEnd, quarterOf } from './calendar.ts';
import type { Rng } from './rng.ts';
import { anyDay, weeksOf } from './teams.ts';
import type { DemoTeam } from './teams.ts';
import { setOf } from './templates.ts';
import type { World } from './world.ts';

interface DemoMetric {
  readonly name: string;
  readonly unit: 'number' | 'percent' | 'currency' | 'yes_no';
  readonly op: 'gte' | 'lte' | 'between' | 'yes_no';
  readonly goal: readonly [min: number | null, max: number | null];
  readonly usual: number;
}

const METRICS: readonly DemoMetric[] = [
  metric('Check-ins under four minutes', 'percent', 'gte', [90, null], 91),
  metric('New patients', 'number', 'gte', [20, null], 24),
  metric('Days until an authorization is answered', 'number', 'lte', [null, 5], 4.6),
  metric('Items out of stock', 'number', 'lte', [null, 2], 1.4),
  metric('No-shows', 'percent', 'between', [0, 7], 6.1),
  metric('Copays collected', 'currency', 'gte', [9000, null], 9300),
  metric('Charts closed the same day', 'yes_no', 'yes_no', [1, null], 0.85),
];

const ROCKS = [
  'Move the supply room to two bins',
  'Train everybody on the new check-in',
  'Write the biopsy handout anew',
  'Cut the wait for new patients to ten days',
  'Name a second person for authorizations',
  'Label every shelf',
  'Agree on a photo standard',
  'Call back within a day',
];

/** Rocks of every quarter with their weeks, and scorecards with all weeks. */
export function writeGoals(world: World, teams: readonly DemoTeam[]): void {
  for (const [nth, team] of teams.entries()) {
    const rng = world.rng('goals', nth);
    writeRocks(world, team, rng);
    writeScorecard(world, team, nth, rng);
  }
}

function writeRocks(world: World, team: DemoTeam, rng: Rng): void {
  const { book, now } = world;
  const weeks = weeksOf(world);
  const scope = { team_id: team.id, location_id: team.location };
  for (const quarter of new Set(weeks.map(quarterOf))) {
    const its = weeks.filter((week) => quarterOf(week) === quarter);
    const [first = world.from] = its;
    const due = quarterEnd(first);
    const madeAt = at(anyDay(world, first), 13 * 60);
    if (madeAt > now) continue;
    for (const title of rng.sample(ROCKS, rng.int(4, 6))) {
      const owner = rng.pick(team.members);
      const rock = book.add(
        'rocks',
        { at: madeAt, by: owner },
        {
          ...scope,
          title,
          owner_id: owner,
          shared_with: rng.chance(0.15) ? setOf(book.hlc(madeAt), [rng.pick(team.members)]) : {},
          quarter,
          due_on: due,
          priority: rng.int(1, 10),
          definition_of_done: 'Shown at the last meeting of the quarter',
          archived: due < addDays(world.options.today, -45),
        },
      );
      const succeeds = rng.chance(0.8);
      for (const [nth, part] of ['Plan agreed', 'Half way', 'Handed over'].entries()) {
        const dueOn = addDays(first, 28 * (nth + 1));
        book.add(
          'milestones',
          { at: madeAt, by: owner },
          {
            ...scope,
            rock_id: rock,
            title: part,
            due_on: dueOn,
            done: dueOn < world.options.today && (succeeds || nth === 0),
            rank: `a${nth}`,
          },
        );
      }
      for (const week of its) {
        const time = at(anyDay(world, week), team.startMinute + (team.weekday - 1) * 1440 + 12);
        if (time > now) continue;
        const isLast = addDays(week, 7) > due;
        const status = isLast
          ? succeeds
            ? 'done'
            : 'not_done'
          : rng.chance(succeeds ? 0.88 : 0.55)
            ? 'on_track'
            : 'off_track';
        book.add(
          'rock_checkins',
          { at: time, by: owner },
          { ...scope, rock_id: rock, week_start: week, status, by_owner: true },
        );
      }
    }
  }
}

function writeScorecard(world: World, team: DemoTeam, nth: number, rng: Rng): void {
  const { book, now } = world;
  const weeks = weeksOf(world);
  const [first = world.from] = weeks;
  const scope = { team_id: team.id, location_id: team.location };
  const madeAt = at(anyDay(world, first), 6 * 60);
  for (const [rank, one] of METRICS.filter((_, place) => (place + nth) % 4 !== 3).entries()) {
    const owner = rng.pick(team.members);
    const id = book.add(
      'scorecard_metrics',
      { at: madeAt, by: team.leader },
      {
        ...scope,
        name: one.name,
        owner_id: owner,
        unit: one.unit,
        period: 'weekly',
        roll_up: one.unit === 'currency' ? 'sum' : 'avg',
        source: 'manual',
        rank: `a${rank}`,
        archived: false,
      },
    );
    const goal = (effective_from: IsoDate, factor: number): void => {
      const [min, max] = one.goal;
      book.add(
        'scorecard_goals',
        { at: at(anyDay(world, effective_from), 6 * 60 + 5), by: team.leader },
        {
          ...scope,
          metric_id: id,
          effective_from,
          goal_op: one.op,
          goal_min: min === null ? null : scaled(min * factor),
          goal_max: max === null ? null : scaled(max * factor),
          yellow_band_pct: 20,
        },
      );
    };
    goal(first, 1);
    const middle = weeks[Math.floor(weeks.length / 2)];
    if (rank === 1 && middle !== undefined) goal(middle, 1.1);
    for (const week of weeks) {
      // A week's number is known on the Monday after.
      const known = at(anyDay(world, addDays(week, 7)), 9 * 60);
      if (known > now) continue;
      const isMissing = rng.chance(0.04);
      const value =
        one.unit === 'yes_no'
          ? Number(rng.chance(one.usual))
          : one.usual * (0.85 + rng.float() * 0.3);
      book.add(
        'scorecard_entries',
        { at: known, by: owner },
        {
          ...scope,
          metric_id: id,
          period_start: week,
          value: isMissing ? null : scaled(Math.round(value * 10) / 10),
          note: rng.chance(0.03) ? 'Holiday week' : null,
        },
      );
    }
  }
}

const scaled = (value: number): number => Math.round(value * QUANTITY_SCALE);

function metric(
  name: string,
  unit: DemoMetric['unit'],
  op: DemoMetric['op'],
  goal: DemoMetric['goal'],
  usual: number,
): DemoMetric {
  return { name, unit, op, goal, usual };
}
