import {
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import type { ColumnDef, SortingState } from '@tanstack/react-table';
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { columnsThatFit } from './columns-that-fit.ts';

export interface Column<R> {
  readonly id: string;
  readonly title: string;
  /** Said by screen readers in place of the title. */
  readonly longTitle?: string;
  /** What the column sorts by; without it the column does not sort. */
  readonly sort?: (row: R) => string | number | null;
  readonly cell: (row: R) => ReactNode;
  readonly minWidth: number;
  /** Share of the room that is left; 0 keeps the column at its minimum. */
  readonly grow?: number;
  readonly number?: boolean;
  /** Columns with a higher number leave first when the table is narrow; 0 stays. */
  readonly drop?: number;
}

interface Props<R> {
  label: string;
  rows: readonly R[];
  columns: readonly Column<R>[];
  rowId: (row: R) => string;
  rowTestId?: (row: R) => string;
  /** Data attributes of a row, for those who look at the page from outside. */
  rowData?: (row: R) => Readonly<Record<`data-${string}`, string>>;
  chosen?: string | null;
  onOpen?: (row: R) => void;
  initialSort?: SortingState;
  /** Height of a row in pixels, for rows of two lines. */
  rowHeight?: number;
  /** Shown in place of the rows when there are none. */
  empty: ReactNode;
}

const ROW_HEIGHT = 36;
const HEAD_HEIGHT = 32;
const GAP = 12;
const PADDING = 32;
const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
});

/**
 * A list of rows: only those in sight are in the page. One tab stop; arrows, Page keys, Home and End
 * move, Enter opens.
 */
