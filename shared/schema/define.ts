import { z } from 'zod';
import { isIsoDate } from '#shared/kernel/dates.ts';
import { Counter } from './counter.ts';
import { Dots, OrSet } from './or-set.ts';

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
 * machine, judged by the server · CEN written by the server only · CLM a claim to something scarce,
 * made by a device and settled by the server · ORS an observed-remove set · CNT a counter, summed
 * over devices · TXT shared text (a Yjs document).
 * Field merge (FM) is what every record does, field by field, by the rules of its fields; what is
 * derived (DER) is no field at all.
 */
export const MERGE_RULES = ['AO', 'LWW', 'HR', 'SM', 'CEN', 'CLM', 'ORS', 'CNT', 'TXT'] as const;
export type MergeRule = (typeof MERGE_RULES)[number];

/** The part of the suite that a table belongs to. */
export const MODULES = [
  'shared',
  'sync',
  'inventory',
  'handouts',
  'kiosk',
  'eos',
  'pharma',
  'authorizations',
] as const;
export type ModuleName = (typeof MODULES)[number];

/** What a column holds; decides the SQL type on both sides and the conversion between them. */
export type FieldKind =
  | 'uuid'
  | 'uuids'
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
  /**
   * True for values (null aside) that `zod` takes as they are, found far sooner; null where only `zod`
   * can tell. About whatever does not fit, `zod` has the last word.
   */
  readonly fits: ((value: unknown) => boolean) | null;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;

/**
 * record: mutable, merged field by field · fact: append-only, made on devices · central: written by
 * the server only · log: append-only, written by the server only.
 */
export type TableKind = 'record' | 'fact' | 'central' | 'log';

/**
 * How a row belongs to somebody: through the columns named here. A table without any belongs to the
 * whole organization, and so does a row whose location (or team) is null.
 */
export interface Scope {
  /** Column with the site of a row; `sites` in its place when a row belongs to several. */
  readonly location?: string;
  /** Column with the list of sites of a row (kind `uuids`). */
  readonly sites?: string;
  /** Column with the team of a row. */
  readonly team?: string;
  /** Column with the person whose own row it is, wherever they are. */
  readonly own?: string;
  /**
   * A row without a site counts at every site (a role everywhere, a setting for all): whoever has some
   * sites reads it and makes none. Elsewhere such a row belongs to whoever has any site.
   */
  readonly everywhere?: true;
}

/**
 * Of a table with a window, a device holds only the rows of the people who come these days, not all
 * that its user may read: a row about a patient follows that patient, an appointment its own day.
 * `subject` is the kind of thing that enters and leaves, `column` the column with its id; a row
 * where it is null follows the site.
 */
export interface Window {
  readonly subject: 'patients' | 'appointments';
  readonly column: string;
}

/**
 * What keeps a row beyond its years: a row that is in use is no history, however long ago it was
 * changed last. All of it is judged by the database (`private.may_go`).
 */
export interface Stays {
  /** Until this field has one of these values. */
  readonly until?: { readonly field: string; readonly is: readonly string[] };
  /** The years count from this instant or date where it is later; a row where it is null goes on. */
  readonly ends?: string;
  /** In any case until this date, where there is one. */
  readonly notBefore?: string;
  /** As long as the row that this column refers to is not over itself. */
  readonly with?: string;
  /** As long as a row of this table refers to it, whoever else does. */
  readonly while?: string;
  /** As long as on-hand is reckoned from it: until a posted count of the same stock is later. */
  readonly reckoned?: true;
}

/** One row that an act document stands for, in another table. */
export interface ExpandedRow {
  readonly table: string;
  readonly row: Readonly<Record<string, unknown>> & { readonly id: string };
}

/** A partial unique index: among rows whose field has one of these values, or any value at all. */
export interface UniqueWhere {
  readonly columns: readonly string[];
  readonly field: string;
  /** Null: among rows where the field is set. */
  readonly values: readonly string[] | null;
}

