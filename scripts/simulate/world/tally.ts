/** Names of the invariants that a simulation checks; numbers as in docs/sync-invariants. */
export const INVARIANTS = {
  1: 'no acknowledged write lost',
  2: 'effectively once',
  3: 'one action is all or nothing',
  4: 'no row before the row it refers to',
  5: 'reads its own writes, never goes back',
  6: 'equal content after healing',
  7: 'same winner, loser readable',
  8: 'cursor never ahead of data',
  9: 'queue empty or needs-you',
  10: 'rights judged when applied',
  11: 'one audit entry per applied write, chain whole',
  13: 'never synced while a write waits',
} as const;
export type Invariant = keyof typeof INVARIANTS;

export interface Violation {
  readonly invariant: Invariant;
  /** What is wrong: names, ids and numbers of invented data. */
  readonly what: string;
  /** Number of the step after which it was found. */
  readonly step: number;
  /** Virtual milliseconds since the start. */
  readonly at: number;
}

/** What a run has done and found. */
export class Tally {
  readonly checked = new Map<Invariant, number>();
  readonly faults = new Map<string, number>();
  readonly work = new Map<string, number>();
  readonly conflicts = new Map<string, number>();
  readonly refusals = new Map<string, number>();
  readonly outcomes = new Map<string, number>();
  readonly violations: Violation[] = [];
  step = 0;
  readonly #passed: () => number;

  constructor(passed: () => number) {
    this.#passed = passed;
  }

  fault(kind: string): void {
    add(this.faults, kind);
  }

  conflict(rule: string): void {
    add(this.conflicts, `conflict by ${rule}`);
  }

  did(kind: string): void {
    add(this.work, kind);
  }

  /** What the server made of one pushed row. */
  answered(table: string, outcome: string, code: string | null): void {
    add(this.outcomes, outcome);
    if (code !== null) add(this.refusals, `${outcome} ${code}`);
    if (outcome === 'master') this.did(`merged: ${table}`);
  }

  /** One look at an invariant. @param problem what is wrong, or null */
  check(invariant: Invariant, problem: string | null): void {
    add(this.checked, invariant);
    if (problem === null) return;
    this.violations.push({ invariant, what: problem, step: this.step, at: this.#passed() });
  }
}

export function add<K>(counts: Map<K, number>, key: K, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
