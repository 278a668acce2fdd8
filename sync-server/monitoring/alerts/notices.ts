import { createTranslate } from '#shared/i18n/format.ts';
import { EN } from '#shared/i18n/messages.en.ts';
import type { HybridClock } from '#shared/kernel/hlc.ts';
import { derivedId, newId } from '#shared/kernel/ids.ts';
import type { NoticeChannel, NoticeEvent } from '#shared/protocol/admin-monitor.ts';
import type { AlertsConfig } from '../../config/monitoring-config.ts';
import type { Queries } from '../../db/with-session.ts';
import type { Message } from '../../hubs/communication/messages.ts';
import { effectId } from '../../sync/effects/effects.ts';
import type { Alert } from '../health/alert-book.ts';

/** The kind of effect that carries a notice out of the house. */
export const ALERT_NOTICE = 'alert.notice';

/** What is said, the same by every way; English, as the runbook is. */
export interface Said {
  readonly event: NoticeEvent;
  /** Null: the daily summary. */
  readonly alert: Alert | null;
  readonly title: string;
  readonly body: string;
  readonly isUrgent: boolean;
}

const say = createTranslate<typeof EN>('en', EN);

/** What is said of an alert. */
export function saidOf(alert: Alert, event: Exclude<NoticeEvent, 'summary'>, now: number): Said {
  const { rule, subject, value, detail, severity, firedAt } = alert;
  const name = say(`alert.${rule}`);
  const title = say(`alert.said.${event}`, {
    title: subject === '' ? name : `${name}: ${subject}`,
  });
  const when = new Date(firedAt ?? now).toISOString().slice(0, 16).replace('T', ' ');
  const lines = [
    title,
    // Each of these sentences has a number or none; what is not in it is not filled in.
    (say as (key: string, params: object) => string)(`alert.${rule}.text`, { n: value }),
    ...(detail === '' ? [] : [detail]),
    say('alert.said.since', { when }),
    say('alert.said.runbook', { rule }),
  ];
  const isUrgent = severity === 'critical' && event !== 'cleared';
  return { event, alert, title, body: lines.join('\n'), isUrgent };
}

/** Ways out of the house for something that is said. */
function outside(
  { event, alert, title, body, isUrgent }: Said,
  { mail, sms, webhook }: AlertsConfig,
): { readonly channel: NoticeChannel; readonly to: string; readonly body: string }[] {
  // A text wakes people: of what is critical, and of what nobody has taken up.
  const wakes = isUrgent || event === 'escalated';
  const json = JSON.stringify({
    event,
    title,
    text: body,
    ...(alert === null
      ? {}
      : {
          rule: alert.rule,
          subject: alert.subject,
          severity: alert.severity,
          value: alert.value,
          id: alert.id,
        }),
  });
  return [
    ...mail.map((to) => ({ channel: 'email' as const, to, body })),
    ...(wakes ? sms.map((to) => ({ channel: 'sms' as const, to, body: title })) : []),
    ...(webhook ? [{ channel: 'webhook' as const, to: hostOf(webhook.url), body: json }] : []),
  ];
}

const hostOf = (url: string): string => new URL(url).host;

/** The message of a notice as its channel needs it. */
export function messageOf(notice: {
  readonly channel: string;
  readonly destination: string;
  readonly subject: string;
  readonly body: string;
}): Message {
  const { channel, destination, subject, body } = notice;
  if (channel === 'email') return { channel, to: destination, subject, text: body };
  if (channel === 'sms') return { channel, to: destination, text: body };
  return { channel: 'webhook', host: destination, text: body };
}

/** All messages that leave the house for something, without any of it being written down. */
export const messagesOf = (said: Said, config: AlertsConfig): Message[] =>
  outside(said, config).map(({ channel, to, body }) =>
    messageOf({ channel, destination: to, subject: said.title, body }),
  );

/** Who keeps the machines running, now. */
const PEOPLE_SQL = `
  select u.id, u.display_name as name
    from public.users u
   where u.status = 'active' and exists (
     select from public.user_roles r
      where r.user_id = u.id and r.role in ('IT', 'SA')
        and r.valid_from <= now() and (r.valid_to is null or r.valid_to > now()))
   order by u.id`;

/**
 * Writes down what people are to be told: in the app at once, by the other ways as effects of the outbox.
 * @returns the rows of `notifications`, for devices to hear of
 */
export async function putNotices(
  db: Queries,
  all: readonly Said[],
  deps: { readonly now: number; readonly hlc: HybridClock; readonly config: AlertsConfig },
): Promise<Record<string, unknown>[]> {
  const { now, hlc, config } = deps;
  if (all.length === 0) return [];
  const people = await db.query<{ id: string; name: string }>(PEOPLE_SQL);
  const rows: Record<string, unknown>[] = [];
  for (const said of all) {
    const alertId = said.alert?.id ?? null;
    const put = async (channel: NoticeChannel, to: string, body: string): Promise<string> => {
      const id = newId();
      await db.execute(
        `insert into private.alert_notices
           (id, alert_id, event, channel, destination, subject, body, made_at, state, ended_at)
         select $1, $2, $3, $4, $5, $6, $7, t.now, case when $4 = 'app' then 'sent' else 'waiting' end,
                case when $4 = 'app' then t.now end
           from (select timestamptz 'epoch' + $8::bigint * interval '1 ms' as now) t`,
        [id, alertId, said.event, channel, to, said.title.slice(0, 200), body.slice(0, 8000), now],
      );
      return id;
    };
    for (const { id: person, name } of people) {
      const noticeId = await put('app', name, said.title);
      const row = {
        id: derivedId('alert-note', noticeId, person),
        recipient_id: person,
        location_id: null,
        kind: ['alert', said.event, said.alert?.rule].filter(Boolean).join('.'),
        severity: said.isUrgent ? 'urgent' : said.event === 'fired' ? 'warning' : 'info',
        body: said.title.slice(0, 300),
        dedupe_key: `alert/${noticeId}`,
      };
      await db.execute(
        `insert into public.notifications
           (id, created_at, hlc, recipient_id, location_id, kind, severity, body, dedupe_key)
         values ($1, timestamptz 'epoch' + $2::bigint * interval '1 ms', $3, $4, null, $5, $6, $7, $8)`,
        [row.id, now, hlc.next(), person, row.kind, row.severity, row.body, row.dedupe_key],
      );
      rows.push(row);
    }
    for (const { channel, to, body } of outside(said, config)) {
      const noticeId = await put(channel, to, body);
      await db.execute(
        `insert into private.outbox (id, kind, audience, table_name, row_id)
         values ($1, $2, 'outside', 'notifications', $3)`,
        [effectId(ALERT_NOTICE, noticeId), ALERT_NOTICE, noticeId],
      );
    }
  }
  return rows;
}
