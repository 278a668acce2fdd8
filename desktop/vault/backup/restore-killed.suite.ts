// Runs as a process of its own (see backup.test.ts): restores a backup and kills itself at a step.
import { restoreBackup } from './restore-backup.ts';

const [, , file = '', folder = '', key = '', passphrase = '', userId = '', last = ''] =
  process.argv;
let step = 0;
await restoreBackup({
  file,
  folder,
  key,
  passphrase,
  expectedUserId: userId,
  definitions: {
    of: (table) => (table === 'notes' ? { version: 1, upgrades: {}, fields: {} } : undefined),
    dropped: new Set(),
  },
  onStep() {
    if (String(step) === last) process.kill(process.pid, 'SIGKILL');
    step += 1;
  },
});
process.exitCode = 7;
