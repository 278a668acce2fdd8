import { existsSync, rmSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import type { ToReader } from './messages.ts';

/** The reader thread that dies at the next change once a file `<database>.die` lies there. */
let mark = '';
parentPort?.on('message', (message: ToReader) => {
  if (message.kind === 'open') mark = `${message.file.file}.die`;
  if (message.kind !== 'changed' || !existsSync(mark)) return;
  rmSync(mark);
  process.exit(1);
});
await import('./reader-worker.ts');
