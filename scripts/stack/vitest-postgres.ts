import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { startPostgres } from './postgres.ts';
import { isAlive } from './processes.ts';
import { buildTemplates, type TestCluster } from './templates.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    testCluster: TestCluster;
  }
}

const PREFIX = 'ganger-test-pg-';

/** Durability is worth nothing for data that is thrown away, and costs most of the time. */
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '300',
  max_wal_size: '2GB',
  checkpoint_timeout: '30min',
  autovacuum_naptime: '15s',
};

type Running = { cluster: TestCluster; stop: () => Promise<void> };
type Shared = { projects: number; running: Promise<Running> };

/** Vitest loads this file once for each of its projects; they share one server all the same. */
const shared = globalThis as { gangerTestPostgres?: Shared | undefined };

/**
 * Vitest global set-up: one Postgres in a temporary folder for the whole run, with the template
 * databases that `openTestDatabase` clones. They are made anew when a watched run starts again.
 * Returns the tear-down.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared.gangerTestPostgres ??= { projects: 0, running: start() };
  const mine = shared.gangerTestPostgres;
  mine.projects++;
  const leave = async (): Promise<void> => {
    mine.projects--;
    if (mine.projects > 0) return;
    shared.gangerTestPostgres = undefined;
    await mine.running.then(
      ({ stop }) => stop(),
      () => {},
    );
  };
  try {
    const { cluster } = await mine.running;
    project.provide('testCluster', cluster);
    project.onTestsRerun(async () => project.provide('testCluster', await buildTemplates(cluster)));
    return leave;
  } catch (error) {
    await leave();
    throw error;
  }
}

async function start(): Promise<Running> {
  await removeAbandoned();
  const folder = await mkdtemp(path.join(tmpdir(), `${PREFIX}${process.pid}-`));
  // Started by root, the server runs as another user, who must be able to pass.
  await chmod(folder, 0o711);
  const server = await startPostgres({ dir: path.join(folder, 'data'), settings: SETTINGS });
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  const { username, password } = new URL(server.url());
  try {
    const cluster = await buildTemplates({
      host: '127.0.0.1',
      port: server.port,
      admin: { user: decodeURIComponent(username), password: decodeURIComponent(password) },
      passwords: {
        authenticator: randomBytes(18).toString('base64url'),
        postgres: randomBytes(18).toString('base64url'),
      },
    });
    return { cluster, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Removes the folders of runs that were killed; their servers ended with them. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const pid = Number.parseInt(name.slice(PREFIX.length), 10);
    if (!Number.isInteger(pid) || isAlive(pid)) continue;
    await rm(path.join(tmpdir(), name), { recursive: true, force: true });
  }
}
