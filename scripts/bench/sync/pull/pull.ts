import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { seed } from '#stack/migrate.ts';
import type { BenchOptions } from '../../bench.ts';
import { installPeers } from '../../peers.ts';
import { describeMachine, markdownTable, rounded } from '../../report.ts';
import type { BenchLine, BenchReport } from '../../report.ts';
import { startChild } from '../child.ts';
import { postgresVersion, withSyncDatabase } from '../database.ts';
import type { SyncDatabase } from '../database.ts';
import { startBenchServer } from '../server.ts';
import type { BenchServer } from '../server.ts';
import { cpuMsOf, cpuMsOfFamily, postmasterOf, watchMemory } from '../usage.ts';
import { copyOut, loadClinic, writeDocuments } from './clinic.ts';
import type { Copied, Held } from './clinic.ts';
import type { DeviceNote, DeviceOrder, FirstSync } from './device-process.ts';
import type { PouchOrder, PouchResult } from './pouch-process.ts';

const DOCUMENTS = 100_000;
const LEAST_RATE = 5_000;
const MOST_TODAY_MS = 3_000;
const LEAST_LAST_BY_FIRST = 0.8;
/** The device of the second run is killed when it has so much of the rows. */
const KILLED_AT = 0.4;
/** What a kill may cost: the answer that is being stored, and one that is on its way. */
const LOST_PAGES = 2;

export interface PullBenchOptions extends BenchOptions {
  /** Where it runs, with migrations and seed; by default a database of its own. */
  readonly database?: SyncDatabase;
  /** False: without PouchDB. */
  readonly peers?: boolean;
}

interface Measured {
  readonly whole: FirstSync;
  /** Rows that came before the kill, and the run after it. */
  readonly before: number;
  readonly resumed: FirstSync;
  readonly copied: Copied;
  readonly pouch: PouchResult | null;
  readonly serverPeakMb: number;
  readonly serverCpuMs: number;
  readonly databaseCpuMs: number;
}

/**
 * The first sync of a device: the real store process's parts over an encrypted file, a real server
 * and a real database, each in a process of its own; beside it what the database's COPY gives out,
 * and PouchDB with its own server. Then once more, killed on the way and started again.
 */
export async function benchPull(options: PullBenchOptions): Promise<BenchReport> {
  const { database, rows = DOCUMENTS } = options;
  const run = async (place: SyncDatabase): Promise<BenchReport> => {
    const userId = await loadClinic(place, rows);
    const folder = await mkdtemp(path.join(tmpdir(), 'ganger-bench-pull-'));
    const server = await startBenchServer(place);
    try {
      return await report(options, place, await measure(options, place, server, userId, folder));
    } finally {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    }
  };
  if (database) return run(database);
  return withSyncDatabase(async (place) => {
    await seed(place.ownerUrl);
    return run(place);
  });
}

async function measure(
  { print, peers = true }: PullBenchOptions,
  place: SyncDatabase,
  server: BenchServer,
  userId: string,
  folder: string,
): Promise<Measured> {
  const token = await server.issuer.token(userId);
  const orderIn = (name: string): DeviceOrder => ({
    url: server.url,
    token,
    userId,
    deviceId: randomUUID(),
    folder: path.join(folder, name),
  });
  const memory = watchMemory(server.pid);
  const postmaster = await postmasterOf(place.adminUrl);
  const cpu = { server: cpuMsOf(server.pid), database: cpuMsOfFamily(postmaster) };
  const whole = await syncOnce(orderIn('whole'));
  const serverCpuMs = cpuMsOf(server.pid) - cpu.server;
  const databaseCpuMs = cpuMsOfFamily(postmaster) - cpu.database;

  const cut = orderIn('cut');
  const before = await syncUntilKilled(cut, Math.floor(whole.documents * KILLED_AT));
  const resumed = await syncOnce(cut);
  await memory.stop();

  const copied = await copyOut(place, whole.held);
  const pouch = peers ? await runPouch(place, whole.held, folder, print) : null;
  const serverPeakMb = memory.peakMb;
  return {
    whole,
    before,
    resumed,
    copied,
    pouch,
    serverPeakMb,
    serverCpuMs,
    databaseCpuMs,
  };
}

