import { Button, SegmentedControl } from '@mantine/core';
import {
  IconBuildingStore,
  IconBulb,
  IconShoppingCart,
  IconShoppingCartPlus,
  IconShoppingCartX,
} from '@tabler/icons-react';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { awaitsDecision } from '#shared/access/duties.ts';
import type { OrderListRow } from '#shared/ipc/order-views.ts';
import { usePageKeys } from '../../../shell/actions/page-keys.ts';
import { useSession } from '../../../shell/session.tsx';
import { DataTable } from '../../../ui/data-table.tsx';
import type { Column } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { PageHeader } from '../../../ui/page-header.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { When } from '../../../ui/when.tsx';
import { NewOrderPanel } from './new-order.tsx';
import { OrderDetailPanel } from './order-detail.tsx';
import { orderNo } from './order-rules.ts';
import {
  OrderStatus,
  orderStateWord,
  UrgencyPill,
  urgencyWord,
  WaitingPill,
} from './order-status.tsx';
import type { OrdersSearch } from './search.ts';
import { useOrders, usePerson } from './use-orders.ts';

const route = getRouteApi('/orders');
const LATEST = [{ id: 'when', desc: true }];
/** Orders with which nothing is to be done any more. */
const DONE: ReadonlySet<string> = new Set(['closed', 'cancelled']);

/** Orders; the chosen one beside the list. */
export function OrdersPage() {
  const { t } = useI18n();
  const { may } = useSession();
  const search = route.useSearch();
  const navigate = useNavigate();
  const { data, error } = useOrders();
  const person = usePerson();
  const columns = useColumns();
  const set = (changes: Partial<OrdersSearch>) =>
    void navigate({ to: '/orders', search: (old: OrdersSearch) => ({ ...old, ...changes }) });
  const open = (order: string) => set({ order, make: undefined });
  const close = () => set({ order: undefined, make: undefined });
  usePageKeys('orders', { close });

  const { list: only } = search;
  const shown = useMemo(
    () =>
      data?.filter(
        (order) =>
          (only !== 'open' || !DONE.has(order.status)) &&
          (only !== 'mine' || awaitsDecision(order, person.userId, person.grants)),
      ),
    [data, only, person],
  );
  const makes = may('purchase_orders', 'create', { status: 'draft' });
  const chosen = data?.find(({ id }) => id === search.order);
  return (
    <>
      <PageHeader
        title={t('orders.title')}
        count={shown ? t('orders.count', { n: shown.length }) : undefined}
      >
        {may('vendors', 'read') && (
          <Button
            component={Link}
            to="/vendors"
            variant="default"
            leftSection={<IconBuildingStore size={18} stroke={1.5} />}
            aria-keyshortcuts="Alt+Shift+P"
            title="Alt+Shift+P"
            data-testid="vendors-open"
          >
            {t('vendors.title')}
          </Button>
        )}
        <Button
          component={Link}
          to="/orders/reorder"
          variant="default"
          leftSection={<IconBulb size={18} stroke={1.5} />}
          aria-keyshortcuts="Alt+S"
          title="Alt+S"
          data-testid="reorder-open"
        >
          {t('reorder.title')}
        </Button>
        {makes && (
          <Button
            leftSection={<IconShoppingCartPlus size={18} stroke={1.5} />}
            onClick={() => set({ order: undefined, make: true })}
            aria-keyshortcuts="Alt+O"
            title="Alt+O"
            data-testid="order-make"
          >
            {t('orders.make')}
          </Button>
        )}
      </PageHeader>
      <div className="g-filters">
        <SegmentedControl
          aria-label={t('inventory.show')}
          size="xs"
          value={only ?? 'all'}
          onChange={(value) => set({ list: value === 'all' ? undefined : (value as typeof only) })}
          data={[
            { value: 'all', label: t('inventory.all') },
            { value: 'open', label: t('orders.open') },
            { value: 'mine', label: t('orders.mine') },
          ]}
        />
      </div>
      <div className="g-split" data-open={chosen !== undefined || search.make === true}>
        <section className="g-list" aria-label={t('orders.title')}>
          {shown ? (
            <DataTable
              label={t('orders.title')}
              rows={shown}
              columns={columns}
              rowId={(row) => row.id}
              rowTestId={() => 'order-row'}
              rowData={(row) => ({ 'data-id': row.id, 'data-status': row.status })}
              chosen={search.order ?? null}
              onOpen={(row) => open(row.id)}
              initialSort={LATEST}
              name="orders"
              exportName={t('orders.title').toLowerCase()}
              empty={
                only === undefined ? (
                  <EmptyState
                    icon={IconShoppingCart}
                    title={t('orders.empty')}
                    help={t('orders.emptyHelp')}
                    action={
                      makes && (
                        <Button
                          variant="default"
                          onClick={() => set({ order: undefined, make: true })}
                        >
                          {t('orders.make')}
                        </Button>
                      )
                    }
                  />
                ) : (
                  <EmptyState
                    icon={IconShoppingCartX}
                    title={t(only === 'mine' ? 'orders.noneMine' : 'orders.noneOpen')}
                    action={
                      <Button variant="default" onClick={() => set({ list: undefined })}>
                        {t('orders.showAll')}
                      </Button>
                    }
                  />
                )
              }
            />
          ) : (
            <div style={{ padding: 16 }}>{error ? <ErrorNote error={error} /> : <Loading />}</div>
          )}
        </section>
        {search.make && makes ? (
          <NewOrderPanel close={close} made={open} />
        ) : (
          chosen && <OrderDetailPanel key={chosen.id} orderId={chosen.id} close={close} />
        )}
      </div>
    </>
  );
}

