import { SegmentedControl } from '@mantine/core';
import { IconBellCheck } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { clinicDate } from '#shared/kernel/dates.ts';
import { ALERT_KINDS } from '#shared/merge/derive/stock-alerts.ts';
import type { AlertKind } from '#shared/merge/derive/stock-alerts.ts';
import { BackTo } from '../../../../shell/back-to.tsx';
import { usePageKeys } from '../../../../shell/actions/page-keys.ts';
import { useSession } from '../../../../shell/session.tsx';
import { useSites } from '../../../../shell/sites.tsx';
import { DataTable } from '../../../../ui/data-table.tsx';
import type { Column } from '../../../../ui/data-table.tsx';
import { EmptyState } from '../../../../ui/empty-state.tsx';
import { ErrorNote } from '../../../../ui/error-note.tsx';
import { useI18n } from '../../../../ui/i18n.tsx';
import { Loading } from '../../../../ui/loading.tsx';
import { PageHeader } from '../../../../ui/page-header.tsx';
import { useNow } from '../../../../ui/use-now.ts';
import { AlertDetail } from './alert-detail.tsx';
import { AlertPill } from './alert-pill.tsx';
import type { TriagedAlert } from './triage.ts';
import { useAlerts, usePeopleNames } from './use-alerts.ts';

const route = getRouteApi('/inventory/alerts');
export type Shown = 'open' | 'mine' | 'snoozed';
const SHOWN: readonly Shown[] = ['open', 'mine', 'snoozed'];

/** What is wrong with the stock, the most pressing first; the chosen alert beside the list. */
export function AlertsPage() {
  const { t, fmt, timeZone } = useI18n();
  const { who } = useSession();
  const { byId } = useSites();
  const search = route.useSearch();
  const navigate = useNavigate();
  const today = clinicDate(useNow(60_000), timeZone);
  const { alerts, error } = useAlerts(today);
  const names = usePeopleNames();
  const show = search.view ?? 'open';
  const shown = useMemo(
    () =>
      alerts?.filter(({ snoozedUntil, ownerId }) => {
        if (show === 'snoozed') return snoozedUntil !== null;
        return snoozedUntil === null && (show === 'open' || ownerId === who.userId);
      }),
    [alerts, show, who.userId],
  );
  const chosen = alerts?.find(({ key }) => key === search.alert);
  const close = () =>
    void navigate({ to: '/inventory/alerts', search: { ...search, alert: undefined } });
  usePageKeys('alerts', { close: chosen ? close : null });

  const columns = useMemo<readonly Column<TriagedAlert>[]>(
    () => [
      {
        id: 'kind',
        title: t('alerts.what'),
        minWidth: 132,
        sort: (row) => ALERT_KINDS.indexOf(row.kind),
        text: (row) => t(`alerts.kind.${row.kind}`),
        filter: (row) => row.kind,
        filterWord: (kind) => t(`alerts.kind.${kind as AlertKind}`),
        cell: (row) => <AlertPill kind={row.kind} />,
      },
      {
        id: 'item',
        title: t('inventory.item'),
        minWidth: 142,
        grow: 2,
        sort: (row) => row.item.name,
        cell: (row) => (
          <span className="g-cut" title={row.item.name}>
            {row.item.name}
          </span>
        ),
      },
      {
        id: 'site',
        title: t('stock.site'),
        minWidth: 52,
        sort: (row) => byId.get(row.location_id)?.code ?? '',
        filter: (row) => byId.get(row.location_id)?.code ?? '',
        cell: (row) => byId.get(row.location_id)?.code,
      },
      {
        id: 'lot',
        title: t('lots.lot'),
        minWidth: 90,
        drop: 2,
        sort: (row) => row.lotNo,
        cell: (row) => <span className="g-code">{row.lotNo}</span>,
      },
      {
        id: 'quantity',
        title: t('stock.onHand'),
        minWidth: 96,
        number: true,
        sort: (row) => row.quantity,
        text: (row) => row.quantity / 10_000,
        cell: (row) => (
          <>
            {fmt.quantity(row.quantity)}{' '}
            <span className="g-dim">{row.unit ?? row.item.base_unit}</span>
          </>
        ),
      },
      {
        id: 'limit',
        title: t('alerts.limit'),
        minWidth: 96,
        sort: (row) => row.days ?? row.limit,
        text: (row) => row.date ?? (row.limit === null ? null : row.limit / 10_000),
        cell: (row) =>
          row.date === null ? row.limit !== null && fmt.quantity(row.limit) : fmt.date(row.date),
      },
      {
        id: 'owner',
        title: t('alerts.owner'),
        minWidth: 110,
        grow: 1,
        drop: 1,
        sort: (row) => names.get(row.ownerId ?? '') ?? null,
        filter: (row) => names.get(row.ownerId ?? '') ?? '',
        cell: (row) => <span className="g-cut">{names.get(row.ownerId ?? '')}</span>,
      },
    ],
    [t, fmt, byId, names],
  );
  return (
    <>
      <PageHeader
        title={t('alerts.title')}
        count={shown ? t('alerts.count', { n: shown.length }) : undefined}
      >
        <BackTo to="/inventory">{t('inventory.title')}</BackTo>
      </PageHeader>
      <div className="g-filters">
        <SegmentedControl
          aria-label={t('alerts.show')}
          size="xs"
          value={show}
          onChange={(value) =>
            void navigate({
              to: '/inventory/alerts',
              search: { view: SHOWN.find((known) => known === value) },
              replace: true,
            })
          }
          data={SHOWN.map((value) => ({ value, label: t(`alerts.show.${value}`) }))}
        />
      </div>
      <div className="g-split" data-open={chosen !== undefined}>
        <section className="g-list" aria-label={t('alerts.title')}>
          {shown ? (
            <DataTable
              label={t('alerts.title')}
              rows={shown}
              columns={columns}
              rowId={(row) => row.key}
              rowTestId={() => 'alert-row'}
              rowData={(row) => ({ 'data-kind': row.kind, 'data-sku': row.item.sku })}
              chosen={search.alert ?? null}
              onOpen={(row) =>
                void navigate({
                  to: '/inventory/alerts',
                  search: { ...search, alert: row.key },
                  replace: search.alert !== undefined,
                })
              }
              name="alerts"
              exportName={t('alerts.title').toLowerCase()}
              empty={
                <EmptyState
                  icon={IconBellCheck}
                  title={t(`alerts.empty.${show}`)}
                  help={t('alerts.emptyHelp')}
                />
              }
            />
          ) : (
            <div style={{ padding: 16 }}>
              {error ? <ErrorNote error={error} /> : <Loading lines={8} />}
            </div>
          )}
        </section>
        {chosen && (
          <AlertDetail key={chosen.key} alert={chosen} names={names} today={today} close={close} />
        )}
      </div>
    </>
  );
}
