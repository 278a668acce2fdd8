import { CloseButton, Select } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import { clinicDate } from '#shared/kernel/dates.ts';
import { orderTotalCents, standingLines } from '#shared/merge/derive/purchase-order.ts';
import type { OrderDetail } from '#shared/ipc/order-views.ts';
import { OnScreen, OthersHere, SharedField } from '../../../shell/presence.tsx';
import { DateField } from '../../../ui/date-field.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { InlineEdit } from '../../../ui/inline-edit.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { Note } from '../../../ui/note.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { When } from '../../../ui/when.tsx';
import { OrderActions } from './order-actions.tsx';
import { LineEntry } from './line-entry.tsx';
import { OrderLines } from './order-lines.tsx';
import { SendStates } from './order-sends.tsx';
import { offersFor, orderNo, receiptsOf, temporaryNo } from './order-rules.ts';
import type { OrderHold } from './order-rules.ts';
import {
  isUrgency,
  OrderStatus,
  urgencies,
  UrgencyPill,
  urgencyWord,
  WaitingPill,
} from './order-status.tsx';
import { OrderTimeline } from './order-timeline.tsx';
import { useOrder, useOrderActs, usePerson } from './use-orders.ts';

/** One order beside the list: what is ordered, where it stands, what comes next, what has happened. */
export function OrderDetailPanel(props: { orderId: string; close: () => void }) {
  const { data: order, error } = useOrder(props.orderId);
  if (!order) {
    return (
      <aside className="g-detail" data-testid="order-loading">
        <div className="g-detail-body">{error ? <ErrorNote error={error} /> : <Loading />}</div>
      </aside>
    );
  }
  return <Shown order={order} close={props.close} />;
}

function Shown(props: { order: OrderDetail; close: () => void }) {
  const { order } = props;
  const { t, fmt } = useI18n();
  const person = usePerson();
  const now = useNow();
  const { offers, hold } = offersFor(order, person);
  const editable = offers.has('edit');
  const lines = standingLines(order.lines);
  const unpriced = lines.filter(({ unit_price_cents: price }) => price === null).length;
  const total = orderTotalCents(order.lines);
  const open = receiptsOf(order.lines).filter(({ backOrder }) => backOrder > 0).length;
  const comes = order.status === 'partially_received' || order.status === 'ordered';
  return (
    <OnScreen screen={{ module: 'inventory', table: 'purchase_orders', id: order.id }}>
      <aside
        className="g-detail"
        aria-label={t('orders.one', { no: orderNo(order) })}
        data-testid="order-detail"
        data-status={order.status}
        data-no={order.po_no ?? ''}
      >
        <div className="g-detail-head">
          <div className="g-row">
            <h2 className="g-spread" style={{ fontSize: 16, lineHeight: '24px' }}>
              <span className="g-code">{orderNo(order)}</span> · {order.vendor_name}
            </h2>
            <CloseButton
              aria-label={t('common.close')}
              title={t('common.closeEsc')}
              onClick={props.close}
            />
          </div>
          <div className="g-row g-dim" style={{ flexWrap: 'wrap' }}>
            <OrderStatus status={order.status} />
            <UrgencyPill urgency={order.urgency} />
            {order.waiting && <WaitingPill />}
            <span>{order.location_name}</span>
            <span>{order.who}</span>
            <When instant={order.created_at} now={now} />
          </div>
          <OthersHere />
        </div>
        <div className="g-detail-body g-stack" style={{ gap: 16 }}>
          {order.po_no === null && (
            <p className="g-small g-dim">{t('orders.temporary', { no: temporaryNo(order.id) })}</p>
          )}
          <HoldNote hold={hold} order={order} />
          <OrderActions order={order} offers={offers} />
          <SendStates order={order} />
          <Facts order={order} editable={editable} />
          <OrderLines order={order} editable={editable} />
          {editable && <LineEntry order={order} />}
          <dl className="g-facts">
            <dt>{t('orders.total')}</dt>
            <dd className="g-strong" data-testid="order-total" data-cents={total}>
              {fmt.money(total)}
            </dd>
            {unpriced > 0 && (
              <>
                <dt>{t('orders.unpriced')}</dt>
                <dd>{t('orders.unpricedHelp', { n: unpriced })}</dd>
              </>
            )}
            {order.free_shipping_cents !== null && total < order.free_shipping_cents && (
              <>
                <dt>{t('orders.freeShipping')}</dt>
                <dd>
                  {t('orders.freeShippingHelp', {
                    missing: fmt.money(order.free_shipping_cents - total),
                    from: fmt.money(order.free_shipping_cents),
                  })}
                </dd>
              </>
            )}
            {comes && open > 0 && (
              <>
                <dt>{t('orders.backOrder')}</dt>
                <dd data-testid="order-back-order">{t('orders.backOrderLines', { n: open })}</dd>
              </>
            )}
          </dl>
          <OrderTimeline order={order} />
        </div>
      </aside>
    </OnScreen>
  );
}

