import { TABLE_NAMES, tableOf } from './tables.ts';
import type { TableName } from './tables.ts';

/**
 * How long rows are kept. Each table says its years (`retentionYears`) and what keeps a row longer
 * (`stays`); the database has the same as rows of `private.retention_rules` and is the only judge
 * (`private.may_go`): `npm run check:schema` compares both.
 */

/** What is about a patient stays until they are so old, at least. */
export const MINORS_UNTIL_AGE = 25;

/**
 * Rows that were taken back go after so many days: longer than any device can be away and still be told
 * of what left (85 days). What is about a patient stays its years, taken back or not. Nothing at all
 * goes earlier, so a row that is younger and not there was never removed.
 */
export const TAKEN_BACK_DAYS = 180;
export const KEPT_AT_LEAST_MS = TAKEN_BACK_DAYS * 86_400_000;

/** Columns that name a row of any table, where no key of the database does. */
interface NamedRow {
  readonly table: string;
  readonly id: string;
}
const NAMED_ROWS: Readonly<Partial<Record<TableName, NamedRow>>> = {
  file_uploads: { table: 'owner_table', id: 'owner_id' },
  review_decisions: { table: 'table_name', id: 'row_id' },
  notifications: { table: 'ref_table', id: 'ref_id' },
  issues: { table: 'source_table', id: 'source_id' },
  todos: { table: 'origin_table', id: 'origin_id' },
  comments: { table: 'about_table', id: 'about_id' },
  text_redactions: { table: 'about_table', id: 'about_id' },
  transitions: { table: 'table_name', id: 'row_id' },
  conflict_log: { table: 'table_name', id: 'row_id' },
  review_items: { table: 'table_name', id: 'row_id' },
};

/** The rule of one table, as `private.retention_rules` has it. */
export interface RetentionRule {
  readonly table_name: TableName;
  /** Null: for ever. */
  readonly years: number | null;
  readonly until_field: string | null;
  readonly until_values: readonly string[] | null;
  readonly ends_field: string | null;
  readonly not_before_field: string | null;
  readonly with_column: string | null;
  /** Null where `with_column` is one of the named row. */
  readonly with_table: string | null;
  readonly while_table: string | null;
  readonly while_column: string | null;
  readonly reckoned: true | null;
  /** Column with the patient that a row is about. */
  readonly patient_column: string | null;
  readonly named_table_column: string | null;
  readonly named_id_column: string | null;
  readonly window_subject: string | null;
  readonly window_column: string | null;
  /** A projection goes when the row of the same id in this table has gone. */
  readonly source_table: string | null;
}

export function retentionRule(table: TableName): RetentionRule {
  const { retentionYears: years, stays, fields, window, projectionOf } = tableOf(table);
  const named = NAMED_ROWS[table];
  const follows = stays?.with ?? null;
  const whileTable = (stays?.while ?? null) as TableName | null;
  const source = projectionOf === null ? null : tableOf(projectionOf as TableName);
  // One that is kept for less than its row goes by its own time.
  const goesWithSource = source !== null && (source.retentionYears ?? Infinity) <= (years ?? 0);
  return {
    table_name: table,
    years,
    until_field: stays?.until?.field ?? null,
    until_values: stays?.until?.is ?? null,
    ends_field: stays?.ends ?? null,
    not_before_field: stays?.notBefore ?? null,
    with_column: follows,
    with_table: follows === null ? null : (fields[follows]?.references ?? null),
    while_table: whileTable,
    while_column: whileTable === null ? null : columnTo(whileTable, table),
    reckoned: stays?.reckoned ? true : null,
    patient_column: table === 'patients' ? 'id' : columnTo(table, 'patients'),
    named_table_column: named?.table ?? null,
    named_id_column: named?.id ?? null,
    window_subject: window?.subject ?? null,
    window_column: window?.column ?? null,
    source_table: goesWithSource ? projectionOf : null,
  };
}

export const RETENTION_RULES: readonly RetentionRule[] = TABLE_NAMES.map(retentionRule);

/**
 * Tables whose rows go in time, children first: a row goes only when nothing that stays names it.
 * Projections right behind the rows that they repeat.
 */
export const REMOVAL_ORDER: readonly TableName[] = TABLE_NAMES.filter(
  (table) => tableOf(table).projectionOf === null,
)
  .toReversed()
  .flatMap((table) => [table, ...projectionsOf(table)])
  .filter((table) => tableOf(table).retentionYears !== null);

/** Tables that repeat a part of the rows of this one, and go with them where they are kept as long. */
export function projectionsOf(table: TableName): TableName[] {
  return TABLE_NAMES.filter((name) => tableOf(name).projectionOf === table);
}

/** Tables whose rows refer to rows of the same table: each pass can free others. */
export const refersToItself = (table: TableName): boolean =>
  Object.values(tableOf(table).fields).some(({ references }) => references === table);

/** The column by which rows of one table refer to those of another, or null. */
function columnTo(table: TableName, parent: TableName): string | null {
  const found = Object.entries(tableOf(table).fields).find(
    ([, { references }]) => references === parent,
  );
  return found?.[0] ?? null;
}
