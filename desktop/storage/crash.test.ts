import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { silentLogger } from '#shared/logging/logger.ts';
import { TEST_KEY, temporaryFolder } from './fixtures.suite.ts';
import { openDatabase } from './open-database.ts';

const WRITER = fileURLToPath(new URL('crash-writer.suite.ts', import.meta.url));
const KILLS = Number(process.env['GANGER_KILLS'] ?? 12);

/** Starts a writer, kills it at a random moment, and returns the batches that it acknowledged. */
async function writeUntilKilled(file: string, run: number): Promise<Map<string, number>> {
  const child = spawn(process.execPath, [WRITER, file, TEST_KEY, `r${run}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let told = '';
  let problem = '';
  child.stdout.on('data', (chunk: Buffer) => (told += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (problem += chunk.toString()));
  const ended = new Promise((resolve) => child.once('close', resolve));
  while (told === '' && child.exitCode === null) await sleep(2);
  if (child.exitCode !== null) throw new Error(`the writer ended by itself: ${problem}`);
  await sleep(Math.random() * 120);
  child.kill('SIGKILL');
  await ended;
  // A line cut short was not told.
  const lines = told.split('\n').slice(0, -1);
  return new Map(lines.map((line) => line.split(' ') as [string, string]).map(toCount));
}

const toCount = ([batch, size]: [string, string]): [string, number] => [batch, Number(size)];

test('a killed writer loses no acknowledged batch and leaves no part of another', async () => {
  const file = join(temporaryFolder(), 'store.db');
  const acknowledged = new Map<string, number>();
  for (let run = 0; run < KILLS; run += 1) {
    for (const [batch, size] of await writeUntilKilled(file, run)) acknowledged.set(batch, size);

    const database = openDatabase({ file, key: TEST_KEY, log: silentLogger });
    const counts = (table: string): Map<string, number> => {
      const sql = `select batch, count(*) as n from live_${table} group by batch`;
      const rows = database.read<{ batch: string; n: number }>(sql);
      return new Map(rows.map((row) => [row.batch, row.n]));
    };
    const acts = counts('acts');
    const lost = [...acknowledged].filter(([batch, size]) => acts.get(batch) !== size);
    expect(lost).toEqual([]);
    // The last batch may be there without having been acknowledged, but whole.
    for (const [batch, n] of acts) {
      expect(n).toBe(1 + (Number(batch.split('-')[1]) % 20));
    }
    // Derived rows come and go with their act.
    expect(counts('lines')).toEqual(acts);
    // A number is never given twice, over all restarts.
    const [numbers] = database.read<{ rows: number; seqs: number; last: number; kept: number }>(
      `select count(*) as rows, count(distinct seq) as seqs, max(seq) as last,
         (select last_seq from ganger_tables where name = 'acts') as kept from acts`,
    );
    expect(numbers?.seqs).toBe(numbers?.rows);
    expect(numbers?.kept).toBe(numbers?.last);
    expect(database.read('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    database.close();
  }
  expect(acknowledged.size).toBeGreaterThan(KILLS);
}, 120_000);
