import { execFile, type SpawnOptions } from 'node:child_process';
import { lstat, readFile, readdir, stat, chown } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { StackError, errorCode } from './stack-error.ts';

const run = promisify(execFile);

/** How Postgres programs are started, since Postgres refuses to run as root. */
export type RunAs = {
  /** `self`: as we are; `user`: as another user; `namespace`: root without its rights (Linux). */
  kind: 'self' | 'user' | 'namespace';
  uid?: number;
  gid?: number;
  /** Turns a program and its arguments into what is really spawned. */
  command(program: string, args: readonly string[]): { file: string; args: string[] };
  /** Options that every spawn of a Postgres program takes. */
  spawnOptions: Pick<SpawnOptions, 'uid' | 'gid' | 'cwd' | 'env'>;
};

type Options = { dataDir: string; programs: readonly string[]; user?: string };

/**
 * Decides how to run Postgres on `dataDir`. Not root: as ourselves. Root: as `user` (default
 * `nobody`) where that user can reach the programs and the data folder's parents, otherwise in a
 * user namespace of its own, where the process keeps access to root's files but is not root.
 * Throws `StackError` naming the folder in the way when neither works.
 */
export async function chooseRunAs({ dataDir, programs, user = 'nobody' }: Options): Promise<RunAs> {
  if (process.getuid?.() !== 0) return direct('self');
  const ids = await lookUpUser(user);
  const wall = await firstUnreachable([path.dirname(dataDir), ...programs], ids);
  if (wall === undefined) return direct('user', ids);
  if (await canUnshare()) return namespace();
  throw new StackError(
    `Postgres cannot run as root, and the user ${user} may not enter ${wall}: ` +
      `run this as another user, allow it with chmod o+x, or keep the data in another folder.`,
  );
}

/** Gives the folder and all in it to the user that Postgres runs as, where that is another one. */
export async function giveTo(runAs: RunAs, dir: string): Promise<void> {
  if (runAs.kind === 'self') return;
  const uid = runAs.uid ?? 0;
  const gid = runAs.gid ?? 0;
  if ((await stat(dir)).uid === uid) return;
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    await chown(path.join(entry.parentPath, entry.name), uid, gid);
  }
  await chown(dir, uid, gid);
}

function environment(): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    SystemRoot: process.env['SystemRoot'],
    LC_MESSAGES: 'C',
    TZ: 'UTC',
  };
}

function direct(kind: 'self' | 'user', ids?: { uid: number; gid: number }): RunAs {
  return {
    kind,
    ...ids,
    command: (program, args) => ({ file: program, args: [...args] }),
    spawnOptions: { ...ids, cwd: path.parse(process.execPath).root, env: environment() },
  };
}

function namespace(): RunAs {
  return {
    kind: 'namespace',
    command: (program, args) => ({ file: 'unshare', args: ['--user', '--', program, ...args] }),
    spawnOptions: { cwd: '/', env: environment() },
  };
}

async function canUnshare(): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  return run('unshare', ['--user', '--', 'true']).then(
    () => true,
    () => false,
  );
}

async function lookUpUser(user: string): Promise<{ uid: number; gid: number }> {
  const passwd = await readFile('/etc/passwd', 'utf8');
  const line = passwd.split('\n').find((entry) => entry.startsWith(`${user}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined) {
    throw new StackError(`Postgres cannot run as root, and there is no user ${user} to run it as.`);
  }
  // macOS writes nobody's id as -2.
  return { uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 };
}

/** The first folder above the given paths that the user may not pass through, else undefined. */
async function firstUnreachable(
  targets: readonly string[],
  ids: { uid: number; gid: number },
): Promise<string | undefined> {
  for (const target of targets) {
    for (const folder of foldersDownTo(target)) {
      const info = await lstat(folder).catch((error: unknown) => {
        // Folders still to be made will get the usual mode 0755.
        if (errorCode(error) === 'ENOENT') return undefined;
        throw error;
      });
      if (!info?.isDirectory()) continue;
      const bit = info.uid === ids.uid ? 0o100 : info.gid === ids.gid ? 0o010 : 0o001;
      if ((info.mode & bit) === 0) return folder;
    }
  }
  return undefined;
}

function foldersDownTo(target: string): string[] {
  const parent = path.dirname(target);
  return parent === target ? [target] : [...foldersDownTo(parent), target];
}
