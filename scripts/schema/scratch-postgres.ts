import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bootstrap } from '#stack/bootstrap.ts';
import { startPostgres } from '#stack/postgres.ts';

/** A database with what a project has before its first migration; gone when the work is done. */
export interface ScratchPostgres {
  /** Logs in as `postgres`, who owns the tables. */
  readonly ownerUrl: string;
  /** Logs in as the superuser of the cluster. */
  readonly adminUrl: string;
}

/** Nothing of it outlives the work, so nothing needs to reach the disk. */
const SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/**
 * Starts a Postgres of its own in a temporary folder, and removes both afterwards.
 * @param durable true: a commit is on the disk before it is answered, as in production
 */
export async function withScratchPostgres<T>(
  work: (database: ScratchPostgres) => Promise<T>,
  { durable = false }: { readonly durable?: boolean } = {},
): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ganger-scratch-pg-'));
  // Started by root, the server runs as another user, who must be able to pass.
  await chmod(folder, 0o711);
  try {
    const server = await startPostgres({
      dir: path.join(folder, 'data'),
      settings: durable ? {} : SETTINGS,
    });
    try {
      const passwords = {
        postgres: randomBytes(18).toString('base64url'),
        authenticator: randomBytes(18).toString('base64url'),
      };
      const adminUrl = server.url();
      await bootstrap(adminUrl, passwords);
      return await work({
        adminUrl,
        ownerUrl: server.url('postgres', 'postgres', passwords.postgres),
      });
    } finally {
      await server.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
