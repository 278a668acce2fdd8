import { isTableName, tableOf } from '#shared/schema/tables.ts';
import type { Definitions } from './definitions.ts';

/**
 * Tables that were dropped from the suite. A name that once was here stays here for good: by it a
 * table that is gone is told from one that a newer build has made.
 */
const DROPPED: readonly string[] = [];

/** The tables of the suite, as this build knows them. */
export const SUITE_DEFINITIONS: Definitions = {
  of: (table) => (isTableName(table) ? tableOf(table) : undefined),
  dropped: new Set(DROPPED),
};
