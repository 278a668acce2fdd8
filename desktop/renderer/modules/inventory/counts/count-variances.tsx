import { IconAlertTriangle, IconUsers } from '@tabler/icons-react';
import { useMemo } from 'react';
import { clinicDate } from '#shared/kernel/dates.ts';
import type { CountSessionRow } from '#shared/ipc/views.ts';
import { DataTable } from '../../../ui/data-table.tsx';
import type { Column } from '../../../ui/data-table.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { StatusPill } from '../../../ui/status-pill.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { Expiry } from '../stock-pills.tsx';
import { difference, shelvesOf } from './count-rules.ts';
import type { Difference, Shelf } from './count-rules.ts';
import { heightOf } from './plan-list.tsx';

interface Row extends Shelf {
  readonly off: Difference | null;
  /** What was counted when its differences were counted again. */
  readonly recounted: number | null;
}

/**
 * What was counted, shelf by shelf; beside it the books, where this person may see them. Without them
 * nothing of the table tells them: no column, no order, no filter, no file.
 */
export function CountVariances(props: {
  count: CountSessionRow;
  recounts: readonly CountSessionRow[];
  sees: boolean;
  chosen: string | null;
  open: (key: string) => void;
}) {
  const { count, recounts, sees, open } = props;
  const { t, fmt, timeZone } = useI18n();
  const today = clinicDate(useNow(60_000), timeZone);
  const rows = useMemo<readonly Row[]>(() => {
    const again = new Map(
      recounts.flatMap(({ lines, status }) =>
        status === 'voided'
          ? []
          : shelvesOf(lines).map(({ key, holds }) => [key, holds.counted_qty] as const),
      ),
    );
    return shelvesOf(count.lines).map((shelf) => ({
      ...shelf,
      off: sees ? difference(shelf.holds) : null,
      recounted: again.get(shelf.key) ?? null,
    }));
  }, [count.lines, recounts, sees]);
  const columns = useMemo<readonly Column<Row>[]>(() => {
    const worth = ({ off }: Row): string | null =>
      off === null || off.cents === null ? null : fmt.money(off.cents);
    const books: readonly Column<Row>[] = [
      {
        id: 'expected',
        title: t('counts.expected'),
        minWidth: 72,
        number: true,
        drop: 1,
        sort: ({ holds }) => holds.expected_qty,
        text: ({ holds }) =>
          holds.expected_qty === null ? null : fmt.quantity(holds.expected_qty),
        cell: ({ holds }) => holds.expected_qty !== null && fmt.quantity(holds.expected_qty),
      },
      {
        id: 'difference',
        title: t('counts.difference'),
        minWidth: 88,
        number: true,
        sort: ({ off }) => Math.abs(off?.quantity ?? 0),
        text: ({ off }) => (off ? fmt.signed(off.quantity) : null),
        filter: ({ off }) => (off?.large ? 'large' : off?.quantity ? 'small' : ''),
        filterWord: (size) => t(size === 'large' ? 'counts.far' : 'counts.near'),
        cell: ({ off }) =>
          off && (
            <span data-testid="count-difference" data-quantity={off.quantity}>
              {off.large ? (
                <StatusPill tone="amber" icon={IconAlertTriangle} title={t('counts.largeHelp')}>
                  {fmt.signed(off.quantity)}
                </StatusPill>
              ) : (
                fmt.signed(off.quantity)
              )}
            </span>
          ),
      },
      {
        id: 'value',
        title: t('counts.value'),
        minWidth: 80,
        number: true,
        sort: ({ off }) => Math.abs(off?.cents ?? 0),
        text: worth,
        cell: (row) => worth(row) ?? '–',
      },
    ];
    const recounted: readonly Column<Row>[] = [
      {
        id: 'recounted',
        title: t('counts.recounted'),
        minWidth: 80,
        number: true,
        sort: (row) => row.recounted,
        text: (row) => (row.recounted === null ? null : fmt.quantity(row.recounted)),
        cell: (row) => (row.recounted === null ? '–' : fmt.quantity(row.recounted)),
      },
    ];
    return [
      {
        id: 'item',
        title: t('inventory.item'),
        minWidth: 130,
        grow: 2,
        sort: ({ holds }) => holds.item_name,
        cell: ({ holds, state }) => (
          <span title={holds.item_name}>
            {holds.item_name}
            {state === 'contested' && (
              <IconUsers size={14} stroke={1.75} aria-label={t('counts.contested')} />
            )}
          </span>
        ),
      },
      {
        id: 'bin',
        title: t('stock.bin'),
        minWidth: 44,
        drop: 3,
        sort: ({ holds }) => holds.bin,
        filter: ({ holds }) => holds.bin ?? '',
        cell: ({ holds }) => <span className="g-code">{holds.bin}</span>,
      },
      {
        id: 'lot',
        title: t('lots.lot'),
        minWidth: 76,
        drop: 2,
        sort: ({ holds }) => holds.lot_no,
        cell: ({ holds }) => <span className="g-code">{holds.lot_no}</span>,
      },
      {
        id: 'expiry',
        title: t('lots.expiry'),
        minWidth: 112,
        drop: 4,
        sort: ({ holds }) => holds.expiry_date,
        cell: ({ holds }) => <Expiry date={holds.expiry_date} today={today} />,
      },
      {
        id: 'counted',
        title: t('counts.counted'),
        minWidth: 76,
        number: true,
        sort: ({ holds }) => holds.counted_qty,
        text: ({ holds }) => fmt.quantity(holds.counted_qty),
        cell: ({ holds }) => (
          <>
            {fmt.quantity(holds.counted_qty)} <span className="g-dim">{holds.base_unit}</span>
          </>
        ),
      },
      ...(sees ? books : []),
      ...(recounts.length > 0 ? recounted : []),
      {
        id: 'who',
        title: t('history.who'),
        minWidth: 90,
        drop: 5,
        sort: ({ holds }) => holds.who,
        cell: ({ holds }) => holds.who,
      },
    ];
  }, [t, fmt, today, sees, recounts.length]);
  return (
    <div className="g-count-list" style={{ height: heightOf(rows.length) }}>
      <DataTable
        // What one sees is part of which table it is: its order, its filters and its views are others.
        key={String(sees)}
        label={t('counts.title')}
        rows={rows}
        columns={columns}
        rowId={({ key }) => key}
        rowTestId={() => 'count-line'}
        rowData={({ holds }) => ({ 'data-item': holds.item_id })}
        chosen={props.chosen}
        onOpen={({ key }) => open(key)}
        initialSort={sees ? BY_VALUE : BY_ITEM}
        name={sees ? 'count-variances' : 'count-seen'}
        exportName={t('counts.exportName')}
        empty={<p className="g-dim">{t('counts.noLines')}</p>}
      />
    </div>
  );
}

const BY_VALUE = [{ id: 'value', desc: true }];
const BY_ITEM = [{ id: 'item', desc: false }];
