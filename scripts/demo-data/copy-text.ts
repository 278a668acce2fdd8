import type { FieldKind, Row } from '#shared/schema/define.ts';
import { systemColumns } from '#shared/schema/rows.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';

type Encode = (value: unknown) => string;

/** Columns of a table that rows are written with: all that a definition knows, in its order. */
export function columnsOf(table: TableName): string[] {
  return [...systemColumns(tableOf(table)), ...Object.keys(tableOf(table).fields)];
}

const encoders = new Map<TableName, readonly (readonly [column: string, encode: Encode])[]>();

/** Rows in the text format of COPY, one line each. */
export function copyText(table: TableName, rows: readonly Row[]): string {
  let columns = encoders.get(table);
  if (!columns) encoders.set(table, (columns = compile(table)));
  let text = '';
  for (const row of rows) {
    let line = '';
    for (const [column, encode] of columns) {
      const value = row[column];
      line += `${value === null || value === undefined ? '\\N' : encode(value)}\t`;
    }
    text += `${line.slice(0, -1)}\n`;
  }
  return text;
}

function compile(table: TableName): (readonly [string, Encode])[] {
  const { fields } = tableOf(table);
  return columnsOf(table).map((column) => [
    column,
    ENCODERS[fields[column]?.kind ?? SYSTEM_KINDS[column] ?? 'text'],
  ]);
}

const SYSTEM_KINDS: Readonly<Record<string, FieldKind>> = {
  id: 'uuid',
  created_at: 'instant',
  created_by: 'uuid',
  device_id: 'uuid',
  field_hlc: 'json',
  hlc: 'text',
  origin_seq: 'int',
};

const plain: Encode = (value) => String(value as string | number);
const escaped: Encode = (value) => escape(String(value as string));

const ENCODERS: Readonly<Record<FieldKind, Encode>> = {
  uuid: plain,
  uuids: (value) => `{${(value as string[]).join(',')}}`,
  text: escaped,
  enum: plain,
  int: plain,
  quantity: plain,
  cents: plain,
  instant: (value) => new Date(value as number).toISOString(),
  date: plain,
  bool: (value) => (value === true ? 't' : 'f'),
  json: (value) => escape(JSON.stringify(value)),
};

const SPECIAL = /[\\\n\r\t]/;
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function escape(text: string): string {
  if (!SPECIAL.test(text)) return text;
  return text.replaceAll(/[\\\n\r\t]/g, (found) => ESCAPES[found] ?? found);
}
