import type { PlainRow } from '#desktop/storage/storage-types.ts';

/** A row that the server does not have yet, as it stood in the store after a commit. */
export interface SideLogEntry {
  readonly table: string;
  readonly id: string;
  /** Number that the store gave to this state of the row. */
  readonly seq: number;
  /** Version of the table's definition that the row follows. */
  readonly version: number;
  /** The row without RxDB's own fields, but `_deleted` where it is. */
  readonly row: PlainRow;
  /** What the server was known to have of the row when it was written; null when nothing was known. */
  readonly base: PlainRow | null;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
}

/**
 * Number of a row that found no place in the store: higher than any that a store gives, so that it is
 * tried at every opening and never taken for one that the store has removed.
 */
export const UNPLACED_SEQ = Number.MAX_SAFE_INTEGER;

/** Number of the last commit that was acknowledged, by table, in one file of the store. */
export interface Marks {
  /** Which file they are of; null when nothing is known of one. */
  readonly storeId: string | null;
  readonly lastSeq: ReadonlyMap<string, number>;
}

/** What stands in one record of the log. */
export type Note =
  | { readonly kind: 'rows'; readonly rows: readonly SideLogEntry[] }
  | { readonly kind: 'done'; readonly table: string; readonly ids: readonly string[] }
  | {
      readonly kind: 'marks';
      readonly storeId: string;
      readonly lastSeq: Readonly<Record<string, number>>;
    };

export const encodeNote = (note: Note): Buffer => Buffer.from(JSON.stringify(note));
export const decodeNote = (payload: Buffer): Note => JSON.parse(payload.toString()) as Note;

export const keyOf = (table: string, id: string): string => `${table}/${id}`;

/** A row without RxDB's own fields. */
export function bareRow(document: Readonly<Record<string, unknown>>): PlainRow {
  const { _meta, _rev, _attachments, _deleted, ...row } = document;
  return _deleted === true ? { ...row, _deleted: true } : row;
}

const GROUP_ROWS = 200;

/** Keeps of a note what is needed to find its rows. */
export const withoutRows = (note: Note): Note =>
  note.kind === 'rows'
    ? { kind: 'rows', rows: note.rows.map((row) => ({ ...row, row: {}, base: null })) }
    : note;

/** Rows in the groups that make one record each. */
export function* grouped(entries: Iterable<SideLogEntry>): Generator<SideLogEntry[]> {
  let group: SideLogEntry[] = [];
  for (const entry of entries) {
    group.push(entry);
    if (group.length < GROUP_ROWS) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
