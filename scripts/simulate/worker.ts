import { parentPort } from 'node:worker_threads';
import { historyOf } from './history/steps.ts';
import { Disks, runHistory } from './run-history.ts';
import { outcomeOf } from './summary.ts';

/** Runs the histories of seeds, one at a time, as it is told. */
if (!parentPort) throw new Error('this is a thread of the simulation');
const port = parentPort;
const disks = await new Disks().prepare();
port.on('message', (seed: number | null) => {
  if (seed === null) {
    disks.remove();
    port.close();
    return;
  }
  const history = historyOf(seed);
  void runHistory(history, disks).then((result) => port.postMessage(outcomeOf(history, result)));
});
port.postMessage(null);
