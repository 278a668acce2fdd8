// Runs as a process of its own (see kills.test.ts): changes keys and kills itself at the n-th step.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { silentLogger } from '#shared/logging/logger.ts';
import { parseRecoveryPublicKey } from './recovery-seal.ts';
import { wipeProfile } from './wipe.ts';
import { PROFILE, keysOf, openWorld } from './worlds.suite.ts';

const [, , root = '', action = '', dieAt = ''] = process.argv;
const world = openWorld(root);
let steps = 0;
const step = (name: string): void => {
  if (steps === Number(dieAt)) {
    process.stdout.write(`${name}\n`);
    process.kill(process.pid, 'SIGKILL');
  }
  steps += 1;
};
const recoveryFile = path.join(root, 'recovery.pub');
const recoveryKey =
  action === 'recover' ? parseRecoveryPublicKey(readFileSync(recoveryFile, 'utf8')) : null;
const keys = keysOf(world, { step, recoveryKey });
switch (action) {
  case 'create':
    await keys.create();
    break;
  case 'legacy':
    await keys.unlock(null);
    break;
  case 'set-pin':
    await keys.unlock(null);
    await keys.setPin(null, '493817');
    break;
  case 'guess':
    await keys.unlock('111213').catch(() => undefined);
    break;
  case 'rewrap':
    await keys.unlock(null);
    await keys.rewrap(null);
    break;
  case 'rotate':
    await keys.unlock(null);
    await keys.rotate();
    break;
  case 'recover':
    await keys.recover(readFileSync(path.join(root, 'answer'), 'utf8'));
    break;
  case 'wipe': {
    const { folder, secrets, kv } = world;
    await wipeProfile({ folder, profileId: PROFILE, secrets, kv, log: silentLogger, step });
    break;
  }
  default:
    throw new Error(`no such action: ${action}`);
}
world.device.close();
