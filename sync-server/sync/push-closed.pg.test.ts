import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { changeableFields } from '#shared/merge/join.ts';
import { emptyText } from '#shared/merge/shared-text.ts';
import type { Row } from '#shared/schema/define.ts';
import { addDot } from '#shared/schema/or-set.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { createPool } from '../db/pool.ts';
import { withSession } from '../db/with-session.ts';
import { SITE, openRig } from '../testing/rig.suite.ts';
import type { Client, Rig } from '../testing/rig.suite.ts';
import * as make from '../testing/rows.suite.ts';
import { inTeam, issue, meeting, newTeam } from '../testing/teams.suite.ts';
import { updateSql } from './table-sql.ts';

let rig: Rig;
let boss: Client;
beforeAll(async () => {
  rig = await openRig();
  boss = await rig.client(await rig.person(['MG', null], ['PR', null]));
});
afterAll(() => rig.close());

const send = (client: Client, table: TableName, row: Row, base: Row | null = null) =>
  client.push({ table, row, base: base?.field_hlc ?? null });

const transfer = (author: Client, fields: Record<string, unknown> = {}): Row =>
  make.record('transfers', author, {
    site_ids: [SITE.AA, SITE.WX],
    location_id: SITE.AA,
    to_location_id: SITE.WX,
    wanted: [{ item_id: newId(), qty_base: 10_000 }],
    status: 'draft',
    ...fields,
  });

async function formVersion(author: Client, fields: Record<string, unknown> = {}): Promise<Row> {
  const template = newId();
  await rig.db.admin.query(
    `insert into public.form_templates (id, code, title, kind, appointment_types, site_ids, status)
     values ($1::uuid, $1::text, 'Intake', 'intake', '{}', '{}', 'active')`,
    [template],
  );
  return make.record('form_template_versions', author, {
    template_id: template,
    locale: 'en',
    body: [],
    required: [],
    signatures: [],
    author_id: author.userId,
    status: 'draft',
    ...fields,
  });
}

/** As the server itself would, by an effect of a fact. */
async function become(table: TableName, row: Row, status: string): Promise<Row> {
  const hlc = make.stampOf({ userId: '', deviceId: newId() });
  await rig.db.admin.query(
    `update public.${table} set status = $2,
       field_hlc = field_hlc || jsonb_build_object('status', $3::text) where id = $1`,
    [row.id, status, hlc],
  );
  return { ...row, status, field_hlc: { ...row.field_hlc, status: hlc } };
}

describe('what was handed in is closed', () => {
  test('a transfer is edited until it is shipped; then only its note', async () => {
    const draft = transfer(boss);
    expect(await send(boss, 'transfers', draft)).toMatchObject([{ outcome: 'ok' }]);
    const edited = make.edited(draft, boss, { wanted: [] });
    expect(await send(boss, 'transfers', edited, draft)).toMatchObject([{ outcome: 'ok' }]);

    const shipped = await become('transfers', edited, 'shipped');
    const more = make.edited(shipped, boss, { wanted: [{ item_id: newId(), qty_base: 1 }] });
    expect(await send(boss, 'transfers', more, shipped)).toMatchObject([
      { outcome: 'refused', code: 'SYNC_ROW_CLOSED', fields: ['wanted'] },
    ]);
    const noted = make.edited(shipped, boss, { note: 'Left with the courier' });
    expect(await send(boss, 'transfers', noted, shipped)).toMatchObject([{ outcome: 'ok' }]);
  });

  test('an edit made offline before that, which comes later, is refused too', async () => {
    const draft = transfer(boss);
    await send(boss, 'transfers', draft);
    await become('transfers', draft, 'shipped');
    const late = make.edited(draft, boss, { wanted: [] });
    expect(await send(boss, 'transfers', late, draft)).toMatchObject([
      { outcome: 'refused', code: 'SYNC_ROW_CLOSED', fields: ['wanted'] },
    ]);
  });

  test('the text of a form in review does not change, and opens again as a draft', async () => {
    const draft = await formVersion(boss);
    expect(await send(boss, 'form_template_versions', draft)).toMatchObject([{ outcome: 'ok' }]);
    const handedIn = make.edited(draft, boss, { status: 'in_review', required: ['name'] });
    expect(await send(boss, 'form_template_versions', handedIn, draft)).toMatchObject([
      { outcome: 'ok' },
    ]);
    const sneaked = make.edited(handedIn, boss, { body: [{ type: 'text' }] });
    expect(await send(boss, 'form_template_versions', sneaked, handedIn)).toMatchObject([
      { outcome: 'refused', code: 'SYNC_ROW_CLOSED', fields: ['body'] },
    ]);
    const back = make.edited(handedIn, boss, { status: 'draft' });
    expect(await send(boss, 'form_template_versions', back, handedIn)).toMatchObject([
      { outcome: 'ok' },
    ]);
    const mended = make.edited(back, boss, { body: [{ type: 'text' }] });
    expect(await send(boss, 'form_template_versions', mended, back)).toMatchObject([
      { outcome: 'ok' },
    ]);
  });

  test('approval is for somebody else than the author', async () => {
    const version = await formVersion(boss, { status: 'in_review' });
    await send(boss, 'form_template_versions', version);
    const approved = make.edited(version, boss, { status: 'approved' });
    expect(await send(boss, 'form_template_versions', approved, version)).toMatchObject([
      { outcome: 'refused', code: 'SYNC_OWN_APPROVAL', fields: ['status'] },
    ]);
    const other = await rig.client(await rig.person(['MG', null]));
    const theirs = make.edited(version, other, { status: 'approved' });
    expect(await send(other, 'form_template_versions', theirs, version)).toMatchObject([
      { outcome: 'ok' },
    ]);
  });

  test('the database says so too, to a server that forgot to ask', async () => {
    const draft = transfer(boss);
    await send(boss, 'transfers', draft);
    const shipped = await become('transfers', draft, 'shipped');
    const row = make.edited(shipped, boss, { wanted: [] });
    const pool = createPool(rig.config, silentLogger);
    const who = {
      userId: boss.userId,
      claims: { sub: boss.userId, role: 'authenticated' },
      expiresAt: Number.MAX_SAFE_INTEGER,
    };
    const write = withSession(pool, who, (tx) =>
      tx.execute(updateSql('transfers', changeableFields('transfers')), [
        JSON.stringify([row]),
        [row.id],
      ]),
    );
    await expect(write).rejects.toMatchObject({ code: 'GN005' });
    await pool.end();
  });
});

