import { Button, SegmentedControl } from '@mantine/core';
import {
  IconAlertTriangle,
  IconBulb,
  IconHandStop,
  IconShoppingCartPlus,
  IconTag,
} from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import { clinicDate } from '#shared/kernel/dates.ts';
import { USAGE_DAYS } from '#shared/merge/derive/reorder.ts';
import { BackTo } from '../../../shell/back-to.tsx';
import { usePageKeys } from '../../../shell/actions/page-keys.ts';
import { useSession } from '../../../shell/session.tsx';
import { useSites } from '../../../shell/sites.tsx';
import { DataTable } from '../../../ui/data-table.tsx';
import type { Column } from '../../../ui/data-table.tsx';
import { addDays } from '../../../ui/date-text.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { PageHeader } from '../../../ui/page-header.tsx';
import { StatusPill } from '../../../ui/status-pill.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { PricesDialog, RiseMark } from './prices-dialog.tsx';
import { ReorderExplained } from './reorder-explained.tsx';
import { AskDialog, Requests } from './reorder-requests.tsx';
import { linesByVendor, roughly, suggestedOf } from './reorder-rules.ts';
import type { Suggested } from './reorder-rules.ts';
import type { ReorderSearch } from './search.ts';
import { useOrderActs, useReorder } from './use-orders.ts';
import { PanelHead } from '../../../ui/panel-head.tsx';

const route = getRouteApi('/orders/reorder');

/** What a site should order and why; what was chosen becomes one draft a vendor. */
export function ReorderPage() {
  const { t, timeZone } = useI18n();
  const { mayRow } = useSession();
  const { site } = useSites();
  const search = route.useSearch();
  const navigate = useNavigate();
  const today = clinicDate(useNow(60_000), timeZone);
  const { data, error } = useReorder(site?.id ?? null, addDays(today, -USAGE_DAYS + 1));
  const all = useMemo(() => data?.map((row) => suggestedOf(row, today)), [data, today]);
  const show = search.show ?? 'due';
  const shown = useMemo(
    () =>
      all?.filter(
        ({ row, suggestion }) =>
          show === 'all' || (show === 'due' ? suggestion.why !== null : row.requests.length > 0),
      ),
    [all, show],
  );
  const set = (changes: Partial<ReorderSearch>) =>
    void navigate({
      to: '/orders/reorder',
      search: (old: ReorderSearch) => ({ ...old, ...changes }),
    });
  const close = () => set({ item: undefined });
  usePageKeys('reorder', { close });
  const columns = useColumns();
  const chosen = all?.find(({ row }) => row.item_id === search.item);
  const makes =
    site !== null && mayRow('purchase_orders', 'create', { location_id: site.id, status: 'draft' });
  return (
    <>
      <PageHeader
        title={site ? t('reorder.at', { site: site.name }) : t('reorder.title')}
        count={shown ? t('inventory.count', { n: shown.length }) : undefined}
      >
        <BackTo to="/orders">{t('orders.title')}</BackTo>
      </PageHeader>
      <div className="g-filters">
        <SegmentedControl
          aria-label={t('inventory.show')}
          size="xs"
          value={show}
          onChange={(value) => set({ show: value === 'due' ? undefined : (value as typeof show) })}
          data={[
            { value: 'due', label: t('reorder.due') },
            { value: 'asked', label: t('reorder.requests') },
            { value: 'all', label: t('inventory.all') },
          ]}
        />
        <span className="g-small g-dim">{t('reorder.help')}</span>
      </div>
      <div className="g-split" data-open={chosen !== undefined}>
        <section className="g-list" aria-label={t('reorder.title')}>
          {shown ? (
            <DataTable<Suggested>
              label={t('reorder.title')}
              rows={shown}
              columns={columns}
              rowId={({ row }) => row.item_id}
              rowTestId={() => 'reorder-row'}
              rowData={({ row }) => ({ 'data-sku': row.sku })}
              chosen={search.item ?? null}
              onOpen={({ row }) => set({ item: row.item_id })}
              name="reorder"
              exportName={t('reorder.title').toLowerCase()}
              {...(makes && site
                ? {
                    bulk: (rows, clear) => (
                      <MakeDrafts siteId={site.id} chosen={rows} made={clear} />
                    ),
                  }
                : {})}
              empty={
                <EmptyState
                  icon={show === 'asked' ? IconHandStop : IconBulb}
                  title={t(show === 'asked' ? 'reorder.nothingAsked' : 'reorder.nothingDue')}
                  help={t(show === 'asked' ? 'reorder.nothingAskedHelp' : 'reorder.nothingDueHelp')}
                  action={
                    show === 'all' ? undefined : (
                      <Button variant="default" onClick={() => set({ show: 'all' })}>
                        {t('inventory.showAll')}
                      </Button>
                    )
                  }
                />
              }
            />
          ) : (
            <div style={{ padding: 16 }}>
              {error ? <ErrorNote error={error} /> : <Loading lines={10} />}
            </div>
          )}
        </section>
        {chosen && site && (
          <ReorderDetail
            key={chosen.row.item_id}
            of={chosen}
            siteId={site.id}
            makes={makes}
            close={close}
          />
        )}
      </div>
    </>
  );
}

