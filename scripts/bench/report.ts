import { availableParallelism, cpus, totalmem } from 'node:os';

/** One figure of a bench beside its limit and its peers, and what it should be. */
export interface BenchLine {
  readonly line: string;
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  readonly ours: number;
  /** What the bare resource does, measured in the same run. */
  readonly limit: number | null;
  readonly peers: Readonly<Record<string, number>>;
  /** Ours against the limit; above 1 is more of the unit than the limit takes. */
  readonly ratio: number | null;
  /** In words. */
  readonly goal: string | null;
  readonly met: boolean | null;
}

/** What a bench hands back, in the shape that `--json` writes. */
export interface BenchReport {
  readonly bench: string;
  readonly machine: string;
  readonly date: string;
  readonly lines: readonly BenchLine[];
}

/** Processors, memory and Node, without a name of the machine. */
export function describeMachine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${availableParallelism()} × ${model}, ${memory} GB, Node ${process.versions.node}`;
}

/** A table as Markdown; numbers stand to the right. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const texts = rows.map((row) => row.map((cell) => String(cell)));
  const widths = head.map((title, column) =>
    Math.max(title.length, ...texts.map((row) => row[column]?.length ?? 0)),
  );
  const isNumeric = head.map((_, column) => rows.every((row) => typeof row[column] === 'number'));
  const pad = (cell: string, column: number): string =>
    isNumeric[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
  const line = (cells: readonly string[]): string => `| ${cells.map(pad).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    isNumeric[column] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  );
  return [line(head), `| ${rule.join(' | ')} |`, ...texts.map(line)].join('\n');
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** Three significant digits, as much as such figures are worth. */
export const rounded = (value: number): number => Number(value.toPrecision(3));
