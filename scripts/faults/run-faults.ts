import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Rng } from '../demo-data/rng.ts';
import { markdownTable } from '../bench/report.ts';
import type { CaseResult, FaultKind, Sizes } from './fault-kind.ts';

export interface RunOptions {
  readonly seed: number;
  readonly sizes: Sizes;
  /** `kind` or `kind:case`: nothing else runs. */
  readonly only?: string | undefined;
  readonly print: (text: string) => void;
}

/** Failures of a kind, and problems of a case, that are printed; `--json` has all. */
const SHOWN = 6;

export interface Failure {
  readonly kind: string;
  readonly case: string;
  readonly problems: readonly string[];
  /** The command that repeats the case alone. */
  readonly again: string;
}

export interface KindReport {
  readonly kind: string;
  readonly cases: number;
  readonly checked: Readonly<Record<string, number>>;
  readonly lost: number;
  readonly torn: number;
  readonly silent: number;
  readonly failed: number;
  readonly seconds: number;
}

export interface FaultReport {
  readonly seed: number;
  readonly small: boolean;
  readonly kinds: readonly KindReport[];
  readonly failures: readonly Failure[];
  readonly ok: number;
  readonly failed: number;
}

/**
 * Runs all cases of the kinds one after the other. A case that throws has failed; so has a kind in
 * which something that it must check was never looked at.
 */
export async function runFaults(
  area: string,
  kinds: readonly FaultKind[],
  options: RunOptions,
): Promise<FaultReport> {
  const { seed, sizes, only, print } = options;
  const [onlyKind, ...rest] = only?.split(':') ?? [];
  const onlyCase = rest.length > 0 ? rest.join(':') : undefined;
  const reports: KindReport[] = [];
  const failures: Failure[] = [];
  for (const kind of kinds) {
    if (onlyKind !== undefined && kind.name !== onlyKind) continue;
    const found = await runKind(kind, { seed, sizes, onlyCase, print });
    const { report, failed } = found;
    const size = `${sizes.small ? ' --small' : ''} --kills ${sizes.kills} --flips ${sizes.flips}`;
    for (const { name, problems } of failed) {
      const again = `npm run faults -- ${area} --seed ${seed}${size} --only '${kind.name}:${name}'`;
      failures.push({ kind: kind.name, case: name, problems, again });
    }
    reports.push(report);
    const { cases, lost, torn, silent, seconds } = report;
    print(
      `${kind.name}: ${cases} cases in ${seconds} s, ${lost} lost, ${torn} torn, ` +
        `${silent} silent, ${report.failed} failed`,
    );
    for (const { name, problems } of failed.slice(0, SHOWN)) {
      print(`  ${kind.name}:${name}\n    ${problems.slice(0, SHOWN).join('\n    ')}`);
    }
    if (failed.length > SHOWN) print(`  and ${failed.length - SHOWN} more`);
  }
  const failed = reports.reduce((sum, report) => sum + report.failed, 0);
  const ok = reports.reduce((sum, report) => sum + report.cases, 0) - failed;
  return { seed, small: sizes.small, kinds: reports, failures, ok: Math.max(ok, 0), failed };
}

interface Failed {
  readonly name: string;
  readonly problems: readonly string[];
}

async function runKind(
  kind: FaultKind,
  options: Omit<RunOptions, 'only'> & { readonly onlyCase: string | undefined },
): Promise<{ report: KindReport; failed: Failed[] }> {
  const { seed, sizes, onlyCase, print } = options;
  const began = Date.now();
  const folder = await mkdtemp(path.join(tmpdir(), `ganger-faults-${kind.name}-`));
  const checked = new Map<string, number>();
  const failed: Failed[] = [];
  const sum = { lost: 0, torn: 0, silent: 0 };
  let cases = 0;
  try {
    const started = await kind.start({
      sizes,
      folder,
      print,
      rng: (label) => new Rng(seed, `${kind.name}/${label}`),
    });
    try {
      for (const { name, run } of started.cases) {
        if (onlyCase !== undefined && name !== onlyCase) continue;
        cases += 1;
        const result = await settled(run);
        for (const [what, times] of Object.entries(result.checked)) {
          checked.set(what, (checked.get(what) ?? 0) + times);
        }
        sum.lost += result.lost ?? 0;
        sum.torn += result.torn ?? 0;
        sum.silent += result.silent ?? 0;
        if (result.problems.length > 0) failed.push({ name, problems: result.problems });
      }
    } finally {
      await started.end?.();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const never = kind.mustCheck.filter((what) => !checked.get(what));
  if (onlyCase === undefined && never.length > 0) {
    cases += 1;
    failed.push({ name: 'all', problems: [`never checked: ${never.join(', ')}`] });
  }
  if (cases === 0) failed.push({ name: onlyCase ?? 'all', problems: ['there is no such case'] });
  const report: KindReport = {
    kind: kind.name,
    cases,
    checked: Object.fromEntries(checked),
    ...sum,
    failed: failed.length,
    seconds: Math.round((Date.now() - began) / 100) / 10,
  };
  return { report, failed };
}

async function settled(run: () => Promise<CaseResult>): Promise<CaseResult> {
  try {
    return await run();
  } catch (error) {
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { checked: {}, problems: [`threw: ${words}`] };
  }
}

/** The report as a table for people. */
export function tableOf({ kinds }: FaultReport): string {
  return markdownTable(
    ['kind', 'cases', 'checked', 'lost', 'torn', 'silent', 'failed', 'seconds'],
    kinds.map((kind) => [
      kind.kind,
      kind.cases,
      Object.entries(kind.checked)
        .map(([what, times]) => `${what} ${times}`)
        .join(' · '),
      kind.lost,
      kind.torn,
      kind.silent,
      kind.failed,
      kind.seconds,
    ]),
  );
}
