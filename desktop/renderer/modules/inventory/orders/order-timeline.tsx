import {
  IconArrowBackUp,
  IconCheck,
  IconClock,
  IconPackageImport,
  IconShoppingCartPlus,
} from '@tabler/icons-react';
import { approvalStands } from '#shared/merge/derive/purchase-order.ts';
import type { OrderDetail } from '#shared/ipc/order-views.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { Timeline } from '../../../ui/timeline.tsx';
import type { TimelineEvent } from '../../../ui/timeline.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { sendLook, sendWords, useSendDetail } from './order-sends.tsx';
import { orderStateLook, orderStateWord } from './order-status.tsx';

/** Steps that a decision or a receipt beside them says better. */
const SAID_BY_FACTS: ReadonlySet<string> = new Set(['returned', 'approved', 'partially_received']);

/** Who did what with an order, and when; the latest first. */
export function OrderTimeline(props: { order: OrderDetail }) {
  const { order } = props;
  const { t, fmt } = useI18n();
  const now = useNow();
  const detail = useSendDetail();
  const events: TimelineEvent[] = [
    {
      key: 'made',
      icon: IconShoppingCartPlus,
      tone: 'grey',
      title: t('orders.event.made'),
      instant: order.created_at,
      who: order.who,
    },
  ];
  for (const step of order.steps) {
    if (SAID_BY_FACTS.has(step.to) && step.who === null) continue;
    events.push({
      key: step.id,
      ...orderStateLook(step.to),
      title: orderStateWord(t, step.to),
      instant: step.at,
      who: step.who,
    });
  }
  for (const one of order.decisions) {
    const isApproved = one.decision === 'approved';
    const isVoid = isApproved && !approvalStands(order, order.lines, one);
    const amount = fmt.money(one.amount_cents);
    events.push({
      key: one.id,
      icon: isApproved ? IconCheck : IconArrowBackUp,
      tone: isApproved ? (isVoid ? 'grey' : 'green') : 'violet',
      title: isApproved ? t('orders.event.approved', { amount }) : t('orders.event.returned'),
      instant: one.at,
      who: one.who,
      body: (
        <>
          {one.reason && <p>{one.reason}</p>}
          {isVoid && <p className="g-small g-dim">{t('orders.event.void')}</p>}
          {one.waiting && <p className="g-small g-dim">{t('history.waitingHelp')}</p>}
        </>
      ),
    });
  }
  for (const send of order.sends) {
    const more = detail(send);
    events.push({
      key: send.id,
      ...sendLook(send),
      title: sendWords(t, send),
      instant: send.endedAt ?? send.at,
      who: send.who,
      body: more === null ? undefined : <p>{more}</p>,
    });
  }
  for (const receipt of order.receipts) {
    events.push({
      key: receipt.id,
      icon: receipt.waiting ? IconClock : IconPackageImport,
      tone: receipt.waiting ? 'amber' : 'green',
      title: t('orders.event.received', { n: receipt.lines }),
      instant: receipt.at,
      who: receipt.who,
      body: (
        <>
          {receipt.note && <p>{receipt.note}</p>}
          {receipt.waiting && <p className="g-small g-dim">{t('history.waitingHelp')}</p>}
        </>
      ),
    });
  }
  return (
    <Timeline
      label={t('orders.history')}
      events={events.toSorted((a, b) => b.instant - a.instant)}
      now={now}
    />
  );
}
