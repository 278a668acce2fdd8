/** What may stand in a cell. A number is written as one; text never becomes a formula. */
export type CsvCell = string | number | null;

/** With it a spreadsheet knows that the file is UTF-8. */
const BYTE_ORDER_MARK = '\uFEFF';
const FORMULA = /^[\s]*[=+\-@\t\r]/;

/**
 * Rows as a CSV file (RFC 4180: commas, CRLF, quotes doubled) that a spreadsheet opens as it is meant.
 * Text that a spreadsheet would take for a formula gets an apostrophe before it, so that a name such as
 * `=HYPERLINK(…)` from elsewhere stays a name; numbers, negative ones too, stay numbers.
 */
export function toCsv(rows: readonly (readonly CsvCell[])[]): string {
  return BYTE_ORDER_MARK + rows.map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

function field(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
