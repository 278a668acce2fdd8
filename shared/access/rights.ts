import { isWindowPart } from '#shared/schema/window-parts.ts';
import { TEAM_ROLES } from '#shared/schema/roles.ts';
import type { GrantedRole } from '#shared/schema/roles.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { MATRIX } from './matrix.ts';
import type { Operation } from './cell.ts';
import { REPLICA_WINDOWS } from './windows.ts';

/**
 * A role that a person holds at one site (or, with null, at all sites) for a time; or the part that
 * they have in one team.
 */
export interface Grant {
  readonly role: GrantedRole;
  readonly locationId: string | null;
  /** Set for what follows from being a member of a team, and for nothing else. */
  readonly teamId?: string | null | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly validFrom: number;
  readonly validTo: number | null;
}

/** What somebody may do with a table at a given time. */
export interface Rights {
  readonly all: boolean;
  readonly locations: ReadonlySet<string>;
  readonly teams: ReadonlySet<string>;
  /** True when the operation is theirs at all, so that they have it on their own rows. */
  readonly own: boolean;
}

type AnyRow = Readonly<Record<string, unknown>>;
const OF_TEAMS: ReadonlySet<string> = new Set(TEAM_ROLES);

/** Only the grants that hold at an instant; an expired grant gives nothing. */
export function activeGrants(grants: readonly Grant[], now: number): Grant[] {
  return grants.filter((g) => g.validFrom <= now && (g.validTo === null || now < g.validTo));
}

/**
 * The union of what all active grants allow. Pass active grants only. Without a row, rights that
 * hold for some values of a field count as held.
 */
export function rightsOf(
  grants: readonly Grant[],
  table: TableName,
  operation: Operation,
  row?: AnyRow,
): Rights {
  const locations = new Set<string>();
  const teams = new Set<string>();
  let all = false;
  let own = false;
  for (const grant of grants) {
    const cell = cellOf(grant, table);
    const reach = cell?.[operation];
    if (!reach) continue;
    const only = cell.only?.[operation];
    // To see what is one's own no value matters; to make or change it, it does.
    if (!only || operation === 'read' || operation === 'metadata') own = true;
    if (only && row && !only.values.includes(String(row[only.field]))) continue;
    if (reach === 'team') {
      if (grant.teamId) teams.add(grant.teamId);
    } else if (reach === 'all' || (reach === 'sites' && grant.locationId === null)) all = true;
    else if (reach === 'sites' && grant.locationId) locations.add(grant.locationId);
  }
  return { all, locations, teams, own };
}

/** What a grant says about a table. The part in a team counts in that team, a role everywhere else. */
function cellOf(grant: Grant, table: TableName) {
  const inTeam = grant.teamId !== undefined && grant.teamId !== null;
  if (OF_TEAMS.has(grant.role) !== inTeam) return undefined;
  return MATRIX[table][grant.role];
}

/** True when the grants allow the operation on this row. `userId` decides what is one's own. */
export function mayDo(
  grants: readonly Grant[],
  userId: string,
  table: TableName,
  operation: Operation,
  row: AnyRow,
): boolean {
  const rights = rightsOf(grants, table, operation, row);
  if (rights.all) return true;
  const { scope } = tableOf(table);
  if (scope.own !== undefined && row[scope.own] === userId && rights.own) return true;
  if (isUnscoped(table)) return rights.locations.size > 0;
  if (scope.team !== undefined && rights.teams.has(String(row[scope.team]))) return true;
  if (scope.sites !== undefined)
    return sitesOf(row, scope.sites).some((s) => rights.locations.has(s));
  if (scope.location === undefined) return false;
  const location = textOf(row, scope.location);
  if (location !== null) return rights.locations.has(location);
  if (scope.everywhere && operation !== 'read' && operation !== 'metadata') return false;
  // What belongs to no site belongs to whoever has any; what belongs to a team does not.
  return scope.team === undefined && rights.locations.size > 0;
}

/** True for a table whose rows belong to the whole organization (and, maybe, to one person). */
export function isUnscoped(table: TableName): boolean {
  const { location, sites, team } = tableOf(table).scope;
  return (location ?? sites ?? team) === undefined;
}

/**
 * Names of the parts of a table that somebody replicates: `org` for rows of no site, `loc:<id>` for a
 * site, `team:<id>` for a team, `own:<user>` for a person's own rows, `all` for everything;
 * `day:<site>` and `care:<site>` for rows about the patients who come there these days.
 */
export function replicaScopes(
  grants: readonly Grant[],
  userId: string,
  table: TableName,
): string[] {
  const { scope, window, fields } = tableOf(table);
  const scopes = new Set<string>();
  let held = grants;
  if (window) {
    for (const part of windowParts(grants, table)) scopes.add(part);
    if (fields[window.column]?.nullable !== true) return [...scopes].toSorted();
    held = grants.filter(({ role }) => REPLICA_WINDOWS[role] !== undefined);
  }
  const { all, locations, teams, own } = rightsOf(held, table, 'read');
  if (all) return [...scopes, 'all'].toSorted();
  if (locations.size > 0 && (isUnscoped(table) || mayBeOfNoSite(table))) scopes.add('org');
  if (scope.location !== undefined || scope.sites !== undefined) {
    for (const id of locations) scopes.add(`loc:${id}`);
  }
  if (scope.team !== undefined) for (const id of teams) scopes.add(`team:${id}`);
  if (scope.own !== undefined && own) scopes.add(`own:${userId}`);
  return [...scopes].toSorted();
}

function windowParts(grants: readonly Grant[], table: TableName): string[] {
  return grants.flatMap((grant) => {
    const reach = cellOf(grant, table)?.read;
    const window = REPLICA_WINDOWS[grant.role];
    if (window === undefined || (reach !== 'all' && reach !== 'sites')) return [];
    const site = reach === 'all' ? null : grant.locationId;
    return [`${window}:${site ?? '*'}`];
  });
}

/** True when rows of no site belong to whoever has any site. */
function mayBeOfNoSite(table: TableName): boolean {
  const { scope, fields } = tableOf(table);
  if (scope.location === undefined || scope.team !== undefined) return false;
  return fields[scope.location]?.nullable === true;
}

/**
 * True when a row belongs to a named part of its table. Which rows a window holds only the server
 * knows: every row with a subject may be one of them.
 */
export function inScope(table: TableName, part: string, row: AnyRow): boolean {
  const { scope, window } = tableOf(table);
  if (window) {
    const hasSubject = textOf(row, window.column) !== null;
    if (hasSubject || isWindowPart(part)) return hasSubject && isWindowPart(part);
  }
  if (part === 'all') return true;
  const id = part.slice(part.indexOf(':') + 1);
  if (part.startsWith('own:')) return scope.own !== undefined && row[scope.own] === id;
  if (part.startsWith('team:')) return scope.team !== undefined && row[scope.team] === id;
  if (isUnscoped(table)) return part === 'org';
  if (scope.sites !== undefined)
    return part === `loc:${id}` && sitesOf(row, scope.sites).includes(id);
  if (scope.location === undefined) return false;
  const location = textOf(row, scope.location);
  return location === null ? part === 'org' && mayBeOfNoSite(table) : part === `loc:${location}`;
}

function textOf(row: AnyRow, column: string): string | null {
  const value = row[column];
  return typeof value === 'string' ? value : null;
}

function sitesOf(row: AnyRow, column: string): string[] {
  const value = row[column];
  return Array.isArray(value) ? value.map(String) : [];
}
