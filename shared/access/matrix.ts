import { FILE_OWNERS } from '#shared/schema/file-owners.ts';
import { GRANTED_ROLES, ROLES } from '#shared/schema/roles.ts';
import type { GrantedRole } from '#shared/schema/roles.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { OPERATIONS, cells } from './cell.ts';
import type { Cell, Cells, Only, Operation, Reach } from './cell.ts';
import { AUTHORIZATION_CELLS } from './cells/authorizations.ts';
import { EOS_CELLS } from './cells/eos.ts';
import { HANDOUT_CELLS } from './cells/handouts.ts';
import { INVENTORY_CELLS } from './cells/inventory.ts';
import { KIOSK_CELLS } from './cells/kiosk.ts';
import { PHARMA_CELLS } from './cells/pharma.ts';
import { SHARED_CELLS } from './cells/shared.ts';

type Following = 'file_uploads' | 'conflict_log' | 'review_items' | 'review_decisions';
type Stated = Exclude<TableName, Following>;

const STATED: Readonly<Record<Stated, Cells>> = {
  ...SHARED_CELLS,
  ...INVENTORY_CELLS,
  ...HANDOUT_CELLS,
  ...KIOSK_CELLS,
  ...EOS_CELLS,
  ...PHARMA_CELLS,
  ...AUTHORIZATION_CELLS,
  transitions: cells({ LM: 'Rl', 'MG SA': 'R*' }),
  audit_logs: cells({ 'FD CS PR AS BUY SAFETY IT': 'Ro', LM: 'Rl', 'MG SA CO': 'R*' }),
};

/** Roles that decide what becomes of rows whose author had no right any more when they arrived. */
export const RELEASING_ROLES: ReadonlySet<string> = new Set(['PR', 'MG', 'LM', 'SA']);

/**
 * Who may do what with which table: the one matrix behind the screen, the server and the policies
 * of the database. A role that is not listed has no right. Nobody deletes. What the server writes
 * for people (central tables) it writes after asking the same cells.
 */
export const MATRIX: Readonly<Record<TableName, Cells>> = {
  ...STATED,
  file_uploads: followOwners(FILE_OWNERS, 'owner_table', (of, _role, owner) => {
    // Nobody creates a lot, acts bring it about: its papers come from whoever may change it.
    const adds = owner === 'inventory_lots' ? of.update : of.create;
    return {
      ...(of.read ? { read: of.read } : {}),
      ...(adds ? { create: adds, update: adds } : {}),
    };
  }),
  conflict_log: followOwners(contestable(), 'table_name', (of) =>
    of.read && (of.update ?? of.approve) ? { read: of.read } : {},
  ),
  review_items: followOwners(
    [...new Set([...contestable(), ...releasable()])],
    'table_name',
    (of, role, owner) => {
      const { kind, scope } = tableOf(owner);
      const isFact = kind === 'fact';
      // Of who decides at all sites, one fact of own sites only would make it own sites for all.
      const isNear = of.read !== 'all' && role !== 'LM';
      if (isFact && (isNear || !RELEASING_ROLES.has(role))) return {};
      // What a team writes only its members change; who reads all of it may let in what came too late.
      const isTeams = scope.team !== undefined && of.read === 'all' && RELEASING_ROLES.has(role);
      const decides = of.approve ?? of.update ?? (isFact || isTeams ? of.read : undefined);
      return of.read && decides ? { read: of.read, update: decides, approve: decides } : {};
    },
  ),
  // Whether the fields of the record itself are theirs to change is asked of its own table.
  review_decisions: followOwners(contestable(), 'table_name', (of) => {
    const decides = of.approve ?? of.update;
    return of.read && decides ? { read: of.read, create: decides } : {};
  }),
};

/** Facts that people make, and private records: nothing is contested there, but they may have to be released. */
function releasable(): Stated[] {
  return (Object.keys(STATED) as Stated[]).filter((table) => {
    const { kind, inserted, fields } = tableOf(table);
    return inserted && (kind === 'fact' || (kind === 'record' && fields['private'] !== undefined));
  });
}

/**
 * Facts of which the database asks more than a right of their author (migration "duties"): whose order
 * it is, who took the money. It asks people, and a release is written by the server.
 */
const DUTIES: ReadonlySet<TableName> = new Set([
  'po_approvals',
  'payment_transactions',
  'ai_reviews',
]);

/** True when there is a role that may release a quarantined row of a table. */
export const canBeReleased = (table: TableName): boolean =>
  !DUTIES.has(table) &&
  [...RELEASING_ROLES].some((role) =>
    MATRIX.review_items[role as GrantedRole]?.only?.approve?.values.includes(table),
  );

/** Tables about whose rows there can be something to decide. What is private stays so. */
function contestable(): Stated[] {
  return (Object.keys(STATED) as Stated[]).filter(
    (table) => tableOf(table).kind === 'record' && tableOf(table).fields['private'] === undefined,
  );
}

/**
 * Rights that follow those of the table which a field of the row names. They reach as far as the
 * nearest of them: one table at own sites only makes it own sites for all.
 */
function followOwners(
  owners: readonly Stated[],
  field: string,
  rightsFrom: (cell: Cell, role: string, owner: Stated) => Partial<Record<Operation, Reach>>,
): Cells {
  const out: Partial<Record<GrantedRole, Cell>> = {};
  for (const role of ROLES) {
    const reach: Partial<Record<Operation, Reach>> = {};
    const only: Partial<Record<Operation, Only>> = {};
    for (const owner of owners) {
      const cell = STATED[owner][role];
      if (!cell) continue;
      for (const [operation, its] of Object.entries(rightsFrom(cell, role, owner)) as [
        Operation,
        Reach,
      ][]) {
        if (its !== 'sites' && its !== 'all') continue;
        reach[operation] = reach[operation] === 'sites' ? 'sites' : its;
        only[operation] = { field, values: [...(only[operation]?.values ?? []), owner] };
      }
    }
    if (Object.keys(reach).length > 0) out[role] = { ...reach, only };
  }
  return out;
}

/** One cell as a row, the form in which the database holds the matrix. */
export interface MatrixRow {
  readonly role: GrantedRole;
  readonly table: TableName;
  readonly operation: Operation;
  readonly reach: Reach;
  readonly only: Only | null;
}

/** The whole matrix as rows, in a fixed order. */
export function matrixRows(): MatrixRow[] {
  return TABLE_NAMES.flatMap((table) =>
    GRANTED_ROLES.flatMap((role) => {
      const cell = MATRIX[table][role];
      return OPERATIONS.flatMap((operation) => {
        const reach = cell?.[operation];
        return reach
          ? [{ role, table, operation, reach, only: cell.only?.[operation] ?? null }]
          : [];
      });
    }),
  );
}
