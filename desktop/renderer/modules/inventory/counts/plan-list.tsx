import { IconCircle, IconCircleCheck, IconUsers } from '@tabler/icons-react';
import { memo, useMemo } from 'react';
import { clinicDate } from '#shared/kernel/dates.ts';
import { DataTable } from '../../../ui/data-table.tsx';
import type { Column } from '../../../ui/data-table.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { StatusPill } from '../../../ui/status-pill.tsx';
import { Expiry } from '../stock-pills.tsx';
import type { PlanEntry, Progress } from './plan.ts';

/** What there is to count, in the order in which one walks, ticked off as it is counted. */
export const PlanList = memo(function PlanList(props: {
  plan: readonly PlanEntry[];
  progress: Progress;
  chosen: string | null;
  open?: (entry: PlanEntry) => void;
  /** Shown when nothing is left. */
  empty: string;
}) {
  const { plan, progress, open } = props;
  const { t, fmt, timeZone } = useI18n();
  const today = clinicDate(useNow(60_000), timeZone);
  const { shelves } = progress;
  const columns = useMemo<readonly Column<PlanEntry>[]>(
    () => [
      {
        id: 'no',
        title: t('counts.no'),
        minWidth: 36,
        number: true,
        sort: ({ no }) => no,
        cell: ({ no }) => no,
      },
      {
        id: 'bin',
        title: t('stock.bin'),
        minWidth: 52,
        sort: ({ bin }) => bin,
        filter: ({ bin }) => bin ?? '',
        cell: ({ bin }) => <span className="g-code">{bin ?? '–'}</span>,
      },
      {
        id: 'item',
        title: t('inventory.item'),
        minWidth: 140,
        grow: 2,
        sort: ({ itemName }) => itemName,
        cell: ({ itemName }) => itemName,
      },
      {
        id: 'lot',
        title: t('lots.lot'),
        minWidth: 84,
        drop: 2,
        sort: ({ lotNo }) => lotNo,
        cell: ({ lotNo }) => <span className="g-code">{lotNo}</span>,
      },
      {
        id: 'expiry',
        title: t('lots.expiry'),
        minWidth: 112,
        drop: 1,
        sort: ({ expiry }) => expiry,
        cell: ({ expiry }) => <Expiry date={expiry} today={today} />,
      },
      {
        id: 'counted',
        title: t('counts.counted'),
        minWidth: 132,
        sort: ({ key }) => shelves.get(key)?.holds.counted_qty ?? null,
        text: ({ key }) => {
          const shelf = shelves.get(key);
          return shelf ? fmt.quantity(shelf.holds.counted_qty) : null;
        },
        cell: ({ key, unit }) => {
          const shelf = shelves.get(key);
          if (!shelf) {
            return (
              <StatusPill tone="grey" icon={IconCircle}>
                {t('counts.open')}
              </StatusPill>
            );
          }
          const words = `${fmt.quantity(shelf.holds.counted_qty)} ${unit}`;
          return shelf.state === 'contested' ? (
            <StatusPill tone="violet" icon={IconUsers} title={t('counts.contested')}>
              {words}
            </StatusPill>
          ) : (
            <StatusPill tone="green" icon={IconCircleCheck} title={shelf.holds.who ?? ''}>
              {words}
            </StatusPill>
          );
        },
      },
    ],
    [t, fmt, today, shelves],
  );
  return (
    <div className="g-count-list" style={{ height: heightOf(plan.length) }}>
      <DataTable
        label={t('counts.plan')}
        rows={plan}
        columns={columns}
        rowId={({ key }) => key}
        rowTestId={() => 'plan-row'}
        rowData={({ key, no, bin }) => ({
          'data-counted': String(shelves.has(key)),
          'data-no': String(no),
          'data-bin': bin ?? '',
        })}
        chosen={props.chosen}
        {...(open ? { onOpen: open } : {})}
        initialSort={IN_ORDER}
        name="count-plan"
        empty={<p className="g-dim">{props.empty}</p>}
      />
    </div>
  );
});

const IN_ORDER = [{ id: 'no', desc: false }];
const ROW = 36;
const HEAD_AND_TOOLS = 84;

/** As high as its rows, and never higher than what one looks through. */
export const heightOf = (rows: number): number | 'auto' =>
  rows === 0 ? 'auto' : Math.min(420, HEAD_AND_TOOLS + rows * ROW);
