import { readFileSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { asAdmin } from './database.ts';

/** What the kernel says of processes. Linux only: elsewhere all figures are 0. */

/** Ticks a second of the times in /proc; the same on every Linux that Node runs on. */
const TICKS = 100;

/** User and system time of a process so far, milliseconds; 0 when it is gone. */
export function cpuMsOf(pid: number): number {
  const fields = statOf(pid);
  return ((Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 1000) / TICKS;
}

/** Of a process with its children, those that have ended included. */
export function cpuMsOfFamily(parent: number): number {
  const own = statOf(parent);
  const ended = ((Number(own[13] ?? 0) + Number(own[14] ?? 0)) * 1000) / TICKS;
  return childrenOf(parent).reduce((sum, pid) => sum + cpuMsOf(pid), cpuMsOf(parent) + ended);
}

/** Resident memory of a process without what it shares with others, as far as the kernel tells. MiB. */
export async function memoryMb(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  const pss = /^Pss:\s+(\d+) kB/m.exec(text)?.[1];
  return Number(pss ?? 0) / 1024;
}

/** The process that all of a cluster's connections belong to. */
export async function postmasterOf(adminUrl: string): Promise<number> {
  return asAdmin(adminUrl, async (admin) => {
    const { rows } = await admin.query<{ pid: number }>('select pg_backend_pid() as pid');
    return Number(statOf(rows[0]?.pid ?? 0)[1] ?? 0);
  });
}

/** Fields of /proc/<pid>/stat from the third on (state, parent, …). */
function statOf(pid: number): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

function childrenOf(parent: number): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => Number(statOf(pid)[1]) === parent);
  } catch {
    return [];
  }
}

/** Peak and last memory of a process while it is watched. */
export interface MemoryWatch {
  readonly samples: readonly { readonly ms: number; readonly mb: number }[];
  readonly peakMb: number;
  stop(): Promise<void>;
}

/** Looks at a process's memory at an interval. */
export function watchMemory(pid: number, everyMs = 1_000): MemoryWatch {
  const samples: { ms: number; mb: number }[] = [];
  const begun = performance.now();
  const look = async (): Promise<void> => {
    const mb = await memoryMb(pid);
    if (mb > 0) samples.push({ ms: performance.now() - begun, mb });
  };
  let last = look();
  const timer = setInterval(() => {
    last = look();
  }, everyMs);
  return {
    samples,
    get peakMb() {
      return Math.max(0, ...samples.map(({ mb }) => mb));
    },
    async stop() {
      clearInterval(timer);
      await last;
    },
  };
}
