import { Button } from '@mantine/core';
import { IconArrowRight, IconClock, IconTruckDelivery } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { TransferRow } from '#shared/ipc/views.stock.ts';
import { BackTo } from '../../../../shell/back-to.tsx';
import { usePageKeys } from '../../../../shell/actions/page-keys.ts';
import { useSession } from '../../../../shell/session.tsx';
import { DataTable } from '../../../../ui/data-table.tsx';
import type { Column } from '../../../../ui/data-table.tsx';
import { EmptyState } from '../../../../ui/empty-state.tsx';
import { ErrorNote } from '../../../../ui/error-note.tsx';
import { useI18n } from '../../../../ui/i18n.tsx';
import { Loading } from '../../../../ui/loading.tsx';
import { PageHeader } from '../../../../ui/page-header.tsx';
import { StatusPill } from '../../../../ui/status-pill.tsx';
import { useNow } from '../../../../ui/use-now.ts';
import { When } from '../../../../ui/when.tsx';
import { NewTransfer } from './new-transfer.tsx';
import { TransferDetail } from './transfer-detail.tsx';
import { TransferStatus, stateOf } from './transfer-status.tsx';
import type { TransferState } from './transfer-status.tsx';
import { useTransfers } from './use-transfers.ts';

const route = getRouteApi('/inventory/transfers');

/** Stock on its way between sites; the chosen transfer beside the list. */
export function TransfersPage() {
  const { t } = useI18n();
  const { may } = useSession();
  const search = route.useSearch();
  const navigate = useNavigate();
  const { data, error } = useTransfers();
  const now = useNow();
  const chosen = data?.find(({ id }) => id === search.transfer);
  const open = (transfer: string) =>
    void navigate({ to: '/inventory/transfers', search: { transfer } });
  const close = () => void navigate({ to: '/inventory/transfers', search: {} });
  usePageKeys('transfers', { close: chosen || search.new ? close : null });

  const columns = useMemo<readonly Column<TransferRow>[]>(
    () => [
      {
        id: 'when',
        title: t('transfers.made'),
        minWidth: 110,
        sort: (row) => row.created_at,
        text: (row) => new Date(row.created_at).toISOString(),
        cell: (row) => <When instant={row.created_at} now={now} />,
      },
      {
        id: 'way',
        title: t('transfers.way'),
        minWidth: 96,
        sort: (row) => `${row.location_code} ${row.to_location_code}`,
        filter: (row) => `${row.location_code} → ${row.to_location_code}`,
        cell: (row) => (
          <span className="g-row" style={{ gap: 4 }}>
            {row.location_code}
            <IconArrowRight size={14} stroke={1.75} aria-label={t('transfers.to')} />
            {row.to_location_code}
          </span>
        ),
      },
      {
        id: 'what',
        title: t('transfers.what'),
        minWidth: 140,
        grow: 2,
        sort: (row) => whatOf(row),
        cell: (row) => (
          <span className="g-cut" title={whatOf(row)}>
            {whatOf(row)}
          </span>
        ),
      },
      {
        id: 'status',
        title: t('inventory.status'),
        minWidth: 150,
        sort: (row) => stateOf(row),
        text: (row) => t(`transfers.state.${stateOf(row)}`),
        filter: (row) => stateOf(row),
        filterWord: (state) => t(`transfers.state.${state as TransferState}`),
        cell: (row) => (
          <span className="g-row" style={{ gap: 4 }}>
            <TransferStatus transfer={row} />
            {row.waiting && (
              <StatusPill tone="amber" icon={IconClock} title={t('history.waitingHelp')}>
                {t('history.waiting')}
              </StatusPill>
            )}
          </span>
        ),
      },
      {
        id: 'who',
        title: t('history.who'),
        minWidth: 110,
        grow: 1,
        drop: 1,
        sort: (row) => row.who,
        cell: (row) => row.who,
      },
    ],
    [t, now],
  );
  const makes = may('transfers', 'create');
  const begin = () => void navigate({ to: '/inventory/transfers', search: { new: true } });
  return (
    <>
      <PageHeader
        title={t('transfers.title')}
        count={data ? t('transfers.count', { n: data.length }) : undefined}
      >
        <BackTo to="/inventory">{t('inventory.title')}</BackTo>
        {makes && (
          <Button
            leftSection={<IconTruckDelivery size={18} stroke={1.5} />}
            onClick={begin}
            data-testid="transfer-new"
          >
            {t('transfers.new')}
          </Button>
        )}
      </PageHeader>
      <div className="g-split" data-open={chosen !== undefined || search.new === true}>
        <section className="g-list" aria-label={t('transfers.title')}>
          {data ? (
            <DataTable
              label={t('transfers.title')}
              rows={data}
              columns={columns}
              rowId={(row) => row.id}
              rowTestId={() => 'transfer-row'}
              rowData={(row) => ({ 'data-id': row.id, 'data-state': stateOf(row) })}
              chosen={search.transfer ?? null}
              onOpen={(row) => open(row.id)}
              initialSort={LATEST}
              name="transfers"
              exportName={t('transfers.title').toLowerCase()}
              empty={
                <EmptyState
                  icon={IconTruckDelivery}
                  title={t('transfers.empty')}
                  help={t('transfers.emptyHelp')}
                  action={
                    makes && (
                      <Button variant="default" onClick={begin}>
                        {t('transfers.new')}
                      </Button>
                    )
                  }
                />
              }
            />
          ) : (
            <div style={{ padding: 16 }}>{error ? <ErrorNote error={error} /> : <Loading />}</div>
          )}
        </section>
        {search.new ? (
          <NewTransfer begin={search} close={close} made={open} />
        ) : (
          chosen && <TransferDetail key={chosen.id} transfer={chosen} close={close} now={now} />
        )}
      </div>
    </>
  );
}

const LATEST = [{ id: 'when', desc: true }];

/** The items of a transfer, by name: what was wanted, or what went. */
const whatOf = ({ wanted, lines }: TransferRow): string =>
  [...new Set([...wanted, ...lines].map(({ item_name: name }) => name))].join(', ');
