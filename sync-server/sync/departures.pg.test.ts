import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { SITE, openRig } from '../testing/rig.suite.ts';
import type { Client, Rig } from '../testing/rig.suite.ts';

/** Rows that move from one part to another: who loses them, who gets them, and in which order. */

type Cursors = Record<string, [string, string]>;

let rig: Rig;
let here: Client;
let there: Client;
let both: Client;
let boss: Client;
beforeAll(async () => {
  rig = await openRig();
  here = await rig.client(await rig.person(['FD', SITE.AA]));
  there = await rig.client(await rig.person(['FD', SITE.WX]));
  both = await rig.client(await rig.person(['FD', SITE.AA], ['FD', SITE.WX]));
  boss = await rig.client(await rig.person(['MG', null]));
});
afterAll(() => rig.close());

const move = (id: string, site: string): Promise<unknown> =>
  rig.db.admin.query('update public.users set home_location_id = $2 where id = $1', [id, site]);

async function colleagueAt(site: string): Promise<string> {
  const id = newId();
  await rig.db.admin.query(
    `insert into public.users (id, display_name, status, email, mfa_required, home_location_id)
     values ($1, 'Sam Sample', 'active', $2, false, $3)`,
    [id, `${id}@example.com`, site],
  );
  return id;
}

/** Pulls all people from some cursors on; of one of them what came: row, left or deleted. */
async function pullPeople(client: Client, about: string, start: Cursors = {}, limit = 1000) {
  let cursors = start;
  const came: string[] = [];
  for (;;) {
    const [page] = (await client.pull([{ table: 'users', cursors, limit }])).tables;
    for (const row of page?.rows ?? []) {
      if (row['id'] !== about) continue;
      came.push(row['_left'] === true ? 'left' : row['_deleted'] === true ? 'deleted' : 'row');
      if (row['_left'] === true) expect(row).toEqual({ id: about, _left: true });
    }
    cursors = { ...cursors, ...page?.cursors };
    if (!page?.more) return { came, cursors };
  }
}

test('a colleague who changes sites leaves devices of the old one and comes to those of the new one', async () => {
  const who = await colleagueAt(SITE.AA);
  const before = await Promise.all(
    [here, there, both, boss].map((client) => pullPeople(client, who)),
  );
  expect(before.map(({ came }) => came)).toEqual([['row'], [], ['row'], ['row']]);
  await move(who, SITE.WX);
  const after = await Promise.all(
    [here, there, both, boss].map((client, n) => pullPeople(client, who, before[n]?.cursors)),
  );
  expect(after.map(({ came }) => came)).toEqual([['left'], ['row'], ['row'], ['row']]);
  // What came once does not come again.
  expect((await pullPeople(here, who, after[0]?.cursors)).came).toEqual([]);
  // Whoever asks from the start may hold rows whose place it lost, and is told as well.
  expect((await pullPeople(here, who)).came).toEqual(['left']);
});

test('who holds both parts keeps the row, whichever of them is read first, page by page', async () => {
  for (const [from, to] of [
    [SITE.AA, SITE.WX],
    [SITE.WX, SITE.AA],
  ] as const) {
    const who = await colleagueAt(from);
    const { cursors } = await pullPeople(both, who);
    await move(who, to);
    expect((await pullPeople(both, who, cursors, 1)).came).toEqual(['row']);
  }
});

test('a row that came back before anybody asked has not left', async () => {
  const who = await colleagueAt(SITE.AA);
  const { cursors } = await pullPeople(here, who);
  await move(who, SITE.WX);
  await move(who, SITE.AA);
  const back = await pullPeople(here, who, cursors);
  expect(back.came).toEqual(['row']);
  await move(who, SITE.WX);
  expect((await pullPeople(here, who, back.cursors)).came).toEqual(['left']);
  await move(who, SITE.AA);
  expect((await pullPeople(here, who, back.cursors)).came).toEqual(['row']);
});

test('a leaving waits behind the fence for transactions that are older', async () => {
  const who = await colleagueAt(SITE.AA);
  const { cursors } = await pullPeople(here, who);
  const slow = await rig.db.admin.connect();
  try {
    await slow.query('begin; select pg_current_xact_id()');
    await move(who, SITE.WX);
    expect((await pullPeople(here, who, cursors)).came).toEqual([]);
  } finally {
    await slow.query('commit');
    slow.release();
  }
  expect((await pullPeople(here, who, cursors)).came).toEqual(['left']);
});
