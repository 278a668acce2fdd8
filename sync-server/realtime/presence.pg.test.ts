import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { DEVICE_HEADER } from '#shared/protocol/messages.ts';
import { PresenceReply } from '#shared/protocol/presence.ts';
import type { Focus, Screen } from '#shared/protocol/presence.ts';
import { SITE, openRig } from '../testing/rig.suite.ts';
import type { Client, Rig } from '../testing/rig.suite.ts';
import * as make from '../testing/rows.suite.ts';
import { inTeam, meeting, newTeam } from '../testing/teams.suite.ts';

let rig: Rig;
let boss: Client;
/** A count of the site AA: for those who work there. */
let count: Screen;
beforeAll(async () => {
  rig = await openRig();
  boss = await rig.client(await rig.person(['MG', null]));
});
beforeEach(async () => {
  const session = make.countSession(boss, SITE.AA);
  await boss.push({ table: 'count_sessions', row: session });
  count = { module: 'inventory', table: 'count_sessions', id: session.id };
});
afterAll(() => rig.close());

const clerk = async (site: string): Promise<Client> => rig.client(await rig.person(['CS', site]));
const typing: Focus = { field: 'note', row: null, typing: true, position: 4 };
const refusals = (messages: readonly { type: string }[]): unknown[] =>
  messages.flatMap((m) => (m.type === 'refused' ? (m as { screens?: Screen[] }).screens : []));

describe('who is on a screen', () => {
  test('is told to both, by the names of the users table', async () => {
    const [ana, ben] = await Promise.all([clerk(SITE.AA), clerk(SITE.AA)]);
    await rig.db.admin.query(`update public.users set display_name = 'Ana' where id = $1`, [
      ana.userId,
    ]);
    const [here, there] = await Promise.all([ana.live(), ben.live()]);
    here.show(count);
    there.show(count);
    const seen = await there.sees(count, (people) => people.length === 1);
    expect(seen).toEqual([{ user: ana.userId, name: 'Ana', device: ana.deviceId, focus: null }]);
    await here.sees(count, ([other]) => other?.user === ben.userId);
    here.socket.close();
    await there.sees(count, (people) => people.length === 0, 1_000);
    there.socket.close();
  });

  test('says where they type and where their cursor is; of many moves at once the last', async () => {
    const [ana, ben] = await Promise.all([clerk(SITE.AA), clerk(SITE.AA)]);
    const [here, there] = await Promise.all([ana.live(), ben.live()]);
    for (const live of [here, there]) live.show(count);
    await there.sees(count, (people) => people.length === 1);
    const before = there.messages.length;
    for (let n = 1; n <= 50; n += 1) here.show({ ...count, focus: { ...typing, position: n } });
    await there.sees(count, ([one]) => one?.focus?.position === 50);
    expect(there.people(count)[0]?.focus).toEqual({ ...typing, position: 50 });
    expect(there.messages.length - before).toBeLessThan(10);
    for (const live of [here, there]) live.socket.close();
  });

  test('is told to nobody who may not read the row: their claim is refused', async () => {
    const [insider, outsider, payroll] = await Promise.all([
      clerk(SITE.AA),
      clerk(SITE.WX),
      rig.client(await rig.person(['CO', null])),
    ]);
    const lives = await Promise.all([insider, outsider, payroll].map((client) => client.live()));
    for (const live of lives) live.show(count);
    await expect
      .poll(() => lives.slice(1).map(({ messages }) => refusals(messages)))
      .toEqual([[count], [count]]);
    await sleep(100);
    expect(lives.map((live) => live.people(count))).toEqual([[], [], []]);
    for (const live of lives) live.socket.close();
  });

  test('a row that does not exist is refused like one that is not theirs', async () => {
    const live = await boss.live();
    const nowhere: Screen = { ...count, id: newId() };
    live.show(nowhere, count);
    await expect.poll(() => refusals(live.messages)).toEqual([nowhere]);
    live.socket.close();
  });

  test('of a meeting and a team are those who are in the team', async () => {
    const team = await newTeam(rig);
    const [leader, viewer] = await Promise.all([
      inTeam(rig, team, 'leader'),
      inTeam(rig, team, 'viewer'),
    ]);
    const stranger = await inTeam(rig, await newTeam(rig), 'leader');
    const row = meeting(leader, team);
    await leader.push({ table: 'l10_meetings', row });
    const screens: Screen[] = [
      { module: 'eos', table: 'l10_meetings', id: row.id },
      { module: 'eos', table: 'eos_teams', id: team },
    ];
    const lives = await Promise.all([leader, viewer, stranger].map((client) => client.live()));
    for (const live of lives) live.show(...screens);
    const [first, second, third] = lives;
    for (const screen of screens) {
      await first?.sees(screen, ([one]) => one?.user === viewer.userId);
      await second?.sees(screen, ([one]) => one?.user === leader.userId);
    }
    expect(refusals(third?.messages ?? [])).toEqual(screens);
    for (const live of lives) live.socket.close();
  });

  test('ends with the right to see the row, as soon as the change is announced', async () => {
    const [ana, ben] = await Promise.all([clerk(SITE.AA), clerk(SITE.AA)]);
    const [here, there] = await Promise.all([ana.live(), ben.live()]);
    for (const live of [here, there]) live.show(count);
    await there.sees(count, (people) => people.length === 1);
    await rig.db.admin.query(`update public.user_roles set location_id = $2 where user_id = $1`, [
      ana.userId,
      SITE.WX,
    ]);
    // Known from before, for a minute at the most; a change that the server hears of counts at once.
    rig.server.announce({ xid: '0', changes: [{ table: 'user_roles', parts: ['org'] }] });
    await expect
      .poll(() => {
        here.show(count);
        return there.people(count).length;
      })
      .toBe(0);
    for (const live of [here, there]) live.socket.close();
  });

  test('goes on without texts of people: a field that no table has is left out', async () => {
    const [ana, ben] = await Promise.all([clerk(SITE.AA), clerk(SITE.AA)]);
    const [here, there] = await Promise.all([ana.live(), ben.live()]);
    there.show(count);
    here.show({ ...count, focus: { ...typing, field: 'anderson_mary' } });
    const [seen] = await there.sees(count, (people) => people.length === 1);
    expect(seen?.focus).toBeNull();
    for (const live of [here, there]) live.socket.close();
  });
});

