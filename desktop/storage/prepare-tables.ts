import { AppError } from '#shared/errors/app-error.ts';
import { canonicalJson } from '#shared/kernel/json.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { createColumnFacts } from './column-facts.ts';
import type { ColumnFacts } from './column-facts.ts';
import { tableBehind, upgradeRow } from './definitions.ts';
import type { Definitions } from './definitions.ts';
import type { EncryptedDatabase } from './open-database.ts';
import { rebuildTable, storedRow } from './rebuild-table.ts';
import type { PlainRow, StorageHooks, UpgradeProgress, WantedTable } from './storage-types.ts';
import { hasNestedIndex, layoutOf, quoted } from './table-layout.ts';
import type { TableLayout, TableSchema } from './table-layout.ts';
import { insertRegistryRow, readRegistry, updateRegistryRow } from './table-registry.ts';
import type { RegistryRow } from './table-registry.ts';
import { newerFile } from './upgrade-errors.ts';

export interface PrepareTables {
  readonly database: EncryptedDatabase;
  readonly databaseName: string;
  readonly wanted: readonly WantedTable[];
  readonly definitions: Definitions;
  readonly hooks: StorageHooks;
  readonly log: Logger;
  readonly onProgress: (progress: UpgradeProgress) => void;
}

/** A table as this build wants it, and as the file has it. */
interface Plan {
  readonly schema: TableSchema;
  readonly known: RegistryRow | undefined;
  readonly wanted: RegistryRow;
  /** True when the table has all the columns that this build gives to its schema. */
  readonly hasColumns: boolean;
}

/**
 * Makes the tables of collections where there are none, and brings those of an older build up to
 * this one: rows go through the upgrades of their definition, nullable fields that are new become
 * null, columns and indexes are built anew. `seq`, origin, `_rev` and `_meta` of a row stay, so that
 * what waits for the server still waits and nothing looks like an edit.
 *
 * New tables are made in one transaction. Each upgraded table is one of its own: whatever happens in
 * between, it is as it was or as it should be, and the next opening goes on from there.
 * @throws AppError STORE_NEWER, before anything is touched; INTERNAL when a table belongs to
 *   another database name or RxDB version; STORE_UPGRADE_FAILED when a row cannot be upgraded
 */
export function prepareTables(options: PrepareTables): void {
  const { database, wanted } = options;
  const registry = readRegistry(database);
  const plans = wanted
    .map((table) => planOf(options, table, registry))
    .filter((plan) => !isReady(plan));
  const missing = plans.filter(({ known }) => known === undefined);
  if (missing.length > 0) {
    const make = (): void => {
      for (const { wanted: row, schema } of missing) {
        for (const sql of layoutOf(row.name, schema).createStatements) database.exec(sql);
        insertRegistryRow(database, row);
      }
    };
    database.unsynced(() => database.transaction(make));
  }
  upgradeTables(
    options,
    plans.flatMap(({ known, ...plan }) => (known ? [{ known, ...plan }] : [])),
  );
}

function planOf(
  { database, databaseName, definitions }: PrepareTables,
  { collection, schema }: WantedTable,
  registry: ReadonlyMap<string, RegistryRow>,
): Plan {
  const known = registry.get(collection);
  const wanted: RegistryRow = {
    name: collection,
    database_name: databaseName,
    schema_json: canonicalJson(schema),
    version: schema.version,
    definition: definitions.of(tableBehind(collection).table)?.version ?? 1,
  };
  if (known && known.database_name !== databaseName) {
    throw new AppError('INTERNAL', { reason: 'table of another database name', collection });
  }
  if (known && known.version !== wanted.version) {
    const versions = { has: known.version, wants: wanted.version };
    throw new AppError('INTERNAL', { reason: 'table of another version', collection, ...versions });
  }
  if (known && known.definition > wanted.definition) {
    const versions = { has: known.definition, wants: wanted.definition };
    throw newerFile({ table: collection, ...versions });
  }
  const hasColumns = known === undefined || hasAllColumns(database, collection, schema);
  const plan = { schema, known, wanted, hasColumns };
  if (known && !isReady(plan)) refuseLostFields(known, wanted, schema, definitions);
  return plan;
}

/**
 * A field goes only with a new version of its definition, so a field that is not known here was
 * added by a newer build.
 */
