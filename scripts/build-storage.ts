import { copyFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { ROOT } from './dev/paths.ts';

/** The entry, and what lies beside the bundle. */
const SOURCE = path.join(ROOT, 'desktop/storage/package');
const NAME = 'rxdb-storage-sqlcipher';

interface OwnPackage {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/**
 * Builds the storage as a package of its own: one ES module for plain Node 24 that imports rxdb,
 * rxjs, better-sqlite3 and Node alone, with its types, its README and its package.json.
 * @param target folder, made when it is not there
 * @returns the size of the module in bytes
 * @throws Error of the build tool
 */
export async function buildStorage(target: string): Promise<number> {
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      outDir: target,
      emptyOutDir: false,
      target: 'node24',
      minify: false,
      reportCompressedSize: false,
      ssr: true,
      lib: { entry: path.join(SOURCE, 'index.ts'), formats: ['es'], fileName: () => 'index.js' },
      rollupOptions: { external: [/^node:/, /^rxdb(\/|$)/, /^rxjs(\/|$)/, 'better-sqlite3'] },
    },
  });
  await mkdir(target, { recursive: true });
  await copyFile(path.join(SOURCE, 'published.d.ts'), path.join(target, 'index.d.ts'));
  await copyFile(path.join(ROOT, 'docs/storage.md'), path.join(target, 'README.md'));
  const own = JSON.parse(await readFile(path.join(ROOT, 'package.json'), 'utf8')) as OwnPackage;
  const text = `${JSON.stringify(packageOf(own), null, 2)}\n`;
  await writeFile(path.join(target, 'package.json'), text);
  return (await stat(path.join(target, 'index.js'))).size;
}

function packageOf({ version, dependencies, devDependencies }: OwnPackage) {
  return {
    name: NAME,
    version,
    description: "RxDB's storage over SQLite and SQLCipher, for Node and Electron",
    license: 'UNLICENSED',
    type: 'module',
    main: './index.js',
    types: './index.d.ts',
    exports: { '.': { types: './index.d.ts', default: './index.js' } },
    files: ['index.js', 'index.d.ts', 'README.md'],
    sideEffects: false,
    engines: { node: '>=24' },
    dependencies: { 'better-sqlite3': dependencies['better-sqlite3'] },
    peerDependencies: {
      rxdb: `~${devDependencies['rxdb'] ?? ''}`,
      rxjs: `^${devDependencies['rxjs'] ?? ''}`,
    },
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const target = path.join(ROOT, 'dist/storage');
  const bytes = await buildStorage(target);
  console.log(`dist/storage/index.js: ${(bytes / 1024).toFixed(1)} KiB`);
}
