// Runs as a process of its own under a limit for the size of files (see full-disk.test.ts).
import { writeSync } from 'node:fs';
import { silentLogger } from '#shared/logging/logger.ts';
import type { SideLogEntry } from './entries.ts';
import { openSideLog } from './side-log.ts';

const [, , folder = ''] = process.argv;
const troubles: (string | null)[] = [];
const sideLog = openSideLog({
  folder,
  key: '5c'.repeat(32),
  log: silentLogger,
  onTrouble: (code) => troubles.push(code),
});
const entry = (seq: number): SideLogEntry => ({
  table: 'notes',
  id: `r${seq}`,
  seq,
  version: 1,
  row: { id: `r${seq}`, text: 'x'.repeat(20_000) },
  base: null,
  at: 0,
});

let seq = 0;
while (sideLog.append([entry((seq += 1))])) if (seq > 1000) throw new Error('there is no limit');
const failedAt = seq;
const again = sideLog.append([entry((seq += 1))]);
const waitingFull = sideLog.waiting().length;
// Somebody makes room: the server takes all but three rows.
sideLog.confirmed(
  'notes',
  Array.from({ length: failedAt - 3 }, (_, at) => `r${at + 1}`),
);
sideLog.compact();
const after = sideLog.append([entry((seq += 1))]);
sideLog.close();
writeSync(1, JSON.stringify({ failedAt, again, waitingFull, after, troubles }));
