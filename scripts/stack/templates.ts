import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { bootstrap, configureDatabase, type LoginPasswords } from './bootstrap.ts';
import { migrate, seed } from './migrate.ts';

/** What a test file needs to reach the test cluster and clone its templates. */
export type TestCluster = {
  host: string;
  port: number;
  admin: { user: string; password: string };
  passwords: LoginPasswords;
  templates: { empty: string; seeded: string };
};

/** A connection string for one database of the cluster; every part is escaped. */
export function clusterUrl(
  cluster: Pick<TestCluster, 'host' | 'port'>,
  database: string,
  user: string,
  password: string,
): string {
  const login = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  return `postgres://${login}@${cluster.host}:${cluster.port}/${encodeURIComponent(database)}`;
}

/** The connection string of the cluster's superuser. */
export function adminUrl(cluster: TestCluster, database = 'postgres'): string {
  return clusterUrl(cluster, database, cluster.admin.user, cluster.admin.password);
}

/**
 * Builds the two databases that tests clone: `empty` has bootstrap and migrations, `seeded` the
 * demo data too. Every call makes new ones, so that clones of old ones go on undisturbed.
 */
export async function buildTemplates(
  cluster: Omit<TestCluster, 'templates'>,
): Promise<TestCluster> {
  const suffix = randomBytes(4).toString('hex');
  const templates = { empty: `template_empty_${suffix}`, seeded: `template_seeded_${suffix}` };
  const full = { ...cluster, templates };
  const as = (database: string): string =>
    clusterUrl(cluster, database, 'postgres', cluster.passwords.postgres);

  await createDatabase(full, templates.empty);
  await bootstrap(adminUrl(full, templates.empty), cluster.passwords);
  await migrate(as(templates.empty));
  await createDatabase(full, templates.seeded, templates.empty);
  await seed(as(templates.seeded));
  return full;
}

/** Creates a database, as a copy of a template where one is named. */
export async function createDatabase(
  cluster: TestCluster,
  name: string,
  template = 'template1',
): Promise<void> {
  await asAdmin(cluster, async (admin) => {
    await admin.query(
      `create database ${pg.escapeIdentifier(name)} template ${pg.escapeIdentifier(template)}`,
    );
    if (template !== 'template1') await configureDatabase(admin, name);
  });
}

/** Drops a database, ending the connections that are still open to it. */
export async function dropDatabase(cluster: TestCluster, name: string): Promise<void> {
  await asAdmin(cluster, (admin) =>
    admin.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`),
  );
}

async function asAdmin(
  cluster: TestCluster,
  work: (admin: pg.Client) => Promise<unknown>,
): Promise<void> {
  const admin = new pg.Client(adminUrl(cluster));
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}
