import { z } from 'zod';

/**
 * Protected-health-information class of a field.
 * P0 none · P1 identifies or schedules a patient · P2 clinical, insurance or financial detail ·
 * P3 secret, never on a device in clear · PII personal data of staff.
 */
export type PhiClass = 'P0' | 'P1' | 'P2' | 'P3' | 'PII';

/**
 * How two states of a field become one.
 * AO set once, never changed · LWW the later stamp wins, the loser stays readable in conflict_log ·
 * HR as LWW for the time being, and a person decides between both values · SM a step of a state
 * machine, judged by the server · CEN written by the server only.
 */
export type MergeRule = 'AO' | 'LWW' | 'HR' | 'SM' | 'CEN';

/** What a column holds; decides the SQL type on both sides and the conversion between them. */
export type FieldKind =
  | 'uuid'
  | 'text'
  | 'enum'
  | 'int'
  | 'quantity'
  | 'cents'
  | 'instant'
  | 'date'
  | 'bool'
  | 'json';

export interface FieldOptions {
  readonly phi: PhiClass;
  readonly merge: MergeRule;
  readonly nullable?: boolean;
  /** Table that the id in this field refers to. */
  readonly references?: string;
  /** False: the field stays on the server. Required false for P3. */
  readonly onDevice?: boolean;
}

