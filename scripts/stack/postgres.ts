import { mkdir, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { guardExit } from './exit-guard.ts';
import { freePort } from './free-port.ts';
import { tieToThisProcess } from './lifeline.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';
import { initCluster, writeSettings, type PostgresSettings } from './postgres-cluster.ts';
import { claim, type Ownership } from './postgres-owner.ts';
import { pidFilePath, readPidFile, type PidFile } from './postgres-pid-file.ts';
import { PortTakenError, interrupt, launch, shutDown, type Cluster } from './postgres-process.ts';
import { chooseRunAs } from './postgres-run-as.ts';
import { commandLine, isAlive } from './processes.ts';
import { readOrCreateSecret } from './secrets.ts';
import { StackError } from './stack-error.ts';

export type StartPostgresOptions = {
  /** The data folder; `<dir>.password` and `<dir>.log` lie beside it. */
  dir: string;
  /** TCP port on 127.0.0.1; by default any free one, or that of a server found running. */
  port?: number;
  /** Name of the cluster's superuser when it is made; default `supabase_admin`, as Supabase has. */
  superuser?: string;
  /** Settings beyond the stack's own; a server found running keeps those that it has. */
  settings?: PostgresSettings;
  /**
   * When this process is killed: `stop` (default) ends the server with it, `keep` leaves it for
   * the next start to find.
   */
  onParentDeath?: 'stop' | 'keep';
  /** Gets a line when the server starts, is found running, or stops. */
  log?: (line: string) => void;
};

export type RunningPostgres = {
  port: number;
  dir: string;
  pid: number;
  superuser: string;
  /** True when the server was found running, left behind by a killed process. */
  attached: boolean;
  /** A connection string; by default database `postgres` as the superuser. */
  url: (database?: string, user?: string, password?: string) => string;
  /** Stops the server (fast shutdown) and returns when it is gone; harmless when repeated. */
  stop: () => Promise<void>;
};

/** How long a server found starting up or shutting down gets to finish. */
const SETTLE_MS = 20_000;

/**
 * Starts a real Postgres 17 on 127.0.0.1, making its cluster at the first call. A server of the
 * same folder that a killed process left behind is taken over when it answers, replaced when not.
 * Throws `StackError` when another living process runs it, or it cannot be started.
 */
export async function startPostgres(options: StartPostgresOptions): Promise<RunningPostgres> {
  const { superuser = 'supabase_admin', log = () => {} } = options;
  const parent = path.resolve(path.dirname(options.dir));
  await mkdir(parent, { recursive: true });
  const dir = path.join(await realpath(parent), path.basename(options.dir));
  const binaries = await findPostgresBinaries();
  const programs = [binaries.initdb, binaries.postgres];
  const cluster: Cluster = {
    binaries,
    runAs: await chooseRunAs({ dataDir: dir, programs }),
    dir,
  };
  const password = await readOrCreateSecret(`${dir}.password`);
  const started = { cluster, superuser, password, options, log };

  const leftover = await takeOver(started);
  if (leftover !== undefined) {
    log(`Postgres was still running on port ${leftover.port}: using it.`);
    return running(started, { ...leftover, attached: true });
  }
  await initCluster({ binaries, runAs: cluster.runAs, dir, superuser, password });
  await writeSettings(dir, cluster.runAs, options.settings ?? {});
  const { pid, port } = await launchOnSomePort(cluster, options.port);
  const claimed = await claim({ port, superuser, password, dataDir: dir });
  if (claimed.result !== 'owned') {
    await shutDown(cluster, pid);
    throw new StackError(
      `Postgres does not accept the password in ${dir}.password: restore it, or remove ${dir}.`,
    );
  }
  log(`Postgres started on port ${port}.`);
  return running(started, { pid, port, ownership: claimed.ownership, attached: false });
}

type Started = {
  cluster: Cluster;
  superuser: string;
  password: string;
  options: StartPostgresOptions;
  log: (line: string) => void;
};

type Server = { pid: number; port: number; ownership: Ownership };

/** Finds a server of this folder that still runs; stops or forgets it when it cannot be used. */
async function takeOver(started: Started): Promise<Server | undefined> {
  const { cluster, superuser, password, options, log } = started;
  const found = await readPidFile(cluster.dir);
  if (found === undefined || !isAlive(found.pid)) return undefined;

  const settled = await settle(cluster.dir, found.pid);
  if (settled === undefined) return undefined;
  if (settled.ready && settled.port !== undefined) {
    const { pid, port } = settled;
    const claimed = await claim({ port, superuser, password, dataDir: cluster.dir });
    if (claimed.result === 'busy') {
      throw new StackError(`The database in ${cluster.dir} is in use by another running program.`);
    }
    if (claimed.result === 'owned') {
      if (options.port === undefined || options.port === port) {
        return { pid, port, ownership: claimed.ownership };
      }
      await claimed.ownership.release();
    }
  }
  if (await isServerOf(cluster.dir, found.pid)) {
    log(`Postgres (process ${found.pid}) was left behind: replacing it.`);
    await shutDown(cluster, found.pid);
  } else {
    // After a reboot the id may belong to any program, and Postgres would wait for it forever.
    await rm(pidFilePath(cluster.dir), { force: true });
  }
  return undefined;
}

/** Waits while the server starts up or shuts down; undefined when it has gone. */
async function settle(dir: string, pid: number): Promise<PidFile | undefined> {
  const end = performance.now() + SETTLE_MS;
  for (;;) {
    const found = await readPidFile(dir);
    if (found?.pid !== pid || !isAlive(pid)) return undefined;
    if (found.ready || performance.now() > end || !(await isServerOf(dir, pid))) return found;
    await sleep(20);
  }
}

async function isServerOf(dir: string, pid: number): Promise<boolean> {
  const command = await commandLine(pid);
  return command !== undefined && command.includes('postgres') && command.includes(dir);
}

async function launchOnSomePort(
  cluster: Cluster,
  wanted: number | undefined,
): Promise<{ pid: number; port: number }> {
  const logFile = `${cluster.dir}.log`;
  for (let attempt = 1; ; attempt++) {
    const port = wanted ?? (await freePort());
    try {
      return { pid: await launch(cluster, port, logFile), port };
    } catch (error) {
      if (!(error instanceof PortTakenError) || wanted !== undefined || attempt === 5) throw error;
    }
  }
}

function running(started: Started, server: Server & { attached: boolean }): RunningPostgres {
  const { cluster, superuser, password, options, log } = started;
  const { pid, port, ownership, attached } = server;
  const keep = options.onParentDeath === 'keep';
  const untie = keep ? () => {} : tieToThisProcess(pid, pidFilePath(cluster.dir));
  const unguard = guardExit(() => interrupt(cluster, pid));

  const stop = async (): Promise<void> => {
    await ownership.release();
    await shutDown(cluster, pid);
    unguard();
    untie();
    log(`Postgres on port ${port} stopped.`);
  };
  let stopping: Promise<void> | undefined;
  return {
    port,
    pid,
    dir: cluster.dir,
    superuser,
    attached,
    url: (database = 'postgres', user = superuser, secret = password) =>
      `postgres://${encodeURIComponent(user)}:${encodeURIComponent(secret)}` +
      `@127.0.0.1:${port}/${encodeURIComponent(database)}`,
    stop: () => (stopping ??= stop()),
  };
}
