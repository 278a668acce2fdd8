import type { Messages } from './format.ts';

/** Words of the components that every module uses: tables, forms, dates, signatures, charts. */
export const UI_EN = {
  'grid.columns': 'Columns',
  'grid.views': 'Views',
  'grid.viewInitial': 'As at first',
  'grid.viewName': 'Name of this view',
  'grid.viewForget': 'Forget the view {name}',
  'grid.filter': 'Filter',
  'grid.filterOn': { one: '{n} filter', other: '{n} filters' },
  'grid.filterAny': 'Any',
  'grid.filterNone': 'No filter',
  'grid.filteredAway': 'No row fits the filter',
  'grid.export': 'Export',
  'grid.selected': { one: '{n} selected', other: '{n} selected' },
  'grid.select': 'Select',
  'grid.selectAll': 'Select all',
  'grid.clear': 'Clear',
} as const satisfies Messages;
