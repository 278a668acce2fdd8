// Entry of a worker thread: see check-in-worker.ts.
import { parentPort, workerData } from 'node:worker_threads';
import { toStoreError } from '#desktop/storage/sqlite-errors.ts';
import { checkFile } from './check-file.ts';
import type { CheckFile, CheckProgress, CheckReport } from './check-file.ts';

export interface CheckWorkerData extends CheckFile {
  /** One byte-sized flag: 1 asks to stop. */
  readonly stop: SharedArrayBuffer;
}

export type CheckWorkerMessage =
  | { readonly kind: 'progress'; readonly progress: CheckProgress }
  | { readonly kind: 'done'; readonly report: CheckReport }
  | { readonly kind: 'failed'; readonly code: string };

const { stop, ...options } = workerData as CheckWorkerData;
const flag = new Int32Array(stop);
const send = (message: CheckWorkerMessage): void => parentPort?.postMessage(message);

try {
  const report = await checkFile(
    options,
    (progress) => send({ kind: 'progress', progress }),
    () => Atomics.load(flag, 0) === 1,
  );
  send({ kind: 'done', report });
} catch (error) {
  send({ kind: 'failed', code: toStoreError(error).code });
}
