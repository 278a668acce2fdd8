import type { Rng } from '../demo-data/rng.ts';

/** How large a run is. */
export interface Sizes {
  /** Processes killed while they write. */
  readonly kills: number;
  /** Bits and bytes turned in files. */
  readonly flips: number;
  /** True: a few cases of every kind, for every build; false: all. */
  readonly small: boolean;
}

/** What a kind of fault is given to work with. */
export interface FaultContext {
  readonly sizes: Sizes;
  /** An empty folder that is removed when the kind is done. */
  readonly folder: string;
  /** For figures that are worth reading beside the table. */
  readonly print: (text: string) => void;
  /** Numbers that follow from the seed and the case alone. */
  rng(label: string): Rng;
}

/** What was found in one case. */
export interface CaseResult {
  /** Acknowledged writes that are not there. */
  readonly lost?: number;
  /** Writes of several rows of which only a part is there. */
  readonly torn?: number;
  /** Wrong data handed out without an error. */
  readonly silent?: number;
  /** How often each thing was looked at. */
  readonly checked: Readonly<Record<string, number>>;
  /** In words, one a problem; none: the case is ok. */
  readonly problems: readonly string[];
}

export interface FaultCase {
  /** Unique within its kind; with the seed it repeats the case: `--only kind:name`. */
  readonly name: string;
  run(): Promise<CaseResult>;
}

/** One kind of fault. */
export interface FaultKind {
  readonly name: string;
  /** What is counted in `checked` must never stay 0 in a run of the whole kind. */
  readonly mustCheck: readonly string[];
  /** Prepares what the cases share. */
  start(context: FaultContext): Promise<{
    readonly cases: readonly FaultCase[];
    readonly end?: () => Promise<void>;
  }>;
}

/** Adds up what the parts of one case have found. */
export class Findings {
  readonly #checked = new Map<string, number>();
  readonly #problems: string[] = [];
  #lost = 0;
  #torn = 0;
  #silent = 0;

  checked(what: string, times = 1): void {
    this.#checked.set(what, (this.#checked.get(what) ?? 0) + times);
  }

  problem(words: string): void {
    this.#problems.push(words);
  }

  lost(words: string, number = 1): void {
    this.#lost += number;
    this.#problems.push(`lost: ${words}`);
  }

  torn(words: string): void {
    this.#torn += 1;
    this.#problems.push(`torn: ${words}`);
  }

  silent(words: string): void {
    this.#silent += 1;
    this.#problems.push(`silent: ${words}`);
  }

  get isClean(): boolean {
    return this.#problems.length === 0;
  }

  result(): CaseResult {
    return {
      lost: this.#lost,
      torn: this.#torn,
      silent: this.#silent,
      checked: Object.fromEntries(this.#checked),
      problems: this.#problems,
    };
  }
}