/** Makes one draft order a vendor out of what was chosen. */
function MakeDrafts(props: { siteId: string; chosen: readonly Suggested[]; made: () => void }) {
  const { siteId, chosen } = props;
  const { t } = useI18n();
  const { make, step } = useOrderActs();
  const { done, failed } = useToasts();
  const navigate = useNavigate();
  const busy = useRef(false);
  const vendors = linesByVendor(chosen);
  const left = chosen.filter(({ offer }) => offer === null).length;
  const run = async () => {
    if (busy.current || vendors.length === 0) return;
    busy.current = true;
    const ids: string[] = [];
    const undo = async (): Promise<void> => {
      for (const id of ids) await step(id, 'cancelled');
    };
    try {
      for (const { vendorId, lines } of vendors) {
        ids.push(await make({ siteId, vendorId, urgency: 'routine', needBy: null, lines }));
      }
      done(t('reorder.made', { n: ids.length }), undo);
      props.made();
      const [only] = ids;
      await navigate({
        to: '/orders',
        search: ids.length === 1 && only !== undefined ? { order: only } : { list: 'open' },
      });
    } catch (failure) {
      failed(failure);
    } finally {
      busy.current = false;
    }
  };
  return (
    <>
      <Button
        size="xs"
        leftSection={<IconShoppingCartPlus size={16} stroke={1.5} />}
        disabled={vendors.length === 0}
        onClick={() => void run()}
        data-testid="reorder-make"
      >
        {t('reorder.make', { n: vendors.length })}
      </Button>
      {left > 0 && <span className="g-small g-dim">{t('reorder.leftOut', { n: left })}</span>}
    </>
  );
}

function ReorderDetail(props: {
  of: Suggested;
  siteId: string;
  makes: boolean;
  close: () => void;
}) {
  const { of, siteId } = props;
  const { t } = useI18n();
  const { mayRow } = useSession();
  const [dialog, setDialog] = useState<'prices' | 'ask' | null>(null);
  const { row } = of;
  return (
    <aside
      className="g-detail"
      aria-label={row.name}
      data-testid="reorder-detail"
      data-sku={row.sku}
    >
      {dialog === 'prices' && (
        <PricesDialog itemId={row.item_id} itemName={row.name} close={() => setDialog(null)} />
      )}
      {dialog === 'ask' && <AskDialog siteId={siteId} row={row} close={() => setDialog(null)} />}
      <PanelHead
        title={
          <>
            {row.name} <span className="g-code g-dim">{row.sku}</span>
          </>
        }
        close={props.close}
      />
      <div className="g-detail-body g-stack" style={{ gap: 16 }}>
        <ReorderExplained of={of} />
        <div className="g-row" style={{ flexWrap: 'wrap' }}>
          {props.makes && <MakeDrafts siteId={siteId} chosen={[of]} made={props.close} />}
          <Button
            size="xs"
            variant="default"
            leftSection={<IconTag size={16} stroke={1.5} />}
            onClick={() => setDialog('prices')}
            data-testid="reorder-prices"
          >
            {t('prices.title')}
          </Button>
          {mayRow('reorder_requests', 'create', { location_id: siteId }) && (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconHandStop size={16} stroke={1.5} />}
              onClick={() => setDialog('ask')}
              data-testid="reorder-ask"
            >
              {t('reorder.ask')}
            </Button>
          )}
        </div>
        <Requests siteId={siteId} row={row} />
      </div>
    </aside>
  );
}

