import pg from 'pg';
import twilio from 'twilio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '#shared/kernel/clock.ts';
import { createHlc } from '#shared/kernel/hlc.ts';
import { newId } from '#shared/kernel/ids.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { NO_HUBS } from '../config/hubs-config.ts';
import { hashOfContact, takeEarlyReports } from '../hubs/communication/twilio-reports.ts';
import { SITE, openRig } from '../testing/rig.suite.ts';
import type { Client, Rig } from '../testing/rig.suite.ts';
import { patientVisit } from '../testing/visits.suite.ts';

/** What Twilio tells the server, as Twilio signs it. */

const reports = {
  token: 'f'.repeat(32),
  publicUrl: 'https://sync.example',
  contactKey: 'k'.repeat(32),
};
const NUMBER = '+17345550123';
let rig: Rig;
let desk: Client;
let patientId: string;
beforeAll(async () => {
  rig = await openRig({ over: { hubs: { ...NO_HUBS, reports } } });
  desk = await rig.client(await rig.person(['FD', SITE.AA]));
  const visit = await patientVisit(rig);
  const { rows } = await rig.db.admin.query<{ patient_id: string }>(
    'select patient_id from public.appointments where id = $1',
    [visit],
  );
  patientId = rows[0]?.patient_id ?? '';
  await rig.db.admin.query(
    `update public.patients set phones = '["(734) 555-0123"]' where id = $1`,
    [patientId],
  );
});
afterAll(() => rig.close());

type Kind = 'message' | 'status';
async function call(
  kind: Kind,
  form: Record<string, string>,
  over: { token?: string; signature?: string | null; sent?: Record<string, string> } = {},
) {
  const path = `/v1/webhooks/twilio/${kind}`;
  const signature =
    over.signature === undefined
      ? twilio.getExpectedTwilioSignature(
          over.token ?? reports.token,
          reports.publicUrl + path,
          form,
        )
      : over.signature;
  const answer = await fetch(rig.server.url + path, {
    method: 'POST',
    headers: signature === null ? {} : { 'x-twilio-signature': signature },
    body: new URLSearchParams(over.sent ?? form),
  });
  return { status: answer.status, text: await answer.text() };
}
const message = (body: string, sid = `SM${newId().replaceAll('-', '')}`) => ({
  MessageSid: sid,
  From: NUMBER,
  To: '+17345550100',
  Body: body,
});
const optOuts = async () =>
  (
    await rig.db.admin.query<Record<string, unknown>>(
      `select patient_id, destination_hash, channel, source, covers from public.opt_outs
       order by recorded_at`,
    )
  ).rows;

describe('a message that comes in', () => {
  test('is not looked at when it is not Twilio’s', async () => {
    const stop = message('STOP');
    for (const over of [
      { signature: null },
      { signature: 'AAAA' },
      { token: 'e'.repeat(32) },
      { sent: { ...stop, From: '+17345550999' } },
    ]) {
      const { status, text } = await call('message', stop, over);
      expect([status, JSON.parse(text)]).toMatchObject([
        403,
        { error: { code: 'CALL_NOT_ALLOWED' } },
      ]);
    }
    expect(await optOuts()).toEqual([]);
  });

  test('that says STOP, or so in other words, opts its number out, once', async () => {
    const stop = message('Stop');
    const words = message('please leave me alone');
    expect(await call('message', stop)).toMatchObject({ status: 200 });
    const answers = await Promise.all([1, 2, 3].map(() => call('message', words)));
    await call('message', stop);
    expect(answers.filter(({ text }) => text.includes('<Message>'))).toHaveLength(1);
    const hash = hashOfContact(NUMBER, reports.contactKey);
    expect(await optOuts()).toEqual(
      ['keyword', 'any_words'].map((source) => ({
        patient_id: patientId,
        destination_hash: hash,
        channel: 'sms',
        source,
        covers: 'channel',
      })),
    );
    const { tables } = await desk.pull([{ table: 'opt_outs' }]);
    expect(tables.flatMap(({ rows }) => rows)).toHaveLength(2);
  });

  test('of a number that nobody gave is kept under its hash alone', async () => {
    await call('message', { ...message('STOP'), From: '+12025550188' });
    expect((await optOuts()).at(-1)).toMatchObject({
      patient_id: null,
      destination_hash: hashOfContact('202-555-0188', reports.contactKey),
    });
    expect(rig.log.join('\n')).not.toMatch(/5550123|5550188|leave me alone/);
  });

  test('that says something else is not kept', async () => {
    const before = await optOuts();
    const { status, text } = await call('message', message('Can I come at 3 instead?'));
    expect([status, text]).toEqual([
      200,
      '<?xml version="1.0" encoding="UTF-8"?><Response></Response>',
    ]);
    expect(await optOuts()).toEqual(before);
  });
});

