import { Button, Textarea, TextInput } from '@mantine/core';
import { IconCheck, IconCircleX, IconClock, IconTruckDelivery } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { parseQuantity } from '#shared/kernel/quantity.ts';
import type { ReorderRow } from '#shared/ipc/order-views.ts';
import { perUnitOf } from '#shared/merge/derive/reorder.ts';
import { useSession } from '../../../shell/session.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { StatusPill } from '../../../ui/status-pill.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { toBase } from '../receive/packs.ts';
import { useOrderActs, useRequests } from './use-orders.ts';
import { UnitSelect, unitNames } from '../unit-select.tsx';

const LOOK = {
  pending: { tone: 'amber', icon: IconClock, key: 'reorder.request.pending' },
  approved: { tone: 'blue', icon: IconCheck, key: 'reorder.request.approved' },
  rejected: { tone: 'grey', icon: IconCircleX, key: 'reorder.request.rejected' },
  ordered: { tone: 'green', icon: IconTruckDelivery, key: 'reorder.request.ordered' },
} as const;

/** Whether a person may answer a request: not their own is granted by themselves. */
export function mayAnswer(
  request: { readonly status: string; readonly created_by: string | null },
  who: { readonly userId: string; readonly mayApprove: boolean },
): { readonly approve: boolean; readonly reject: boolean } {
  const isOpen = request.status === 'pending' && who.mayApprove;
  return { approve: isOpen && request.created_by !== who.userId, reject: isOpen };
}

/** What staff asked for of one item: granted or not, and by which order it comes. */
export function Requests(props: { siteId: string; row: ReorderRow }) {
  const { siteId, row } = props;
  const { t, fmt } = useI18n();
  const { who, mayRow } = useSession();
  const { answer } = useOrderActs();
  const { done, failed } = useToasts();
  const { data } = useRequests(siteId);
  const own = (data ?? [])
    .filter(({ item_id }) => item_id === row.item_id)
    .toSorted((a, b) => b.created_at - a.created_at);
  if (own.length === 0) return null;
  const mayApprove = mayRow('reorder_requests', 'approve', { location_id: siteId });
  const take = (id: string, to: 'approved' | 'rejected') => {
    answer(id, to).then(() => done(t(LOOK[to].key)), failed);
  };
  return (
    <section aria-label={t('reorder.requests')} className="g-stack" style={{ gap: 8 }}>
      <h3 style={{ fontSize: 14 }}>{t('reorder.requests')}</h3>
      {own.map((request) => {
        const { tone, icon, key } = LOOK[request.status];
        const may = mayAnswer(request, { userId: who.userId, mayApprove });
        const asker = row.requests.find(({ id }) => id === request.id)?.who;
        return (
          <div key={request.id} className="g-card" data-testid="reorder-request">
            <div className="g-row">
              <StatusPill tone={tone} icon={icon}>
                {t(key)}
              </StatusPill>
              <span className="g-spread">
                {fmt.quantity(request.qty_base)} {row.base_unit}
                {asker && ` · ${asker}`}
              </span>
              {request.order_id && (
                <Link to="/orders" search={{ order: request.order_id }} className="g-link">
                  {t('reorder.toOrder')}
                </Link>
              )}
            </div>
            {request.reason && <p>{request.reason}</p>}
            {(may.approve || may.reject) && (
              <div className="g-row">
                {may.approve && (
                  <Button
                    size="xs"
                    onClick={() => take(request.id, 'approved')}
                    data-testid="request-approve"
                  >
                    {t('reorder.grant')}
                  </Button>
                )}
                <Button
                  size="xs"
                  variant="default"
                  onClick={() => take(request.id, 'rejected')}
                  data-testid="request-reject"
                >
                  {t('reorder.reject')}
                </Button>
              </div>
            )}
          </div>
        );
      })}
    </section>
  );
}

/** Somebody asks for more of an item. */
export function AskDialog(props: { siteId: string; row: ReorderRow; close: () => void }) {
  const { siteId, row } = props;
  const { t } = useI18n();
  const { ask } = useOrderActs();
  const { done, failed } = useToasts();
  const [text, setText] = useState('');
  const [unit, setUnit] = useState(row.base_unit);
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const perUnit = perUnitOf(unit, row) ?? 0;
  const read = toBase(text, { name: unit, perUnit });
  const send = () => {
    setAsked(true);
    if (!read.ok || parseQuantity(text) === null) return;
    ask(siteId, row.item_id, read.quantity, reason.trim() === '' ? null : reason.trim()).then(
      () => {
        done(t('reorder.asked', { item: row.name }));
        props.close();
      },
      failed,
    );
  };
  return (
    <Dialog
      title={t('reorder.askTitle', { item: row.name })}
      close={props.close}
      testId="ask-dialog"
    >
      <form
        className="g-stack"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <div className="g-row" style={{ alignItems: 'flex-start' }}>
          <TextInput
            data-autofocus
            label={t('receive.quantity')}
            required
            inputMode="decimal"
            autoComplete="off"
            maxLength={20}
            value={text}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
            error={asked && !read.ok ? t('orders.quantityWrong') : null}
            data-testid="ask-qty"
          />
          <UnitSelect
            units={unitNames(row)}
            value={unit}
            choose={(next) => setUnit(next ?? row.base_unit)}
            testId="ask-unit"
          />
        </div>
        <Textarea
          label={t('reorder.askReason')}
          maxLength={300}
          autosize
          minRows={2}
          value={reason}
          onChange={({ currentTarget }) => setReason(currentTarget.value)}
          data-testid="ask-reason"
        />
        <div>
          <Button type="submit" data-testid="ask-send">
            {t('reorder.ask')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
