import type { Queries } from '../../db/with-session.ts';
import type { CommunicationHub } from '../../hubs/communication/communication-hub.ts';
import { destinationOf } from '../../hubs/communication/messages.ts';
import type { Message } from '../../hubs/communication/messages.ts';
import { ALERT_NOTICE, messageOf } from '../../monitoring/alerts/notices.ts';
import type { Effect } from '../../sync/effects/effects.ts';
import type { Carrier, Ending, Plan } from '../carrier.ts';

interface NoticeRow {
  readonly channel: string;
  readonly destination: string;
  readonly subject: string;
  readonly body: string;
}

/** Tells somebody outside of the app of an alert. It speaks of machines, never of people. */
export function alertNoticeCarrier(hub: CommunicationHub): Carrier<Message> {
  const about = ({ rowId }: Effect) => ({ table: 'notifications', id: rowId }) as const;
  const envelopeOf = (key: string) =>
    ({ key, kind: ALERT_NOTICE, locationId: null, isPlain: true }) as const;
  return {
    kind: ALERT_NOTICE,
    plan,
    destination: destinationOf,
    send: async (message, { key, effect }) => {
      await hub.send(message, envelopeOf(key), about(effect));
    },
    lookUp: (message, { key, effect }, begunAt) =>
      hub.lookUp(message, envelopeOf(key), about(effect), begunAt),
    end,
  };
}

async function plan(db: Queries, { rowId }: Effect): Promise<Plan<Message>> {
  const [notice] = await db.query<NoticeRow>(
    'select channel, destination, subject, body from private.alert_notices where id = $1',
    [rowId],
  );
  return notice ? { do: 'send', message: messageOf(notice) } : { do: 'skip' };
}

async function end(db: Queries, { rowId }: Effect, ending: Ending): Promise<[]> {
  const { event } = ending;
  if (event === 'skipped') return [];
  await db.execute(
    `update private.alert_notices set state = $2, problem = $3, ended_at = now() where id = $1`,
    [rowId, event, 'code' in ending ? ending.code : null],
  );
  return [];
}
