import { execFile, execFileSync, spawn } from 'node:child_process';
import { open, readFile, rename, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { readPidFile } from './postgres-pid-file.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import type { RunAs } from './postgres-run-as.ts';
import { isAlive, waitForExit } from './processes.ts';
import { StackError } from './stack-error.ts';

const run = promisify(execFile);
const MAX_LOG_BYTES = 10_000_000;
/** Recovery after a crash replays the write-ahead log before connections are let in. */
const START_TIMEOUT_MS = 120_000;
const FAST_STOP_MS = 60_000;
const IMMEDIATE_STOP_MS = 10_000;

/** What is needed to run programs on one cluster. */
export type Cluster = { binaries: PostgresBinaries; runAs: RunAs; dir: string };

/** Thrown by `launch` when another process listens on the port. */
export class PortTakenError extends StackError {}

/**
 * Starts the server of a cluster, its output appended to `logFile`, and returns its process id
 * once it lets connections in. Throws `PortTakenError`, or `StackError` with the log's last lines.
 */
export async function launch(cluster: Cluster, port: number, logFile: string): Promise<number> {
  await rotate(logFile);
  const log = await open(logFile, 'a', 0o600);
  const from = (await log.stat()).size;
  let exited = false;
  try {
    const args = ['-D', cluster.dir, '-p', String(port)];
    if (process.platform === 'win32') {
      // pg_ctl drops administrator rights, which the server itself refuses to run with.
      const ctl = ['start', '-W', '-D', cluster.dir, '-o', `-p ${port}`, '-l', logFile];
      await run(cluster.binaries.pgCtl, ctl, cluster.runAs.spawnOptions);
    } else {
      const command = cluster.runAs.command(cluster.binaries.postgres, args);
      const server = spawn(command.file, command.args, {
        ...cluster.runAs.spawnOptions,
        // A session of its own: Ctrl+C in the terminal must not stop it before its clients.
        detached: true,
        stdio: ['ignore', log.fd, log.fd],
      });
      server.once('exit', () => (exited = true));
      server.once('error', () => (exited = true));
      server.unref();
    }
  } finally {
    await log.close();
  }
  const end = performance.now() + START_TIMEOUT_MS;
  while (!exited && performance.now() < end) {
    const found = await readPidFile(cluster.dir);
    if (found?.ready && found.port === port && isAlive(found.pid)) return found.pid;
    await sleep(10);
  }
  const said = (await readFile(logFile)).subarray(from).toString('utf8').slice(-2000);
  if (/could not (bind|create any TCP)/.test(said)) {
    throw new PortTakenError(`Port ${port} of 127.0.0.1 is taken by another program.`);
  }
  throw new StackError(`Postgres did not start in ${cluster.dir}; its log says:\n${said}`);
}

/** Stops a server: fast (transactions rolled back), and harder where that does not help. */
export async function shutDown(cluster: Cluster, pid: number): Promise<void> {
  if (process.platform === 'win32') {
    await run(cluster.binaries.pgCtl, ['stop', '-m', 'fast', '-D', cluster.dir]).catch(() => {});
    if (await waitForExit(pid, IMMEDIATE_STOP_MS)) return;
  }
  const steps = [
    ['SIGINT', FAST_STOP_MS],
    ['SIGQUIT', IMMEDIATE_STOP_MS],
    ['SIGKILL', IMMEDIATE_STOP_MS],
  ] as const;
  for (const [signal, timeoutMs] of steps) {
    if (!sendSignal(pid, signal) || (await waitForExit(pid, timeoutMs))) return;
  }
  throw new StackError(`Postgres (process ${pid}) could not be stopped.`);
}

/** Asks the server to stop without waiting; for the last moment of this process. */
export function interrupt(cluster: Cluster, pid: number): void {
  if (process.platform !== 'win32') {
    sendSignal(pid, 'SIGINT');
    return;
  }
  try {
    execFileSync(cluster.binaries.pgCtl, ['stop', '-W', '-m', 'fast', '-D', cluster.dir]);
  } catch {
    // It had gone already.
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

async function rotate(logFile: string): Promise<void> {
  const size = await stat(logFile).then(
    (info) => info.size,
    () => 0,
  );
  if (size > MAX_LOG_BYTES) await rename(logFile, `${logFile}.1`);
}
