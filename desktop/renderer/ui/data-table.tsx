import { Button } from '@mantine/core';
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { IconArrowDown, IconArrowUp, IconFilterOff } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useContext, useId, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { columnsThatFit } from './columns-that-fit.ts';
import { saveText } from './copy-text.ts';
import { toCsv } from './csv.ts';
import { EmptyState } from './empty-state.tsx';
import { Loading } from './loading.tsx';
import { useI18n } from './i18n.tsx';
import { PrintTable } from './print-table.tsx';
import type { Printed } from './print-table.tsx';
import { useArrangement } from './table-arrangement.ts';
import { textOf } from './table-columns.ts';
import { LeavingContext } from './table-leaving.ts';
import type { Column } from './table-columns.ts';
import { BulkBar, OutTools, TableTools } from './table-tools.tsx';
import type { Out } from './table-tools.tsx';
import type { TableView } from './table-view.ts';
import { useToasts } from './toasts.tsx';
import { useGridKeys, useShownRows } from './use-grid.ts';

export type { Column } from './table-columns.ts';

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
  /** True while only the first rows by `initialSort` are here: another order waits for all of them. */
  isPartial?: boolean;
  initialSort?: readonly { readonly id: string; readonly desc: boolean }[];
  /** Height of a row in pixels, for rows of two lines. */
  rowHeight?: number;
  /** Shown in place of the rows when there are none. */
  empty: ReactNode;
  /**
   * With a name the table has tools: choice of columns, filters, saved views, kept under this name.
   */
  name?: string;
  /**
   * With it the rows can be printed, and exported to a file of this name without ending. Never of a
   * person.
   */
  exportName?: string;
  /** What can be done with selected rows; without it rows cannot be selected. */
  bulk?: (rows: readonly R[], clear: () => void) => ReactNode;
}

const ROW_HEIGHT = 36;
const HEAD_HEIGHT = 32;
const GAP = 14;
const PADDING = 32;
const MARK_WIDTH = 20;

/** True when the first rows of one view are the first of the other, too. */
const isSameOrder = (view: TableView, initial: TableView): boolean =>
  view.sort?.id === initial.sort?.id &&
  view.sort?.desc === initial.sort?.desc &&
  Object.keys(view.filters).length === 0;

/**
 * A list of rows: only those in sight are in the page. One tab stop; arrows, Page keys, Home and End
 * move, letters seek, Enter opens, Space selects where rows can be selected; see `use-grid.ts`.
 */
