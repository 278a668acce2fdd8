// Runs on the host's own Node 20 or newer, without any package: installs what is missing, then hands
// over to the project's Node.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { ensureAll } from './setup/ensure.mjs';

const args = process.argv.slice(2);
const app = !args.includes('--server-only');

try {
  const began = Date.now();
  const ready = await ensureAll({ want: { electron: app, display: app } });
  const child = spawn(ready.nodePath, [path.join(import.meta.dirname, 'start.ts'), ...args], {
    stdio: 'inherit',
    env: {
      ...process.env,
      ...ready.env,
      GANGER_SETUP_MS: String(Date.now() - began),
    },
  });
  // Ctrl+C reaches the child by itself; this process only waits for its orderly end.
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      if (signal === 'SIGTERM') child.kill(signal);
    });
  }
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 0 : 1)));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