function refuseLostFields(
  known: RegistryRow,
  wanted: RegistryRow,
  schema: TableSchema,
  definitions: Definitions,
): void {
  if (known.definition !== wanted.definition || !definitions.of(known.name)) return;
  const { properties } = JSON.parse(known.schema_json) as TableSchema;
  const fields = Object.keys(properties).filter(
    (field) => !Object.hasOwn(schema.properties, field),
  );
  if (fields.length > 0) throw newerFile({ table: known.name, fields });
}

/** A build before nested indexes left a table without their columns; its schema is the same. */
function hasAllColumns(database: EncryptedDatabase, name: string, schema: TableSchema): boolean {
  if (!hasNestedIndex(schema)) return true;
  const sql = 'select name from pragma_table_info(?)';
  const columns = new Set(
    database.read<{ name: string }>(sql, [name]).map((column) => quoted(column.name)),
  );
  return layoutOf(name, schema).columns.every((column) => columns.has(column.sql));
}

const isReady = ({ known, wanted, hasColumns }: Plan): boolean =>
  known?.schema_json === wanted.schema_json && known.definition === wanted.definition && hasColumns;

type Upgradable = Plan & { readonly known: RegistryRow };

function upgradeTables(options: PrepareTables, plans: readonly Upgradable[]): void {
  const { database, onProgress, log } = options;
  const total = plans.reduce((sum, { known }) => sum + rowsIn(database, known.name), 0);
  let done = 0;
  for (const plan of plans) {
    const { known, wanted } = plan;
    const collection = known.name;
    const before = done;
    database.transaction(() =>
      upgradeTable(options, plan, (rows) => {
        done = before + rows;
        onProgress({ collection, done, total });
      }),
    );
    log.info('table upgraded', { collection, from: known.definition, to: wanted.definition });
  }
}

function upgradeTable(
  { database, definitions, hooks }: PrepareTables,
  { schema, known, wanted }: Upgradable,
  onRows: (rows: number) => void,
): void {
  const layout = layoutOf(known.name, schema);
  const from = known.definition;
  const { table, meta } = tableBehind(layout.name);
  const definition = definitions.of(table);
  const upgrade = definition && ((row: PlainRow) => upgradeRow(table, definition, from, row));
  if (upgrade && !meta) {
    const find = (id: string): PlainRow | undefined => storedRow(database, layout, id);
    hooks.onUpgrade?.({ table, upgrade, find });
  }
  const facts = factsOf(layout);
  const oldSchema = JSON.parse(known.schema_json) as TableSchema;
  const rewrite = upgrade && (meta ? inMeta(upgrade) : inDocument(upgrade));
  rebuildTable({ database, layout, oldSchema, facts, rewrite, onRows });
  updateRegistryRow(database, { ...wanted, facts: facts.save() });
}

/** Facts of a table's columns, none known yet. */
export function factsOf(layout: TableLayout): ColumnFacts {
  const { name: collection, byField, columns, primaryPath } = layout;
  const id = byField.get(primaryPath);
  if (!id) throw new AppError('INTERNAL', { reason: 'no primary key', collection });
  return createColumnFacts(columns, id);
}

type Upgrade = (row: PlainRow) => PlainRow;

/**
 * A document with its own fields upgraded and those of RxDB as they were. A deleted one stays as it
 * is: nobody reads its fields any more, and often it has none but the id.
 */
const inDocument =
  (upgrade: Upgrade): Upgrade =>
  (document) => {
    if (document['_deleted'] === true) return document;
    const row: Record<string, unknown> = {};
    const internal: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(document)) {
      (key.startsWith('_') ? internal : row)[key] = value;
    }
    return { ...upgrade(row), ...internal };
  };

/** A meta row with the copy in it upgraded; checkpoints hold none. */
const inMeta = (upgrade: Upgrade): Upgrade => {
  const ofDocument = inDocument(upgrade);
  return (meta) => {
    const copy = meta['docData'];
    if (typeof copy !== 'object' || copy === null || meta['isCheckpoint'] !== '0') return meta;
    return { ...meta, docData: ofDocument(copy as PlainRow) };
  };
};

function rowsIn(database: EncryptedDatabase, table: string): number {
  const sql = `select count(*) as n from ${quoted(table)}`;
  return database.read<{ n: number }>(sql)[0]?.n ?? 0;
}
