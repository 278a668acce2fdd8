import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFile, chmod, chown, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { giveTo, type RunAs } from './postgres-run-as.ts';
import { StackError, errorCode } from './stack-error.ts';

const run = promisify(execFile);

/** Server settings by name, as `postgresql.conf` takes them. */
export type PostgresSettings = Readonly<Record<string, string>>;

const SETTINGS_FILE = 'stack.conf';

/**
 * What every cluster of the stack runs with. The two time limits bound how long a forgotten
 * transaction can hold back the change feed, which never passes the oldest running one. The log
 * settings keep row values out of the log: no statement text, no DETAIL line.
 */
const DEFAULT_SETTINGS: PostgresSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  wal_level: 'logical',
  shared_preload_libraries: 'pg_stat_statements',
  transaction_timeout: '30s',
  idle_in_transaction_session_timeout: '10s',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
};

type InitOptions = {
  binaries: PostgresBinaries;
  runAs: RunAs;
  dir: string;
  superuser: string;
  password: string;
};

/**
 * Makes a cluster in `dir` unless one is there: UTF-8, code point order, passwords by SCRAM.
 * It is built beside `dir` and renamed at the end, so a killed initdb leaves no half cluster.
 */
export async function initCluster(options: InitOptions): Promise<void> {
  const { binaries, runAs, dir, superuser, password } = options;
  if (await exists(path.join(dir, 'PG_VERSION'))) {
    await giveTo(runAs, dir);
    return;
  }
  const building = `${dir}.building-${randomUUID()}`;
  const passwordFile = `${building}.password`;
  try {
    await mkdir(building, { mode: 0o700 });
    await giveTo(runAs, building);
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (runAs.uid !== undefined) await chown(passwordFile, runAs.uid, runAs.gid ?? runAs.uid);
    const { file, args } = runAs.command(binaries.initdb, [
      `--pgdata=${building}`,
      `--username=${superuser}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--no-sync',
      ...localeArguments(),
    ]);
    await run(file, args, runAs.spawnOptions);
    await appendFile(
      path.join(building, 'postgresql.conf'),
      `\ninclude_if_exists = '${SETTINGS_FILE}'\n`,
    );
    await rename(building, dir);
  } catch (error) {
    await rm(building, { recursive: true, force: true });
    throw new StackError(`Postgres could not make a database cluster in ${dir}.`, error);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** Writes the settings that the next start of the cluster uses. */
export async function writeSettings(
  dir: string,
  runAs: RunAs,
  settings: PostgresSettings,
): Promise<void> {
  const lines = Object.entries({ ...DEFAULT_SETTINGS, ...settings }).map(([name, value]) => {
    if (!/^[a-z_][a-z0-9_.]*$/.test(name) || /[\n\r]/.test(value)) {
      throw new StackError(`The Postgres setting ${name} is not a name and a one-line value.`);
    }
    return `${name} = '${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'\n`;
  });
  const file = path.join(dir, SETTINGS_FILE);
  await writeFile(file, lines.join(''));
  await chmod(file, 0o600);
  if (runAs.uid !== undefined) await chown(file, runAs.uid, runAs.gid ?? runAs.uid);
}

/** Code point order and Unicode rules; only Linux has them as a system locale everywhere. */
function localeArguments(): string[] {
  return process.platform === 'linux'
    ? ['--locale=C.UTF-8']
    : ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
