// A process of its own that opens a store and does what its job says, one operation after the other,
// telling each one when it begins and when it is acknowledged. It is killed in the middle, from
// outside or, where the moment matters, by itself.
import { readFileSync, writeSync } from 'node:fs';
import { openStore } from './open-store.ts';
import type { OpenOptions } from './open-store.ts';
import { perform } from './operations.ts';
import type { Operation } from './operations.ts';

/** Where a writer kills itself, at the n-th time that it comes there. */
export interface DeathSite {
  readonly where: 'file' | 'upgrade' | 'prepared' | 'transaction' | 'committed';
  readonly nth: number;
}

export interface WriterJob {
  readonly open: Pick<OpenOptions, 'file' | 'key' | 'notesVersion' | 'allTables' | 'sideLog'>;
  readonly plan: readonly Operation[];
  readonly dieAt?: DeathSite | undefined;
}

const tell = (line: string): void => void writeSync(1, `${line}\n`);
const [, , jobFile = ''] = process.argv;
const { open, plan, dieAt } = JSON.parse(readFileSync(jobFile, 'utf8')) as WriterJob;

let times = 0;
const passing = (where: DeathSite['where']): void => {
  if (dieAt?.where !== where) return;
  times += 1;
  if (times === dieAt.nth) process.kill(process.pid, 'SIGKILL');
};

tell('opening');
const store = await openStore({
  ...open,
  onFile: () => passing('file'),
  onProgress: () => passing('upgrade'),
  inTransaction: () => passing('transaction'),
});
passing('prepared');
// Told after the commit, before whoever waits for the write hears of it.
store.storage.changes$.subscribe(() => passing('committed'));
tell('opened');
for (const [at, operation] of plan.entries()) {
  tell(`start ${at} ${operation.kind}`);
  await perform(store, operation);
  tell(`ack ${at}`);
}
tell('done');
setInterval(() => undefined, 1_000);
