import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { stampEdit } from '#shared/merge/join.ts';
import { editText, emptyText, textOf } from '#shared/merge/shared-text.ts';
import { addTo, countOf } from '#shared/schema/counter.ts';
import type { Counter } from '#shared/schema/counter.ts';
import type { Row } from '#shared/schema/define.ts';
import { addMember, membersOf, removeMember } from '#shared/schema/or-set.ts';
import type { OrSet } from '#shared/schema/or-set.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { SITE, must, openRig } from '../testing/rig.suite.ts';
import type { Client, Rig } from '../testing/rig.suite.ts';
import * as make from '../testing/rows.suite.ts';
import { inTeam, meeting, newTeam } from '../testing/teams.suite.ts';

/** Fields that carry their own history: what two people did offline is both there afterwards. */

let rig: Rig;
let ana: Client;
let ben: Client;
beforeAll(async () => {
  rig = await openRig();
  ana = await rig.client(await rig.person(['PR', null], ['FD', SITE.AA]));
  ben = await rig.client(await rig.person(['PR', null], ['FD', SITE.AA]));
});
afterAll(() => rig.close());

const send = async (client: Client, table: TableName, row: Row, base: Row | null = null) =>
  must((await client.push({ table, row, base: base?.field_hlc ?? null }))[0]);
const stored = async (table: TableName, id: string, field: string): Promise<unknown> => {
  const { rows } = await rig.db.admin.query<{ value: unknown }>(
    `select ${field} as value from public.${table} where id = $1`,
    [id],
  );
  return rows[0]?.value;
};
/** The row as the store of a device writes it after an edit. */
const edited = (table: TableName, row: Row, by: Client, fields: Record<string, unknown>): Row =>
  stampEdit(table, row, { ...row, ...fields }, make.stampOf(by), by.deviceId);

async function template(): Promise<Row> {
  const row = make.record('handout_templates', ana, {
    code: newId(),
    title: 'After your biopsy',
    category: 'post_procedure',
    specialty_tags: addMember({}, 'surgery', make.stampOf(ana)),
    diagnosis_codes: {},
    physician_review: false,
    status: 'active',
  });
  expect(await send(ana, 'handout_templates', row)).toMatchObject({ outcome: 'ok' });
  return row;
}
const tagsOf = (row: Row): OrSet => row['specialty_tags'] as OrSet;
const noConflicts = async ({ id }: Row): Promise<void> => {
  const { rows } = await rig.db.admin.query(
    'select id from public.conflict_log where row_id = $1',
    [id],
  );
  expect(rows).toEqual([]);
};

test('a set: what both add is in it, what one takes away is out', async () => {
  const before = await template();
  const byAna = edited('handout_templates', before, ana, {
    specialty_tags: addMember(tagsOf(before), 'wound care', make.stampOf(ana)),
  });
  const byBen = edited('handout_templates', before, ben, {
    specialty_tags: removeMember(
      addMember(tagsOf(before), 'dermatology', make.stampOf(ben)),
      'surgery',
    ),
  });
  expect(await send(ana, 'handout_templates', byAna, before)).toMatchObject({ outcome: 'ok' });
  const answer = await send(ben, 'handout_templates', byBen, before);
  expect(answer.outcome).toBe('master');
  const set = (await stored('handout_templates', before.id, 'specialty_tags')) as OrSet;
  expect(membersOf(set)).toEqual(['dermatology', 'wound care']);
  expect(answer.outcome === 'master' && answer.row['specialty_tags']).toEqual(set);
  await noConflicts(before);
});

test('a set: who adds again what another takes away keeps it', async () => {
  const before = await template();
  const byAna = edited('handout_templates', before, ana, {
    specialty_tags: removeMember(tagsOf(before), 'surgery'),
  });
  await send(ana, 'handout_templates', byAna, before);
  const again = addMember(removeMember(tagsOf(before), 'surgery'), 'surgery', make.stampOf(ben));
  const byBen = { ...before, specialty_tags: again };
  await send(ben, 'handout_templates', byBen, before);
  const set = (await stored('handout_templates', before.id, 'specialty_tags')) as OrSet;
  expect(membersOf(set)).toEqual(['surgery']);
});

test('a set whose stamps lie far in the future is brought back to the time of the server', async () => {
  const before = await template();
  const ahead = make.stampOf(ana, Date.now() + 90 * 86_400_000);
  const row = { ...before, specialty_tags: addMember(tagsOf(before), 'laser', ahead) };
  expect(await send(ana, 'handout_templates', row, before)).toMatchObject({ outcome: 'master' });
  const set = (await stored('handout_templates', before.id, 'specialty_tags')) as OrSet;
  expect(membersOf(set)).toEqual(['laser', 'surgery']);
  expect(JSON.stringify(set)).not.toContain(ahead);
});

test('a counter: the share of each device, however often it comes', async () => {
  const started = Date.now();
  const before = make.record('kiosk_sessions', ana, {
    location_id: SITE.AA,
    state: 'started',
    locale: 'en',
    accessibility_mode: false,
    path: 'staffed',
    started_at: started,
    last_activity_at: started,
    lease_until: started + 60_000,
    attempts: {},
    needs_help: false,
  });
  expect(await send(ana, 'kiosk_sessions', before)).toMatchObject({ outcome: 'ok' });
  const tried = (by: Client, times: number): Row =>
    edited('kiosk_sessions', before, by, { attempts: addTo({}, by.deviceId, times) });
  const byAna = tried(ana, 2);
  await send(ana, 'kiosk_sessions', byAna, before);
  await send(ben, 'kiosk_sessions', tried(ben, 3), before);
  await send(ana, 'kiosk_sessions', byAna, before);
  const counter = (await stored('kiosk_sessions', before.id, 'attempts')) as Counter;
  expect(countOf(counter)).toBe(5);
  expect(counter).toEqual({ [ana.deviceId]: 2, [ben.deviceId]: 3 });
});

test('a shared text: what both wrote is in it, once', async () => {
  const team = await newTeam(rig);
  const [ann, bo] = [await inTeam(rig, team, 'leader'), await inTeam(rig, team, 'member')];
  const held = meeting(ann, team);
  const first = editText(emptyText(), (text) => text.insert(0, 'Numbers are up.'));
  const before = make.record('meeting_notes', ann, {
    team_id: team,
    meeting_id: held.id,
    segment: 'scorecard',
    notes: first,
  });
  await ann.push({ table: 'l10_meetings', row: held }, { table: 'meeting_notes', row: before });
  const byAnn = { ...before, notes: editText(first, (text) => text.insert(0, 'Ann: ')) };
  const byBo = { ...before, notes: editText(first, (text) => text.insert(15, ' Calls too.')) };
  expect(await send(ann, 'meeting_notes', byAnn, before)).toMatchObject({ outcome: 'ok' });
  const answer = await send(bo, 'meeting_notes', byBo, before);
  expect(answer).toMatchObject({ outcome: 'master' });
  await send(ann, 'meeting_notes', byAnn, before);
  const notes = (await stored('meeting_notes', before.id, 'notes')) as string;
  expect(textOf(notes)).toBe('Ann: Numbers are up. Calls too.');
  expect(answer.outcome === 'master' && answer.row['notes']).toBe(notes);

  const broken = { ...before, notes: 'bm8gdGV4dA==' };
  expect(await send(bo, 'meeting_notes', broken, before)).toMatchObject({
    outcome: 'refused',
    code: 'SYNC_ROW_INVALID',
    fields: ['notes'],
  });
});
