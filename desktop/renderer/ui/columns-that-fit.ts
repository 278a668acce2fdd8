/** A column as the fitting needs it: widths in pixels, and how soon it may go when it is narrow. */
export interface FittingColumn {
  readonly id: string;
  readonly minWidth: number;
  /** 0 is never dropped. */
  readonly drop: number;
}

/** The ids of the columns that have room: those with the highest `drop` leave first. */
export function columnsThatFit(
  columns: readonly FittingColumn[],
  width: number,
  gap: number,
): Set<string> {
  const kept = [...columns];
  const needed = () => kept.reduce((sum, { minWidth }) => sum + minWidth + gap, -gap);
  while (kept.length > 1 && needed() > width) {
    const worst = kept.reduce((a, b) => (b.drop >= a.drop ? b : a));
    if (worst.drop === 0) break;
    kept.splice(kept.indexOf(worst), 1);
  }
  return new Set(kept.map(({ id }) => id));
}
