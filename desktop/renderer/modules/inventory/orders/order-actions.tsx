import { Button, Textarea } from '@mantine/core';
import {
  IconArrowBackUp,
  IconCheck,
  IconFileText,
  IconLock,
  IconPackageImport,
  IconSend,
  IconTruckDelivery,
  IconX,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { orderTotalCents } from '#shared/merge/derive/purchase-order.ts';
import type { OrderDetail } from '#shared/ipc/order-views.ts';
import { usePageKeys } from '../../../shell/actions/page-keys.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { orderNo } from './order-rules.ts';
import type { OrderOffer } from './order-rules.ts';
import { OrderSummary } from './order-summary.tsx';
import { useOrderActs } from './use-orders.ts';

/** The buttons that this person has with this order; the first is the obvious next thing. */
export function OrderActions(props: { order: OrderDetail; offers: ReadonlySet<OrderOffer> }) {
  const { order, offers } = props;
  const { t, fmt } = useI18n();
  const { step, decide } = useOrderActs();
  const { done, failed } = useToasts();
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<'return' | 'cancel' | 'summary' | null>(null);
  const busy = useRef(false);
  const no = orderNo(order);

  /** A second press while the first is being saved must not take the step twice. */
  const once = (work: Promise<void>, words: string): void => {
    if (busy.current) return;
    busy.current = true;
    work
      .then(() => done(words), failed)
      .finally(() => {
        busy.current = false;
      });
  };
  const submit = () => once(step(order.id, 'submitted'), t('orders.submitted', { no }));
  const approve = () => {
    const amount = fmt.money(orderTotalCents(order.lines));
    once(decide(order, 'approved', null), t('orders.approved', { no, amount }));
  };
  const place = () => {
    once(step(order.id, 'ordered'), t('orders.placed', { no }));
    setDialog('summary');
  };
  const receive = () => void navigate({ to: '/inventory/receive', search: { order: order.id } });
  const next = (): void => {
    if (offers.has('submit')) submit();
    else if (offers.has('approve')) approve();
    else if (offers.has('order')) place();
    else if (offers.has('receive')) receive();
  };
  usePageKeys('order', { next: dialog === null ? next : null });
  const shows = (offer: OrderOffer): boolean => offers.has(offer);
  const ctrlEnter = { 'aria-keyshortcuts': 'Control+Enter', title: 'Ctrl+Enter' } as const;
  return (
    <>
      {dialog === 'summary' && <OrderSummary order={order} close={() => setDialog(null)} />}
      {dialog === 'return' && (
        <ReturnDialog
          order={order}
          close={() => setDialog(null)}
          send={(reason) => {
            setDialog(null);
            once(decide(order, 'returned', reason), t('orders.returned', { no }));
          }}
        />
      )}
      {dialog === 'cancel' && (
        <Dialog
          title={t('orders.cancelAsk', { no, vendor: order.vendor_name })}
          close={() => setDialog(null)}
          testId="order-cancel-dialog"
        >
          <p>{t('orders.cancelHelp')}</p>
          <div className="g-row">
            <Button
              color="red"
              data-autofocus
              onClick={() => {
                setDialog(null);
                once(step(order.id, 'cancelled'), t('orders.cancelled', { no }));
              }}
              data-testid="order-cancel-confirm"
            >
              {t('orders.cancelNow')}
            </Button>
            <Button variant="default" onClick={() => setDialog(null)}>
              {t('common.keep')}
            </Button>
          </div>
        </Dialog>
      )}
      <div className="g-row" style={{ flexWrap: 'wrap' }}>
        {shows('submit') && (
          <Button
            leftSection={<IconSend size={18} stroke={1.5} />}
            onClick={submit}
            {...ctrlEnter}
            data-testid="order-submit"
          >
            {t('orders.submit')}
          </Button>
        )}
        {shows('approve') && (
          <Button
            leftSection={<IconCheck size={18} stroke={1.5} />}
            onClick={approve}
            {...ctrlEnter}
            data-testid="order-approve"
          >
            {t('orders.approve', { amount: fmt.money(orderTotalCents(order.lines)) })}
          </Button>
        )}
        {shows('return') && (
          <Button
            variant="default"
            leftSection={<IconArrowBackUp size={18} stroke={1.5} />}
            onClick={() => setDialog('return')}
            data-testid="order-return"
          >
            {t('orders.return')}
          </Button>
        )}
        {shows('order') && (
          <Button
            leftSection={<IconTruckDelivery size={18} stroke={1.5} />}
            onClick={place}
            {...ctrlEnter}
            data-testid="order-place"
          >
            {t('orders.place')}
          </Button>
        )}
        {shows('receive') && (
          <Button
            leftSection={<IconPackageImport size={18} stroke={1.5} />}
            onClick={receive}
            {...ctrlEnter}
            data-testid="order-receive"
          >
            {t('orders.receive')}
          </Button>
        )}
        {shows('close') && (
          <Button
            variant="default"
            leftSection={<IconLock size={18} stroke={1.5} />}
            onClick={() => once(step(order.id, 'closed'), t('orders.closed', { no }))}
            title={order.status === 'partially_received' ? t('orders.closeHelp') : undefined}
            data-testid="order-close"
          >
            {t('orders.close')}
          </Button>
        )}
        <Button
          variant="default"
          leftSection={<IconFileText size={18} stroke={1.5} />}
          onClick={() => setDialog('summary')}
          data-testid="order-summary"
        >
          {t('orders.summary')}
        </Button>
        {shows('cancel') && (
          <Button
            variant="subtle"
            leftSection={<IconX size={18} stroke={1.5} />}
            onClick={() => setDialog('cancel')}
            data-testid="order-cancel"
          >
            {t('orders.cancel')}
          </Button>
        )}
      </div>
    </>
  );
}

/** Why an order goes back to who made it: without a word they would have to guess. */
function ReturnDialog(props: {
  order: OrderDetail;
  close: () => void;
  send: (reason: string) => void;
}) {
  const { t } = useI18n();
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const send = () => {
    setAsked(true);
    if (reason.trim() !== '') props.send(reason.trim());
  };
  return (
    <Dialog
      title={t('orders.returnAsk', { no: orderNo(props.order) })}
      close={props.close}
      testId="order-return-dialog"
    >
      <Textarea
        label={t('orders.returnReason')}
        required
        data-autofocus
        autosize
        minRows={2}
        maxLength={500}
        value={reason}
        error={asked && reason.trim() === '' ? t('orders.returnReasonMissing') : null}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          event.stopPropagation();
          send();
        }}
        data-testid="order-return-reason"
      />
      <div className="g-row">
        <Button onClick={send} data-testid="order-return-send">
          {t('orders.returnNow')}
        </Button>
        <Button variant="default" onClick={props.close}>
          {t('common.cancel')}
        </Button>
      </div>
    </Dialog>
  );
}
