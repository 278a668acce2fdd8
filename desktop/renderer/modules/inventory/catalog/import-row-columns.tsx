import type { Column } from '../../../ui/data-table.tsx';
import type { T } from '../../../ui/i18n.tsx';

/** Columns that say which record of the file a row is about, in the plan of an import and in its result. */
export const recordColumns = <R extends { readonly sku: string; readonly line: number }>(
  t: T,
): readonly Column<R>[] => [
  {
    id: 'sku',
    title: t('inventory.sku'),
    minWidth: 110,
    sort: (row) => row.sku,
    cell: (row) => <span className="g-code">{row.sku}</span>,
  },
  {
    id: 'line',
    title: t('import.line'),
    minWidth: 52,
    number: true,
    sort: (row) => row.line,
    cell: (row) => row.line,
  },
];