const ENTRY = new URL('./device-process.ts', import.meta.url);

async function syncOnce(order: DeviceOrder): Promise<FirstSync> {
  const device = startChild<DeviceOrder, FirstSync>(ENTRY);
  try {
    return await device.run(order);
  } finally {
    await device.kill();
  }
}

/** @returns how many rows had come when the device was killed */
async function syncUntilKilled(order: DeviceOrder, rows: number): Promise<number> {
  let came = 0;
  const kills: Promise<void>[] = [];
  const device = startChild<DeviceOrder, FirstSync>(ENTRY, {
    onNote(note) {
      came = (note as DeviceNote).rows;
      if (came >= rows && kills.length === 0) kills.push(device.kill());
    },
  });
  // That it ends is what is wanted of it.
  await device.run(order).catch(() => undefined);
  await Promise.all(kills);
  return came;
}

async function runPouch(
  place: SyncDatabase,
  held: Held,
  folder: string,
  print: (text: string) => void,
): Promise<PouchResult | null> {
  const peers = await installPeers(new URL('../peers/', import.meta.url), 'sync-peers');
  if (peers.missing) {
    print(`PouchDB left out: ${peers.missing}`);
    return null;
  }
  const entry = new URL('./pouch-process.ts', import.meta.url);
  const file = path.join(folder, 'documents.ndjson');
  await writeDocuments(place, held, file);
  const server = startChild<PouchOrder, PouchResult>(entry);
  const client = startChild<PouchOrder, PouchResult>(entry);
  const common = { peers: peers.folder };
  try {
    const of = (name: string): string => path.join(folder, name);
    const { url } = await server.run({ ...common, role: 'serve', folder: of('pouch'), file });
    return await client.run({ ...common, role: 'fetch', folder: of('pouch-client'), url });
  } finally {
    await Promise.all([server.kill(), client.kill()]);
  }
}

/** Rows of one device that another one does not hold. */
function countMissing(wanted: Held, there: Held): number {
  return Object.entries(wanted).reduce((sum, [table, ids]) => {
    const known = new Set(there[table as keyof Held]);
    return sum + ids.filter((id) => !known.has(id)).length;
  }, 0);
}

/** Rows a second in the last tenth of the rows against the first tenth that came. */
export function lastByFirst({ arrived, ms }: Pick<FirstSync, 'arrived' | 'ms'>): number {
  const total = arrived.reduce((sum, { rows }) => sum + rows, 0);
  const timeUntil = (share: number): number => {
    let rows = 0;
    let before = { ms: arrived[0]?.ms ?? 0, rows: 0 };
    for (const page of arrived) {
      rows += page.rows;
      if (rows >= total * share && rows > before.rows) {
        const part = (total * share - before.rows) / (rows - before.rows);
        return before.ms + (page.ms - before.ms) * part;
      }
      before = { ms: page.ms, rows };
    }
    return ms;
  };
  // The pages say when rows came; the last ones are on the disk at the end.
  const first = timeUntil(0.1) - (arrived[0]?.ms ?? 0);
  const last = ms - timeUntil(0.9);
  return first / last;
}

