import { activeGrants, mayDo } from '#shared/access/rights.ts';
import type { Grant } from '#shared/access/rights.ts';
import type { Operation } from '#shared/access/cell.ts';
import { MATRIX } from '#shared/access/matrix.ts';
import type { GrantedRole } from '#shared/schema/roles.ts';
import type { Row } from '#shared/schema/define.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { endedGrants } from '#server/sync/access.ts';
import type { Access } from '#server/sync/ports.ts';
import type { Stored, StoreName } from './database.ts';

/** Where rights are read: a transaction, or one moment of the database. */
export interface Reading {
  read(table: StoreName, id: string): Stored | null;
  all(table: StoreName): readonly Stored[];
}

/** The grants of somebody that hold at a time; none for people who are not active. */
export function grantsOf(reading: Reading, userId: string, now: number): Grant[] {
  const user = reading.read('users', userId)?.row;
  return user?.['status'] === 'active' ? activeGrants(allGrantsOf(reading, userId), now) : [];
}

function allGrantsOf(reading: Reading, userId: string): Grant[] {
  const roles = reading
    .all('user_roles')
    .filter(({ row }) => row['user_id'] === userId)
    .map(({ row }) => grant(row, { locationId: row['location_id'] as string | null }));
  const parts = reading
    .all('eos_team_members')
    .filter(({ row }) => row['user_id'] === userId)
    .map(({ row }) =>
      grant(
        { ...row, valid_from: row['joined_at'], valid_to: row['left_at'] },
        { locationId: null, teamId: String(row['team_id']) },
      ),
    );
  return [...roles, ...parts];
}

const grant = (
  row: Readonly<Record<string, unknown>>,
  place: Pick<Grant, 'locationId' | 'teamId'>,
): Grant => ({
  role: row['role'] as GrantedRole,
  ...place,
  validFrom: Number(row['valid_from']),
  validTo: row['valid_to'] === null ? null : Number(row['valid_to']),
});

/** What the engine is told of a caller. */
export function accessOf(
  reading: Reading,
  userId: string,
  deviceId: string | null,
  now: number,
  epoch: string,
): Access | null {
  const user = reading.read('users', userId)?.row;
  if (!user) return null;
  const active = user['status'] === 'active';
  const device = deviceId === null ? null : reading.read('devices', deviceId);
  return {
    user: { displayName: String(user['display_name']), email: `${userId}@example.com` },
    grants: grantsOf(reading, userId, now),
    ended: endedGrants(allGrantsOf(reading, userId), now, active),
    active,
    deviceStatus: (device?.row['status'] ?? null) as Access['deviceStatus'],
    epoch,
  };
}

/** The policies of a table, which are the cells of the matrix. */
export class Policies {
  readonly #grants: readonly Grant[];
  readonly #userId: string;

  constructor(grants: readonly Grant[], userId: string) {
    this.#grants = grants;
    this.#userId = userId;
  }

  mayRead = (table: TableName, row: Row): boolean => this.#may(table, 'read', row);
  mayInsert = (table: TableName, row: Row): boolean =>
    this.#may(table, 'create', row) && row.created_by === this.#userId;
  /** A row as it was: what a change starts from. */
  mayChange = (table: TableName, row: Row): boolean =>
    this.mayRead(table, row) && this.#changes(table, row);

  /** A row as it becomes: its place must be theirs, its value may move on. */
  mayBecome(table: TableName, before: Row, after: Row): boolean {
    const kept: Record<string, unknown> = {};
    for (const cell of Object.values(MATRIX[table])) {
      for (const only of Object.values(cell.only ?? {})) kept[only.field] = before[only.field];
    }
    return this.#changes(table, { ...after, ...kept });
  }

  #changes(table: TableName, row: Row): boolean {
    return this.#may(table, 'update', row) || this.#may(table, 'approve', row);
  }

  #may(table: TableName, operation: Operation, row: Row): boolean {
    return mayDo(this.#grants, this.#userId, table, operation, row);
  }
}
