import { Button, SegmentedControl } from '@mantine/core';
import { IconBuildingStore, IconPlus } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { VendorListRow } from '#shared/ipc/vendor-views.ts';
import { usePageKeys } from '../../../shell/actions/page-keys.ts';
import { useSession } from '../../../shell/session.tsx';
import { DataTable } from '../../../ui/data-table.tsx';
import type { Column } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { PageHeader } from '../../../ui/page-header.tsx';
import { NewVendorPanel } from './new-vendor.tsx';
import type { VendorsSearch } from './search.ts';
import { useVendorList } from './use-vendors.ts';
import { VendorPanel } from './vendor-panel.tsx';
import { channelWords, vendorWord } from './vendor-fields.ts';

const route = getRouteApi('/vendors');

/** Who sells to us; the chosen one beside the list. */
export function VendorsPage() {
  const { t } = useI18n();
  const { may } = useSession();
  const search = route.useSearch();
  const navigate = useNavigate();
  const { data: all, error } = useVendorList();
  const set = (changes: Partial<VendorsSearch>, replace = false) =>
    void navigate({
      to: '/vendors',
      search: (old: VendorsSearch) => ({ ...old, ...changes }),
      replace,
    });
  const close = () => set({ vendor: undefined, make: undefined });
  const mayCreate = may('vendors', 'create');
  const isNew = search.make === true && mayCreate;
  usePageKeys('vendors', {
    close: search.vendor === undefined && !isNew ? null : close,
  });
  const rows = useMemo(
    () => all?.filter(({ active }) => active || search.all === true),
    [all, search.all],
  );
  const columns = useMemo<readonly Column<VendorListRow>[]>(
    () => [
      {
        id: 'name',
        title: vendorWord(t, 'name'),
        minWidth: 150,
        grow: 2,
        sort: (row) => row.name,
        text: (row) => row.name,
        cell: (row) => (
          <span title={row.name}>
            {row.name}
            {!row.active && <span className="g-dim"> · {t('vendors.inactive')}</span>}
          </span>
        ),
      },
      {
        id: 'account',
        title: vendorWord(t, 'account_no'),
        minWidth: 150,
        drop: 3,
        text: (row) => row.account_no,
        cell: (row) => <span className="g-code">{row.account_no}</span>,
      },
      {
        id: 'phone',
        title: vendorWord(t, 'phone'),
        minWidth: 120,
        drop: 2,
        text: (row) => row.phone,
        cell: (row) => row.phone,
      },
      {
        id: 'channel',
        title: vendorWord(t, 'order_channel'),
        minWidth: 100,
        drop: 4,
        text: (row) => channelWords(t)(row.order_channel),
        filter: (row) => row.order_channel,
        filterWord: channelWords(t),
        cell: (row) => channelWords(t)(row.order_channel),
      },
      {
        id: 'items',
        title: t('vendors.items'),
        minWidth: 64,
        number: true,
        sort: (row) => row.items,
        text: (row) => String(row.items),
        cell: (row) => row.items,
      },
      {
        id: 'orders',
        title: t('vendors.openOrders'),
        minWidth: 92,
        number: true,
        sort: (row) => row.open_orders,
        text: (row) => String(row.open_orders),
        cell: (row) => row.open_orders,
      },
    ],
    [t],
  );
  return (
    <>
      <PageHeader
        title={t('vendors.title')}
        count={rows ? t('vendors.count', { n: rows.length }) : undefined}
      >
        {mayCreate && (
          <Button
            leftSection={<IconPlus size={18} stroke={1.5} />}
            onClick={() => set({ make: true, vendor: undefined })}
            data-testid="vendor-new"
          >
            {t('vendors.new')}
          </Button>
        )}
      </PageHeader>
      <div className="g-filters">
        <SegmentedControl
          aria-label={t('vendors.show')}
          size="xs"
          value={search.all === true ? 'all' : 'active'}
          onChange={(value) => set({ all: value === 'all' || undefined }, true)}
          data={[
            { value: 'active', label: t('vendors.active') },
            { value: 'all', label: t('inventory.all') },
          ]}
        />
      </div>
      <div className="g-split" data-open={search.vendor !== undefined || isNew}>
        <section className="g-list" aria-label={t('vendors.title')}>
          {rows ? (
            <DataTable
              label={t('vendors.title')}
              rows={rows}
              columns={columns}
              rowId={({ id }) => id}
              rowTestId={() => 'vendor-row'}
              chosen={search.vendor ?? null}
              onOpen={({ id }) => set({ vendor: id, make: undefined }, search.vendor !== undefined)}
              exportName={t('vendors.title').toLowerCase()}
              name="vendors"
              empty={
                <EmptyState
                  icon={IconBuildingStore}
                  title={t('vendors.empty')}
                  help={t('vendors.emptyHelp')}
                />
              }
            />
          ) : (
            <div style={{ padding: 16 }}>
              {error ? <ErrorNote error={error} /> : <Loading lines={8} />}
            </div>
          )}
        </section>
        {isNew ? (
          <NewVendorPanel close={close} made={(id) => set({ vendor: id, make: undefined }, true)} />
        ) : (
          search.vendor !== undefined && (
            <VendorPanel key={search.vendor} vendorId={search.vendor} close={close} />
          )
        )}
      </div>
    </>
  );
}