function useColumns(): readonly Column<Suggested>[] {
  const { t, fmt } = useI18n();
  return useMemo<readonly Column<Suggested>[]>(
    () => [
      {
        id: 'item',
        title: t('inventory.item'),
        minWidth: 170,
        grow: 3,
        sort: ({ row }) => row.name,
        cell: ({ row }) => row.name,
      },
      {
        id: 'hand',
        title: t('stock.onHand'),
        minWidth: 70,
        number: true,
        sort: ({ row }) => row.on_hand,
        text: ({ row }) => fmt.quantity(row.on_hand),
        cell: ({ row }) => fmt.quantity(row.on_hand),
      },
      {
        id: 'order',
        title: t('reorder.onOrder'),
        minWidth: 70,
        number: true,
        drop: 3,
        sort: ({ row }) => row.on_order,
        text: ({ row }) => fmt.quantity(row.on_order),
        cell: ({ row }) => (row.on_order === 0 ? '–' : fmt.quantity(row.on_order)),
      },
      {
        id: 'point',
        title: t('reorder.point'),
        minWidth: 92,
        number: true,
        drop: 4,
        sort: ({ suggestion }) => suggestion.reorderPoint,
        text: ({ suggestion }) => fmt.quantity(roughly(suggestion.reorderPoint)),
        cell: ({ suggestion }) => fmt.quantity(roughly(suggestion.reorderPoint)),
      },
      {
        id: 'why',
        title: t('reorder.why'),
        minWidth: 130,
        grow: 1,
        drop: 2,
        sort: ({ suggestion }) => suggestion.why,
        filter: ({ suggestion, row }) => whyOf(suggestion.why, row.requests.length),
        filterWord: (why) => (isWhy(why) ? t(MARKS[why]) : why),
        text: ({ suggestion, row }) => {
          const why = whyOf(suggestion.why, row.requests.length);
          return isWhy(why) ? t(MARKS[why]) : '';
        },
        cell: ({ suggestion, row }) => {
          const why = whyOf(suggestion.why, row.requests.length);
          return isWhy(why) ? (
            <StatusPill
              tone={why === 'asked' ? 'blue' : 'amber'}
              icon={why === 'asked' ? IconHandStop : IconAlertTriangle}
            >
              {t(MARKS[why])}
            </StatusPill>
          ) : null;
        },
      },
      {
        id: 'wanted',
        title: t('reorder.suggested'),
        minWidth: 92,
        number: true,
        sort: ({ count, isWanted }) => (isWanted ? count : 0),
        text: ({ count, unit, isWanted }) => (isWanted ? `${count} ${unit}` : ''),
        cell: ({ count, unit, isWanted }) => (isWanted ? `${fmt.number(count)} ${unit}` : '–'),
      },
      {
        id: 'vendor',
        title: t('orders.vendor'),
        minWidth: 110,
        grow: 1,
        drop: 1,
        sort: ({ offer }) => offer?.vendor_name ?? null,
        filter: ({ offer }) => offer?.vendor_name ?? '',
        cell: ({ offer }) => offer?.vendor_name ?? '–',
      },
      {
        id: 'price',
        title: t('orders.price'),
        minWidth: 116,
        number: true,
        drop: 5,
        sort: ({ priceCents }) => priceCents,
        text: ({ priceCents }) => (priceCents === null ? '' : fmt.money(priceCents)),
        cell: ({ priceCents, offer }) => (
          <span className="g-row" style={{ gap: 4, justifyContent: 'flex-end' }}>
            {offer && <RiseMark offer={offer} />}
            {priceCents === null ? '–' : fmt.money(priceCents)}
          </span>
        ),
      },
    ],
    [t, fmt],
  );
}

const MARKS = {
  point: 'reorder.mark.point',
  par: 'reorder.mark.par',
  asked: 'reorder.mark.asked',
} as const;
const isWhy = (why: string): why is keyof typeof MARKS => Object.hasOwn(MARKS, why);
const whyOf = (why: string | null, requests: number): string =>
  why ?? (requests > 0 ? 'asked' : '');
