// A process of its own that rotates the key of a profile and is killed meanwhile, by itself at the
// n-th step or from outside.
import { writeSync } from 'node:fs';
import { openProfileWorld } from './profile-keys.ts';

const [, , root = '', dieAt = ''] = process.argv;
let steps = 0;
const world = openProfileWorld(root, (step) => {
  writeSync(1, `step ${step}\n`);
  if (dieAt !== '' && steps === Number(dieAt)) process.kill(process.pid, 'SIGKILL');
  steps += 1;
});
await world.keys.unlock(null);
writeSync(1, 'rotating\n');
await world.keys.rotate();
writeSync(1, 'done\n');
world.close();