describe('without a WebSocket', () => {
  test('a request says it, and its answer names what was refused', async () => {
    const [ana, ben] = await Promise.all([clerk(SITE.AA), clerk(SITE.AA)]);
    const there = await ben.live();
    there.show(count);
    const nowhere: Screen = { ...count, id: newId() };
    const said = (seq: number, ...screens: Screen[]) =>
      ana.post('/v1/live/presence', {
        type: 'presence',
        seq,
        screens: screens.map((screen) => ({ ...screen, focus: null })),
      });
    const reply = await said(1, count, nowhere);
    expect([reply.status, PresenceReply.parse(reply.body)]).toEqual([200, { refused: [nowhere] }]);
    await there.sees(count, ([one]) => one?.user === ana.userId);
    // An older message that comes late changes nothing; a later one does.
    await said(0);
    await sleep(60);
    expect(there.people(count)).toHaveLength(1);
    await said(2);
    await there.sees(count, (people) => people.length === 0, 1_000);
    there.socket.close();
  });

  test('a device that asks without end is sent away until it is slower', async () => {
    const ana = await clerk(SITE.AA);
    const replies = await Promise.all(
      Array.from({ length: 60 }, (_, seq) =>
        ana.post('/v1/live/presence', { type: 'presence', seq, screens: [] }),
      ),
    );
    const statuses = new Set(replies.map(({ status }) => status));
    expect([...statuses].toSorted((a, b) => a - b)).toEqual([200, 503]);
  });

  test('nor does it help to name another device each time', async () => {
    const ana = await clerk(SITE.AA);
    const replies = await Promise.all(
      Array.from({ length: 60 }, (_, seq) =>
        ana.post(
          '/v1/live/presence',
          { type: 'presence', seq, screens: [{ ...count, focus: null }] },
          { [DEVICE_HEADER]: newId() },
        ),
      ),
    );
    expect(replies.filter(({ status }) => status === 503).length).toBeGreaterThan(5);
  });
});

describe('a client of version 1', () => {
  test('never hears of presence, and is cut off when it talks', async () => {
    const [ana, old] = await Promise.all([clerk(SITE.AA), clerk(SITE.AA)]);
    const [here, there] = await Promise.all([ana.live(), old.live({ 'x-ganger-protocol': '1' })]);
    here.show(count);
    // Even a claim of its device that comes another way makes the server tell it nothing.
    await old.post('/v1/live/presence', {
      type: 'presence',
      seq: 1,
      screens: [{ ...count, focus: null }],
    });
    await here.sees(count, (people) => people.length === 1);
    await sleep(100);
    expect(there.messages.map(({ type }) => type)).toEqual(['hello']);
    there.show(count);
    expect(await there.closed()).toBe(1008);
    here.socket.close();
  });
});

test('a device that floods its connection is cut off, and the others do not notice', async () => {
  const [ana, ben, cem] = await Promise.all([clerk(SITE.AA), clerk(SITE.AA), clerk(SITE.AA)]);
  const [loud, quiet, other] = await Promise.all([ana.live(), ben.live(), cem.live()]);
  for (const live of [quiet, other]) live.show(count);
  await quiet.sees(count, (people) => people.length === 1);
  const before = quiet.messages.length;
  for (let n = 0; n < 300; n += 1) loud.show({ ...count, focus: { ...typing, position: n } });
  expect(await loud.closed()).toBe(1008);
  await sleep(200);
  expect(quiet.messages.length - before).toBeLessThan(20);
  expect(quiet.people(count).map(({ user }) => user)).toEqual([cem.userId]);
  for (const live of [quiet, other]) live.socket.close();
});
