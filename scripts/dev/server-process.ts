import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from './paths.ts';

/** Long, since a machine may be busy; a server that ends is noticed at once. */
const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 8_000;

export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** Orderly, as the operating system would ask. */
  stop(): Promise<void>;
  /** As a power cut would. */
  kill(): Promise<void>;
}

/**
 * Starts the sync server as a process of its own and waits until it is ready.
 * @throws Error with the last words of the server when it does not come up
 */
export async function startServerProcess(options: {
  port: number;
  env: Record<string, string>;
  log: (line: string) => void;
}): Promise<ServerProcess> {
  const { port, env, log } = options;
  const child = spawn(process.execPath, [path.join(ROOT, 'sync-server/main.ts')], {
    cwd: ROOT,
    env: { ...process.env, ...env, GANGER_PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let tail = '';
  const hear = (chunk: Buffer): void => {
    const text = chunk.toString('utf8');
    tail = (tail + text).slice(-4000);
    for (const line of text.split('\n')) if (line.trim()) log(line);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const url = `http://127.0.0.1:${port}`;
  await untilReady(child, url, () => tail);
  return {
    url,
    pid: child.pid ?? 0,
    stop: () => end(child, 'SIGTERM'),
    kill: () => end(child, 'SIGKILL'),
  };
}

async function untilReady(child: ChildProcess, url: string, tail: () => string): Promise<void> {
  const until = Date.now() + READY_WITHIN_MS;
  while (Date.now() < until) {
    if (child.exitCode !== null) break;
    const ready = await fetch(`${url}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return;
    await sleep(50);
  }
  child.kill('SIGKILL');
  throw new Error(`The sync server did not become ready.\n${tail()}`);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await gone;
  clearTimeout(timer);
}
