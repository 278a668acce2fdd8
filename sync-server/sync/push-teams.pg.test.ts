import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { expandAct } from '#shared/merge/expand.ts';
import type { Row } from '#shared/schema/define.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { must, openRig } from '../testing/rig.suite.ts';
import type { Client, Rig } from '../testing/rig.suite.ts';
import * as make from '../testing/rows.suite.ts';
import { inTeam, issue, join, newTeam, rock } from '../testing/teams.suite.ts';

let rig: Rig;
let team: string;
let leader: Client;
let member: Client;
beforeAll(async () => {
  rig = await openRig();
  team = await newTeam(rig);
  leader = await inTeam(rig, team, 'leader');
  member = await inTeam(rig, team, 'member');
});
afterAll(() => rig.close());

const send = (client: Client, table: TableName, row: Row, base: Row | null = null) =>
  client.push({ table, row, base: base?.field_hlc ?? null });
const REFUSED = [{ outcome: 'refused', code: 'SYNC_ROW_REFUSED' }];
const KEPT = [{ outcome: 'refused', code: 'SYNC_ROW_QUARANTINED' }];
const OK = [{ outcome: 'ok' }];

describe('who is part of a team', () => {
  test('is told so with the session, as a grant of that team alone', async () => {
    const { grants } = await member.session();
    expect(grants).toMatchObject([
      { role: 'member', locationId: null, teamId: team, validTo: null },
    ]);
  });

  test('makes rocks for it, and none for another team', async () => {
    const other = await newTeam(rig);
    expect(await send(member, 'rocks', rock(member, team))).toMatchObject(OK);
    expect(await send(member, 'rocks', rock(member, other, { owner_id: newId() }))).toMatchObject(
      REFUSED,
    );
    await join(rig, other, member.userId, 'viewer');
    expect(await send(member, 'rocks', rock(member, other, { owner_id: newId() }))).toMatchObject(
      REFUSED,
    );
  });

  test('has nothing any more from the moment on that they left: what they write waits', async () => {
    const gone = await inTeam(rig, team, 'member');
    const made = rock(gone, team);
    expect(await send(gone, 'rocks', made)).toMatchObject(OK);
    await rig.db.admin.query(
      'update public.eos_team_members set left_at = now() where user_id = $1',
      [gone.userId],
    );
    await expect(gone.session()).rejects.toThrow('AUTH_NO_ACCESS');
    expect(await send(gone, 'rocks', rock(gone, team))).toMatchObject(KEPT);
    expect(
      await send(gone, 'rocks', make.edited(made, gone, { title: 'Still mine' }), made),
    ).toMatchObject(KEPT);
  });

  test('gets the rows of the team, and nobody else does', async () => {
    const made = rock(leader, team, { title: 'Seen by the team' });
    await send(leader, 'rocks', made);
    const stranger = await inTeam(rig, await newTeam(rig), 'leader');
    const idsOf = async (client: Client): Promise<unknown[]> =>
      ((await client.pull([{ table: 'rocks' }])).tables[0]?.rows ?? []).map(({ id }) => id);
    expect(await idsOf(member)).toContain(made.id);
    expect(await idsOf(stranger)).toEqual([]);
  });
});

describe('an issue that is resolved', () => {
  const resolution = (author: Client, about: Row, titles: readonly string[]): Row =>
    make.fact('issue_resolutions', author, {
      team_id: team,
      issue_id: about.id,
      outcome: 'solved',
      private: false,
      local_date: '2026-11-24',
      lines: titles.map((title) => ({ title, owner_id: member.userId, due_on: '2026-12-01' })),
    });
  async function resolved(...titles: readonly string[]): Promise<Row[]> {
    const topic = issue(leader, team);
    const act = resolution(leader, topic, titles);
    expect(
      await leader.push({ table: 'issues', row: topic }, { table: 'issue_resolutions', row: act }),
    ).toMatchObject([{ outcome: 'ok' }, { outcome: 'ok' }]);
    return expandAct('issue_resolutions', act).map(({ row }) => row);
  }
  const stored = async (id: string): Promise<Record<string, unknown>> =>
    must(
      (
        await rig.db.admin.query<Record<string, unknown>>(
          'select title, state, owner_id from public.todos where id = $1',
          [id],
        )
      ).rows[0],
    );

  test('leaves the to-dos that were said, for whoever is to do them', async () => {
    const [first, second] = await resolved('Order a new printer', 'Throw the old one out');
    expect(await stored(must(first).id)).toMatchObject({
      title: 'Order a new printer',
      owner_id: member.userId,
      state: 'open',
    });
    expect(await stored(must(second).id)).toMatchObject({ title: 'Throw the old one out' });
  });

  test('a member edits such a to-do and does it', async () => {
    const [todo] = await resolved('Order a printer');
    const mended = make.edited(must(todo), member, { title: 'Order two printers' });
    expect(await send(member, 'todos', mended, must(todo))).toMatchObject(OK);
    const done = make.edited(mended, member, { state: 'done' });
    expect(await send(member, 'todos', done, mended)).toMatchObject(OK);
    expect(await stored(must(todo).id)).toMatchObject({
      title: 'Order two printers',
      state: 'done',
    });
  });

  test('a to-do that was edited offline arrives in one push with the act that it came from', async () => {
    const topic = issue(leader, team);
    const act = resolution(leader, topic, ['As it was said']);
    const [todo] = expandAct('issue_resolutions', act);
    const mended = make.edited(must(todo).row, leader, { title: 'As it was meant' });
    const results = await leader.push(
      { table: 'todos', row: mended },
      { table: 'issue_resolutions', row: act },
      { table: 'issues', row: topic },
    );
    expect(results.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok']);
    expect(await stored(mended.id)).toMatchObject({ title: 'As it was meant' });
  });

  test('a viewer neither resolves nor does', async () => {
    const viewer = await inTeam(rig, team, 'viewer');
    const [todo] = await resolved('Look on');
    const topic = issue(leader, team);
    await send(leader, 'issues', topic);
    expect(await send(viewer, 'issue_resolutions', resolution(viewer, topic, []))).toMatchObject(
      REFUSED,
    );
    const done = make.edited(must(todo), viewer, { state: 'done' });
    expect(await send(viewer, 'todos', done, must(todo))).toMatchObject(REFUSED);
  });
});
