import { Button, SegmentedControl } from '@mantine/core';
import { IconBarcode, IconPackage, IconPackageImport, IconSearch } from '@tabler/icons-react';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { clinicDate } from '#shared/kernel/dates.ts';
import { usePageKeys } from '../../shell/actions/page-keys.ts';
import { useSession } from '../../shell/session.tsx';
import { useSites } from '../../shell/sites.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { matcher } from '../../ui/fold.ts';
import { useI18n } from '../../ui/i18n.tsx';
import { Loading } from '../../ui/loading.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { useNow } from '../../ui/use-now.ts';
import { CatalogMenu } from './catalog/catalog-menu.tsx';
import { useRootOf } from './catalog/duplicates/use-duplicates.ts';
import { ItemDetail } from './item-detail.tsx';
import { ItemList } from './item-list.tsx';
import { useUnmatched } from './scan/use-codes.ts';
import type { InventorySearch } from './search.ts';
import { StockMenu } from './stock/stock-menu.tsx';
import { expiryLevel, stockAt, stockLevel } from './stock-status.ts';
import { useFirstItems, useInventoryList } from './use-inventory.ts';
import type { ListedItem } from './use-inventory.ts';

const route = getRouteApi('/inventory');

/** Items and their stock; the chosen one beside the list. */
export function InventoryPage() {
  const { t, timeZone } = useI18n();
  const { may } = useSession();
  const { site } = useSites();
  const search = route.useSearch();
  const navigate = useNavigate();
  const [hasAll, setHasAll] = useState(false);
  const first = useFirstItems(hasAll);
  const { items, error } = useInventoryList();
  if (items && !hasAll) setHasAll(true);
  const unmatched = useUnmatched(may('unmatched_scans', 'read'));
  const today = clinicDate(useNow(60_000), timeZone);
  const field = useRef<HTMLInputElement>(null);

  const set = useCallback(
    (changes: Partial<InventorySearch>, replace = false) => {
      void navigate({
        to: '/inventory',
        search: (old: InventorySearch) => ({ ...old, ...changes }),
        replace,
      });
    },
    [navigate],
  );
  const close = () => set({ item: undefined, tab: undefined });
  usePageKeys('inventory', {
    search: () => field.current?.focus(),
    close: search.item === undefined ? null : close,
  });

  // The field answers at once; the address follows when the typing pauses.
  const [typed, setTyped] = useState(search.q ?? '');
  const q = useDeferredValue(typed);
  useEffect(() => {
    if (typed === (search.q ?? '')) return undefined;
    const timer = setTimeout(() => set({ q: typed || undefined }, true), ADDRESS_DELAY_MS);
    return () => clearTimeout(timer);
  }, [typed, search.q, set]);

  const siteId = site?.id ?? null;
  const { only } = search;
  const shown = useMemo(
    () => items?.filter(filterOf({ q, only, siteId, today })),
    [items, q, only, siteId, today],
  );
  // An address, an order or an old alert may name an item that was merged since.
  const rootOf = useRootOf();
  const chosenId = search.item === undefined ? undefined : rootOf(search.item);
  const chosen = items?.find(({ item_id }) => item_id === chosenId);
  const filtered = q !== '' || search.only !== undefined;
  // Only all of them can be searched.
  const listed = shown ?? (filtered ? undefined : first);

  return (
    <>
      <PageHeader
        title={t('inventory.title')}
        count={
          shown && items
            ? filtered
              ? t('inventory.countOf', { n: items.length, shown: shown.length })
              : t('inventory.count', { n: items.length })
            : undefined
        }
      >
        <CatalogMenu />
        {unmatched && unmatched.length > 0 && (
          <Button
            component={Link}
            to="/inventory/unmatched"
            variant="default"
            leftSection={<IconBarcode size={18} stroke={1.5} />}
            aria-keyshortcuts="Alt+U"
            title="Alt+U"
            data-testid="unmatched-open"
          >
            {t('unmatched.title')} ({unmatched.length})
          </Button>
        )}
        <StockMenu />
        {may('stock_acts', 'create', { kind: 'receive' }) && (
          <Button
            component={Link}
            to="/inventory/receive"
            leftSection={<IconPackageImport size={18} stroke={1.5} />}
            aria-keyshortcuts="Alt+R"
            title="Alt+R"
            data-testid="receive-open"
          >
            {t('receive.title')}
          </Button>
        )}
      </PageHeader>
      <div className="g-filters" role="search">
        <SearchField
          field={field}
          label={t('inventory.search')}
          value={typed}
          change={setTyped}
          width={300}
          testId="inventory-search"
        />
        <SegmentedControl
          aria-label={t('inventory.show')}
          size="xs"
          value={search.only ?? 'all'}
          onChange={(only) => set({ only: asOnly(only) }, true)}
          data={[
            { value: 'all', label: t('inventory.all') },
            { value: 'below', label: t('stock.belowPar') },
            { value: 'expiring', label: t('inventory.expiring') },
          ]}
        />
      </div>
      <div className="g-split" data-open={chosen !== undefined}>
        <section className="g-list" aria-label={t('inventory.title')}>
          {listed ? (
            <ItemList
              items={listed}
              isPartial={!shown}
              today={today}
              chosen={chosenId ?? null}
              open={(item) => set({ item: item.item_id }, search.item !== undefined)}
              empty={
                filtered ? (
                  <EmptyState
                    icon={IconSearch}
                    title={t('inventory.nothingFound')}
                    action={
                      <Button
                        variant="default"
                        onClick={() => {
                          setTyped('');
                          set({ q: undefined, only: undefined }, true);
                        }}
                      >
                        {t('inventory.showAll')}
                      </Button>
                    }
                  />
                ) : (
                  <EmptyState
                    icon={IconPackage}
                    title={t('inventory.empty')}
                    help={t('inventory.emptyHelp')}
                    action={
                      may('inventory_items', 'create') && (
                        <Button component={Link} to="/inventory/new" variant="default">
                          {t('catalog.new')}
                        </Button>
                      )
                    }
                  />
                )
              }
            />
          ) : (
            <div style={{ padding: 16 }}>
              {error ? <ErrorNote error={error} /> : <Loading lines={10} />}
            </div>
          )}
        </section>
        {chosen && (
          <ItemDetail
            key={chosen.item_id}
            item={chosen}
            today={today}
            tab={search.tab ?? 'stock'}
            setTab={(tab) => set({ tab }, true)}
            close={close}
          />
        )}
      </div>
    </>
  );
}

const ADDRESS_DELAY_MS = 300;
const asOnly = (value: string): InventorySearch['only'] =>
  value === 'below' || value === 'expiring' ? value : undefined;

function filterOf(filter: {
  q: string;
  only: InventorySearch['only'];
  siteId: string | null;
  today: string;
}): (item: ListedItem) => boolean {
  const { only, siteId, today } = filter;
  const fits = matcher(filter.q);
  return (item) => {
    const stock = stockAt(item, siteId);
    if (only === 'below' && stockLevel(stock) === 'fine') return false;
    if (only === 'expiring' && expiryLevel(stock?.next_expiry ?? null, today) === 'fine') {
      return false;
    }
    return fits(item.text);
  };
}