export interface TableDefinition<N extends string = string, F extends Fields = Fields> {
  readonly name: N;
  readonly module: ModuleName;
  readonly kind: TableKind;
  /** Version of the fields, as local files record it; see `upgrades`. */
  readonly version: number;
  readonly scope: Scope;
  readonly window: Window | null;
  readonly fields: F;
  /** Indexes over fields (not nullable ones), beside the primary key. */
  readonly indexes: readonly (readonly string[])[];
  /** Sets of columns that must be unique; a null counts as a value of its own. */
  readonly unique: readonly (readonly string[])[];
  /** Sets of columns that must be unique among the rows that a condition picks. */
  readonly uniqueWhere: readonly UniqueWhere[];
  /** Years that a row is kept after its last change; null keeps it for ever. */
  readonly retentionYears: number | null;
  /** What keeps a row longer; see also `retention.ts`. */
  readonly stays: Stays | null;
  /** Lower comes first when a device syncs: what today's work needs comes before history. */
  readonly priority: number;
  /** Rows come into being by expansion of acts of these tables; most have none. */
  readonly expandedFrom: readonly string[];
  /** True when people insert rows themselves; with `expandedFrom` only where both is said. */
  readonly inserted: boolean;
  /** For act documents: the rows that the act stands for. Pure; ids are derived from the act. */
  readonly expand: ((act: Row) => readonly ExpandedRow[]) | null;
  /** The field that follows a state machine and the machine's name. */
  readonly machine: { readonly field: string; readonly name: string } | null;
  /**
   * States of the machine in which the content may be edited; in all others only the state itself
   * and the fields of `openFields` change. Null: in all.
   */
  readonly editableIn: readonly string[] | null;
  readonly openFields: readonly string[];
  /**
   * Fields that are the row: its id is `rowIdOf` of them, so that two devices that make the same
   * thing offline make one row.
   */
  readonly identity: readonly string[] | null;
  /** Columns that name who acts: they may name nobody but oneself. */
  readonly actors: readonly string[];
  /** Written by the server from rows of this table, which its readers may not see as a whole. */
  readonly projectionOf: string | null;
  /** Version → how a row of the version before becomes one of this version. Pure. */
  readonly upgrades: Readonly<Record<number, (row: Row) => Row>>;
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
  extra: {
    maxLength?: number;
    values?: readonly string[];
    fits?: (value: unknown) => boolean;
  } = {},
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
    fits: extra.fits ?? null,
  };
  return field as Made<O, T>;
}

/** Text that a person can read: no control characters but line breaks and tabs, no broken UTF-16. */
// oxlint-disable-next-line no-control-regex -- the point of the pattern is to find them
const UNREADABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
const isReadable = (text: string): boolean => !UNREADABLE.test(text) && text.isWellFormed();
export const readable = (max: number): z.ZodType<string> =>
  z.string().max(max).refine(isReadable, 'contains unreadable characters');

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** True for an id in lower case, as it is stored. */
export const isPlainId = (value: unknown): boolean => typeof value === 'string' && GUID.test(value);

/** A whole number between two bounds, with its quick look. */
function wholeNumber(min: number, max: number) {
  const fits = (value: unknown): boolean =>
    Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
  return { zod: z.int().min(min).max(max), extra: { fits } };
}

/** A list of ids, sorted, each once. */
export const uuids = <const O extends FieldOptions & { max?: number }>(o: O) =>
  make(
    'uuids',
    z
      .array(z.guid().toLowerCase())
      .max(o.max ?? 100)
      .refine(
        (ids) => ids.every((id, at) => at === 0 || (ids[at - 1] ?? '') < id),
        'is not sorted',
      ),
    o,
  );
export const uuid = <const O extends FieldOptions>(o: O) =>
  make('uuid', z.guid().toLowerCase() as z.ZodType<string>, o, { maxLength: 36, fits: isPlainId });
export function text<const O extends FieldOptions & { max: number; min?: number }>(o: O) {
  const isLongEnough = (s: string): boolean => s.trim().length >= (o.min ?? 0);
  return make('text', readable(o.max).refine(isLongEnough, 'is too short'), o, {
    maxLength: o.max,
    fits: (value) =>
      typeof value === 'string' &&
      value.length <= o.max &&
      isReadable(value) &&
      isLongEnough(value),
  });
}
export const oneOf = <const V extends readonly [string, ...string[]], const O extends FieldOptions>(
  values: V,
  o: O,
) =>
  make('enum', z.enum(values) as unknown as z.ZodType<V[number]>, o, {
    maxLength: Math.max(...values.map((v) => v.length)),
    values,
    fits: (value) => values.includes(value as string),
  });
