import { ActionIcon } from '@mantine/core';
import { IconArrowBackUp, IconClock, IconHistory } from '@tabler/icons-react';
import { useCallback, useMemo, useState } from 'react';
import type { HistoryRow } from '#shared/ipc/views.ts';
import { useSession } from '../../shell/session.tsx';
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
import { ReverseDialog } from './stock/reverse-dialog.tsx';
import { whyNotReverse } from './stock/reversal.ts';
import { useItemHistory } from './use-inventory.ts';
import type { ListedItem } from './use-inventory.ts';

/** What happened to an item, the latest first. */
export function HistoryTab(props: { item: ListedItem }) {
  const { t, fmt } = useI18n();
  const { data, error } = useItemHistory(props.item.item_id);
  const now = useNow();
  const { mayRow } = useSession();
  const [asked, setAsked] = useState<HistoryRow | null>(null);
  const undone = useMemo(() => new Set(data?.map(({ reverses_id: id }) => id)), [data]);
  const mayReverse = useCallback(
    (row: HistoryRow): boolean =>
      whyNotReverse(row, data ?? []) === null &&
      mayRow('stock_acts', 'create', { kind: row.type, location_id: row.location_id }),
    [data, mayRow],
  );
  const columns = useMemo<readonly Column<HistoryRow>[]>(
    () => [
      {
        id: 'when',
        title: t('history.when'),
        minWidth: 92,
        sort: (row) => row.occurred_at,
        cell: (row) => <When instant={row.occurred_at} now={now} />,
      },
      {
        id: 'type',
        title: t('history.what'),
        minWidth: 120,
        grow: 1,
        sort: (row) => movementWord(t, row.type),
        cell: (row) => (
          <What row={row} undone={undone.has(row.id)} reverse={mayReverse(row) ? setAsked : null} />
        ),
      },
      {
        id: 'site',
        title: t('stock.site'),
        minWidth: 40,
        sort: (row) => row.location_code,
        cell: (row) => row.location_code,
      },
      {
        id: 'quantity',
        title: t('history.quantity'),
        minWidth: 88,
        number: true,
        sort: (row) => row.qty_base,
        cell: (row) => (
          <span title={entered(row)}>
            {row.type === 'count' ? `= ${fmt.quantity(row.qty_base)}` : fmt.signed(row.qty_base)}{' '}
            <span className="g-dim">{row.base_unit}</span>
          </span>
        ),
      },
    ],
    [t, fmt, now, undone, mayReverse],
  );
  if (error && !data) return <ErrorNote error={error} />;
  if (!data) return <Loading lines={5} />;
  return (
    <div className="g-bleed">
      {asked && <ReverseDialog row={asked} close={() => setAsked(null)} />}
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
          'data-reason': row.reason_code ?? '',
        })}
        initialSort={LATEST}
        rowHeight={TWO_LINES}
        empty={
          <EmptyState icon={IconHistory} title={t('history.empty')} help={t('history.emptyHelp')} />
        }
      />
    </div>
  );
}

/** What it was, and in a second line the lot and who did it. */
function What(props: {
  row: HistoryRow;
  /** True when a later movement takes this one back. */
  undone: boolean;
  /** Null where it cannot be taken back, or not by this person. */
  reverse: ((row: HistoryRow) => void) | null;
}) {
  const { t } = useI18n();
  const { row, reverse } = props;
  return (
    <>
      <span className="g-row" style={{ gap: 4 }}>
        <span className="g-cut">
          {row.reverses_id === null
            ? movementWord(t, row.type)
            : t('reversal.of', { what: movementWord(t, row.type) })}
        </span>
        {props.undone && (
          <StatusPill tone="grey" icon={IconArrowBackUp}>
            {t('reversal.undone')}
          </StatusPill>
        )}
        {reverse && (
          <ActionIcon
            size={24}
            aria-label={t('reversal.open', { what: movementWord(t, row.type) })}
            title={t('reversal.title')}
            onClick={() => reverse(row)}
            data-testid="history-reverse"
          >
            <IconArrowBackUp size={16} stroke={1.5} />
          </ActionIcon>
        )}
        {row.waiting && (
          <StatusPill tone="amber" icon={IconClock} title={t('history.waitingHelp')}>
            {t('history.waiting')}
          </StatusPill>
        )}
      </span>
      <span className="g-row g-dim g-small" style={{ gap: 6 }}>
        {row.lot_no && <span className="g-code">{row.lot_no}</span>}
        <span className="g-cut" title={row.who ?? ''}>
          {row.who}
        </span>
      </span>
    </>
  );
}

const TWO_LINES = 48;
const LATEST = [{ id: 'when', desc: true }];

/** What the person typed, where that was in another unit. */
function entered(row: HistoryRow): string | undefined {
  const { entered_qty: quantity, entered_unit: unit } = row;
  return quantity !== null && unit !== null && unit !== row.base_unit
    ? `${quantity} ${unit}`
    : undefined;
}
