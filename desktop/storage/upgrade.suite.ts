import { fillWithDefaultSettings, getRxReplicationMetaInstanceSchema } from 'rxdb/plugins/core';
import { z } from 'zod';
import { int, json, text } from '#shared/schema/define.ts';
import type { Field, Row } from '#shared/schema/define.ts';
import type { Definitions, RowDefinition } from './definitions.ts';
import { instanceParams } from './fixtures.suite.ts';
import type { EncryptedDatabase } from './open-database.ts';
import type { SqliteStorageInstance } from './sqlite-storage-instance.ts';
import type { SqliteStorage, StoredDocument } from './storage-types.ts';

/** The kinds of fields that the tables of these tests have. */
const KINDS = {
  text: text({ phi: 'P0', merge: 'LWW', max: 200 }),
  nullable: text({ phi: 'P0', merge: 'LWW', max: 200, nullable: true }),
  int: int({ phi: 'P0', merge: 'LWW' }),
  json: json(z.unknown(), { phi: 'P0', merge: 'LWW' }),
} as const satisfies Record<string, Field<unknown>>;

const PROPERTIES = {
  text: { type: 'string', maxLength: 200 },
  nullable: { type: ['string', 'null'], maxLength: 200 },
  int: { type: 'integer', minimum: 0, maximum: 1_000_000, multipleOf: 1 },
  json: {},
} as const;

export type FieldKinds = Readonly<Record<string, keyof typeof KINDS>>;

/** One version of a table: its fields, and how rows of the version before become such. */
export interface Version {
  readonly fields: FieldKinds;
  readonly upgrade?: (row: Row) => Row;
  readonly indexes?: readonly string[];
}

/** The definitions of a build that knows some versions of some tables; the last is the present one. */
export function definitionsOf(
  tables: Readonly<Record<string, readonly Version[]>>,
  dropped: readonly string[] = [],
): Definitions {
  const known = new Map<string, RowDefinition>(
    Object.entries(tables).map(([name, versions]) => [
      name,
      {
        version: versions.length,
        fields: Object.fromEntries(
          Object.entries(versions.at(-1)?.fields ?? {}).map(([field, kind]) => [
            field,
            KINDS[kind],
          ]),
        ),
        upgrades: Object.fromEntries(
          versions.flatMap(({ upgrade }, at) => (upgrade ? [[at + 1, upgrade]] : [])),
        ),
      },
    ]),
  );
  return { of: (table) => known.get(table), dropped: new Set(dropped) };
}

/** The schema of a version, as RxDB hands it to the storage. */
export const schemaOf = ({ fields, indexes = [] }: Version) =>
  fillWithDefaultSettings<Record<string, unknown>>({
    version: 0,
    primaryKey: 'id',
    type: 'object',
    properties: {
      id: { type: 'string', maxLength: 40 },
      ...Object.fromEntries(Object.entries(fields).map(([name, kind]) => [name, PROPERTIES[kind]])),
    } as never,
    required: ['id', ...indexes],
    indexes: [...indexes],
  });

export interface OpenTable {
  readonly rows: SqliteStorageInstance<Record<string, unknown>>;
  readonly meta: SqliteStorageInstance<Record<string, unknown>>;
}

/** Opens a table and its meta rows as a build does that knows these versions of it. */
export async function openTable(
  storage: SqliteStorage,
  table: string,
  versions: readonly Version[],
): Promise<OpenTable> {
  const schema = schemaOf(versions.at(-1) ?? { fields: {} });
  const metaSchema = getRxReplicationMetaInstanceSchema(schema, false) as never;
  storage.prepareTables('test', [
    { collection: table, schema },
    { collection: `rx-meta-${table}`, schema: metaSchema },
  ]);
  return {
    rows: await storage.createStorageInstance(instanceParams(table, schema)),
    meta: await storage.createStorageInstance(instanceParams(`rx-meta-${table}`, metaSchema)),
  };
}

/** A meta row as the replication keeps it: the server is known to have this state. */
export const metaRow = (row: Record<string, unknown> & { id: string }): StoredDocument =>
  ({
    id: `${row.id}|0`,
    isCheckpoint: '0',
    itemId: row.id,
    docData: { _deleted: false, ...row },
    _deleted: false,
    _attachments: {},
    _rev: '1-meta',
    _meta: { lwt: 5 },
  }) as unknown as StoredDocument;

/** All that a file holds in its tables, the registry included, as comparable text by table. */
export function contentOf(database: EncryptedDatabase): Map<string, string> {
  const tables = database.read<{ name: string }>(
    "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by 1",
  );
  return new Map(
    tables.map(({ name }) => {
      // Whatever columns there are.
      const rows = database.read(`select * from "${name.replaceAll('"', '""')}" order by 1, 2`);
      return [name, JSON.stringify(rows)];
    }),
  );
}
