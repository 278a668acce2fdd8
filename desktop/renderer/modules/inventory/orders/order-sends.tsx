import { Button } from '@mantine/core';
import {
  IconAlertTriangle,
  IconBrandSlack,
  IconCircleCheck,
  IconClock,
  IconHelpCircle,
  IconMail,
} from '@tabler/icons-react';
import type { Icon } from '@tabler/icons-react';
import { useRef } from 'react';
import { isCode } from '#shared/errors/codes.ts';
import type { OrderDetail, OrderSendRow } from '#shared/ipc/order-views.ts';
import { SEND_CHANNELS } from '#shared/schema/tables/order-sends.ts';
import type { SendChannel } from '#shared/schema/tables/order-sends.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import type { T } from '../../../ui/i18n.tsx';
import { StatusPill } from '../../../ui/status-pill.tsx';
import type { Tone } from '../../../ui/status-pill.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { When } from '../../../ui/when.tsx';
import { maySend } from './order-rules.ts';
import { useOrderActs, usePerson } from './use-orders.ts';

const CHANNELS = {
  email: {
    icon: IconMail,
    name: 'orders.send.email',
    first: 'orders.send.byEmail',
    again: 'orders.send.byEmailAgain',
  },
  slack: {
    icon: IconBrandSlack,
    name: 'orders.send.slack',
    first: 'orders.send.bySlack',
    again: 'orders.send.bySlackAgain',
  },
} as const;

const STATES = {
  queued: { tone: 'amber', icon: IconClock },
  sent: { tone: 'green', icon: IconCircleCheck },
  failed: { tone: 'red', icon: IconAlertTriangle },
  unknown: { tone: 'violet', icon: IconHelpCircle },
  skipped: { tone: 'grey', icon: IconCircleCheck },
} as const satisfies Record<OrderSendRow['state'], { tone: Tone; icon: Icon }>;

export const sendLook = ({ state }: OrderSendRow): { tone: Tone; icon: Icon } => STATES[state];

/** What became of a wish to send, in a line. */
export function sendWords(t: T, { state, channel, waiting }: OrderSendRow): string {
  const way = t(CHANNELS[channel].name);
  if (state === 'queued') return t(waiting ? 'orders.send.here' : 'orders.send.queued', { way });
  return t(`orders.send.${state}`, { way });
}

/** Where it went, or why it did not. */
export function useSendDetail(): (send: OrderSendRow) => string | null {
  const { say } = useI18n();
  return ({ problem, destination }) =>
    problem !== null && isCode(problem) ? say(problem) : destination;
}

/** The latest wish by each way: what a person who sends again has seen. */
export const latestBy = (order: OrderDetail, channel: SendChannel): OrderSendRow | null =>
  order.sends.findLast((send) => send.channel === channel) ?? null;

/** How the summary stands by each way in which somebody wanted it sent. */
export function SendStates(props: { order: OrderDetail }) {
  const { order } = props;
  const { t } = useI18n();
  const now = useNow();
  const detail = useSendDetail();
  const shown = SEND_CHANNELS.flatMap((channel) => latestBy(order, channel) ?? []);
  if (shown.length === 0) return null;
  return (
    <ul className="g-plain-list" aria-label={t('orders.send.title')}>
      {shown.map((send) => {
        const more = detail(send);
        return (
          <li
            key={send.id}
            className="g-row"
            style={{ flexWrap: 'wrap' }}
            data-testid={`order-send-state-${send.channel}`}
            data-state={send.state}
          >
            <StatusPill {...sendLook(send)}>{sendWords(t, send)}</StatusPill>
            {more !== null && <span className="g-small">{more}</span>}
            <span className="g-small g-dim">
              <When instant={send.endedAt ?? send.at} now={now} />
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** The ways in which this person can have the summary sent, the vendor's own first. */
export function SendButtons(props: { order: OrderDetail }) {
  const { order } = props;
  const { t, language } = useI18n();
  const person = usePerson();
  const { send } = useOrderActs();
  const { done, failed } = useToasts();
  const busy = useRef(new Set<SendChannel>());
  if (!maySend(order, person)) return null;
  const ways = SEND_CHANNELS.toSorted(
    (a, b) => Number(b === order.order_channel) - Number(a === order.order_channel),
  );
  /** A second press while the first is being saved must not be a second wish. */
  const once = (channel: SendChannel, repeats: string | null): void => {
    if (busy.current.has(channel)) return;
    busy.current.add(channel);
    send(order, channel, language, repeats)
      .then(() => done(t('orders.send.wished', { way: t(CHANNELS[channel].name) })), failed)
      .finally(() => {
        busy.current.delete(channel);
      });
  };
  return (
    <>
      {ways.map((channel) => {
        const latest = latestBy(order, channel);
        const { icon: Icon, first, again } = CHANNELS[channel];
        const isOnItsWay = latest?.state === 'queued';
        const isSent = latest?.state === 'sent';
        const lacksAddress = channel === 'email' && order.vendor_email === null;
        return (
          <Button
            key={channel}
            variant={channel === order.order_channel && !isSent ? 'filled' : 'default'}
            leftSection={<Icon size={18} stroke={1.5} />}
            disabled={lacksAddress || isOnItsWay}
            title={lacksAddress ? t('orders.send.noAddress') : undefined}
            onClick={() => once(channel, latest?.id ?? null)}
            data-testid={`order-send-${channel}`}
          >
            {t(latest === null || isOnItsWay ? first : again)}
          </Button>
        );
      })}
    </>
  );
}
