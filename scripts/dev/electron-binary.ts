import { createRequire } from 'node:module';

/** The Electron to run: the one that the setup found or made, or the package's own. */
export function electronBinary(): string {
  const given = process.env['ELECTRON_EXEC_PATH'];
  if (given) return given;
  // The package's main export is the path of its binary when it is required outside Electron.
  return createRequire(import.meta.url)('electron') as string;
}
