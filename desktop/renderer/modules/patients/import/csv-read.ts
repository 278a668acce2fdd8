/** One record of a file of separated values. */
export interface CsvRecord {
  /** Line of the file on which it begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
  /** False where a quote is opened and never closed: the rest of the file hangs on it. */
  readonly isWhole: boolean;
}

const SEPARATORS = [',', ';', '\t', '|'] as const;

/** The character that parts the columns of the first line most often, outside of quotes. */
export function separatorOf(text: string): string {
  const [first = ''] = text.replaceAll(/"[^"]*"/g, '').split(/\r?\n/);
  const counts = SEPARATORS.map((one) => ({ one, n: first.split(one).length }));
  return counts.reduce((best, next) => (next.n > best.n ? next : best)).one;
}

/**
 * Reads separated values as RFC 4180 and spreadsheets write them: quotes doubled inside quotes, line
 * breaks inside quotes, any line ending, a byte order mark. Blank lines are left out. Nothing is
 * refused: what is odd is a record too, so that no line gets lost.
 */
export function readCsv(text: string, separator = separatorOf(text)): CsvRecord[] {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const records: CsvRecord[] = [];
  let cells: string[] = [];
  let cell = '';
  let inQuotes = false;
  let wasQuoted = false;
  let line = 1;
  let began = 1;
  const endCell = (): void => {
    cells.push(cell);
    cell = '';
    wasQuoted = false;
  };
  const endRecord = (isWhole = true): void => {
    const isBlank = cells.length === 0 && cell.trim() === '' && !wasQuoted;
    endCell();
    if (!isBlank) records.push({ line: began, cells, isWhole });
    cells = [];
    began = line;
  };
  for (let at = 0; at < source.length; at += 1) {
    const letter = source[at] ?? '';
    if (letter === '\n') line += 1;
    if (inQuotes) {
      if (letter !== '"') cell += letter;
      else if (source[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else inQuotes = false;
    } else if (letter === '"' && cell === '' && !wasQuoted) {
      inQuotes = true;
      wasQuoted = true;
    } else if (letter === separator) endCell();
    else if (letter === '\n') endRecord();
    else if (letter !== '\r' || source[at + 1] !== '\n') cell += letter;
  }
  if (inQuotes || cell !== '' || wasQuoted || cells.length > 0) endRecord(!inQuotes);
  return records;
}
