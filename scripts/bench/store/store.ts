import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BenchOptions } from '../bench.ts';
import { describeMachine, markdownTable } from '../report.ts';
import type { BenchLine, BenchReport } from '../report.ts';
import { linesOf, memoryLine, windowLines } from './lines.ts';
import { measure } from './measure.ts';
import { measureMemory } from './memory.ts';
import { installPeers } from '../peers.ts';
import { ABOUT, SUBJECTS } from './subject.ts';
import type { SubjectName } from './subject.ts';
import { sizeTable } from './table.ts';

const SIZES = [3_000, 10_000, 100_000];
const MEMORY_ROWS = 100_000;
const ROUNDS = 5;
const LOADS = 3;
const OWN: readonly SubjectName[] = ['limit', 'ours', 'port', 'memory'];

export interface StoreBenchOptions extends BenchOptions {
  /** False: only ours, the limit and RxDB's memory storage. */
  readonly peers?: boolean;
  readonly rounds?: number;
  readonly loads?: number;
  readonly memoryRows?: number;
}

/**
 * Our storage in process and over a port, beside the limit (better-sqlite3 by hand on the same
 * table), RxDB's memory storage, PowerSync and PouchDB: every store in a process of its own, all of
 * them a round after the other. `rows` asks for one size instead of 3,000, 10,000 and 100,000.
 */
export async function benchStore(options: StoreBenchOptions): Promise<BenchReport> {
  const { rows, print, rounds = ROUNDS, loads = LOADS, memoryRows = rows ?? MEMORY_ROWS } = options;
  const peers =
    options.peers === false
      ? null
      : await installPeers(new URL('./peers/', import.meta.url), 'store-peers', [
          'powersync-worker.js',
        ]);
  if (peers?.missing) print(`peers left out: ${peers.missing}`);
  const withPeers = peers !== null && peers.missing === null;
  const subjects = withPeers ? SUBJECTS : OWN;
  const machine = describeMachine();
  print(`machine: ${machine}`);
  print('documents: invented movements of stock, about 600 B of JSON, 3 indexes, batches of 500');
  for (const name of subjects) print(`${ABOUT[name].title}: ${ABOUT[name].note}`);
  const lines: BenchLine[] = [];
  const folder = await mkdtemp(path.join(tmpdir(), 'ganger-bench-store-'));
  try {
    for (const size of rows === undefined ? SIZES : [rows]) {
      const begun = performance.now();
      const place = path.join(folder, String(size));
      const measured = await measure({
        subjects,
        rows: size,
        rounds,
        loads,
        folder: place,
        peers: peers?.folder ?? '',
        print,
      });
      await rm(place, { recursive: true, force: true });
      const took = Math.round((performance.now() - begun) / 1_000);
      const ofSize = linesOf(measured, size);
      lines.push(...ofSize, ...windowLines(measured, size));
      print(`\n${size} documents (${took} s; ms, the load in documents/s):\n`);
      print(sizeTable(measured, ofSize));
    }
    const memory = await measureMemory(path.join(folder, 'memory'), memoryRows);
    lines.push(...memoryLine(memory, memoryRows));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  print(`\n${goalTable(lines)}`);
  return { bench: 'store', machine, date: new Date().toISOString(), lines };
}

/** All goals that were missed, and how many were met. */
function goalTable(lines: readonly BenchLine[]): string {
  const judged = lines.filter(({ met }) => met !== null);
  const missed = judged.filter(({ met }) => met === false);
  const head = `${judged.length - missed.length} of ${judged.length} goals met`;
  if (missed.length === 0) return head;
  const rows = missed.map(({ line, ours, unit, ratio, goal }) => [
    line,
    ours,
    unit,
    ratio ?? '–',
    goal ?? '',
  ]);
  return `${head}\n\n${markdownTable(['missed', 'ours', 'unit', 'ratio', 'goal'], rows)}`;
}