function useColumns(): readonly Column<OrderListRow>[] {
  const { t, fmt } = useI18n();
  const now = useNow();
  return useMemo<readonly Column<OrderListRow>[]>(
    () => [
      {
        id: 'no',
        title: t('orders.no'),
        minWidth: 116,
        sort: orderNo,
        cell: (row) => (
          <span className="g-code" title={row.po_no === null ? t('orders.noHelp') : undefined}>
            {orderNo(row)}
          </span>
        ),
      },
      {
        id: 'vendor',
        title: t('orders.vendor'),
        minWidth: 130,
        grow: 2,
        sort: (row) => row.vendor_name,
        filter: (row) => row.vendor_name,
        cell: (row) => row.vendor_name,
      },
      {
        id: 'site',
        title: t('stock.site'),
        minWidth: 48,
        drop: 3,
        sort: (row) => row.location_code,
        filter: (row) => row.location_code,
        cell: (row) => row.location_code,
      },
      {
        id: 'status',
        title: t('inventory.status'),
        minWidth: 150,
        grow: 1,
        sort: (row) => row.status,
        text: (row) => orderStateWord(t, row.status),
        filter: (row) => row.status,
        filterWord: (status) => orderStateWord(t, status),
        cell: (row) => (
          <span className="g-row" style={{ gap: 4 }}>
            <OrderStatus status={row.status} />
            {row.waiting && <WaitingPill />}
          </span>
        ),
      },
      {
        id: 'urgency',
        title: t('orders.urgency'),
        minWidth: 92,
        drop: 2,
        sort: (row) => row.urgency,
        text: (row) => urgencyWord(t, row.urgency),
        filter: (row) => row.urgency,
        filterWord: (urgency) => urgencyWord(t, urgency),
        cell: (row) => <UrgencyPill urgency={row.urgency} />,
      },
      {
        id: 'needBy',
        title: t('orders.needBy'),
        minWidth: 92,
        drop: 4,
        sort: (row) => row.need_by,
        cell: (row) => (row.need_by === null ? '–' : fmt.date(row.need_by)),
      },
      {
        id: 'total',
        title: t('orders.total'),
        minWidth: 84,
        number: true,
        sort: (row) => row.total_cents,
        text: (row) => fmt.money(row.total_cents),
        cell: (row) => fmt.money(row.total_cents),
      },
      {
        id: 'when',
        title: t('orders.made'),
        minWidth: 96,
        drop: 5,
        sort: (row) => row.created_at,
        text: (row) => new Date(row.created_at).toISOString(),
        cell: (row) => <When instant={row.created_at} now={now} />,
      },
      {
        id: 'who',
        title: t('history.who'),
        minWidth: 104,
        drop: 6,
        sort: (row) => row.who,
        filter: (row) => row.who ?? '',
        cell: (row) => row.who,
      },
    ],
    [t, fmt, now],
  );
}