export interface Field<out T> {
  readonly kind: FieldKind;
  readonly zod: z.ZodType;
  /** Never set: carries the type of the value to `RowOf`. */
  readonly type?: T;
  readonly phi: PhiClass;
  readonly merge: MergeRule;
  readonly nullable: boolean;
  readonly references: string | null;
  readonly onDevice: boolean;
  /** Longest text in characters, where the kind has a length. */
  readonly maxLength: number | null;
  readonly values: readonly string[] | null;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;

/**
 * record: mutable, merged field by field · fact: append-only, made on devices · central: written by
 * the server only · log: append-only, written by the server only.
 */
export type TableKind = 'record' | 'fact' | 'central' | 'log';

/**
 * How a row belongs to somebody. A row whose scope column is null belongs to the whole organization.
 */
export type Scope =
  | { readonly kind: 'org' }
  | { readonly kind: 'location'; readonly column: string }
  /** Rows of a site, and beside them the rows of one user wherever they are. */
  | { readonly kind: 'location-or-own'; readonly column: string; readonly own: string };

/** One row that an act document stands for, in another table. */
export interface ExpandedRow {
  readonly table: string;
  readonly row: Readonly<Record<string, unknown>> & { readonly id: string };
}

export interface TableDefinition<N extends string = string, F extends Fields = Fields> {
  readonly name: N;
  readonly kind: TableKind;
  readonly scope: Scope;
  readonly fields: F;
  /** Indexes over fields (not nullable ones), beside the primary key. */
  readonly indexes: readonly (readonly string[])[];
  /** Sets of columns that must be unique; a null counts as a value of its own. */
  readonly unique: readonly (readonly string[])[];
  /** Years that a row is kept after its last change; null keeps it for ever. */
  readonly retentionYears: number | null;
  /** Lower comes first when a device syncs: what today's work needs comes before history. */
  readonly priority: number;
  /** Rows come into being only by expansion of an act; devices and users never insert them. */
  readonly expandedFrom: string | null;
  /** For act documents: the rows that the act stands for. Pure; ids are derived from the act. */
  readonly expand: ((act: Row) => readonly ExpandedRow[]) | null;
  /** The field that follows a state machine and the machine's name. */
  readonly machine: { readonly field: string; readonly name: string } | null;
}

/** Columns that tables carry beside their own fields. They are set by the store and the server. */
export interface SystemColumns {
  id: string;
  /** Milliseconds since the Unix epoch. */
  created_at: number;
  created_by: string | null;
  device_id: string | null;
  /** Records: field → stamp of its last change. */
  field_hlc?: Record<string, string>;
  /** Facts: stamp of the moment it happened. */
  hlc?: string;
  /** Facts: number of the fact on its device. */
  origin_seq?: number | null;
}

export type Row = Record<string, unknown> & SystemColumns;

export type ValuesOf<F extends Fields> = {
  [K in keyof F]: F[K] extends Field<infer T> ? T : never;
};

/** A whole row of a table as devices and the wire carry it. */
export type RowOf<D extends TableDefinition> = ValuesOf<D['fields']> & SystemColumns;

type Made<O extends FieldOptions, T> = O extends { readonly nullable: true }
  ? Field<T | null>
  : Field<T>;

function make<O extends FieldOptions, T>(
  kind: FieldKind,
  type: z.ZodType<T>,
  o: O,
  extra: { maxLength?: number; values?: readonly string[] } = {},
): Made<O, T> {
  const nullable = o.nullable === true;
  const field: Field<unknown> = {
    kind,
    zod: nullable ? type.nullable() : type,
    phi: o.phi,
    merge: o.merge,
    nullable,
    references: o.references ?? null,
    onDevice: o.onDevice ?? o.phi !== 'P3',
    maxLength: extra.maxLength ?? null,
    values: extra.values ?? null,
  };
  return field as Made<O, T>;
}

/** Text that a person can read: no control characters but line breaks and tabs, no broken UTF-16. */
// oxlint-disable-next-line no-control-regex -- the point of the pattern is to find them
const UNREADABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
export const readable = (max: number): z.ZodType<string> =>
  z
    .string()
    .max(max)
    .refine((s) => !UNREADABLE.test(s) && s.isWellFormed(), 'contains unreadable characters');

export const uuid = <const O extends FieldOptions>(o: O) =>
  make('uuid', z.guid().toLowerCase() as z.ZodType<string>, o, { maxLength: 36 });
export const text = <const O extends FieldOptions & { max: number; min?: number }>(o: O) =>
  make(
    'text',
    readable(o.max).refine((s) => s.trim().length >= (o.min ?? 0), 'is too short'),
    o,
    {
      maxLength: o.max,
    },
  );
export const oneOf = <const V extends readonly [string, ...string[]], const O extends FieldOptions>(
  values: V,
  o: O,
) =>
  make('enum', z.enum(values) as unknown as z.ZodType<V[number]>, o, {
    maxLength: Math.max(...values.map((v) => v.length)),
    values,
  });
export const int = <const O extends FieldOptions & { min?: number; max?: number }>(o: O) =>
  make(
    'int',
    z
      .int()
      .min(o.min ?? 0)
      .max(o.max ?? 2_000_000_000),
    o,
  );
/** Integer of 1/10,000 base unit. */
export const quantity = <const O extends FieldOptions & { min?: number }>(o: O) =>
  make(
    'quantity',
    z
      .int()
      .min(o.min ?? -100_000_000_000)
      .max(100_000_000_000),
    o,
  );
export const cents = <const O extends FieldOptions & { min?: number }>(o: O) =>
  make(
    'cents',
    z
      .int()
      .min(o.min ?? 0)
      .max(100_000_000_000),
    o,
  );
/** Milliseconds since the Unix epoch, between the years 2000 and 2200. */
export const instant = <const O extends FieldOptions>(o: O) =>
  make('instant', z.int().min(946_684_800_000).max(7_258_118_400_000), o);
/** A calendar date that exists. */
export const date = <const O extends FieldOptions>(o: O) =>
  make('date', z.iso.date().refine(isCalendarDate, 'is not a date of the calendar'), o, {
    maxLength: 10,
  });
export const bool = <const O extends FieldOptions>(o: O) => make('bool', z.boolean(), o);
export const json = <T, const O extends FieldOptions>(type: z.ZodType<T>, o: O) =>
  make('json', type, o);

function isCalendarDate(value: string): boolean {
  const parsed = new Date(`${value}T00:00:00.000Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(value);
}

/** Declares a table. All that is known of a table is derived from this one value. */
export function defineTable<const N extends string, const F extends Fields>(definition: {
  name: N;
  kind: TableKind;
  scope: Scope;
  fields: F;
  indexes?: readonly (readonly (keyof F & string)[])[];
  unique?: readonly (readonly ((keyof F | keyof SystemColumns) & string)[])[];
  retentionYears: number | null;
  priority: number;
  expandedFrom?: string;
  expand?: (act: Row) => readonly ExpandedRow[];
  machine?: { field: keyof F & string; name: string };
}): TableDefinition<N, F> {
  return {
    indexes: [],
    unique: [],
    ...definition,
    expandedFrom: definition.expandedFrom ?? null,
    expand: definition.expand ?? null,
    machine: definition.machine ?? null,
  };
}
