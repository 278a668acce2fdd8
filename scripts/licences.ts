import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './dev/paths.ts';

/** Where the page "About" reads them. */
const FILE = path.join(ROOT, 'desktop/renderer/modules/administration/about/licences.json');

/** A package that the app contains. */
export interface Licence {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
}

interface Locked {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Folders whose sources end up in the app, and what in them does not. */
const SOURCES = ['desktop', 'shared'];
const NOT_BUILT = /(\.test|\.suite)\.tsx?$|(^|\/)testing\//;
const IMPORTED = /(?:from|import) '((?:@[\w.-]+\/)?[\w.-]+)(?:\/[^']*)?'/g;

/** The packages that the app's own sources import, with all that these need, by the lockfile. */
export function licences(): Licence[] {
  const lock = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked>;
  };
  const found = new Map<string, Licence>();
  const visit = (name: string, from: string): void => {
    const at = placeOf(lock.packages, name, from);
    const its = at === null ? undefined : lock.packages[at];
    if (at === null || !its || found.has(at)) return;
    const { version = '', license = '' } = its;
    // Types are read by the compiler only.
    if (name.startsWith('@types/')) return;
    found.set(at, { name: its.name ?? name, version, licence: license });
    // What npm's package of Electron needs is there to download it.
    if (name === 'electron') return;
    for (const dependency of Object.keys(its.dependencies ?? {})) visit(dependency, at);
  };
  for (const name of importedPackages()) visit(name, '');
  const key = ({ name, version }: Licence): string => `${name}@${version}`;
  const unique = new Map([...found.values()].map((one) => [key(one), one]));
  return [...unique.values()].toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** The nearest place of a package as Node finds it, or null. */
function placeOf(packages: Record<string, Locked>, name: string, from: string): string | null {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const place = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (packages[place]) return place;
    if (at === '') return null;
    if (!at.includes('/node_modules/')) {
      return packages[`node_modules/${name}`] ? `node_modules/${name}` : null;
    }
  }
}

function importedPackages(): Set<string> {
  const names = new Set<string>();
  for (const folder of SOURCES) {
    const files = readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' });
    for (const file of files.map((one) => one.replaceAll('\\', '/'))) {
      if (!/\.tsx?$/.test(file) || NOT_BUILT.test(file)) continue;
      const text = readFileSync(path.join(ROOT, folder, file), 'utf8');
      for (const [, name] of text.matchAll(IMPORTED)) if (name !== undefined) names.add(name);
    }
  }
  return names;
}

/** The file as it should be. */
export const licencesText = (): string => `${JSON.stringify(licences(), null, 2)}\n`;

/** The file as it is. */
export const licencesFile = (): string => readFileSync(FILE, 'utf8');

if (process.argv[1] === import.meta.filename) {
  writeFileSync(FILE, licencesText());
  console.log(`${licences().length} packages written down`);
}
