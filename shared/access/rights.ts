import type { Role } from '#shared/schema/roles.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { MATRIX } from './matrix.ts';
import type { Operation } from './matrix.ts';

/** A role that a person holds at one site (or, with null, at all sites) for a time. */
export interface Grant {
  readonly role: Role;
  readonly locationId: string | null;
  /** Milliseconds since the Unix epoch. */
  readonly validFrom: number;
  readonly validTo: number | null;
}

/** What somebody may do with a table at a given time. */
export interface Rights {
  readonly all: boolean;
  readonly locations: ReadonlySet<string>;
  readonly own: boolean;
}

/** Only the grants that hold at an instant; an expired grant gives nothing. */
export function activeGrants(grants: readonly Grant[], now: number): Grant[] {
  return grants.filter((g) => g.validFrom <= now && (g.validTo === null || now < g.validTo));
}

/** The union of what all active grants allow. Pass active grants only. */
export function rightsOf(
  grants: readonly Grant[],
  table: TableName,
  operation: Operation,
  row?: Readonly<Record<string, unknown>>,
): Rights {
  const locations = new Set<string>();
  let all = false;
  let own = false;
  for (const { role, locationId } of grants) {
    const cell = MATRIX[table][role];
    const reach = cell?.[operation];
    if (!reach) continue;
    const only = operation === 'create' ? cell.createOnly : undefined;
    if (only && row && !only.values.includes(String(row[only.field]))) continue;
    if (reach === 'own') own = true;
    else if (reach === 'all' || locationId === null) all = true;
    else locations.add(locationId);
  }
  return { all, locations, own };
}

/** True when the grants allow the operation on this row. `userId` decides what is one's own. */
export function mayDo(
  grants: readonly Grant[],
  userId: string,
  table: TableName,
  operation: Operation,
  row: Readonly<Record<string, unknown>>,
): boolean {
  const rights = rightsOf(grants, table, operation, row);
  if (rights.all) return true;
  const { scope } = tableOf(table);
  if (scope.kind === 'org') return rights.locations.size > 0;
  if (scope.kind === 'location-or-own' && row[scope.own] === userId) {
    if (rights.own || rights.locations.size > 0) return true;
  }
  const location = locationOf(row, scope.column);
  return location === null ? rights.locations.size > 0 : rights.locations.has(location);
}

/**
 * Names of the parts of a table that somebody replicates: `org` for rows of no site, `loc:<id>` for a
 * site, `own:<user>` for a person's own rows, `all` for everything.
 */
export function replicaScopes(
  grants: readonly Grant[],
  userId: string,
  table: TableName,
): string[] {
  const { all, locations, own } = rightsOf(grants, table, 'read');
  if (all) return ['all'];
  const { scope } = tableOf(table);
  const scopes: string[] = [];
  if (locations.size > 0) {
    scopes.push('org');
    if (scope.kind !== 'org') for (const id of [...locations].toSorted()) scopes.push(`loc:${id}`);
  }
  if (scope.kind === 'location-or-own' && (own || locations.size > 0)) scopes.push(`own:${userId}`);
  return scopes;
}

/** True when a row belongs to a named part of its table. */
export function inScope(
  table: TableName,
  scopeName: string,
  row: Readonly<Record<string, unknown>>,
): boolean {
  if (scopeName === 'all') return true;
  const { scope } = tableOf(table);
  if (scope.kind === 'org') return scopeName === 'org';
  if (scopeName.startsWith('own:')) {
    return scope.kind === 'location-or-own' && row[scope.own] === scopeName.slice(4);
  }
  const location = locationOf(row, scope.column);
  return location === null ? scopeName === 'org' : scopeName === `loc:${location}`;
}

function locationOf(row: Readonly<Record<string, unknown>>, column: string): string | null {
  const location = row[column];
  return typeof location === 'string' ? location : null;
}