export function DataTable<R extends object>(props: Props<R>) {
  const { rows, columns, rowId, onOpen, rowHeight = ROW_HEIGHT, bulk, exportName } = props;
  const { t } = useI18n();
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const { ref: sizeRef, width } = useElementSize<HTMLDivElement>();
  const ref = useMergedRef(scroller, sizeRef);
  const initial: TableView = { hidden: [], sort: props.initialSort?.[0] ?? null, filters: {} };
  const arrangement = useArrangement(props.name, initial);
  const { view, setView } = arrangement;
  const { table, sorted } = useShownRows({ rows, columns, rowId, view, setView });

  const wanted = useMemo(
    () => columns.filter((column, at) => at === 0 || !view.hidden.includes(column.id)),
    [columns, view.hidden],
  );
  const markRoom = bulk ? MARK_WIDTH + GAP : 0;
  const shown = useMemo(() => {
    const fitting = columnsThatFit(
      wanted.map((c) => ({ id: c.id, minWidth: c.minWidth, drop: c.drop ?? 0 })),
      width === 0 ? Number.POSITIVE_INFINITY : width - PADDING - markRoom,
      GAP,
    );
    return wanted.filter((c) => fitting.has(c.id));
  }, [wanted, width, markRoom]);
  const template = [
    ...(bulk ? [`${MARK_WIDTH}px`] : []),
    ...shown.map((c) => (c.grow ? `minmax(${c.minWidth}px, ${c.grow}fr)` : `${c.minWidth}px`)),
  ].join(' ');

  // The same function for the same rows: for another one the places of all rows are found anew.
  const keyAt = useCallback((index: number) => sorted[index]?.id ?? index, [sorted]);
  // oxlint-disable-next-line react/incompatible-library -- nothing here is memoized by a compiler
  const virtualizer = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: keyAt,
    overscan: 8,
    paddingStart: HEAD_HEIGHT,
    scrollPaddingStart: HEAD_HEIGHT,
  });
  const sortBy = (columnId: string) => table.getColumn(columnId)?.toggleSorting();
  const grid = useGridKeys({
    rows: sorted,
    columns: shown,
    scroller,
    rowHeight,
    chosen: props.chosen ?? null,
    selectable: bulk !== undefined,
    open: onOpen,
    sortBy,
    scrollTo: (index) => virtualizer.scrollToIndex(index, { align: 'auto' }),
  });
  const { selection } = grid;
  const selected = sorted.filter((row) => selection.ids.has(row.id));
  const [printed, setPrinted] = useState<Printed | null>(null);
  const head = wanted.map(({ title, longTitle }) => longTitle ?? title);
  const linesOf = (chosen: readonly { readonly original: R }[]) =>
    chosen.map(({ original }) => wanted.map((column) => textOf(column, original)));
  const leaving = useContext(LeavingContext);
  const { failed } = useToasts();
  const out = (chosen: readonly { readonly id: string; readonly original: R }[]): Out => {
    const leave = async (action: 'export' | 'print', work: () => void): Promise<void> => {
      const ids = chosen.map((row) => row.id);
      try {
        // First it is noted; what cannot be noted does not leave.
        if (ids.length > 0) await leaving?.(action, ids);
        work();
      } catch (error) {
        failed(error);
      }
    };
    const lines = () => linesOf(chosen);
    const print = (): void =>
      setPrinted({ title: props.label, head, rows: lines(), at: Date.now() });
    return {
      save: () =>
        void leave('export', () =>
          saveText(toCsv([head, ...lines()]), `${exportName}.csv`, 'text/csv'),
        ),
      print: () => void leave('print', print),
    };
  };

  if (rows.length === 0) return <>{props.empty}</>;
  if (props.isPartial && !isSameOrder(view, initial)) {
    return (
      <div style={{ padding: 16 }}>
        <Loading lines={10} />
      </div>
    );
  }
  const cellId = (row: string, column: number) => `${id}-${row}-${column}`;
  const activeId = grid.inHead
    ? cellId('head', grid.cell ?? 0)
    : grid.activeIndex >= 0 && grid.active !== null
      ? grid.cell === null
        ? `${id}-${grid.active}`
        : cellId(grid.active, grid.cell)
      : undefined;
  const hasTools = props.name !== undefined || selected.length > 0;
  return (
    <div className="g-grid-frame">
      {printed && <PrintTable key={printed.at} printed={printed} done={() => setPrinted(null)} />}
      {hasTools && (
        <div className="g-grid-tools" data-marked={selected.length > 0}>
          {selected.length > 0 ? (
            <BulkBar n={selected.length} clear={grid.clear}>
              {bulk?.(
                selected.map(({ original }) => original),
                grid.clear,
              )}
              {exportName !== undefined && <OutTools out={out(selected)} />}
            </BulkBar>
          ) : (
            <TableTools
              rows={rows}
              columns={columns}
              arrangement={arrangement}
              initial={initial}
              out={exportName === undefined || props.isPartial ? null : out(sorted)}
            />
          )}
        </div>
      )}
      {sorted.length === 0 ? (
        <EmptyState
          icon={IconFilterOff}
          title={t('grid.filteredAway')}
          action={
            <Button variant="default" onClick={() => setView({ ...view, filters: {} })}>
              {t('grid.filterNone')}
            </Button>
          }
        />
      ) : (
        // The scroller is the grid: one tab stop, the active row named by aria-activedescendant.
        <div
          ref={ref}
          className="g-grid"
          role="grid"
          tabIndex={0}
          aria-label={props.label}
          aria-rowcount={sorted.length + 1}
          aria-multiselectable={bulk !== undefined}
          aria-activedescendant={activeId}
          data-keys={grid.keys}
          onKeyDown={grid.onKeyDown}
          onPointerDown={grid.onPointerDown}
        >
          <div role="rowgroup">
            <div
              className="g-grid-head"
              role="row"
              aria-rowindex={1}
              style={{ gridTemplateColumns: template }}
            >
              {bulk && (
                <div role="columnheader" aria-label={t('grid.select')}>
                  <input
                    type="checkbox"
                    tabIndex={-1}
                    aria-label={t('grid.selectAll')}
                    ref={(box) => {
                      if (!box) return;
                      box.indeterminate = selected.length > 0 && selected.length < sorted.length;
                    }}
                    checked={selected.length === sorted.length}
                    onChange={grid.markAll}
                    data-testid="grid-select-all"
                  />
                </div>
              )}
              {shown.map((column, at) => (
                <HeadCell
                  key={column.id}
                  id={cellId('head', at)}
                  column={column}
                  active={grid.inHead && (grid.cell ?? 0) === at}
                  sorted={table.getColumn(column.id)?.getIsSorted() ?? false}
                  toggle={() => sortBy(column.id)}
                />
              ))}
            </div>
          </div>
          <div role="rowgroup" style={{ height: virtualizer.getTotalSize() - HEAD_HEIGHT }}>
            {virtualizer.getVirtualItems().map((item) => {
              const row = sorted[item.index];
              if (!row) return null;
              const isActive = row.id === grid.active && !grid.inHead;
              const isMarked = selection.ids.has(row.id);
              return (
                // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the grid has the keys
                <div
                  key={row.id}
                  id={`${id}-${row.id}`}
                  className="g-grid-row"
                  role="row"
                  aria-rowindex={item.index + 2}
                  aria-selected={bulk ? isMarked : row.id === props.chosen}
                  aria-current={bulk && row.id === props.chosen ? 'true' : undefined}
                  data-chosen={row.id === props.chosen}
                  data-marked={isMarked}
                  data-active={isActive}
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
                    grid.touch(row.id);
                    onOpen?.(row.original);
                  }}
                >
                  {bulk && (
                    <MarkCell
                      label={`${t('grid.select')}: ${textOf(columns[0] ?? NO_COLUMN, row.original) ?? ''}`}
                      checked={isMarked}
                      mark={(range) => grid.mark(row.id, range)}
                    />
                  )}
                  {shown.map((column, at) => (
                    <div
                      key={column.id}
                      id={cellId(row.id, at)}
                      role="gridcell"
                      className={column.number ? 'g-num g-cut' : 'g-cut'}
                      data-column={column.id}
                      data-active={isActive && grid.cell === at}
                    >
                      {column.cell(row.original)}
                    </div>
                  ))}
                </div>
              );
            })}
          </div>
        </div>
      )}
    </div>
  );
}

