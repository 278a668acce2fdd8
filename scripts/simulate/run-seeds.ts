import { Worker } from 'node:worker_threads';
import type { Outcome } from './summary.ts';

/**
 * Runs the histories of so many seeds, side by side in threads of their own.
 * @param onOutcome told of each as it ends
 */
export async function runSeeds(options: {
  readonly first: number;
  readonly seeds: number;
  readonly threads: number;
  readonly onOutcome: (outcome: Outcome) => void;
}): Promise<void> {
  const { first, seeds, threads, onOutcome } = options;
  let next = first;
  const run = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('worker.ts', import.meta.url));
      worker.on('error', reject);
      worker.on('exit', () => resolve());
      worker.on('message', (outcome: Outcome | null) => {
        if (outcome) onOutcome(outcome);
        const seed = next < first + seeds ? next : null;
        next += 1;
        worker.postMessage(seed);
      });
    });
  await Promise.all(Array.from({ length: Math.min(threads, seeds) }, run));
}
