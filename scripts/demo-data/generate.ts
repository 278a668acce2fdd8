import { parentPort, workerData } from 'node:worker_threads';
import type { TableName } from '#shared/schema/tables.ts';
import { ContentHash } from './content-hash.ts';
import { copyText } from './copy-text.ts';
import { demoRows } from './demo-rows.ts';
import type { DemoOptions } from './world.ts';

/** What the thread says: a batch as text for COPY, or at the end the hash over all. */
export type Generated =
  | { readonly table: TableName; readonly rows: number; readonly text: Uint8Array<ArrayBuffer> }
  | { readonly hash: string };

/** How many batches may wait to be taken. */
const AHEAD = 60;

/** A thread of `loadDemo`: makes the rows, and waits when the database falls behind. */
const { options, taken } = workerData as {
  options: DemoOptions;
  taken: Int32Array<SharedArrayBuffer>;
};
const hash = new ContentHash();
const encoder = new TextEncoder();
let made = 0;
for (const { table, rows } of demoRows(options)) {
  const text = copyText(table, rows);
  hash.add(table, text);
  const bytes = encoder.encode(text);
  for (let done = Atomics.load(taken, 0); made - done >= AHEAD; done = Atomics.load(taken, 0)) {
    Atomics.wait(taken, 0, done);
  }
  made += 1;
  say({ table, rows: rows.length, text: bytes }, [bytes.buffer]);
}
say({ hash: hash.digest() }, []);

function say(message: Generated, transfer: ArrayBuffer[]): void {
  parentPort?.postMessage(message, transfer);
}
