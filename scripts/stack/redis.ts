import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { guardExit } from './exit-guard.ts';
import { freePort } from './free-port.ts';
import { tieToThisProcess } from './lifeline.ts';
import { isAlive, waitForExit } from './processes.ts';
import { StackError } from './stack-error.ts';

export type StartRedisOptions = {
  /** Port on 127.0.0.1; by default any free one. */
  port?: number;
  /** Path of the server program; by default the one found by `findRedis`. */
  program?: string;
  /** Further settings by name, as `redis.conf` takes them. */
  settings?: Readonly<Record<string, string>>;
  /** A Sentinel that watches the Redis at this port of 127.0.0.1, in the place of a Redis. */
  sentinelOf?: { name: string; port: number };
};

export type RunningRedis = {
  port: number;
  pid: number;
  url: string;
  /** Stops the server and returns when it is gone; harmless when repeated. */
  stop: () => Promise<void>;
};

const PROGRAMS = ['valkey-server', 'redis-server'];
const START_TIMEOUT_MS = 15_000;
const STOP_TIMEOUT_MS = 10_000;

/** A cache in memory: nothing is written to disk, the least recently used entries go first. */
const SETTINGS = {
  bind: '127.0.0.1',
  save: '',
  appendonly: 'no',
  maxmemory: '128mb',
  'maxmemory-policy': 'allkeys-lru',
};

/** The path of Valkey's or Redis' server program on the PATH; undefined when there is none. */
export async function findRedis(): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter(Boolean);
  for (const program of PROGRAMS) {
    for (const folder of folders) {
      const file = path.join(folder, program);
      const isThere = await access(file, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (isThere) return file;
    }
  }
  return undefined;
}

/**
 * Starts a real Redis (or Valkey) of its own on 127.0.0.1, which ends with this process.
 * Throws `StackError` when none is installed, the port is taken, or it does not start.
 */
export async function startRedis(options: StartRedisOptions = {}): Promise<RunningRedis> {
  const program = options.program ?? (await findRedis());
  if (program === undefined) {
    throw new StackError('There is no Redis: install valkey-server or redis-server.');
  }
  const dir = await mkdtemp(path.join(tmpdir(), 'ganger-redis-'));
  try {
    for (let attempt = 1; ; attempt++) {
      const port = options.port ?? (await freePort());
      const pid = await launch(program, port, dir, options);
      if (pid !== undefined) return running(pid, port, dir);
      if (options.port !== undefined || attempt === 5) {
        throw new StackError(`Port ${port} of 127.0.0.1 is taken by another program.`);
      }
    }
  } catch (error) {
    await rm(dir, { recursive: true, force: true });
    throw error;
  }
}

const pidFileOf = (dir: string): string => path.join(dir, 'redis.pid');

/** Starts the server and waits until it takes connections; undefined when the port is taken. */
async function launch(
  program: string,
  port: number,
  dir: string,
  { settings = {}, sentinelOf }: StartRedisOptions,
): Promise<number | undefined> {
  const ours = { port: String(port), dir, pidfile: pidFileOf(dir) };
  const all = sentinelOf ? { bind: SETTINGS.bind, ...ours } : { ...SETTINGS, ...settings, ...ours };
  const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]);
  if (sentinelOf) {
    // A Sentinel writes down what it learns, so it wants a file.
    const file = path.join(dir, 'sentinel.conf');
    const watched = `sentinel monitor ${sentinelOf.name} 127.0.0.1 ${sentinelOf.port} 1\n`;
    await writeFile(file, watched);
    args.unshift(file, '--sentinel');
  }
  const logFile = path.join(dir, 'redis.log');
  const server = spawn(program, [...args, '--logfile', logFile], {
    cwd: dir,
    detached: true,
    stdio: 'ignore',
  });
  server.unref();
  await once(server, 'spawn').catch((error: unknown) => {
    throw new StackError(`${program} could not be run.`, error);
  });
  const { pid } = server;
  if (pid === undefined) throw new StackError(`${program} could not be run.`);
  const end = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    const log = await readFile(logFile, 'utf8').catch(() => '');
    if (/ready to accept connections|sentinel ID is/i.test(log)) return pid;
    if (/address already in use/i.test(log)) return undefined;
    if (!isAlive(pid) || performance.now() > end) {
      throw new StackError(`${path.basename(program)} did not start; its log says:\n${log}`);
    }
    await sleep(10);
  }
}

function running(pid: number, port: number, dir: string): RunningRedis {
  const untie = tieToThisProcess(pid, pidFileOf(dir));
  const send = (signal: NodeJS.Signals): void => {
    if (isAlive(pid)) process.kill(pid, signal);
  };
  const unguard = guardExit(() => send('SIGTERM'));
  const stop = async (): Promise<void> => {
    send('SIGTERM');
    if (!(await waitForExit(pid, STOP_TIMEOUT_MS))) send('SIGKILL');
    unguard();
    untie();
    await rm(dir, { recursive: true, force: true });
  };
  let stopping: Promise<void> | undefined;
  return { port, pid, url: `redis://127.0.0.1:${port}`, stop: () => (stopping ??= stop()) };
}