async function report(
  { print }: PullBenchOptions,
  place: SyncDatabase,
  measured: Measured,
): Promise<BenchReport> {
  const { whole, before, resumed, copied, pouch, serverPeakMb } = measured;
  const machine = `${describeMachine()}, ${await postgresVersion(place.adminUrl)}`;
  const rate = (whole.documents / whole.ms) * 1_000;
  const copyRate = (copied.rows / copied.ms) * 1_000;
  const cameAgain = resumed.arrived.reduce((sum, { rows }) => sum + rows, 0);
  const lost = before + cameAgain - resumed.documents;
  const decay = lastByFirst(whole);
  const largest = whole.arrived.map((page) => page.rows).toSorted((a, b) => b - a);
  const missing = countMissing(whole.held, resumed.held);
  const mayLose = largest.slice(0, LOST_PAGES).reduce((sum, one) => sum + one, 0);
  print(`machine: ${machine}`);
  print(
    `pull: ${whole.documents} documents of a manager of three sites in ${whole.pages} pages, ` +
      `${rounded(copied.mb)} MB as COPY, ${rounded(whole.fileMb)} MB encrypted on the device\n`,
  );
  const perThousand = (ms: number): number => rounded((ms / whole.documents) * 1_000);
  print(
    markdownTable(
      ['what', 'documents', 'seconds', 'documents/s'],
      [
        [
          'first sync to an encrypted device',
          whole.documents,
          rounded(whole.ms / 1_000),
          Math.round(rate),
        ],
        ['COPY of the same rows', copied.rows, rounded(copied.ms / 1_000), Math.round(copyRate)],
        ...(pouch
          ? [
              [
                'PouchDB from a PouchDB server (not encrypted)',
                pouch.documents,
                rounded(pouch.ms / 1_000),
                Math.round((pouch.documents / pouch.ms) * 1_000),
              ],
            ]
          : []),
      ],
    ),
  );
  print(
    `\ntoday's list after ${Math.round(whole.todayMs ?? 0)} ms; last tenth of the rows at ` +
      `${rounded(decay)} of the first; killed after ${before} rows, then ${cameAgain} came ` +
      `(${lost} twice, ${missing} missing); CPU ms per 1,000 documents: device ${perThousand(whole.cpuMs)}, server ` +
      `${perThousand(measured.serverCpuMs)}, database ${perThousand(measured.databaseCpuMs)}; ` +
      `server at most ${Math.round(serverPeakMb)} MB`,
  );
  const line = (
    of: Omit<BenchLine, 'peers' | 'limit' | 'ratio'> & Partial<BenchLine>,
  ): BenchLine => ({
    limit: null,
    peers: {},
    ratio: null,
    ...of,
  });
  const lines = [
    line({
      line: `first sync of ${whole.documents} documents`,
      unit: 'documents/s',
      better: 'higher',
      ours: rounded(rate),
      limit: rounded(copyRate),
      peers: pouch ? { PouchDB: rounded((pouch.documents / pouch.ms) * 1_000) } : {},
      ratio: rounded(rate / copyRate),
      goal: `at least ${LEAST_RATE} a second`,
      met: rate >= LEAST_RATE,
    }),
    line({
      line: `today's list while history loads`,
      unit: 'ms',
      better: 'lower',
      ours: rounded(whole.todayMs ?? Number.NaN),
      goal: `at most ${MOST_TODAY_MS} ms after the start`,
      met: (whole.todayMs ?? Infinity) <= MOST_TODAY_MS,
    }),
    line({
      line: 'last tenth against the first',
      unit: 'ratio',
      better: 'higher',
      ours: rounded(decay),
      goal: `at least ${LEAST_LAST_BY_FIRST}`,
      met: decay >= LEAST_LAST_BY_FIRST,
    }),
    line({
      line: 'rows that came twice because of a kill',
      unit: 'rows',
      better: 'lower',
      ours: lost,
      goal: `at most the ${LOST_PAGES} largest pages (${mayLose}), and all documents there`,
      met: lost <= mayLose && missing === 0,
    }),
    line({
      line: 'server memory',
      unit: 'MB',
      better: 'lower',
      ours: Math.round(serverPeakMb),
      goal: null,
      met: null,
    }),
  ];
  return { bench: 'pull', machine, date: new Date().toISOString(), lines };
}