describe('a row that is what its fields say', () => {
  test('goes by the id that follows from them, and by no other', async () => {
    const team = await newTeam(rig);
    const leader = await inTeam(rig, team, 'leader');
    const right = meeting(leader, team);
    expect(await send(leader, 'l10_meetings', { ...right, id: newId() })).toMatchObject([
      { outcome: 'refused', code: 'SYNC_ROW_INVALID', fields: ['id'] },
    ]);
    expect(await send(leader, 'l10_meetings', right)).toMatchObject([{ outcome: 'ok' }]);
    const notes = make.record('meeting_notes', leader, {
      team_id: team,
      meeting_id: right.id,
      segment: 'headlines',
      notes: emptyText(),
    });
    expect(
      await leader.push(
        { table: 'meeting_notes', row: { ...notes, segment: 'ids' } },
        { table: 'meeting_notes', row: notes },
      ),
    ).toMatchObject([
      { outcome: 'refused', code: 'SYNC_ROW_INVALID', fields: ['id'] },
      { outcome: 'ok' },
    ]);
  });

  test('is one row, though two people made it offline', async () => {
    const team = await newTeam(rig);
    const [ann, ben] = [await inTeam(rig, team, 'leader'), await inTeam(rig, team, 'member')];
    const byAnn = make.edited(meeting(ann, team), ann, { presenter_id: ann.userId });
    const byBen = make.edited(meeting(ben, team), ben, { scribe_id: ben.userId });
    expect(byBen.id).toBe(byAnn.id);
    await send(ann, 'l10_meetings', byAnn);
    const [answer] = await send(ben, 'l10_meetings', byBen);
    expect(answer).toMatchObject({ outcome: 'master', row: { created_by: ann.userId } });
    const { rows } = await rig.db.admin.query(
      'select presenter_id, scribe_id from public.l10_meetings where team_id = $1',
      [team],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ scribe_id: ben.userId });
  });
});

describe('nobody acts in another’s name', () => {
  test('as the author of a text', async () => {
    const other = await rig.person(['MG', null]);
    const forged = await formVersion(boss, { author_id: other });
    expect(await send(boss, 'form_template_versions', forged)).toMatchObject([
      { outcome: 'refused', code: 'SYNC_ROW_REFUSED', fields: ['author_id'] },
    ]);
  });

  test('as a voice in a team', async () => {
    const team = await newTeam(rig);
    const [ann, ben] = [await inTeam(rig, team, 'leader'), await inTeam(rig, team, 'member')];
    const topic = issue(ann, team);
    await send(ann, 'issues', topic);
    const vote = (by: Client, user_id: string): Row =>
      make.record('issue_votes', by, {
        team_id: team,
        issue_id: topic.id,
        user_id,
        round: 1,
        vote: addDot({}, make.stampOf(by)),
      });
    expect(await send(ben, 'issue_votes', vote(ben, ann.userId))).toMatchObject([
      { outcome: 'refused', code: 'SYNC_ROW_REFUSED', fields: ['user_id'] },
    ]);
    expect(await send(ben, 'issue_votes', vote(ben, ben.userId))).toMatchObject([
      { outcome: 'ok' },
    ]);
  });

  test('as whoever did something, in a fact', async () => {
    const review = (reviewer_id: string): Row =>
      make.fact('evidence_reviews', boss, {
        location_id: SITE.AA,
        patient_id: newId(),
        evidence_id: newId(),
        reviewer_id,
        verdict: 'accepted',
      });
    expect(await send(boss, 'evidence_reviews', review(await rig.person()))).toMatchObject([
      { outcome: 'refused', code: 'SYNC_ROW_REFUSED', fields: ['reviewer_id'] },
    ]);
    expect(await send(boss, 'evidence_reviews', review(boss.userId))).toMatchObject([
      { outcome: 'retry', code: 'SYNC_PARENT_MISSING' },
    ]);
  });
});
