// Stands in for Electron's own default app, which the repackaged binary lacks:
// `electron [flags] <folder or file> [arguments]` starts that app.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron/main';

const require = createRequire(import.meta.url);

function parseArguments() {
  const preloads = [];
  const args = process.argv.slice(1);
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index];
    if (argument === '-v' || argument === '--version') return { version: true, preloads };
    // Playwright starts its side of the connection with `-r <file>`.
    if (argument === '-r' || argument === '--require') {
      index += 1;
      preloads.push(args[index]);
    } else if (!argument.startsWith('-')) {
      return { target: argument, preloads };
    }
  }
  return { preloads };
}

function entryOf(target) {
  const resolved = path.resolve(target);
  const manifest = path.join(resolved, 'package.json');
  if (!existsSync(manifest)) {
    const file = require.resolve(resolved);
    app.setAppPath(path.dirname(file));
    return file;
  }
  const { version, productName, name, main, desktopName } = JSON.parse(
    readFileSync(manifest, 'utf8'),
  );
  if (version) app.setVersion(version);
  if (productName || name) app.name = productName || name;
  app.setDesktopName(desktopName || `${app.name}.desktop`);
  app.setAppPath(resolved);
  return path.join(resolved, main || 'index.js');
}

const { target, preloads, version } = parseArguments();
if (version) {
  process.stdout.write(`v${process.versions.electron}\n`);
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
