import type { RowOf, TableDefinition } from './define.ts';
import { auditLogs } from './tables/audit-logs.ts';
import { conflictLog } from './tables/conflict-log.ts';
import { countLines } from './tables/count-lines.ts';
import { countSessions } from './tables/count-sessions.ts';
import { devices } from './tables/devices.ts';
import { inventoryItems } from './tables/inventory-items.ts';
import { inventoryLots } from './tables/inventory-lots.ts';
import { itemLocations } from './tables/item-locations.ts';
import { locations } from './tables/locations.ts';
import { reviewItems } from './tables/review-items.ts';
import { stockActs } from './tables/stock-acts.ts';
import { stockMovements } from './tables/stock-movements.ts';
import { transitions } from './tables/transitions.ts';
import { userRoles } from './tables/user-roles.ts';
import { users } from './tables/users.ts';

/**
 * Every table of the suite, parents before children: the order in which rows are pushed, so that a
 * row never arrives before the one that it refers to.
 */
export const TABLES = {
  locations,
  users,
  user_roles: userRoles,
  devices,
  inventory_items: inventoryItems,
  item_locations: itemLocations,
  stock_acts: stockActs,
  inventory_lots: inventoryLots,
  stock_movements: stockMovements,
  count_sessions: countSessions,
  count_lines: countLines,
  transitions,
  conflict_log: conflictLog,
  review_items: reviewItems,
  audit_logs: auditLogs,
} as const satisfies Record<string, TableDefinition>;

export type TableName = keyof typeof TABLES;
export type TableRow<N extends TableName> = RowOf<(typeof TABLES)[N]>;

/** All names, parents first. */
export const TABLE_NAMES = Object.keys(TABLES) as readonly TableName[];

export const isTableName = (value: unknown): value is TableName =>
  typeof value === 'string' && Object.hasOwn(TABLES, value);

/** A definition by name, with its exact type erased. */
export const tableOf = (name: TableName): TableDefinition =>
  TABLES[name] as unknown as TableDefinition;

/** Names in the order in which a device pulls: today's work before history. */
export const PULL_ORDER: readonly TableName[] = TABLE_NAMES.toSorted(
  (a, b) => tableOf(a).priority - tableOf(b).priority,
);

/** Tables whose rows devices may write and push. */
export const PUSHABLE: readonly TableName[] = TABLE_NAMES.filter((name) => {
  const { kind, expandedFrom } = tableOf(name);
  return (kind === 'record' || kind === 'fact') && expandedFrom === null;
});
