import { Worker } from 'node:worker_threads';
import { AppError } from '#shared/errors/app-error.ts';
import { isCode } from '#shared/errors/codes.ts';
import type { CheckFile, CheckProgress, CheckReport } from './check-file.ts';
import type { CheckWorkerData, CheckWorkerMessage } from './check-worker.ts';

export interface CheckInWorker extends CheckFile {
  /**
   * The worker's script; in a bundle the built one. When left out, the source beside this file,
   * which Node runs as it is.
   */
  readonly worker?: URL | string | undefined;
  readonly onProgress?: (progress: CheckProgress) => void;
  /** Stops the check at the next page chunk or table; the report then says `stopped`. */
  readonly signal?: AbortSignal;
}

/**
 * Reads all of a profile's file in a thread of its own, through a read-only connection, while the
 * store works. A damaged file is reported, not touched.
 * @throws AppError STORE_KEY_WRONG, STORE_IO and what else the store says; INTERNAL when the thread
 *   ends without an answer
 */
export async function checkInWorker(options: CheckInWorker): Promise<CheckReport> {
  const { worker: script, onProgress, signal, file, key, nativeBinding } = options;
  const stop = new SharedArrayBuffer(4);
  const workerData: CheckWorkerData = { file, key, nativeBinding, stop };
  const worker = new Worker(script ?? new URL('check-worker.ts', import.meta.url), { workerData });
  const cancel = (): void => void Atomics.store(new Int32Array(stop), 0, 1);
  if (signal?.aborted) cancel();
  signal?.addEventListener('abort', cancel);
  try {
    return await new Promise<CheckReport>((resolve, reject) => {
      worker.on('message', (message: CheckWorkerMessage) => {
        if (message.kind === 'progress') onProgress?.(message.progress);
        else if (message.kind === 'done') resolve(message.report);
        else reject(new AppError(isCode(message.code) ? message.code : 'INTERNAL'));
      });
      worker.once('error', (error) => reject(new AppError('INTERNAL', { reason: 'check' }, error)));
      worker.once('exit', () => reject(new AppError('INTERNAL', { reason: 'check ended' })));
    });
  } finally {
    signal?.removeEventListener('abort', cancel);
    await worker.terminate();
  }
}
