import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { startDisplay } from './setup/display.mjs';
import { buildApp } from './dev/build-app.ts';
import { ROOT } from './dev/paths.ts';

/** Builds the app, starts a display and a window manager where there is none, runs Playwright. */
await buildApp();
const display = await startDisplay({ width: 1920, height: 1080, windowManager: true });
const child = spawn(
  process.execPath,
  [path.join(ROOT, 'node_modules/@playwright/test/cli.js'), 'test', ...process.argv.slice(2)],
  { cwd: ROOT, env: { ...process.env, ...display.env }, stdio: 'inherit' },
);
const [code] = (await once(child, 'exit')) as [number | null];
await display.stop();
process.exit(code ?? 1);