/** Why what would come next is not offered. */
function HoldNote(props: { hold: OrderHold; order: OrderDetail }) {
  const { hold, order } = props;
  const { t } = useI18n();
  if (hold === null) {
    return order.status === 'returned' ? (
      <Note tone="violet" icon={IconInfoCircle}>
        {t('orders.returnedHelp')}
      </Note>
    ) : null;
  }
  const isChanged = hold === 'changed';
  return (
    <Note
      tone={isChanged ? 'violet' : 'blue'}
      icon={isChanged ? IconAlertTriangle : IconInfoCircle}
      testId="order-hold"
    >
      {t(HOLDS[hold])}
    </Note>
  );
}

const HOLDS = {
  'no-lines': 'orders.hold.noLines',
  'own-order': 'orders.hold.ownOrder',
  'above-limit': 'orders.hold.aboveLimit',
  'no-approval': 'orders.hold.noApproval',
  changed: 'orders.hold.changed',
  waits: 'orders.hold.waits',
} as const;

/** When it is needed and how pressing it is, and a word beside it. Fields save themselves. */
function Facts(props: { order: OrderDetail; editable: boolean }) {
  const { order, editable } = props;
  const { t, fmt, timeZone } = useI18n();
  const person = usePerson();
  const { edit } = useOrderActs();
  const { done, failed } = useToasts();
  const today = clinicDate(useNow(60_000), timeZone);
  const mayNote = person.may('purchase_orders', 'update', {
    location_id: order.location_id,
    status: order.status,
  });
  const save = (
    changes: Parameters<typeof edit>[1],
    former: Parameters<typeof edit>[1],
  ): Promise<void> =>
    edit(order.id, changes).then(() => done(t('orders.saved'), () => edit(order.id, former)));
  return (
    <section aria-label={t('orders.facts')} className="g-stack" style={{ gap: 8 }}>
      {editable ? (
        <div className="g-row" style={{ alignItems: 'flex-start' }}>
          <Select
            label={t('orders.urgency')}
            data={urgencies.map((value) => ({ value, label: urgencyWord(t, value) }))}
            value={order.urgency}
            onChange={(value) => {
              if (!isUrgency(value) || !isUrgency(order.urgency)) return;
              save({ urgency: value }, { urgency: order.urgency }).catch(failed);
            }}
            allowDeselect={false}
            data-testid="order-urgency-edit"
          />
          <DateField
            label={t('orders.needBy')}
            value={order.need_by}
            onChange={(need_by) => {
              save({ need_by }, { need_by: order.need_by }).catch(failed);
            }}
            today={today}
            testId="order-need-by-edit"
          />
        </div>
      ) : (
        <dl className="g-facts">
          <dt>{t('orders.needBy')}</dt>
          <dd>{order.need_by === null ? '–' : fmt.date(order.need_by)}</dd>
        </dl>
      )}
      <div>
        <div className="g-field-label">{t('field.note')}</div>
        <SharedField field="note">
          {mayNote ? (
            <InlineEdit
              label={t('field.note')}
              value={order.note ?? ''}
              placeholder={t('orders.noteHint')}
              maxLength={1000}
              multiline
              save={(text) => save({ note: text === '' ? null : text }, { note: order.note })}
              testId="order-note"
            />
          ) : (
            <p style={{ whiteSpace: 'pre-wrap' }}>{order.note ?? '–'}</p>
          )}
        </SharedField>
      </div>
    </section>
  );
}
