// `npm run e2e -- [specs]`: as `npm test`, for the end-to-end tests alone.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { ensureAll } from './setup/ensure.mjs';

try {
  const ready = await ensureAll({ want: { electron: true, display: true } });
  const args = [path.join(import.meta.dirname, 'e2e.ts'), ...process.argv.slice(2)];
  const child = spawn(ready.nodePath, args, {
    stdio: 'inherit',
    env: { ...process.env, ...ready.env },
  });
  child.on('exit', (code) => process.exit(code ?? 1));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
