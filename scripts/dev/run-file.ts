import { readFile, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { commandLine, isAlive, waitForExit } from '#stack/processes.ts';

const RunFile = z.object({ starter: z.int(), children: z.array(z.int()) });

/** Words that the command line of a process of ours carries. */
const OURS = /sync-server\/main\.ts|user-data-dir=/;

/**
 * Notes which processes belong to a running start. A start that was killed leaves its file behind:
 * the next one ends what is left of it. Two living starts on one data folder are refused.
 * @throws Error when another start is running here
 */
export async function holdRunFile(
  file: string,
): Promise<{ note(pid: number): Promise<void>; release(): Promise<void> }> {
  const old = await readRunFile(file);
  if (old && old.starter !== process.pid && isAlive(old.starter)) {
    const words = await commandLine(old.starter);
    if (words?.includes('start.ts')) {
      throw new Error('Ganger runs already on this data folder. Stop it first, or use --data DIR.');
    }
  }
  for (const pid of old?.children ?? []) await endLeftover(pid);

  const children: number[] = [];
  const write = (): Promise<void> =>
    writeFile(file, JSON.stringify({ starter: process.pid, children }), { mode: 0o600 });
  await write();
  return {
    async note(pid) {
      children.push(pid);
      await write();
    },
    release: () => rm(file, { force: true }),
  };
}

async function readRunFile(file: string): Promise<z.infer<typeof RunFile> | null> {
  try {
    const parsed = RunFile.safeParse(JSON.parse(await readFile(file, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

async function endLeftover(pid: number): Promise<void> {
  if (!isAlive(pid) || !OURS.test((await commandLine(pid)) ?? '')) return;
  process.kill(pid, 'SIGTERM');
  if (!(await waitForExit(pid, 5_000))) process.kill(pid, 'SIGKILL');
}
