import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { startPostgres } from '#stack/postgres.ts';
import type { RunningPostgres } from '#stack/postgres.ts';
import { waitForExit } from '#stack/processes.ts';
import { adminUrl, buildTemplates, clusterUrl, createDatabase } from '#stack/templates.ts';
import type { TestCluster } from '#stack/templates.ts';

const SYNC_PASSWORD = randomBytes(18).toString('base64url');
const STOPPED_WITHIN_MS = 30_000;

/**
 * One real Postgres for a whole run, durable as in production (an acknowledged commit is on the disk),
 * with a template of which every clinic is a copy. It can be stopped hard and comes back.
 */
export class Cluster {
  readonly #folder: string;
  readonly #templates: TestCluster;
  #running: RunningPostgres;
  #databases = 0;

  private constructor(folder: string, running: RunningPostgres, templates: TestCluster) {
    this.#folder = folder;
    this.#running = running;
    this.#templates = templates;
  }

  static async start(): Promise<Cluster> {
    const folder = await mkdtemp(path.join(tmpdir(), 'ganger-faults-pg-'));
    // Started by root, the server runs as another user, who must be able to pass.
    await chmod(folder, 0o711);
    const running = await startPostgres({
      dir: path.join(folder, 'data'),
      settings: { max_connections: '200' },
    });
    const { username, password } = new URL(running.url());
    const templates = await buildTemplates({
      host: '127.0.0.1',
      port: running.port,
      admin: { user: decodeURIComponent(username), password: decodeURIComponent(password) },
      passwords: {
        authenticator: randomBytes(18).toString('base64url'),
        postgres: randomBytes(18).toString('base64url'),
      },
    });
    const cluster = new Cluster(folder, running, templates);
    await cluster.#asAdmin(`alter role ganger_sync password ${pg.escapeLiteral(SYNC_PASSWORD)}`);
    return cluster;
  }

  /** An empty folder that goes when the cluster ends. */
  scratch(): string {
    return mkdtempSync(path.join(this.#folder, 'scratch-'));
  }

  get pid(): number {
    return this.#running.pid;
  }

  /** A new database with the demo people, or a copy of another that nobody is connected to. */
  async database(copyOf = this.#templates.templates.seeded): Promise<string> {
    this.#databases += 1;
    const name = `clinic_${this.#databases}`;
    await createDatabase(this.#templates, name, copyOf);
    return name;
  }

  adminUrl(database: string): string {
    return adminUrl(this.#templates, database);
  }

  /** As the login role of the sync server. */
  syncUrl(database: string): string {
    return clusterUrl(this.#templates, database, 'ganger_sync', SYNC_PASSWORD);
  }

  /** `fast` ends sessions and transactions in order; `immediate` is as good as a power cut. */
  async stop(how: 'fast' | 'immediate'): Promise<void> {
    if (how === 'immediate') {
      process.kill(this.#running.pid, 'SIGQUIT');
      await waitForExit(this.#running.pid, STOPPED_WITHIN_MS);
    }
    await this.#running.stop();
  }

  /** Starts it again after `stop`, on the same port. */
  async startAgain(): Promise<void> {
    const { dir, port } = this.#running;
    this.#running = await startPostgres({ dir, port, settings: { max_connections: '200' } });
  }

  async end(): Promise<void> {
    await this.#running.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #asAdmin(sql: string): Promise<void> {
    const client = new pg.Client(adminUrl(this.#templates));
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  }
}

let shared: Promise<Cluster> | null = null;

/** The one of this run, started when it is first asked for. */
export const sharedCluster = (): Promise<Cluster> => (shared ??= Cluster.start());

/** Ends it, if it was ever started. */
export async function endSharedCluster(): Promise<void> {
  const ending = shared;
  shared = null;
  await (await ending)?.end();
}
