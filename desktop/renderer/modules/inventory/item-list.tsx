import { useMemo } from 'react';
import type { ReactNode } from 'react';
import type { IsoDate } from '#shared/kernel/dates.ts';
import { QUANTITY_SCALE } from '#shared/kernel/quantity.ts';
import { useSites } from '../../shell/sites.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import type { T } from '../../ui/i18n.tsx';
import { Thumbnail } from './catalog/item-picture.tsx';
import { usePictures } from './catalog/use-catalog.ts';
import { Expiry, LevelPill } from './stock-pills.tsx';
import { stockAt, stockLevel, totalOf } from './stock-status.ts';
import type { ListedItem } from './use-inventory.ts';

/** The items as a table: on-hand of every site, and par and expiry of the chosen one. */
export function ItemList(props: {
  items: readonly ListedItem[];
  /** True for the first ones by name, while the others are still to come. */
  isPartial: boolean;
  today: IsoDate;
  chosen: string | null;
  open: (item: ListedItem) => void;
  empty: ReactNode;
}) {
  const { t, fmt } = useI18n();
  const { sites, site } = useSites();
  const { today } = props;
  const pictures = usePictures();

  const columns = useMemo<readonly Column<ListedItem>[]>(() => {
    const siteId = site?.id ?? null;
    const onHand = (sites ?? []).map<Column<ListedItem>>(({ id, code, name }) => ({
      id: `on-hand-${code}`,
      title: code,
      longTitle: t('inventory.onHandAt', { site: name }),
      number: true,
      minWidth: 64,
      drop: id === siteId ? 0 : 6,
      sort: (row) => stockAt(row, id)?.on_hand ?? 0,
      text: (row) => (stockAt(row, id)?.on_hand ?? 0) / QUANTITY_SCALE,
      cell: (row) => {
        const stock = stockAt(row, id);
        return (
          <span className={id === siteId ? 'g-strong' : ''}>
            {stock ? fmt.quantity(stock.on_hand) : '–'}
          </span>
        );
      },
    }));
    return [
      {
        id: 'name',
        title: t('inventory.item'),
        minWidth: 190,
        grow: 3,
        sort: (row) => row.name,
        cell: (row) => (
          <span title={row.name}>
            {/* One column of pictures, or none. */}
            {pictures.size > 0 && <Thumbnail file={pictures.get(row.item_id) ?? null} />} {row.name}
          </span>
        ),
      },
      {
        id: 'sku',
        title: t('inventory.sku'),
        minWidth: 96,
        drop: 3,
        sort: (row) => row.sku,
        cell: (row) => <span className="g-code">{row.sku}</span>,
      },
      {
        id: 'category',
        title: t('inventory.category'),
        minWidth: 104,
        grow: 1,
        drop: 8,
        sort: (row) => row.category,
        filter: (row) => row.category ?? '',
        cell: (row) => <span className="g-dim">{row.category}</span>,
      },
      ...onHand,
      ...(onHand.length > 1
        ? [
            {
              id: 'total',
              title: t('inventory.total'),
              minWidth: 64,
              number: true,
              drop: 5,
              sort: totalOf,
              text: (row: ListedItem) => totalOf(row) / QUANTITY_SCALE,
              cell: (row: ListedItem) => fmt.quantity(totalOf(row)),
            },
          ]
        : []),
      {
        id: 'unit',
        title: t('inventory.unit'),
        minWidth: 52,
        drop: 7,
        text: (row) => row.base_unit,
        cell: (row) => <span className="g-dim">{row.base_unit}</span>,
      },
      {
        id: 'par',
        title: t('stock.par'),
        longTitle: t('inventory.parAt', { site: site?.name ?? '' }),
        minWidth: 52,
        number: true,
        drop: 2,
        sort: (row) => stockAt(row, siteId)?.par ?? null,
        text: (row) => {
          const par = stockAt(row, siteId)?.par ?? null;
          return par === null ? null : par / QUANTITY_SCALE;
        },
        cell: (row) => {
          const par = stockAt(row, siteId)?.par ?? null;
          return par === null ? '' : fmt.quantity(par);
        },
      },
      {
        id: 'level',
        title: t('inventory.status'),
        minWidth: 104,
        drop: 1,
        sort: (row) => LEVEL_ORDER[stockLevel(stockAt(row, siteId))],
        text: (row) => levelWord(t, stockLevel(stockAt(row, siteId))),
        filter: (row) => {
          const level = stockLevel(stockAt(row, siteId));
          return level === 'fine' ? '' : level;
        },
        filterWord: (level) => levelWord(t, level),
        cell: (row) => <LevelPill stock={stockAt(row, siteId)} />,
      },
      {
        id: 'expiry',
        title: t('inventory.nextExpiry'),
        minWidth: 118,
        drop: 4,
        sort: (row) => stockAt(row, siteId)?.next_expiry ?? null,
        cell: (row) => <Expiry date={stockAt(row, siteId)?.next_expiry ?? null} today={today} />,
      },
    ];
  }, [t, fmt, sites, site, today, pictures]);

  return (
    <DataTable
      label={t('inventory.title')}
      rows={props.items}
      isPartial={props.isPartial}
      columns={columns}
      rowId={(row) => row.item_id}
      rowTestId={(row) => `item-row-${row.sku}`}
      chosen={props.chosen}
      onOpen={props.open}
      initialSort={BY_NAME}
      name="items"
      exportName={`${t('inventory.title').toLowerCase()} ${today}`}
      empty={props.empty}
    />
  );
}

/** In words what the pill says; nothing while the stock is as it should be. */
function levelWord(t: T, level: string): string {
  if (level === 'negative') return t('stock.negative');
  return level === 'below' ? t('stock.belowPar') : '';
}

const BY_NAME = [{ id: 'name', desc: false }];
const LEVEL_ORDER = { negative: 0, below: 1, fine: 2 };
