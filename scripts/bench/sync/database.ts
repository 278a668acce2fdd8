import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { migrate } from '#stack/migrate.ts';
import { connectForScripts } from '#stack/sql-file.ts';
import { withScratchPostgres } from '../../schema/scratch-postgres.ts';

/** A database with all migrations, and the log-ins that a bench of the sync engine needs. */
export interface SyncDatabase {
  /** The superuser of the cluster. */
  readonly adminUrl: string;
  /** `postgres`, who owns the tables. */
  readonly ownerUrl: string;
  /** `ganger_sync`, as whom the server logs in. */
  readonly syncUrl: string;
}

/** A database of its own, on the disk as in production (fsync on), gone when the work is done. */
export function withSyncDatabase<T>(work: (database: SyncDatabase) => Promise<T>): Promise<T> {
  return withScratchPostgres(
    async ({ adminUrl, ownerUrl }) => {
      await migrate(ownerUrl);
      return work({ adminUrl, ownerUrl, syncUrl: await openSyncLogin(adminUrl) });
    },
    { durable: true },
  );
}

/** Gives the server's login a password. @returns its connection string */
async function openSyncLogin(adminUrl: string): Promise<string> {
  const password = randomBytes(18).toString('base64url');
  await asAdmin(adminUrl, (admin) =>
    admin.query(`alter role ganger_sync password ${pg.escapeLiteral(password)}`),
  );
  const url = new URL(adminUrl);
  url.username = 'ganger_sync';
  url.password = password;
  return url.href;
}

/** Runs work on a connection of the superuser. */
export async function asAdmin<T>(
  adminUrl: string,
  work: (admin: pg.Client) => Promise<T>,
): Promise<T> {
  const admin = await connectForScripts(adminUrl, 'bench');
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

/** The server's version, for the line that names the machine. */
export async function postgresVersion(adminUrl: string): Promise<string> {
  return asAdmin(adminUrl, async (admin) => {
    const { rows } = await admin.query<{ server_version: string; fsync: string }>(
      `select current_setting('server_version') as server_version, current_setting('fsync') as fsync`,
    );
    return `Postgres ${rows[0]?.server_version ?? ''} (fsync ${rows[0]?.fsync ?? '?'})`;
  });
}
