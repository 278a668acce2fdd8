import {
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import type { ColumnDef } from '@tanstack/react-table';
import { useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, RefObject } from 'react';
import { moved } from './grid-keys.ts';
import type { Position } from './grid-keys.ts';
import { allOrNone, among, extended, NOTHING, toggled } from './selection.ts';
import type { Selection } from './selection.ts';
import { compareValues, textOf } from './table-columns.ts';
import type { Column } from './table-columns.ts';
import { PAUSE_MS, rowOfLetters } from './type-ahead.ts';
import type { TableView } from './table-view.ts';
import { passes } from './table-view.ts';

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
});

/** The rows that a view shows, in its order. */
export function useShownRows<R extends object>(options: {
  rows: readonly R[];
  columns: readonly Column<R>[];
  rowId: (row: R) => string;
  view: TableView;
  setView: (view: TableView) => void;
}) {
  const { rows, columns, rowId, view, setView } = options;
  const { filters, sort } = view;
  const kept = useMemo(() => rows.filter(passes(filters, columns)), [rows, filters, columns]);
  const definitions = useMemo(() => columns.map((c) => definition(c)), [columns]);
  // The same array for the same order: for another one all rows are sorted anew.
  const sorting = useMemo(() => (sort === null ? [] : [sort]), [sort]);
  const table = useTable({
    features,
    columns: definitions,
    data: kept,
    getRowId: rowId,
    state: { sorting },
    onSortingChange: (change) => {
      const [next] = typeof change === 'function' ? change(sorting) : change;
      setView({ ...view, sort: next ?? null });
    },
    enableSortingRemoval: false,
    enableMultiSort: false,
  });
  return { table, sorted: table.getRowModel().rows };
}

function definition<R extends object>(column: Column<R>): ColumnDef<typeof features, R> {
  const { id, sort } = column;
  return {
    id,
    accessorFn: (row: R) => sort?.(row) ?? undefined,
    enableSorting: sort !== undefined,
    sortUndefined: 'last',
    sortDescFirst: false,
    sortFn: (a, b, columnId) => compareValues(a.getValue(columnId), b.getValue(columnId)),
  };
}

interface GridRow<R> {
  readonly id: string;
  readonly original: R;
}

/**
 * The active row and cell, the selected rows, and what keys do with them: arrows and Page keys move,
 * letters seek, Space selects, Shift with arrows selects a range, Ctrl+A all, Esc none, Enter opens
 * a row and sorts by a column.
 */
export function useGridKeys<R>(options: {
  rows: readonly GridRow<R>[];
  columns: readonly Column<R>[];
  scroller: RefObject<HTMLElement | null>;
  rowHeight: number;
  chosen: string | null;
  selectable: boolean;
  open: ((row: R) => void) | undefined;
  sortBy: (columnId: string) => void;
  scrollTo: (index: number) => void;
}) {
  const { rows, columns, chosen, open, selectable } = options;
  const [active, setActive] = useState<string | null>(chosen);
  const [cell, setCell] = useState<number | null>(null);
  const [inHead, setInHead] = useState(false);
  const [keys, setKeys] = useState(false);
  const [marked, setMarked] = useState<Selection>(NOTHING);
  const letters = useRef({ typed: '', at: 0 });
  // What is chosen elsewhere becomes the active row, too.
  const [formerlyChosen, setFormerlyChosen] = useState(chosen);
  if (chosen !== formerlyChosen) {
    setFormerlyChosen(chosen);
    if (chosen !== null) setActive(chosen);
  }

  const order = useMemo(() => rows.map(({ id }) => id), [rows]);
  const selection = useMemo(() => among(marked, order), [marked, order]);
  const activeIndex = active === null ? -1 : order.indexOf(active);
  const position: Position | null = inHead
    ? { row: -1, column: cell }
    : activeIndex < 0
      ? null
      : { row: activeIndex, column: cell };

  const go = (to: Position): void => {
    setKeys(true);
    setCell(to.column);
    setInHead(to.row < 0);
    const target = rows[to.row];
    if (!target) return;
    setActive(target.id);
    options.scrollTo(to.row);
    // With the detail open beside the list, moving shows the next one at once.
    if (chosen !== null && open && target.id !== active) open(target.original);
  };

  const seek = (letter: string): boolean => {
    const now = Date.now();
    const { typed, at } = letters.current;
    const isGoingOn = now - at < PAUSE_MS && typed !== '';
    if (letter === ' ' && !isGoingOn) return false;
    const next = isGoingOn ? typed + letter : letter;
    letters.current = { typed: next, at: now };
    const [first] = columns;
    const texts = first ? rows.map(({ original }) => String(textOf(first, original) ?? '')) : [];
    const found = rowOfLetters(texts, next, activeIndex);
    if (found >= 0) go({ row: found, column: cell });
    return true;
  };

  const select = (event: KeyboardEvent, to: Position | null): boolean => {
    if (!selectable) return false;
    const { key, shiftKey, ctrlKey, metaKey } = event;
    if (key === ' ' && active !== null && !inHead) setMarked(toggled(selection, active));
    else if (key === ' ' && inHead) setMarked(allOrNone(selection, order));
    else if (key.toLowerCase() === 'a' && (ctrlKey || metaKey)) {
      setMarked({ ...selection, ids: new Set(order) });
    } else if (key === 'Escape' && selection.ids.size > 0) setMarked(NOTHING);
    else if (shiftKey && to !== null && to.row >= 0 && active !== null) {
      const end = rows[to.row];
      if (end && to.row !== activeIndex) setMarked(extended(selection, order, active, end.id));
      go(to);
    } else return false;
    return true;
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return;
    const { key, ctrlKey, metaKey, altKey } = event;
    const height = options.scroller.current?.clientHeight ?? 400;
    const page = Math.max(1, Math.floor(height / options.rowHeight) - 2);
    const to = altKey
      ? null
      : moved(position, key, { rows: rows.length, columns: columns.length, page });
    const hasModifier = ctrlKey || metaKey || altKey;
    // "/" goes to the search of the page, "?" shows the keys: neither begins a name.
    const isLetter = Array.from(key).length === 1 && !hasModifier && key !== '/' && key !== '?';
    const column = columns[cell ?? 0];
    const current = rows[activeIndex];
    const done = (): boolean => {
      if (isLetter && !inHead && seek(key)) return true;
      if (select(event, to)) return true;
      if (to !== null) go(to);
      // Ctrl+Enter belongs to the page.
      else if (key === 'Enter' && hasModifier) return false;
      else if (key === 'Enter' && inHead && column?.sort) options.sortBy(column.id);
      else if (key === 'Enter' && !inHead && current && open) open(current.original);
      else return false;
      return true;
    };
    if (!done()) return;
    event.preventDefault();
    event.stopPropagation();
  };

  return {
    active,
    activeIndex,
    cell,
    inHead,
    keys,
    selection,
    onKeyDown,
    /** A pointer was used: the row that it is on says enough. */
    onPointerDown: () => setKeys(false),
    /** The row that was pressed. */
    touch: (id: string) => {
      setActive(id);
      setInHead(false);
      setCell(null);
    },
    /** @param range true: up to here from where the last one was selected */
    mark: (id: string, range: boolean) => {
      setMarked(range ? extended(selection, order, active ?? id, id) : toggled(selection, id));
      setActive(id);
    },
    markAll: () => setMarked(allOrNone(selection, order)),
    clear: () => setMarked(NOTHING),
  };
}
