import { z } from 'zod';
import { canonicalJson } from '#shared/kernel/json.ts';
import { definitionAt, tablesAt } from '#shared/schema/older.ts';
import { rowSchema, rowSchemaOf } from '#shared/schema/rows.ts';
import { TABLE_NAMES } from '#shared/schema/tables.ts';
import * as audit from './audit.ts';
import * as files from './files.ts';
import * as messages from './messages.ts';
import * as presence from './presence.ts';

/** All that crosses the wire: every message, and the rows of every table. */
export function wireSchemas(): Readonly<Record<string, z.ZodType>> {
  const named: Record<string, z.ZodType> = {};
  for (const [name, schema] of Object.entries<unknown>({
    ...messages,
    ...presence,
    ...files,
    ...audit,
  })) {
    if (schema instanceof z.ZodType) named[name] = schema;
  }
  for (const table of TABLE_NAMES) named[`row ${table}`] = rowSchema(table);
  return named;
}

/**
 * One short hash a message and table, so that a change of the wire names what changed.
 * @param hash SHA-256 of a text, lower-case hex
 */
export function wireDigests(hash: (text: string) => string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(wireSchemas()).map(([name, schema]) => [name, digestOf(schema, hash)]),
  );
}

/** The rows of every table as a version has them, reckoned back from this build by its history. */
export function rowDigestsAt(
  version: number,
  hash: (text: string) => string,
): Record<string, string> {
  return Object.fromEntries(
    tablesAt(version).flatMap((table) => {
      const definition = definitionAt(table, version);
      return definition ? [[`row ${table}`, digestOf(rowSchemaOf(definition), hash)]] : [];
    }),
  );
}

const digestOf = (schema: z.ZodType, hash: (text: string) => string): string =>
  hash(canonicalJson(z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }))).slice(0, 16);
