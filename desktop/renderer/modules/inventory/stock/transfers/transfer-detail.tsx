import { Button, CloseButton } from '@mantine/core';
import {
  IconAlertTriangle,
  IconArrowRight,
  IconCheck,
  IconPackageExport,
  IconPackageImport,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { findTransition } from '#shared/schema/machines.ts';
import type { TransferRow } from '#shared/ipc/views.stock.ts';
import { useSession } from '../../../../shell/session.tsx';
import { useSites } from '../../../../shell/sites.tsx';
import { useI18n } from '../../../../ui/i18n.tsx';
import { Note } from '../../../../ui/note.tsx';
import { useToasts } from '../../../../ui/toasts.tsx';
import { When } from '../../../../ui/when.tsx';
import { TransferStatus, inTransitOf, stateOf } from './transfer-status.tsx';
import { useTransferActs } from './use-transfers.ts';

/** One transfer: what was wanted, what went, what came, and what can be done now. */
export function TransferDetail(props: { transfer: TransferRow; close: () => void; now: number }) {
  const { transfer, now } = props;
  const { t, fmt } = useI18n();
  const { byId } = useSites();
  const state = stateOf(transfer);
  const siteName = (id: string): string => byId.get(id)?.name ?? '';
  return (
    <aside
      className="g-detail"
      aria-label={t('transfers.one')}
      data-testid="transfer-detail"
      data-state={state}
    >
      <div className="g-detail-head">
        <div className="g-row">
          <h2 className="g-spread g-row" style={{ fontSize: 16, gap: 6 }}>
            {siteName(transfer.location_id)}
            <IconArrowRight size={16} stroke={1.75} aria-label={t('transfers.to')} />
            {siteName(transfer.to_location_id)}
          </h2>
          <CloseButton
            aria-label={t('common.close')}
            title={t('common.closeEsc')}
            onClick={props.close}
          />
        </div>
        <div className="g-row g-dim" style={{ flexWrap: 'wrap' }}>
          <TransferStatus transfer={transfer} />
          <span>
            {transfer.who}, <When instant={transfer.created_at} now={now} />
          </span>
        </div>
      </div>
      <div className="g-detail-body g-stack" style={{ gap: 16 }}>
        <Actions transfer={transfer} />
        {(state === 'differs' || state === 'short' || state === 'arrived_first') && (
          <Note
            tone={state === 'short' ? 'red' : 'amber'}
            icon={IconAlertTriangle}
            role="status"
            testId="transfer-difference"
          >
            {t(`transfers.help.${state}`)}
          </Note>
        )}
        <Lines transfer={transfer} />
        {inTransitOf(transfer) > 0 && <p className="g-small g-dim">{t('transfers.transitHelp')}</p>}
        <dl className="g-facts">
          {transfer.shipped_at !== null && (
            <>
              <dt>{t('transfers.shippedAt')}</dt>
              <dd>{fmt.exact(transfer.shipped_at)}</dd>
            </>
          )}
          {transfer.received_at !== null && (
            <>
              <dt>{t('transfers.receivedAt')}</dt>
              <dd>{fmt.exact(transfer.received_at)}</dd>
            </>
          )}
          {transfer.note && (
            <>
              <dt>{t('field.note')}</dt>
              <dd style={{ whiteSpace: 'pre-wrap' }}>{transfer.note}</dd>
            </>
          )}
        </dl>
      </div>
    </aside>
  );
}

/** What this person can do with it now. */
function Actions({ transfer }: { transfer: TransferRow }) {
  const { t } = useI18n();
  const { mayRow } = useSession();
  const acts = useTransferActs();
  const { done, failed } = useToasts();
  const { status } = transfer;
  const may = (kind: 'transfer_out' | 'transfer_in', site: string): boolean =>
    mayRow('stock_acts', 'create', { kind, location_id: site });
  const isOpen = status === 'draft' || status === 'shipped' || status === 'short';
  const canShip =
    (status === 'draft' || status === 'shipped') && may('transfer_out', transfer.location_id);
  const canReceive = isOpen && may('transfer_in', transfer.to_location_id);
  const canCancel =
    findTransition('transfer', status, 'cancelled') !== null &&
    transfer.lines.length === 0 &&
    mayRow('transfers', 'update', { ...transfer });
  const canClose =
    status === 'short' &&
    findTransition('transfer', status, 'received') !== null &&
    mayRow('transfers', 'approve', { ...transfer });
  const run = (work: Promise<void>, words: string) => {
    work.then(() => done(words), failed);
  };
  // What is to be done next stands first.
  const receivesFirst = canReceive && transfer.lines.some(({ sent, received }) => sent > received);
  return (
    <div className="g-row" style={{ flexWrap: 'wrap' }}>
      {canReceive && (
        <Button
          renderRoot={(props) => (
            <Link to="/inventory/arrive" search={{ transfer: transfer.id }} {...props} />
          )}
          variant={receivesFirst ? 'filled' : 'default'}
          leftSection={<IconPackageImport size={18} stroke={1.5} />}
          data-testid="transfer-receive"
        >
          {t('transfers.receive')}
        </Button>
      )}
      {canShip && (
        <Button
          renderRoot={(props) => (
            <Link to="/inventory/ship" search={{ transfer: transfer.id }} {...props} />
          )}
          variant={status === 'draft' && !receivesFirst ? 'filled' : 'default'}
          leftSection={<IconPackageExport size={18} stroke={1.5} />}
          data-testid="transfer-ship"
        >
          {t('transfers.ship')}
        </Button>
      )}
      {canClose && (
        <Button
          variant="default"
          leftSection={<IconCheck size={18} stroke={1.5} />}
          onClick={() => run(acts.close(transfer.id), t('transfers.closed'))}
          data-testid="transfer-close"
        >
          {t('transfers.close')}
        </Button>
      )}
      {canCancel && (
        <Button
          variant="subtle"
          color="gray"
          onClick={() => run(acts.cancel(transfer.id), t('transfers.cancelled'))}
          data-testid="transfer-cancel"
        >
          {t('transfers.cancel')}
        </Button>
      )}
    </div>
  );
}

function Lines({ transfer }: { transfer: TransferRow }) {
  const { t, fmt } = useI18n();
  const { lines, wanted } = transfer;
  if (lines.length === 0) {
    return (
      <table className="g-table" data-testid="transfer-wanted">
        <thead>
          <tr>
            <th scope="col">{t('inventory.item')}</th>
            <th scope="col" className="g-num">
              {t('transfers.wanted')}
            </th>
          </tr>
        </thead>
        <tbody>
          {wanted.map((line) => (
            <tr key={line.item_id}>
              <td>{line.item_name}</td>
              <td className="g-num">
                {fmt.quantity(line.qty_base)} <span className="g-dim">{line.base_unit}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    );
  }
  return (
    <table className="g-table" data-testid="transfer-lines">
      <thead>
        <tr>
          <th scope="col">{t('inventory.item')}</th>
          <th scope="col" className="g-num">
            {t('transfers.sent')}
          </th>
          <th scope="col" className="g-num">
            {t('transfers.received')}
          </th>
          <th scope="col" className="g-num">
            {t('transfers.difference')}
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => {
          const difference = line.received - line.sent;
          return (
            <tr key={`${line.item_id} ${line.lot_id}`} data-testid="transfer-line">
              <td>
                {line.item_name}
                {line.lot_no && <div className="g-code g-dim">{line.lot_no}</div>}
              </td>
              <td className="g-num">{fmt.quantity(line.sent)}</td>
              <td className="g-num">{fmt.quantity(line.received)}</td>
              <td className="g-num g-strong" data-quantity={difference}>
                {/* What is on its way has not come, and does not differ yet. */}
                {difference === 0 || stateOf(transfer) === 'in_transit'
                  ? '–'
                  : fmt.signed(difference)}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