describe('a report', () => {
  const sid = `SM${'b'.repeat(32)}`;
  const events = async () =>
    (
      await rig.db.admin.query<{ event: string; error_code: string | null }>(
        `select event, error_code from public.communication_events where provider_id = $1
         order by recorded_at`,
        [sid],
      )
    ).rows;

  test('about a message that this server did not send tells nothing', async () => {
    expect(await call('status', { MessageSid: sid, MessageStatus: 'delivered' })).toMatchObject({
      status: 200,
    });
    expect(await events()).toEqual([]);
  });

  test('is kept once for each state, in whatever order they come', async () => {
    await rig.db.admin.query(
      `insert into public.communication_events (id, location_id, patient_id, message_id, channel,
         template_code, destination_hash, event, provider_id, occurred_at)
       values ($1, $2, $3, $4, 'sms', 'reminder', $5, 'sent', $6, now())`,
      [newId(), SITE.AA, patientId, newId(), 'h'.repeat(64), sid],
    );
    for (const status of ['delivered', 'queued', 'delivered', 'sent', 'undelivered']) {
      const form = { MessageSid: sid, MessageStatus: status };
      const failed = status === 'undelivered' ? { ErrorCode: '30003' } : {};
      expect((await call('status', { ...form, ...failed })).status).toBe(200);
    }
    expect(await events()).toEqual([
      { event: 'sent', error_code: null },
      { event: 'delivered', error_code: null },
      { event: 'failed', error_code: '30003' },
    ]);
  });
});

test('a report that comes before its message is noted as sent waits for that', async () => {
  const sid = `SM${'c'.repeat(32)}`;
  const deps = {
    announce: () => undefined,
    hlc: createHlc({ clock: systemClock, node: '5e7f00000001' }),
    log: createLogger({ level: 'silent', write: () => undefined }),
    contactKey: reports.contactKey,
  };
  const pool = new pg.Pool({ connectionString: rig.config.databaseUrl });
  const take = () => takeEarlyReports({ ...deps, pool });
  const events = async () =>
    (
      await rig.db.admin.query<{ event: string }>(
        `select event from public.communication_events where provider_id = $1 order by event`,
        [sid],
      )
    ).rows.map(({ event }) => event);
  try {
    for (const status of ['delivered', 'delivered', 'sent']) {
      await call('status', { MessageSid: sid, MessageStatus: status });
    }
    expect(await take()).toBe(0);
    await rig.db.admin.query(
      `insert into public.communication_events (id, location_id, patient_id, message_id, channel,
         template_code, destination_hash, event, provider_id, occurred_at)
       values ($1, $2, $3, $4, 'sms', 'reminder', $5, 'sent', $6, now())`,
      [newId(), SITE.AA, patientId, newId(), 'h'.repeat(64), sid],
    );
    expect(await Promise.all([take(), take()])).toContain(1);
    expect(await take()).toBe(0);
    expect(await events()).toEqual(['delivered', 'sent']);
  } finally {
    await pool.end();
  }
});

test('a server without Twilio has no such address', async () => {
  const other = await rig.another({ hubs: NO_HUBS });
  const answer = await fetch(`${other.url}/v1/webhooks/twilio/message`, { method: 'POST' });
  expect(answer.status).toBe(404);
});
