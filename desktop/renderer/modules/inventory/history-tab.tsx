import { IconClock, IconHistory } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { HistoryRow } from '#shared/ipc/views.ts';
import { DataTable } from '../../ui/data-table.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { movementWord } from '../../ui/domain-words.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { Loading } from '../../ui/loading.tsx';
import { StatusPill } from '../../ui/status-pill.tsx';
import { useNow } from '../../ui/use-now.ts';
import { When } from '../../ui/when.tsx';
import { useItemHistory } from './use-inventory.ts';
import type { ListedItem } from './use-inventory.ts';

/** What happened to an item, the latest first. */
export function HistoryTab(props: { item: ListedItem }) {
  const { t, fmt } = useI18n();
  const { data, error } = useItemHistory(props.item.item_id);
  const now = useNow();
  const columns = useMemo<readonly Column<HistoryRow>[]>(
    () => [
      {
        id: 'when',
        title: t('history.when'),
        minWidth: 104,
        sort: (row) => row.occurred_at,
        cell: (row) => <When instant={row.occurred_at} now={now} />,
      },
      {
        id: 'type',
        title: t('history.what'),
        minWidth: 84,
        grow: 1,
        sort: (row) => movementWord(t, row.type),
        cell: (row) => (
          <span className="g-row" style={{ gap: 4 }}>
            <span className="g-cut">{movementWord(t, row.type)}</span>
            {row.waiting && (
              <StatusPill tone="amber" icon={IconClock} title={t('history.waitingHelp')}>
                {t('history.waiting')}
              </StatusPill>
            )}
          </span>
        ),
      },
      {
        id: 'quantity',
        title: t('history.quantity'),
        minWidth: 76,
        number: true,
        sort: (row) => row.qty_base,
        cell: (row) => (
          <span title={entered(row)}>
            {row.type === 'count' ? `= ${fmt.quantity(row.qty_base)}` : fmt.signed(row.qty_base)}{' '}
            <span className="g-dim">{row.base_unit}</span>
          </span>
        ),
      },
      {
        id: 'lot',
        title: t('lots.lot'),
        minWidth: 76,
        drop: 3,
        sort: (row) => row.lot_no,
        cell: (row) => <span className="g-code">{row.lot_no}</span>,
      },
      {
        id: 'site',
        title: t('stock.site'),
        minWidth: 48,
        drop: 1,
        sort: (row) => row.location_code,
        cell: (row) => row.location_code,
      },
      {
        id: 'who',
        title: t('history.who'),
        minWidth: 88,
        grow: 1,
        drop: 2,
        sort: (row) => row.who,
        cell: (row) => <span title={row.who ?? ''}>{row.who}</span>,
      },
    ],
    [t, fmt, now],
  );
  if (error && !data) return <ErrorNote error={error} />;
  if (!data) return <Loading lines={5} />;
  return (
    <div className="g-bleed">
      <DataTable
        label={t('detail.history')}
        rows={data}
        columns={columns}
        rowId={(row) => row.id}
        rowTestId={() => 'history-row'}
        rowData={(row) => ({
          'data-type': row.type,
          'data-quantity': String(row.qty_base),
          'data-waiting': String(row.waiting),
          'data-site': row.location_code,
        })}
        initialSort={LATEST}
        empty={
          <EmptyState icon={IconHistory} title={t('history.empty')} help={t('history.emptyHelp')} />
        }
      />
    </div>
  );
}

const LATEST = [{ id: 'when', desc: true }];

/** What the person typed, where that was in another unit. */
function entered(row: HistoryRow): string | undefined {
  const { entered_qty: quantity, entered_unit: unit } = row;
  return quantity !== null && unit !== null && unit !== row.base_unit
    ? `${quantity} ${unit}`
    : undefined;
}
