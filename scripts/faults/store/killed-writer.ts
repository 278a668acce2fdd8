import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { WriterJob } from './writer.ts';

/** When another process kills a writer. */
export type KillMoment =
  /** So many milliseconds after the first line that starts with a text. */
  | { readonly after: string; readonly ms: number }
  /** When it has killed itself, at the site that its job names. */
  | 'by itself';

export interface KilledWriter {
  /** Operations that were acknowledged; those before are, too. */
  readonly acknowledged: number;
  /** True when one more had begun. */
  readonly hasBegun: boolean;
  readonly opened: boolean;
  /** What went wrong, where the writer ended otherwise than by SIGKILL. */
  readonly problem: string | undefined;
}

const WRITER = fileURLToPath(new URL('writer.ts', import.meta.url));
const LIMIT_MS = 60_000;

/** Starts a writer with a job, kills it, and tells what it had said by then. */
export async function writeUntilKilled(
  jobFile: string,
  job: WriterJob,
  moment: KillMoment,
): Promise<KilledWriter> {
  writeFileSync(jobFile, JSON.stringify(job));
  const child = spawn(process.execPath, [WRITER, jobFile], { stdio: ['ignore', 'pipe', 'pipe'] });
  let told = '';
  let problem = '';
  let isHit = false;
  const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  const kill = (): void => void child.kill('SIGKILL');
  child.stdout.on('data', (chunk: Buffer) => {
    told += chunk.toString();
    const isDone = told.includes('\ndone');
    if (moment === 'by itself') {
      // The site was never passed: then it is killed while it idles.
      if (isDone) kill();
    } else if (!isHit && (isDone || `\n${told}`.includes(`\n${moment.after}`))) {
      isHit = true;
      if (moment.ms === 0) kill();
      else setTimeout(kill, moment.ms);
    }
  });
  child.stderr.on('data', (chunk: Buffer) => (problem += chunk.toString()));
  const signal = await new Promise((resolve) => {
    child.once('close', (_code, by) => resolve(by));
  });
  clearTimeout(limit);
  // A line cut short was not told.
  const lines = told.split('\n').slice(0, -1);
  const count = (word: string): number => lines.filter((line) => line.startsWith(word)).length;
  const acknowledged = count('ack ');
  return {
    acknowledged,
    hasBegun: count('start ') > acknowledged,
    opened: lines.includes('opened'),
    problem: signal === 'SIGKILL' ? undefined : `the writer ended by itself: ${problem}`,
  };
}
