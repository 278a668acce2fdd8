// Runs on the host's own Node 20 or newer, without any package: installs what is missing, then hands
// over to the project's Node.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { ensureAll } from './setup/ensure.mjs';

try {
  const redis = process.platform === 'linux';
  const ready = await ensureAll({ want: { electron: true, display: true, redis } });
  const args = [path.join(import.meta.dirname, 'test.ts'), ...process.argv.slice(2)];
  const child = spawn(ready.nodePath, args, {
    stdio: 'inherit',
    env: { ...process.env, ...ready.env },
  });
  child.on('exit', (code) => process.exit(code ?? 1));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  console.log('0 passed, 1 failed');
  process.exit(1);
}