export function DataTable<R extends object>(props: Props<R>) {
  const { rows, columns, rowId, onOpen, rowHeight = ROW_HEIGHT } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const { ref: sizeRef, width } = useElementSize<HTMLDivElement>();
  const ref = useMergedRef(scroller, sizeRef);
  const [sorting, setSorting] = useState<SortingState>(props.initialSort ?? []);
  const [active, setActive] = useState<string | null>(props.chosen ?? null);
  const [keys, setKeys] = useState(false);

  const shown = useMemo(() => {
    const fitting = columnsThatFit(
      columns.map((c) => ({ id: c.id, minWidth: c.minWidth, drop: c.drop ?? 0 })),
      width === 0 ? Number.POSITIVE_INFINITY : width - PADDING,
      GAP,
    );
    return columns.filter((c) => fitting.has(c.id));
  }, [columns, width]);
  const template = shown
    .map((c) => (c.grow ? `minmax(${c.minWidth}px, ${c.grow}fr)` : `${c.minWidth}px`))
    .join(' ');

  const definitions = useMemo(() => columns.map((c) => definition(c)), [columns]);
  const table = useTable({
    features,
    columns: definitions,
    data: rows as R[],
    getRowId: rowId,
    state: { sorting },
    onSortingChange: setSorting,
    enableSortingRemoval: false,
    enableMultiSort: false,
  });
  const sorted = table.getRowModel().rows;

  // oxlint-disable-next-line react/incompatible-library -- nothing here is memoized by a compiler
  const virtualizer = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => sorted[index]?.id ?? index,
    overscan: 8,
    paddingStart: HEAD_HEIGHT,
    scrollPaddingStart: HEAD_HEIGHT,
  });

  const { chosen } = props;
  useEffect(() => {
    if (chosen) setActive(chosen);
  }, [chosen]);

  const activeIndex = sorted.findIndex((row) => row.id === active);
  const go = (index: number) => {
    const target = sorted[Math.max(0, Math.min(sorted.length - 1, index))];
    if (!target) return;
    setActive(target.id);
    virtualizer.scrollToIndex(sorted.indexOf(target), { align: 'auto' });
    // With the detail open beside the list, moving shows the next one at once.
    if (chosen && onOpen) onOpen(target.original);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / rowHeight) - 2);
    const moves: Record<string, number> = {
      ArrowDown: activeIndex + 1,
      ArrowUp: activeIndex < 0 ? 0 : activeIndex - 1,
      PageDown: activeIndex + page,
      PageUp: activeIndex - page,
      Home: 0,
      End: sorted.length - 1,
    };
    const move = moves[event.key];
    const current = sorted[activeIndex];
    if (move !== undefined) {
      event.preventDefault();
      setKeys(true);
      go(move);
    } else if (event.key === 'Enter' && current && onOpen) {
      event.preventDefault();
      onOpen(current.original);
    }
  };

  if (rows.length === 0) return <>{props.empty}</>;
  return (
    // The scroller is the grid: one tab stop, the active row named by aria-activedescendant.
    <div
      ref={ref}
      className="g-grid"
      role="grid"
      tabIndex={0}
      aria-label={props.label}
      aria-rowcount={sorted.length + 1}
      aria-activedescendant={activeIndex >= 0 ? `${id}-${active}` : undefined}
      data-keys={keys}
      onKeyDown={onKeyDown}
      onPointerDown={() => setKeys(false)}
    >
      <div role="rowgroup">
        <div
          className="g-grid-head"
          role="row"
          aria-rowindex={1}
          style={{ gridTemplateColumns: template }}
        >
          {shown.map((column) => (
            <HeadCell
              key={column.id}
              column={column}
              sorted={table.getColumn(column.id)?.getIsSorted() ?? false}
              toggle={() => table.getColumn(column.id)?.toggleSorting()}
            />
          ))}
        </div>
      </div>
      <div role="rowgroup" style={{ height: virtualizer.getTotalSize() - HEAD_HEIGHT }}>
        {virtualizer.getVirtualItems().map((item) => {
          const row = sorted[item.index];
          if (!row) return null;
          return (
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the grid has the keys
            <div
              key={row.id}
              id={`${id}-${row.id}`}
              className="g-grid-row"
              role="row"
              aria-rowindex={item.index + 2}
              aria-selected={row.id === chosen}
              data-active={row.id === active}
              data-opens={onOpen !== undefined}
              data-testid={props.rowTestId?.(row.original)}
              {...props.rowData?.(row.original)}
              style={{
                transform: `translateY(${item.start}px)`,
                top: 0,
                height: rowHeight,
                gridTemplateColumns: template,
              }}
              onClick={() => {
                setActive(row.id);
                onOpen?.(row.original);
              }}
            >
              {shown.map((column) => (
                <div
                  key={column.id}
                  role="gridcell"
                  className={column.number ? 'g-num g-cut' : 'g-cut'}
                  data-column={column.id}
                >
                  {column.cell(row.original)}
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function HeadCell<R>(props: {
  column: Column<R>;
  sorted: false | 'asc' | 'desc';
  toggle: () => void;
}) {
  const { column, sorted, toggle } = props;
  const Arrow = sorted === 'desc' ? IconArrowDown : IconArrowUp;
  const aria = sorted === false ? 'none' : sorted === 'asc' ? 'ascending' : 'descending';
  return (
    <div
      role="columnheader"
      className={column.number ? 'g-num g-cut' : 'g-cut'}
      aria-sort={column.sort ? aria : undefined}
      aria-label={column.longTitle}
      title={column.longTitle}
    >
      {column.sort ? (
        <button type="button" onClick={toggle}>
          {column.title}
          {sorted !== false && <Arrow size={12} aria-hidden />}
        </button>
      ) : (
        column.title
      )}
    </div>
  );
}

function definition<R extends object>(column: Column<R>): ColumnDef<typeof features, R> {
  const { id, sort } = column;
  return {
    id,
    accessorFn: (row: R) => sort?.(row) ?? undefined,
    enableSorting: sort !== undefined,
    sortUndefined: 'last',
    sortDescFirst: false,
    sortFn: (a, b, columnId) => compare(a.getValue(columnId), b.getValue(columnId)),
  };
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return collator.compare(String(a), String(b));
}
