import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DeviceJob } from './device-process.ts';

const PROCESS = fileURLToPath(new URL('device-process.ts', import.meta.url));
const LIMIT_MS = 10 * 60_000;

/** What a device said in one life. */
export interface Life {
  readonly lines: readonly (readonly string[])[];
  readonly wasKilled: boolean;
}

/** Told with every line; true: the device is killed at this moment. */
export type Watcher = (words: readonly string[], lines: readonly (readonly string[])[]) => boolean;

/** Lets a device run until it has done its job, ends with a problem, or is killed. */
export async function runDevice(
  jobFile: string,
  job: DeviceJob,
  watch: Watcher = () => false,
): Promise<Life> {
  writeFileSync(jobFile, JSON.stringify(job));
  const child = spawn(process.execPath, [PROCESS, jobFile], { stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[][] = [];
  let rest = '';
  let problem = '';
  let wasKilled = false;
  const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  child.stdout.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const words = part.split(' ');
      lines.push(words);
      if (wasKilled || !watch(words, lines)) continue;
      wasKilled = true;
      child.kill('SIGKILL');
    }
  });
  child.stderr.on('data', (chunk: Buffer) => (problem += chunk.toString()));
  await new Promise((resolve) => child.once('close', resolve));
  clearTimeout(limit);
  const isDone = lines.some(([word]) => word === 'done');
  if (!wasKilled && !isDone) {
    const failed = lines.find(([word]) => word === 'failed');
    throw new Error(
      `the device ended early: ${failed?.slice(1).join(' ') ?? problem.slice(0, 500)}`,
    );
  }
  return { lines, wasKilled };
}

/** The last line that begins with a word, without it. */
export function lastOf(lives: readonly Life[], word: string): readonly string[] | undefined {
  return lives
    .flatMap(({ lines }) => lines)
    .findLast(([first]) => first === word)
    ?.slice(1);
}

export const allOf = (lives: readonly Life[], word: string): (readonly string[])[] =>
  lives.flatMap(({ lines }) => lines.filter(([first]) => first === word));
