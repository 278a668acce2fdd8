import type { Row, TableDefinition } from '#shared/schema/define.ts';
import type { PlainRow } from './storage-types.ts';
import { upgradeFailed } from './upgrade-errors.ts';

/** What the storage reads of the definition of a table. */
export type RowDefinition = Pick<TableDefinition, 'version' | 'upgrades' | 'fields'>;

/** The tables as this build knows them. */
export interface Definitions {
  /** Undefined for a collection whose rows have no definition: nothing of it is ever rewritten. */
  of(table: string): RowDefinition | undefined;
  /** Tables that the suite had once and has no more. */
  readonly dropped: ReadonlySet<string>;
}

/** Of a storage whose rows nobody but RxDB's own migrations ever rewrites. */
export const NO_DEFINITIONS: Definitions = { of: () => undefined, dropped: new Set() };

/** Start of the names of collections with the replication's meta rows, which copy whole rows. */
const META_PREFIX = 'rx-meta-';

/** The collection of a table's meta rows. */
export const metaOf = (table: string): string => META_PREFIX + table;

/** The table whose rows a collection holds, and whether it holds them as copies in meta rows. */
export function tableBehind(collection: string): {
  readonly table: string;
  readonly meta: boolean;
} {
  const meta = collection.startsWith(META_PREFIX);
  return { table: meta ? collection.slice(META_PREFIX.length) : collection, meta };
}

/**
 * A row of an older version as one of the present version: through all steps in between, and with
 * null where a nullable field is new, so that nobody has to tell an absent value from null.
 * @throws AppError STORE_UPGRADE_FAILED when a step throws or changes the id
 */
export function upgradeRow(table: string, definition: RowDefinition, from: number, row: PlainRow) {
  const { version, upgrades, fields } = definition;
  let next = row as Row;
  try {
    for (let to = from + 1; to <= version; to += 1) next = upgrades[to]?.(next) ?? next;
  } catch (error) {
    throw upgradeFailed({ table, from, to: version }, error);
  }
  if (next.id !== row['id']) throw upgradeFailed({ table, from, to: version, field: 'id' });
  const filled: Record<string, unknown> = { ...next };
  for (const [name, { nullable, onDevice }] of Object.entries(fields)) {
    if (nullable && onDevice && filled[name] === undefined) filled[name] = null;
  }
  return filled;
}
