import { createHmac } from 'node:crypto';
import type pg from 'pg';
import type { HybridClock } from '#shared/kernel/hlc.ts';
import { derivedId } from '#shared/kernel/ids.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { DeliveryEvent } from '#shared/schema/delivery-events.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { asEngine } from '../../db/as-engine.ts';
import type { Queries } from '../../db/with-session.ts';
import { SERVER_CALLER } from '../../jobs/server-caller.ts';
import { collectChanges } from '../../realtime/change.ts';
import type { ChangeSet } from '../../realtime/change.ts';
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

interface Written {
  readonly table: TableName;
  readonly row: Readonly<Record<string, unknown>> & { readonly id: string };
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
  const made = await written(deps, async (db) => {
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
  if (made > 0) deps.log.info('somebody opted out', { source, records: made });
  // To a keyword Twilio answers by itself.
  return source === 'any_words' && made > 0
    ? 'You will get no more text messages from Ganger Dermatology.'
    : null;
}

const EVENTS: Readonly<Record<string, DeliveryEvent>> = {
  delivered: 'delivered',
  undelivered: 'failed',
  failed: 'failed',
};

/**
 * Takes in what became of a message. Reports come late, twice and in any order: each state of a message is
 * one row under an id of its own, and which counts is derived from all of them.
 * @returns true when it told something new
 */
export async function takeStatus(deps: ReportDeps, form: TwilioForm): Promise<boolean> {
  const { MessageSid: sid = '', MessageStatus: status = '', ErrorCode: errorCode } = form;
  const event = EVENTS[status];
  if (event === undefined || sid === '') return false;
  const made = await written(deps, async (db) => {
    const [row] = await db.query<Written['row']>(STATUS_SQL, [
      derivedId('twilio-status', sid, event),
      sid,
      errorCode === '21610' ? 'opted_out' : event,
      errorCode === undefined ? null : errorCode.slice(0, 40),
    ]);
    return row ? [{ table: 'communication_events', row }] : [];
  });
  return made > 0;
}

/** Writes rows, with an entry of the audit each, and tells devices. @returns how many were new */
async function written(
  { pool, announce }: ReportDeps,
  write: (db: Queries) => Promise<readonly Written[]>,
): Promise<number> {
  const changes = collectChanges();
  const { rows, xid } = await asEngine(pool, async (db) => {
    const made = await write(db);
    if (made.length === 0) return { rows: made, xid: null };
    const entries = made.map(({ table, row }) => ({
      action: 'insert',
      table_name: table,
      row_id: row.id,
      outcome: 'ok',
      location_id: row['location_id'] ?? null,
      field_names: [],
      purpose: 'twilio',
    }));
    const [now] = await db.query<{ xid: string }>(
      'select private.append_audit($1, $2::jsonb), pg_current_xact_id()::text as xid',
      [SERVER_CALLER.deviceId, JSON.stringify(entries)],
    );
    return { rows: made, xid: now?.xid ?? null };
  });
  for (const { table, row } of rows) changes.add(table, row);
  if (rows.length > 0) announce({ xid, changes: changes.list() });
  return rows.length;
}

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
