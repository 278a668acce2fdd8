import { glob, readFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * The finer walls, those that project references cannot express: between modules of the renderer,
 * between product code and what surrounds it, and which packages the shared folder may use.
 */
const IMPORT =
  /(?:^import (type )?[^;']*?from |^export [^;']*?from |^import |\bimport\()'([^']+)'/gm;
const IGNORED = /^(node_modules|out|dist|\.cache|\.data)\//;
const TEST = /\.(test|suite|spec)\.tsx?$/;
const SHARED_PACKAGES: Readonly<Record<string, RegExp>> = {
  zod: /^shared\//,
  uuid: /^shared\//,
  // The text that several people write at once is merged here and nowhere else.
  yjs: /^shared\/merge\//,
};

/** @returns one line a broken wall, empty when all stand */
export async function findBrokenWalls(root: string): Promise<string[]> {
  const broken: string[] = [];
  for await (const file of glob('**/*.{ts,tsx}', {
    cwd: root,
    exclude: (name) => IGNORED.test(`${name}/`),
  })) {
    const from = file.replaceAll('\\', '/');
    const source = await readFile(path.join(root, file), 'utf8');
    for (const match of source.matchAll(IMPORT)) {
      const [, typeOnly, specifier = ''] = match;
      const why = brokenWall(from, specifier, typeOnly !== undefined);
      if (why !== null) broken.push(`${from}: ${why} (imports ${specifier})`);
    }
  }
  for await (const file of glob('e2e/stranger/*.mjs', { cwd: root })) {
    const source = await readFile(path.join(root, file), 'utf8');
    broken.push(...strangerFaults(file.replaceAll('\\', '/'), source));
  }
  return broken.toSorted();
}

/** How long the stranger's client may be, and how wide, so that it is short and not only dense. */
const STRANGER_LINES = 150;
const STRANGER_WIDTH = 120;

/**
 * What makes a client of the protocol no stranger any more: it uses something beside Node's own modules,
 * or it is so long that nobody would write it from a page.
 */
export function strangerFaults(file: string, source: string): string[] {
  const lines = source.trimEnd().split('\n');
  const named = [...source.matchAll(/(?:\bfrom|\bimport|\brequire)\s*\(?\s*(['"`])(.*?)\1/g)];
  const foreign = named
    .map(([, , specifier = '']) => specifier)
    .filter((specifier) => !specifier.startsWith('node:') || specifier === 'node:module');
  const faults = foreign.map((specifier) => `imports ${specifier}`);
  if (/\bimport\s*\(\s*[^'"`\s]/.test(source)) faults.push('imports what it reckons');
  if (file.endsWith('/client.mjs')) {
    if (lines.length > STRANGER_LINES) faults.push(`has ${lines.length} lines`);
    const wide = lines.filter((line) => line.length > STRANGER_WIDTH).length;
    if (wide > 0) faults.push(`has ${wide} lines wider than ${STRANGER_WIDTH}`);
  }
  return faults.map((fault) => `${file}: a stranger knows the page only (${fault})`);
}

/**
 * Why a file may not import something, or null when it may. Paths from the project's root.
 * @param typeOnly an import that leaves nothing behind at run time
 */
export function brokenWall(from: string, specifier: string, typeOnly = false): string | null {
  const target = resolve(from, specifier);
  if (target === null) {
    if (from.startsWith('shared/') && !TEST.test(from) && !from.startsWith('shared/testing/')) {
      const name = specifier.startsWith('@') ? specifier : specifier.split('/')[0];
      if (!SHARED_PACKAGES[name ?? '']?.test(from)) {
        return 'shared/ uses zod and uuid only, and yjs where texts are merged';
      }
    }
    return null;
  }
  if (!TEST.test(from) && TEST.test(target)) return 'nothing imports a test';
  const product = /^(shared|desktop|sync-server)\//.test(from) && !TEST.test(from);
  if (product && !from.includes('/testing/')) {
    if (/^(scripts|e2e|supabase)\//.test(target)) return 'product code stands without scripts';
    if (/\/testing\//.test(target)) return 'product code stands without test helpers';
  }
  return moduleWall(from, target, typeOnly);
}

function moduleWall(from: string, target: string, typeOnly: boolean): string | null {
  const MODULE = /^desktop\/renderer\/modules\/([^/]+)\/(.+)$/;
  const own = MODULE.exec(from);
  const other = MODULE.exec(target);
  if (other && own?.[1] !== other[1] && !from.includes('/testing/') && !TEST.test(from)) {
    if (!/^index\.tsx?$/.test(other[2] ?? '')) return 'another module is entered by its index only';
  }
  if (own && !typeOnly && target.startsWith('desktop/collections/')) {
    const file = path.posix.basename(from);
    if (!file.startsWith('use-') && !TEST.test(from)) {
      return 'in a module only use-*.ts touch collections';
    }
  }
  return null;
}

function resolve(from: string, specifier: string): string | null {
  if (specifier.startsWith('.')) return path.posix.join(path.posix.dirname(from), specifier);
  const [alias, ...rest] = specifier.split('/');
  const folder = {
    '#shared': 'shared',
    '#desktop': 'desktop',
    '#server': 'sync-server',
    '#stack': 'scripts/stack',
  }[alias ?? ''];
  return folder === undefined ? null : [folder, ...rest].join('/');
}
