/** Where the keyboard is in a grid. */
export interface Position {
  /** Index of the row; −1 is the head. */
  readonly row: number;
  /** Index of the cell, or null for the row as a whole. */
  readonly column: number | null;
}

export interface GridSize {
  readonly rows: number;
  readonly columns: number;
  /** Rows that one Page key passes. */
  readonly page: number;
}

/**
 * Where a key leads: rows by arrows, Page keys, Home and End; above the first row lies the head, where
 * columns are sorted; to the left and right the cells of a row, which are read out one by one.
 * @param at null while no row is active
 * @returns null for a key that does not move
 */
export function moved(at: Position | null, key: string, size: GridSize): Position | null {
  const { row, column } = at ?? { row: 0, column: null };
  const to = (wanted: number): Position => ({
    row: Math.max(0, Math.min(size.rows - 1, wanted)),
    column,
  });
  switch (key) {
    case 'ArrowDown':
      return at === null ? to(0) : to(row + 1);
    case 'ArrowUp':
      return at !== null && row <= 0 ? { row: -1, column: column ?? 0 } : to(row - 1);
    case 'PageDown':
      return to(row + size.page);
    case 'PageUp':
      return to(row - size.page);
    case 'Home':
      return to(0);
    case 'End':
      return to(size.rows - 1);
    case 'ArrowRight':
      return { row, column: Math.min(size.columns - 1, (column ?? -1) + 1) };
    case 'ArrowLeft':
      return { row, column: row < 0 ? Math.max(0, (column ?? 0) - 1) : left(column) };
    default:
      return null;
  }
}

const left = (column: number | null): number | null =>
  column === null || column === 0 ? null : column - 1;
