/** What stands between the fields of a file. */
export const SEPARATORS = [',', ';', '\t'] as const;
export type Separator = (typeof SEPARATORS)[number];

export const ENCODINGS = ['utf-8', 'windows-1252', 'utf-16le'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** One record of a file: its fields as they are, and the line on which it begins, from 1. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
  /** A quote that was opened in it is never closed: the rest of the file stands in it. */
  readonly unclosed?: true;
}

/**
 * The text of a file. Without a mark at its beginning it is UTF-8 where it can be read as that, else
 * Windows-1252, in which spreadsheets of older machines write.
 * @param encoding what a person says it is in; null finds it out
 */
export function decodeText(
  bytes: Uint8Array<ArrayBuffer>,
  encoding: Encoding | null = null,
): { text: string; encoding: Encoding } {
  const found = encoding ?? guessEncoding(bytes);
  const text = new TextDecoder(found).decode(bytes);
  return { text, encoding: found };
}

function guessEncoding(bytes: Uint8Array<ArrayBuffer>): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return 'utf-8';
  } catch {
    return 'windows-1252';
  }
}

const GUESS_LINES = 20;

/** The separator that the first lines have most evenly; a comma where none does. */
export function guessSeparator(text: string): Separator {
  const head = text.split(/\r\n|\r|\n/, GUESS_LINES * 4).join('\n');
  let best: { separator: Separator; score: number } = { separator: ',', score: 0 };
  for (const separator of SEPARATORS) {
    const counts = readCsv(head, separator)
      .slice(0, GUESS_LINES)
      .map(({ cells }) => cells.length);
    const [first = 1] = counts;
    if (first < 2) continue;
    const even = counts.filter((count) => count === first).length / counts.length;
    const score = even * 100 + Math.min(first, 50);
    if (score > best.score) best = { separator, score };
  }
  return best.separator;
}

/**
 * Reads delimited text (RFC 4180): quoted fields with separators, line ends and doubled quotes in them;
 * lines end with CRLF, LF or CR. Reads everything: a quote within a field that does not begin with one
 * is a character, what follows a closing quote belongs to the field, empty lines are left out.
 */
export function readCsv(text: string, separator: Separator): CsvRecord[] {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const records: CsvRecord[] = [];
  let cells: string[] = [];
  let cell = '';
  let line = 1;
  let began = 1;
  let quoted = false;
  let wasQuoted = false;
  const endCell = (): void => {
    cells.push(cell);
    cell = '';
    wasQuoted = false;
  };
  const endRecord = (): void => {
    const isEmpty = cells.length === 0 && cell === '' && !wasQuoted;
    endCell();
    if (!isEmpty) records.push({ line: began, cells });
    cells = [];
  };
  for (let at = 0; at < source.length; at += 1) {
    const char = source[at] as string;
    const isLineEnd = char === '\n' || (char === '\r' && source[at + 1] !== '\n');
    if (isLineEnd) line += 1;
    if (quoted) {
      if (char !== '"') cell += char;
      else if (source[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (char === '"' && cell === '' && !wasQuoted) {
      quoted = true;
      wasQuoted = true;
    } else if (char === separator) endCell();
    else if (isLineEnd) {
      endRecord();
      began = line;
    } else if (char !== '\r') cell += char;
  }
  if (quoted) {
    endCell();
    records.push({ line: began, cells, unclosed: true });
  } else if (cells.length > 0 || cell !== '' || wasQuoted) endRecord();
  return records;
}

/** A cell as it was before a spreadsheet's formula was kept from it, see `toCsv`. */
export const plainCell = (cell: string): string => cell.replace(/^'(?=\s*[=+\-@\t\r])/, '').trim();
