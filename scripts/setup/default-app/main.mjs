/// <reference types="electron" />
// Stands in for Electron's own default app, which the repackaged binary lacks:
// `electron [flags] <folder or file> [arguments]` starts that app.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { app as publicApp } from 'electron/main';

/**
 * @typedef {{ setVersion: (version: string) => void, setAppPath: (folder: string) => void }} Inner
 *   what Electron's own default app uses and the type definitions leave out
 */
const app = /** @type {import('electron').App & Inner} */ (publicApp);
const require = createRequire(import.meta.url);

/**
 * @returns {{ target: string | null, preloads: string[], version: boolean }} target: the app's
 *   folder or file; preloads: files to load before it
 */
function parseArguments() {
  const preloads = [];
  const args = process.argv.slice(1);
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index] ?? '';
    if (argument === '-v' || argument === '--version') {
      return { target: null, preloads, version: true };
    }
    // Playwright starts its side of the connection with `-r <file>`.
    if (argument === '-r' || argument === '--require') {
      index += 1;
      preloads.push(args[index] ?? '');
    } else if (!argument.startsWith('-')) {
      return { target: argument, preloads, version: false };
    }
  }
  return { target: null, preloads, version: false };
}

/**
 * Takes over from the app's package.json what Electron would.
 *
 * @param {string} target
 * @returns {string} the file to run
 */
function entryOf(target) {
  const resolved = path.resolve(target);
  const manifestFile = path.join(resolved, 'package.json');
  if (!existsSync(manifestFile)) {
    const file = require.resolve(resolved);
    app.setAppPath(path.dirname(file));
    return file;
  }
  const manifest = /** @type {Record<string, string | undefined>} */ (
    JSON.parse(readFileSync(manifestFile, 'utf8'))
  );
  const { version, productName, name, main, desktopName } = manifest;
  if (version) app.setVersion(version);
  if (productName || name) app.name = productName || name || '';
  app.setDesktopName(desktopName || `${app.name}.desktop`);
  app.setAppPath(resolved);
  return path.join(resolved, main || 'index.js');
}

const { target, preloads, version } = parseArguments();
if (version) {
  process.stdout.write(`v${process.versions['electron']}\n`);
  process.exit(0);
}
if (!target) {
  process.stderr.write('usage: electron <folder or file of the app>\n');
  process.exit(1);
}
Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true });
for (const preload of preloads) require(path.resolve(preload));
try {
  await import(pathToFileURL(entryOf(target)).href);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}
