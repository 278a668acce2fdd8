import { newId } from '#shared/kernel/ids.ts';
import type { Row } from '#shared/schema/define.ts';
import type { TeamRole } from '#shared/schema/roles.ts';
import { rowIdOf } from '#shared/schema/rows.ts';
import type { Client, Rig } from './rig.suite.ts';
import * as make from './rows.suite.ts';
import type { Author } from './rows.suite.ts';

/** A team that belongs to no site, without anybody in it. */
export async function newTeam(rig: Rig): Promise<string> {
  const id = newId();
  await rig.db.admin.query(
    `insert into public.eos_teams (id, name, kind, weekday, start_minute, time_zone, agenda, active)
     values ($1, 'Leadership', 'leadership', 2, 540, 'America/New_York', '[]', true)`,
    [id],
  );
  return id;
}

/** Makes somebody part of a team since yesterday. */
export async function join(rig: Rig, team: string, userId: string, role: TeamRole): Promise<void> {
  await rig.db.admin.query(
    `insert into public.eos_team_members (id, team_id, user_id, role, joined_at)
     values ($1, $2, $3, $4, now() - interval '1 day')`,
    [rowIdOf('eos_team_members', { team_id: team, user_id: userId }), team, userId, role],
  );
}

/** Somebody with no other role who is part of a team. */
export async function inTeam(rig: Rig, team: string, role: TeamRole): Promise<Client> {
  const userId = await rig.person();
  await join(rig, team, userId, role);
  return rig.client(userId);
}

export const rock = (author: Author, team: string, fields: Record<string, unknown> = {}): Row =>
  make.record('rocks', author, {
    team_id: team,
    title: 'Open the second treatment room',
    owner_id: author.userId,
    shared_with: {},
    quarter: '2026-Q4',
    due_on: '2026-12-31',
    priority: 1,
    archived: false,
    ...fields,
  });

export const issue = (author: Author, team: string, fields: Record<string, unknown> = {}): Row =>
  make.record('issues', author, {
    team_id: team,
    title: 'The label printer jams',
    kind: 'obstacle',
    horizon: 'short',
    owner_id: author.userId,
    private: false,
    rank: 'a0',
    state: 'open',
    ...fields,
  });

export const meeting = (author: Author, team: string): Row =>
  make.record('l10_meetings', author, {
    team_id: team,
    local_date: '2026-11-24',
    seq: 1,
    status: 'scheduled',
  });
