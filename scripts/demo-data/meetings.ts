import { rowIdOf } from '#shared/schema/rows.ts';
import { editText, emptyText } from '#shared/merge/shared-text.ts';
import { addDot } from '#shared/schema/or-set.ts';
import type { Step } from './book.ts';
import { addDays, at, isHoliday } from './calendar.ts';
import type { Day } from './calendar.ts';
import type { Rng } from './rng.ts';
import { SEGMENTS, anyDay, weeksOf } from './teams.ts';
import type { DemoTeam } from './teams.ts';
import type { World } from './world.ts';

const MINUTE_MS = 60_000;

const ISSUES = [
  ['Gauze runs out on Fridays', 'process'],
  ['Phones ring through lunch', 'obstacle'],
  ['Two ways to fold consent forms', 'process'],
  ['A second room for photographs', 'opportunity'],
  ['Late starts on Monday', 'people'],
  ['The printer at the desk jams', 'obstacle'],
  ['Nobody owns the sample closet', 'people'],
  ['Reminders go out too late', 'process'],
  ['Parking in winter', 'other'],
  ['Faxes of one plan get lost', 'obstacle'],
] as const;
const TASKS = [
  'Ask for two quotes',
  'Write it down in one page',
  'Try it for two weeks',
  'Tell the team',
];
const NEWS = [
  ['A patient thanked the desk by letter', 'customer', true],
  ['The new chairs are in', 'employee', true],
  ['A family waited for an hour', 'customer', false],
  ['Two colleagues have passed their course', 'employee', true],
] as const;

/** All meetings of all teams: who came, what was said, decided and done. */
export function writeMeetings(world: World, teams: readonly DemoTeam[]): void {
  for (const [nth, team] of teams.entries()) {
    const other = teams[(nth + 1) % teams.length];
    for (const [week, monday] of [...weeksOf(world)].entries()) {
      const day = anyDay(world, addDays(monday, team.weekday - 1));
      new Meeting(world, team, other ?? team, day, world.rng(`meeting ${team.name}`, week)).write();
    }
  }
}

class Meeting {
  readonly #world: World;
  readonly #team: DemoTeam;
  readonly #other: DemoTeam;
  readonly #day: Day;
  readonly #rng: Rng;
  readonly #scope: { team_id: string; location_id: string | null };
  readonly #startsAt: number;
  #id = '';

  constructor(world: World, team: DemoTeam, other: DemoTeam, day: Day, rng: Rng) {
    this.#world = world;
    this.#team = team;
    this.#other = other;
    this.#day = day;
    this.#rng = rng;
    this.#scope = { team_id: team.id, location_id: team.location };
    this.#startsAt = at(day, team.startMinute);
  }

