import { IconAlertTriangle } from '@tabler/icons-react';
import type { NegativeLot, ShownCause } from '#shared/ipc/views.stock.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { Note } from '../../../ui/note.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { When } from '../../../ui/when.tsx';
import { useNegative } from './use-levels.ts';

/** What a site has less than nothing of, and what the ledger shows that may explain it. */
export function NegativeStock(props: { itemId: string; siteId: string }) {
  const { t } = useI18n();
  const { itemId, siteId } = props;
  const { data } = useNegative(itemId, siteId);
  if (!data) return null;
  if (data.length === 0) {
    return (
      <p className="g-dim" data-testid="negative-none">
        {t('negative.none')}
      </p>
    );
  }
  return (
    <div className="g-stack" data-testid="negative-stock">
      {data.map((lot) => (
        <Lot key={lot.lot_id ?? ''} lot={lot} />
      ))}
    </div>
  );
}

function Lot({ lot }: { lot: NegativeLot }) {
  const { t, fmt } = useI18n();
  const quantity = fmt.quantity(lot.on_hand);
  const amount = { quantity, unit: lot.base_unit };
  return (
    <Note tone="amber" icon={IconAlertTriangle}>
      <p className="g-strong">
        {lot.lot_no === null
          ? t('negative.amount', amount)
          : t('negative.amountOfLot', { ...amount, lot: lot.lot_no })}
      </p>
      {lot.causes.length === 0 ? (
        <p>{t('negative.noCause')}</p>
      ) : (
        <>
          <p>{t('negative.likely')}</p>
          <ol style={{ margin: '4px 0 0', paddingLeft: 18 }}>
            {lot.causes.map((cause) => (
              <li key={cause.kind} data-testid="negative-cause" data-cause={cause.kind}>
                <Cause cause={cause} unit={lot.base_unit} />
              </li>
            ))}
          </ol>
        </>
      )}
    </Note>
  );
}

function Cause({ cause, unit }: { cause: ShownCause; unit: string }) {
  const { t, fmt } = useI18n();
  const now = useNow();
  switch (cause.kind) {
    case 'double_issue':
      return (
        <>
          {t('negative.cause.double_issue')}{' '}
          {cause.takings.map((taking, index) => (
            <span key={taking.occurred_at}>
              {index > 0 && '; '}
              {taking.who ?? t('review.someone')}, {fmt.signed(taking.qty_base)} {unit},{' '}
              <When instant={taking.occurred_at} now={now} />
            </span>
          ))}
        </>
      );
    case 'transfer_waiting':
      return t('negative.cause.transfer_waiting', { quantity: fmt.quantity(cause.quantity), unit });
    case 'never_received':
      return t('negative.cause.never_received');
    case 'unit_mixup':
      return (
        <>
          {t('negative.cause.unit_mixup', {
            quantity: cause.entered_qty,
            entered: cause.entered_unit,
            unit: cause.unit,
          })}{' '}
          {cause.who}, <When instant={cause.occurred_at} now={now} />
        </>
      );
    case 'other_lot':
      return cause.lot_no === null
        ? t('negative.cause.no_lot', { quantity: fmt.quantity(cause.quantity), unit })
        : t('negative.cause.other_lot', {
            quantity: fmt.quantity(cause.quantity),
            unit,
            lot: cause.lot_no,
          });
  }
}
