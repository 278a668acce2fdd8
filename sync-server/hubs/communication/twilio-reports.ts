import { createHmac } from 'node:crypto';
import type pg from 'pg';
import type { HybridClock } from '#shared/kernel/hlc.ts';
import { derivedId } from '#shared/kernel/ids.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { DeliveryEvent } from '#shared/schema/delivery-events.ts';
import type { Queries } from '../../db/with-session.ts';
import type { ChangeSet } from '../../realtime/change.ts';
import { writeRows } from '../write-rows.ts';
import type { Written } from '../write-rows.ts';
import { optOutIn } from './opt-out-words.ts';

/** A form that Twilio sends, once its signature has been checked. */
export type TwilioForm = Readonly<Record<string, string>>;

export interface ReportDeps {
  readonly pool: pg.Pool;
  readonly announce: (set: ChangeSet) => void;
  readonly hlc: HybridClock;
  readonly log: Logger;
  /** Under which numbers are hashed. */
  readonly contactKey: string;
}

/** A number or an address as it is compared: nobody can be found by it without the key. */
export function hashOfContact(contact: string, key: string): string {
  const digits = contact.replaceAll(/\D/g, '');
  // Ten digits with or without the country before them are one number here.
  const plain = contact.includes('@') ? contact.trim().toLowerCase() : digits.slice(-10);
  return createHmac('sha256', key).update(plain).digest('hex');
}

/**
 * Takes in a text message that somebody has sent. Who wants no more messages, by whatever words, has
 * opted out from then on; what else people write is not kept. The same message again changes nothing.
 * @returns what is answered to them; null: nothing
 */
export async function takeIncoming(deps: ReportDeps, form: TwilioForm): Promise<string | null> {
  const { From: from = '', Body: body = '', MessageSid: sid = '' } = form;
  const source = form['OptOutType'] === 'STOP' ? 'keyword' : optOutIn(body);
  if (source === null || from === '' || sid === '') return null;
  const hash = hashOfContact(from, deps.contactKey);
  const made = await writeRows(deps, 'twilio', async (db) => {
    const people = await db.query<{ id: string; location_id: string | null }>(PEOPLE_SQL, [
      from.replaceAll(/\D/g, '').slice(-10),
    ]);
    const about = people.length === 0 ? [{ id: null, location_id: null }] : people;
    const rows: Written[] = [];
    for (const { id: patientId, location_id: locationId } of about) {
      const id = derivedId('twilio-opt-out', sid, patientId ?? '');
      const [row] = await db.query<Written['row']>(OPT_OUT_SQL, [
        id,
        deps.hlc.next(),
        locationId,
        patientId,
        hash,
        source,
      ]);
      if (row) rows.push({ table: 'opt_outs', row });
    }
    return rows;
  });
  if (made.length > 0) deps.log.info('somebody opted out', { source, records: made.length });
  // To a keyword Twilio answers by itself.
  return source === 'any_words' && made.length > 0
    ? 'You will get no more text messages from Ganger Dermatology.'
    : null;
}

const EVENTS: Readonly<Record<string, DeliveryEvent>> = {
  delivered: 'delivered',
  undelivered: 'failed',
  failed: 'failed',
};

/**
 * Takes in what became of a message. Reports come late, early, twice and in any order: each state of a message
 * is one row under an id of its own, and which counts is derived from all of them. One that comes before the
 * row of its sending waits for that.
 * @returns true when it told something new
 */
export async function takeStatus(deps: ReportDeps, form: TwilioForm): Promise<boolean> {
  const { MessageSid: sid = '', MessageStatus: status = '', ErrorCode: errorCode } = form;
  const event = EVENTS[status];
  if (event === undefined || sid === '' || sid.length > SID_LENGTH) return false;
  const made = await writeRows(deps, 'twilio', async (db) => {
    const report = { sid, event, errorCode: errorCode?.slice(0, 40) ?? null };
    const { isSent, row } = await writeReport(db, report);
    if (!isSent) await db.execute(EARLY_SQL, [sid, event, report.errorCode]);
    return row ? [row] : [];
  });
  return made.length > 0;
}

interface Report {
  readonly sid: string;
  readonly event: DeliveryEvent;
  readonly errorCode: string | null;
}

async function writeReport(
  db: Queries,
  { sid, event, errorCode }: Report,
): Promise<{ isSent: boolean; row: Written | null }> {
  const [row] = await db.query<Written['row']>(STATUS_SQL, [
    derivedId('twilio-status', sid, event),
    sid,
    errorCode === '21610' ? 'opted_out' : event,
    errorCode,
  ]);
  if (row) return { isSent: true, row: { table: 'communication_events', row } };
  const sent = await db.query(
    `select 1 from public.communication_events where provider_id = $1 and event = 'sent' limit 1`,
    [sid],
  );
  return { isSent: sent.length > 0, row: null };
}

/** Takes in reports that had come before their message was noted as sent. @returns how many were new */
export async function takeEarlyReports(deps: ReportDeps): Promise<number> {
  const made = await writeRows(deps, 'twilio', async (db) => {
    const waiting = await db.query<Report>(
      `delete from private.early_reports r
        where exists (select from public.communication_events s
                       where s.provider_id = r.provider_id and s.event = 'sent')
       returning r.provider_id as sid, r.event, r.error_code as "errorCode"`,
    );
    const rows: Written[] = [];
    for (const report of waiting) {
      const { row } = await writeReport(db, report);
      if (row) rows.push(row);
    }
    // Of a message that this server never sent.
    await db.execute(
      `delete from private.early_reports where received_at < now() - interval '7 days'`,
    );
    return rows;
  });
  return made.length;
}

const SID_LENGTH = 80;
const EARLY_SQL = `
  insert into private.early_reports (provider_id, event, error_code) values ($1, $2, $3)
  on conflict do nothing`;

/** Everybody who gave the number: a family may share one. */
const PEOPLE_SQL = `
  select p.id, p.site_ids[1] as location_id from public.patients p
   where p.deleted_at is null and exists (
     select from jsonb_array_elements_text(p.phones) n
      where right(regexp_replace(n, '\\D', '', 'g'), 10) = $1)`;

const OPT_OUT_SQL = `
  insert into public.opt_outs
    (id, created_at, hlc, location_id, patient_id, destination_hash, channel, source, covers,
     received_at, honoured_at)
  values ($1, date_trunc('milliseconds', now()), $2, $3, $4, $5, 'sms', $6, 'channel',
    date_trunc('milliseconds', now()), date_trunc('milliseconds', now()))
  on conflict (id) do nothing
  returning id, location_id, patient_id`;

/** The row of the sending says whom the message was for. */
const STATUS_SQL = `
  insert into public.communication_events
    (id, created_at, location_id, patient_id, message_id, channel, template_code, destination_hash,
     event, provider_id, error_code, occurred_at)
  select $1, date_trunc('milliseconds', now()), s.location_id, s.patient_id, s.message_id, s.channel,
         s.template_code, s.destination_hash, $3, s.provider_id, $4,
         date_trunc('milliseconds', now())
    from public.communication_events s
   where s.provider_id = $2 and s.event = 'sent' limit 1
  on conflict (id) do nothing
  returning id, location_id, patient_id`;