  write(): void {
    const endsAt = this.#startsAt + 90 * MINUTE_MS;
    const isOff = isHoliday(this.#day) || this.#rng.chance(0.02);
    const isOver = !isOff && endsAt <= this.#world.now;
    const steps: Step[] = [];
    const { leader } = this.#team;
    if (isOff && this.#startsAt <= this.#world.now) {
      steps.push(['cancelled', this.#startsAt - 20 * 60 * MINUTE_MS, leader]);
    } else if (isOver) {
      steps.push(['in_progress', this.#startsAt, leader], ['concluded', endsAt, leader]);
      const archivedAt = endsAt + 56 * 1440 * MINUTE_MS;
      if (archivedAt <= this.#world.now) steps.push(['archived', archivedAt, leader]);
    }
    const identity = { ...this.#scope, local_date: this.#day.date, seq: 1 };
    this.#id = rowIdOf('l10_meetings', identity) ?? '';
    this.#world.book.addMoved(
      'l10_meetings',
      { at: this.#startsAt - 6 * 1440 * MINUTE_MS, by: leader },
      { ...identity, presenter_id: leader, scribe_id: this.#rng.pick(this.#team.members) },
      'scheduled',
      steps,
    );
    if (isOver) this.#held();
  }

  #held(): void {
    const { leader, members } = this.#team;
    const present = members.filter((member) => member === leader || this.#rng.chance(0.92));
    for (const member of members) {
      const came = present.includes(member);
      const late = this.#rng.chance(0.08) ? 7 : 0;
      this.#event(came ? 'joined' : 'marked_absent', this.#startsAt + late * MINUTE_MS, {
        by: came ? member : leader,
        about_user_id: member,
      });
    }
    let time = this.#startsAt;
    for (const [segment, minutes] of SEGMENTS) {
      const took = segment === 'ids' ? minutes + this.#rng.int(-12, 4) : minutes;
      this.#event('segment_started', time, { by: leader, segment, elapsed_ms: 0 });
      time += took * MINUTE_MS;
      this.#event('segment_ended', time, { by: leader, segment, elapsed_ms: took * MINUTE_MS });
    }
    this.#rate(present, time);
    this.#news(present);
    this.#issues(present);
    this.#todo(present);
    this.#note();
    if (this.#rng.chance(0.12)) this.#cascade(time);
  }

  #event(
    event: 'joined' | 'marked_absent' | 'segment_started' | 'segment_ended',
    occurred_at: number,
    more: { by: string; segment?: string; about_user_id?: string; elapsed_ms?: number },
  ): void {
    const { by, ...rest } = more;
    this.#world.book.add(
      'meeting_events',
      { at: occurred_at, by },
      { ...this.#scope, meeting_id: this.#id, event, occurred_at, ...rest },
    );
  }

  #rate(present: readonly string[], time: number): void {
    for (const user_id of present) {
      const rating = this.#rng.weighted([
        [10, 20],
        [9, 38],
        [8, 30],
        [7, 9],
        [6, 3],
      ]);
      this.#world.book.add(
        'meeting_ratings',
        { at: time - MINUTE_MS, by: user_id },
        {
          ...this.#scope,
          meeting_id: this.#id,
          user_id,
          rating,
          reason: rating < 8 ? 'We ran over in the middle' : null,
        },
      );
    }
  }

  #news(present: readonly string[]): void {
    for (const [body, about, good] of this.#rng.sample(NEWS, this.#rng.int(0, 2))) {
      const author_id = this.#rng.pick(present);
      this.#world.book.add(
        'headlines',
        { at: this.#startsAt + 16 * MINUTE_MS, by: author_id },
        { ...this.#scope, author_id, about, good, body, local_date: this.#day.date },
      );
    }
  }

  #issues(present: readonly string[]): void {
    for (const [nth, [title, kind]] of this.#rng.sample(ISSUES, this.#rng.int(1, 3)).entries()) {
      this.#issue(title, kind, nth, present);
    }
  }

  /** An issue raised here; mostly solved at this meeting or at one of the next. */
  #issue(
    title: string,
    kind: (typeof ISSUES)[number][1],
    nth: number,
    present: readonly string[],
  ): void {
    const { book, now } = this.#world;
    const rng = this.#rng;
    const owner = rng.pick(present);
    const raisedAt = this.#startsAt + (20 + nth) * MINUTE_MS;
    const weeks = rng.weighted([
      [0, 55],
      [1, 25],
      [3, 10],
      [500, 10],
    ]);
    const solvedAt = this.#startsAt + weeks * 7 * 1440 * MINUTE_MS + (50 + nth * 8) * MINUTE_MS;
    const outcome = rng.weighted([
      ['solved', 86],
      ['dropped', 10],
      ['moved', 4],
    ] as const);
    const isOver = solvedAt <= now;
    const isPrivate = kind === 'people' && rng.chance(0.3);
    const issue = book.addMoved(
      'issues',
      { at: raisedAt, by: owner },
      {
        ...this.#scope,
        title,
        body: rng.chance(0.3) ? 'Seen three times in the last weeks.' : null,
        kind,
        horizon: weeks > 3 ? rng.pick(['long', 'parking']) : 'short',
        owner_id: owner,
        private: isPrivate,
        rank: `a${nth}`,
      },
      'open',
      isOver
        ? [
            ['discussing', solvedAt - 7 * MINUTE_MS, this.#team.leader],
            [outcome, solvedAt, null],
          ]
        : [],
    );
    for (const user_id of present) {
      if (!rng.chance(0.5)) continue;
      book.add(
        'issue_votes',
        { at: raisedAt + 5 * MINUTE_MS, by: user_id },
        {
          ...this.#scope,
          issue_id: issue,
          user_id,
          round: 1,
          vote: addDot(undefined, book.hlc(raisedAt + 5 * MINUTE_MS)),
        },
      );
    }
    if (rng.chance(0.25)) this.#comment(issue, raisedAt, present, isPrivate);
    if (isOver) this.#resolve(issue, outcome, solvedAt, present, isPrivate);
  }

  #comment(issue: string, raisedAt: number, present: readonly string[], isPrivate: boolean): void {
    const at = raisedAt + 30 * MINUTE_MS;
    const by = this.#rng.pick(present);
    const about = this.#world.book.add(
      'comments',
      { at, by },
      {
        ...this.#scope,
        about_table: 'issues',
        about_id: issue,
        private: isPrivate,
        body: 'It was the same last winter.',
      },
    );
    if (!this.#rng.chance(0.04) && !this.#world.once('redaction')) return;
    this.#world.book.add(
      'text_redactions',
      { at: at + 20 * MINUTE_MS, by: this.#team.leader },
      {
        ...this.#scope,
        about_table: 'comments',
        about_id: about,
        field: 'body',
        reason: 'Could be read as being about a patient',
      },
    );
  }

