import type { Role } from '#shared/schema/roles.ts';
import { TABLE_NAMES } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';

/** How far a right reaches: own rows, rows of the grant's sites (and those of no site), or all. */
export type Reach = 'own' | 'sites' | 'all';
export type Operation = 'read' | 'create' | 'update' | 'approve';

export interface Cell {
  readonly read?: Reach;
  readonly create?: Reach;
  readonly update?: Reach;
  readonly approve?: Reach;
  /** Only rows whose field holds one of these values may be created. */
  readonly createOnly?: { readonly field: string; readonly values: readonly string[] };
}

type Matrix = Readonly<Record<TableName, Readonly<Partial<Record<Role, Cell>>>>>;

const READ_SITES: Cell = { read: 'sites' };
const READ_ALL: Cell = { read: 'all' };

/**
 * Who may do what with which table: the one matrix behind the screen, the server and the policies
 * of the database. A role that is not listed has no right. Superadmins reach clinical and stock
 * data as the cells say; nobody deletes.
 */
export const MATRIX: Matrix = {
  locations: forRoles(['FD', 'KD', 'CS', 'PR', 'MG', 'LM', 'IT', 'SA', 'AS', 'BUY'], READ_ALL),
  users: {
    ...forRoles(['FD', 'CS', 'PR', 'LM', 'AS', 'BUY'], READ_SITES),
    ...forRoles(['MG', 'IT', 'SA', 'CO'], READ_ALL),
  },
  user_roles: {
    ...forRoles(['FD', 'CS', 'PR', 'AS', 'BUY'], { read: 'own' }),
    LM: READ_SITES,
    ...forRoles(['MG', 'IT', 'SA', 'CO'], READ_ALL),
  },
  devices: {
    ...forRoles(['FD', 'KD', 'CS', 'PR', 'AS', 'BUY'], { read: 'own' }),
    LM: READ_SITES,
    ...forRoles(['MG', 'IT', 'SA'], READ_ALL),
  },
  inventory_items: {
    ...forRoles(['FD', 'CS', 'LM', 'BUY'], READ_SITES),
    PR: READ_ALL,
    MG: { read: 'all', create: 'all', update: 'all' },
    SA: { read: 'all', update: 'all' },
  },
  item_locations: {
    ...forRoles(['FD', 'CS', 'PR', 'BUY'], READ_SITES),
    MG: { read: 'all', create: 'all', update: 'all' },
    LM: { read: 'sites', create: 'sites', update: 'sites' },
    SA: { read: 'all', update: 'all' },
  },
  stock_acts: {
    FD: {
      read: 'sites',
      create: 'sites',
      createOnly: { field: 'kind', values: ['receive'] },
    },
    CS: { read: 'sites', create: 'sites' },
    PR: READ_SITES,
    MG: { read: 'all', create: 'all' },
    LM: { read: 'sites', create: 'sites' },
    BUY: READ_SITES,
    SA: READ_ALL,
  },
  inventory_lots: {
    ...forRoles(['FD', 'CS', 'LM', 'BUY'], READ_SITES),
    ...forRoles(['PR', 'MG', 'SA'], READ_ALL),
  },
  stock_movements: {
    ...forRoles(['FD', 'CS', 'PR', 'LM', 'BUY'], READ_SITES),
    ...forRoles(['MG', 'SA'], READ_ALL),
  },
  count_sessions: {
    FD: { read: 'sites', create: 'sites', update: 'sites' },
    CS: { read: 'sites', create: 'sites', update: 'sites' },
    PR: READ_SITES,
    MG: { read: 'all', create: 'all', update: 'all', approve: 'all' },
    LM: { read: 'sites', create: 'sites', update: 'sites', approve: 'sites' },
    SA: READ_ALL,
  },
  count_lines: {
    FD: { read: 'sites', create: 'sites' },
    CS: { read: 'sites', create: 'sites' },
    PR: READ_SITES,
    MG: { read: 'all', create: 'all' },
    LM: { read: 'sites', create: 'sites' },
    SA: READ_ALL,
  },
  transitions: {
    LM: READ_SITES,
    ...forRoles(['MG', 'SA'], READ_ALL),
  },
  conflict_log: {
    LM: READ_SITES,
    ...forRoles(['MG', 'SA'], READ_ALL),
  },
  review_items: {
    LM: { read: 'sites', update: 'sites', approve: 'sites' },
    MG: { read: 'all', update: 'all', approve: 'all' },
    SA: READ_ALL,
  },
  audit_logs: {
    ...forRoles(['FD', 'CS', 'PR', 'AS', 'BUY', 'IT'], { read: 'own' }),
    ...forRoles(['LM'], READ_SITES),
    ...forRoles(['MG', 'SA', 'CO'], READ_ALL),
  },
};

/** One cell as a row, the form in which the database holds the matrix. */
export interface MatrixRow {
  readonly role: Role;
  readonly table: TableName;
  readonly operation: Operation;
  readonly reach: Reach;
  readonly only: { readonly field: string; readonly values: readonly string[] } | null;
}

const OPERATIONS: readonly Operation[] = ['read', 'create', 'update', 'approve'];

/** The whole matrix as rows, in a fixed order. */
export function matrixRows(): MatrixRow[] {
  return TABLE_NAMES.flatMap((table) =>
    (Object.entries(MATRIX[table]) as [Role, Cell][]).flatMap(([role, cell]) =>
      OPERATIONS.flatMap((operation) => {
        const reach = cell[operation];
        if (!reach) return [];
        const only = operation === 'create' ? (cell.createOnly ?? null) : null;
        return [{ role, table, operation, reach, only }];
      }),
    ),
  );
}

function forRoles(roles: readonly Role[], cell: Cell): Partial<Record<Role, Cell>> {
  return Object.fromEntries(roles.map((role) => [role, cell]));
}
