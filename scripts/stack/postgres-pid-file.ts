import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from './stack-error.ts';

/** What a postmaster writes about itself into `postmaster.pid` of its data folder. */
export type PidFile = { pid: number; dataDir: string; port: number | undefined; ready: boolean };

/** The path of the pid file of a data folder. */
export function pidFilePath(dataDir: string): string {
  return path.join(dataDir, 'postmaster.pid');
}

/** Reads `postmaster.pid`; undefined when there is none or it is still being written. */
export async function readPidFile(dataDir: string): Promise<PidFile | undefined> {
  try {
    return parsePidFile(await readFile(pidFilePath(dataDir), 'utf8'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Parses the text of a pid file: process id, data folder, start time, port, socket folder, listen
 * address, shared memory key and state, one a line; the later lines appear while it starts.
 */
export function parsePidFile(text: string): PidFile | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  const pid = Number(lines[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  const port = Number(lines[3]);
  return {
    pid,
    dataDir: lines[1] ?? '',
    port: Number.isSafeInteger(port) && port > 0 ? port : undefined,
    ready: lines[7] === 'ready',
  };
}