  #resolve(
    issue: string,
    outcome: 'solved' | 'dropped' | 'moved',
    solvedAt: number,
    present: readonly string[],
    isPrivate: boolean,
  ): void {
    const { book } = this.#world;
    const rng = this.#rng;
    const daysLater = Math.floor((solvedAt - this.#startsAt) / (1440 * MINUTE_MS));
    const date = addDays(this.#day.date, daysLater);
    const lines =
      outcome === 'solved'
        ? rng.sample(TASKS, rng.int(1, 2)).map((title) => ({
            title,
            owner_id: rng.pick(present),
            due_on: addDays(date, 7),
          }))
        : [];
    book.addAct(
      'issue_resolutions',
      { at: solvedAt, by: this.#team.leader },
      {
        ...this.#scope,
        issue_id: issue,
        meeting_id: daysLater === 0 ? this.#id : null,
        outcome,
        moved_to_team_id: outcome === 'moved' ? this.#other.id : null,
        note: outcome === 'dropped' ? 'Not worth the time' : null,
        private: isPrivate,
        local_date: date,
        lines,
      },
      undefined,
      (table, row) => {
        const doneAt = solvedAt + rng.int(1, 7) * 1440 * MINUTE_MS;
        if (table !== 'todos' || doneAt > this.#world.now || !rng.chance(0.9)) return;
        const owner = row['owner_id'] as string;
        row['state'] = 'done';
        row.field_hlc = { state: book.hlc(doneAt) };
        book.transitions('todos', row, 'open', [['done', doneAt, owner]]);
      },
    );
  }

  #todo(present: readonly string[]): void {
    const owner = this.#rng.pick(present);
    const madeAt = this.#startsAt + 24 * MINUTE_MS;
    const doneAt = madeAt + this.#rng.int(1, 7) * 1440 * MINUTE_MS;
    const isDone = doneAt <= this.#world.now && this.#rng.chance(0.92);
    this.#world.book.addMoved(
      'todos',
      { at: madeAt, by: owner },
      {
        ...this.#scope,
        title: this.#rng.pick(TASKS),
        owner_id: owner,
        due_on: addDays(this.#day.date, 7),
        week_created: this.#day.date,
      },
      'open',
      isDone ? [['done', doneAt, owner]] : [],
    );
  }

  #note(): void {
    const text = `Recap of ${this.#day.date}: to-dos read aloud, ratings given.`;
    const writer = Number.parseInt(this.#rng.hex(8), 16);
    this.#world.book.add(
      'meeting_notes',
      { at: this.#startsAt + 85 * MINUTE_MS, by: this.#team.leader },
      {
        ...this.#scope,
        meeting_id: this.#id,
        segment: 'conclude',
        notes: editText(emptyText(), (note) => note.insert(0, text), writer),
      },
    );
  }

  #cascade(time: number): void {
    const { book, now } = this.#world;
    const to = { team_id: this.#other.id, location_id: this.#other.location };
    const message = book.add(
      'cascading_messages',
      { at: time, by: this.#team.leader },
      {
        ...to,
        from_team_id: this.#team.id,
        meeting_id: this.#id,
        body: this.#rng.pick(['The new order form is in use', 'We close at four on Friday']),
      },
    );
    for (const user_id of this.#other.members) {
      const readAt = time + this.#rng.int(20, 3000) * MINUTE_MS;
      if (readAt > now || !this.#rng.chance(0.8)) continue;
      book.add(
        'cascading_acks',
        { at: readAt, by: user_id },
        { ...to, message_id: message, user_id, ack: addDot(undefined, book.hlc(readAt)) },
      );
    }
  }
}
