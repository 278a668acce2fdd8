import type { FieldKind } from '#shared/schema/define.ts';

/**
 * How a value of one kind crosses between a document (JSON: instants in milliseconds, quantities and
 * money as whole numbers) and its column. Both directions are SQL, so that the database builds and
 * takes documents itself and no row is converted value by value here.
 */
export interface Codec {
  /** Type under which `jsonb_to_recordset` reads the value out of a document. */
  readonly wireType: string;
  /** SQL that turns the value as read into what the column holds. */
  readonly toColumn: (value: string) => string;
  /** SQL that turns the column into what the document holds. */
  readonly toDocument: (column: string) => string;
}

const same = (sql: string): string => sql;
const plain = (wireType: string): Codec => ({ wireType, toColumn: same, toDocument: same });

export const INSTANT: Codec = {
  wireType: 'bigint',
  // Interval arithmetic is exact to the microsecond; a division by 1000 is not.
  toColumn: (value) => `(timestamptz 'epoch' + ${value} * interval '1 millisecond')`,
  // Rounded down, so that nothing seems to have happened later than it did.
  toDocument: (column) => `floor(extract(epoch from ${column}) * 1000)::bigint`,
};
export const UUID = plain('uuid');
export const TEXT = plain('text');
export const JSON_VALUE = plain('jsonb');
export const BIGINT = plain('bigint');

const CODECS: Readonly<Record<FieldKind, Codec>> = {
  uuid: UUID,
  uuids: plain('uuid[]'),
  text: TEXT,
  enum: TEXT,
  int: plain('integer'),
  quantity: BIGINT,
  cents: BIGINT,
  instant: INSTANT,
  date: plain('date'),
  bool: plain('boolean'),
  json: JSON_VALUE,
};

export const codecOf = (kind: FieldKind): Codec => CODECS[kind];