const NO_COLUMN = { id: '', title: '', minWidth: 0, cell: () => null };

function MarkCell(props: { label: string; checked: boolean; mark: (range: boolean) => void }) {
  return (
    // The row below would open: this cell is for the box alone, and all of it.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the grid has the keys
    <div
      role="gridcell"
      className="g-grid-mark"
      tabIndex={-1}
      onClick={(event) => {
        event.stopPropagation();
        props.mark(event.shiftKey);
      }}
    >
      <input
        type="checkbox"
        tabIndex={-1}
        aria-label={props.label}
        checked={props.checked}
        readOnly
      />
    </div>
  );
}

function HeadCell<R>(props: {
  id: string;
  column: Column<R>;
  active: boolean;
  sorted: false | 'asc' | 'desc';
  toggle: () => void;
}) {
  const { column, sorted, toggle } = props;
  const Arrow = sorted === 'desc' ? IconArrowDown : IconArrowUp;
  const aria = sorted === false ? 'none' : sorted === 'asc' ? 'ascending' : 'descending';
  return (
    <div
      id={props.id}
      role="columnheader"
      className={column.number ? 'g-num g-cut' : 'g-cut'}
      aria-sort={column.sort ? aria : undefined}
      aria-label={column.longTitle}
      title={column.longTitle}
      data-active={props.active}
    >
      {column.sort ? (
        <button type="button" tabIndex={-1} onClick={toggle}>
          {column.title}
          {sorted !== false && <Arrow size={12} aria-hidden />}
        </button>
      ) : (
        column.title
      )}
    </div>
  );
}