export function int<const O extends FieldOptions & { min?: number; max?: number }>(o: O) {
  const { zod, extra } = wholeNumber(o.min ?? 0, o.max ?? 2_000_000_000);
  return make('int', zod, o, extra);
}
/** Integer of 1/10,000 base unit. */
export function quantity<const O extends FieldOptions & { min?: number }>(o: O) {
  const { zod, extra } = wholeNumber(o.min ?? -100_000_000_000, 100_000_000_000);
  return make('quantity', zod, o, extra);
}
export function cents<const O extends FieldOptions & { min?: number }>(o: O) {
  const { zod, extra } = wholeNumber(o.min ?? 0, 100_000_000_000);
  return make('cents', zod, o, extra);
}
/** Milliseconds since the Unix epoch, between the years 2000 and 2200. */
export const instant = <const O extends FieldOptions>(o: O) =>
  make('instant', INSTANT.zod, o, INSTANT.extra);
export const INSTANT = wholeNumber(946_684_800_000, 7_258_118_400_000);
/** A calendar date that exists. */
export const date = <const O extends FieldOptions>(o: O) =>
  make('date', z.iso.date().refine(isIsoDate, 'is not a date of the calendar'), o, {
    maxLength: 10,
    fits: isIsoDate,
  });
export const bool = <const O extends FieldOptions>(o: O) =>
  make('bool', z.boolean(), o, { fits: (value) => typeof value === 'boolean' });
export const json = <T, const O extends FieldOptions>(type: z.ZodType<T>, o: O) =>
  make('json', type, o);

/** A list of short texts; the whole list is one value. */
export const texts = <const O extends FieldOptions & { max: number; items: number }>(o: O) =>
  json(z.array(readable(o.max).refine((s) => s.trim() !== '', 'is empty')).max(o.items), o);

type WithRule<R extends MergeRule> = Omit<FieldOptions, 'merge' | 'nullable'> & { merge?: R };
const ruled = <R extends MergeRule>(rule: R, o: WithRule<R>) => ({ ...o, merge: rule }) as const;

/** A set whose members are added and taken away on several devices; see `or-set.ts`. */
export const orSet = (o: WithRule<'ORS'>) => json(OrSet, ruled('ORS', o));
/** Whether the row's subject belongs, as its devices see it: a set of one. See `or-set.ts`. */
export const membership = (o: WithRule<'ORS'>) => json(Dots, ruled('ORS', o));
/** A number that devices only add to; see `counter.ts`. */
export const counter = (o: WithRule<'CNT'>) => json(Counter, ruled('CNT', o));
/** A text that several people write at once: a Yjs document, base64. */
export const sharedText = (o: WithRule<'TXT'>) =>
  make('text', z.base64().max(700_000) as z.ZodType<string>, ruled('TXT', o), {
    maxLength: 700_000,
  });

/** Declares a table. All that is known of a table is derived from this one value. */
export function defineTable<const N extends string, const F extends Fields>(definition: {
  name: N;
  module: ModuleName;
  kind: TableKind;
  version?: number;
  scope: Scope;
  window?: Window;
  fields: F;
  indexes?: readonly (readonly (keyof F & string)[])[];
  unique?: readonly (readonly ((keyof F | keyof SystemColumns) & string)[])[];
  uniqueWhere?: readonly UniqueWhere[];
  retentionYears: number | null;
  stays?: Stays;
  priority: number;
  expandedFrom?: string | readonly string[];
  inserted?: boolean;
  expand?: (act: Row) => readonly ExpandedRow[];
  machine?: { field: keyof F & string; name: string };
  editableIn?: readonly string[];
  openFields?: readonly (keyof F & string)[];
  identity?: readonly (keyof F & string)[];
  actors?: readonly (keyof F & string)[];
  projectionOf?: string;
  upgrades?: Readonly<Record<number, (row: Row) => Row>>;
}): TableDefinition<N, F> {
  const unique = definition.unique ?? [];
  const identity = definition.identity ?? null;
  const expandedFrom = [definition.expandedFrom ?? []].flat();
  return {
    indexes: [],
    uniqueWhere: [],
    openFields: [],
    actors: [],
    upgrades: {},
    ...definition,
    unique: identity ? [identity, ...unique] : unique,
    version: definition.version ?? 1,
    window: definition.window ?? null,
    stays: definition.stays ?? null,
    expandedFrom,
    inserted: definition.inserted ?? expandedFrom.length === 0,
    expand: definition.expand ?? null,
    machine: definition.machine ?? null,
    editableIn: definition.editableIn ?? null,
    identity,
    projectionOf: definition.projectionOf ?? null,
  };
}
