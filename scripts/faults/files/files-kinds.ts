import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FileRow } from '#desktop/files/files.ts';
import { Findings } from '../fault-kind.ts';
import type { CaseResult, FaultContext, FaultKind } from '../fault-kind.ts';
import { allOf, lastOf, runDevice } from './device.ts';
import type { Life, Watcher } from './device.ts';
import type { DeviceJob } from './device-process.ts';
import { filesDisk } from './disk.ts';
import { openFilesWorld, wantedHash } from './world.ts';
import type { FilesWorld } from './world.ts';

const MB = 1024 * 1024;
/**
 * More than this beyond what a process takes without a file would mean that it holds one in memory. Buffers
 * that are not used any more are swept up when there are 64 MB of them (V8), however large the file.
 */
const EXTRA_MB = 96;

type Plan = (world: FilesWorld, findings: Findings, context: FaultContext) => Promise<void>;

/** What the small run leaves out: moments between those that it has. */
const FULL_ONLY: ReadonlySet<string> = new Set([
  'before the row',
  'before the row is sent',
  'while the server checks',
  'while it checks',
  'before the first part',
  'at the first part',
  'after the first part',
  'at the second part',
  'at the end',
  'after parts',
]);

let shared: Promise<{ world: FilesWorld; folder: string }> | null = null;

/** One server for all kinds: each case has files and devices of its own. */
async function sharedWorld(): Promise<FilesWorld> {
  shared ??= (async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'ganger-faults-files-'));
    return { world: await openFilesWorld(folder), folder };
  })();
  return (await shared).world;
}

/** Ends what the kinds share. */
export async function endFiles(): Promise<void> {
  if (!shared) return;
  const { world, folder } = await shared;
  shared = null;
  await world.stop();
  await rm(folder, { recursive: true, force: true });
}

/** A kind whose cases run against the one server. */
function kind(
  name: string,
  mustCheck: readonly string[],
  cases: Readonly<Record<string, Plan>>,
): FaultKind {
  return {
    name,
    mustCheck,
    async start(context) {
      const world = await sharedWorld();
      const run = async (plan: Plan): Promise<CaseResult> => {
        const findings = new Findings();
        await plan(world, findings, context);
        return findings.result();
      };
      return {
        cases: Object.entries(cases)
          .filter(([named]) => !context.sizes.small || !FULL_ONLY.has(named))
          .map(([named, plan]) => ({
            name: named,
            run: () => run(plan),
          })),
      };
    },
  };
}

const jobFile = (job: DeviceJob): string => `${job.folder}.json`;

/** What must be true when a device has said that it is done. */
async function compare(
  world: FilesWorld,
  findings: Findings,
  job: DeviceJob,
  lives: readonly Life[],
): Promise<FileRow> {
  const wanted = wantedHash(job.size, job.seed);
  const [id = ''] = lastOf(lives, 'pushed') ?? [];
  if (lastOf(lives, 'hash')?.[0] !== wanted) findings.silent('the device has another hash');
  if ((await world.hashOfStored(wanted)) !== wanted) findings.lost('the server has other bytes');
  else findings.checked('hashes equal');
  const copies = world.stored().filter(({ size }) => size === job.size);
  findings.checked('copies', copies.length);
  if (copies.length !== 1) findings.problem(`${copies.length} copies are stored`);
  // A device whose answer was lost learns of the end before the server has put its parts away.
  const partsOf = () => world.stored().filter(({ name }) => /^\d+-\d+$/.test(name));
  for (let turn = 0; turn < 50 && partsOf().length > 0; turn += 1) await sleep(100);
  const parts = partsOf();
  if (parts.length > 0) findings.problem(`${parts.length} parts are left over`);
  const state = await world.stateOf(id);
  if (state !== 'complete') findings.problem(`the row says ${state}`);
  return { id, sha256: wanted, size: job.size, isComplete: true };
}

interface Breaking {
  /** Mean time between two breaks, and how long one lasts, milliseconds. */
  readonly every: number;
  readonly down: number;
  readonly random: () => number;
}

/** Breaks the line every few seconds while a device is at work. */
async function overBadLine(
  world: FilesWorld,
  findings: Findings,
  { every, down, random }: Breaking,
  work: () => Promise<Life>,
): Promise<Life> {
  let breaks = 0;
  let isOver = false;
  let timer: NodeJS.Timeout;
  const cut = (): void => {
    world.line.cut();
    breaks += 1;
    timer = setTimeout(() => {
      world.line.restore();
      if (!isOver) timer = setTimeout(cut, every * (0.5 + random()));
    }, down);
  };
  timer = setTimeout(cut, every * (0.5 + random()));
  try {
    return await work();
  } finally {
    isOver = true;
    clearTimeout(timer);
    world.line.restore();
    findings.checked('breaks', breaks);
  }
}

/** Runs a device again and again until it has done its job; each life ends where `when` says. */
async function livesOf(job: DeviceJob, when: (life: number) => Watcher): Promise<Life[]> {
  const lives: Life[] = [];
  for (let life = 0; ; life += 1) {
    const lived = await runDevice(jobFile(job), job, when(life));
    lives.push(lived);
    if (!lived.wasKilled) return lives;
    if (life > 500) throw new Error('it never ends');
  }
}

const sizeOf = (context: FaultContext, full: number, small: number): number =>
  context.sizes.small ? small : full;

/** A line that breaks every few seconds. */
const line = kind('line', ['breaks', 'hashes equal', 'fetched'], {
  'there and back': async (world, findings, context) => {
    const isSmall = context.sizes.small;
    const size = sizeOf(context, 200 * MB, 4 * MB);
    const rng = context.rng('breaks');
    const random = (): number => rng.uint32() / 2 ** 32;
    const before = world.serverMemory().now;
    world.line.rate(isSmall ? 2 * MB : 8 * MB);
    const breaking = {
      random,
      ...(isSmall ? { every: 700, down: 100 } : { every: 3_000, down: 500 }),
    };

    const job = await world.job('sender', size, rng.uint32());
    const sentBefore = world.line.stats().bytesToTarget;
    const sender = await overBadLine(world, findings, breaking, () => runDevice(jobFile(job), job));
    const row = await compare(world, findings, job, [sender]);
    const sent = world.line.stats().bytesToTarget - sentBefore;
    const parts = allOf([sender], 'part');
    const carried = parts.reduce((sum, [, , length]) => sum + Number(length), 0);
    findings.checked('parts', parts.length);
    findings.checked('parts repeated', parts.length - allOf([sender], 'ack').length);
    findings.checked('MB sent', Math.round(sent / MB));
    findings.checked('MB of parts', Math.round(carried / MB));
    checkMemory(findings, 'sender', sender, isSmall);

    const other = await world.job('reader', row.size, job.seed, row);
    const reader = await overBadLine(world, findings, breaking, () =>
      runDevice(jobFile(other), other),
    );
    if (lastOf([reader], 'hash')?.[0] !== row.sha256) findings.silent('fetched other bytes');
    else findings.checked('fetched');
    checkMemory(findings, 'reader', reader, isSmall);
    world.line.rate(null);

    const extra = world.serverMemory().most - before;
    findings.checked('server MB', Math.max(0, extra));
    if (!isSmall && extra > EXTRA_MB) findings.problem(`the server took ${extra} MB more`);
  },
});

function checkMemory(findings: Findings, who: string, life: Life, isSmall: boolean): void {
  const before = Number(lastOf([life], 'memory')?.[0] ?? 0);
  const extra = Math.max(0, Number(lastOf([life], 'peak')?.[0] ?? 0) - before);
  findings.checked(`${who} MB`, extra);
  if (!isSmall && extra > EXTRA_MB) findings.problem(`the ${who} took ${extra} MB more`);
}

const at =
  (word: string, nth = 1): ((life: number) => Watcher) =>
  (life) =>
  (words, lines) =>
    life === 0 && words[0] === word && lines.filter(([first]) => first === word).length === nth;

/** A device that is killed at one moment, and goes on. */
const killedAt =
  (word: string, nth = 1): Plan =>
  async (world, findings, context) => {
    const name = `${word}-${nth}`;
    const size = sizeOf(context, 6 * MB, 2 * MB);
    const job = await world.job(name, size, context.rng(name).uint32());
    const lives = await livesOf(job, at(word, nth));
    findings.checked('kills', lives.length - 1);
    await compare(world, findings, job, lives);
  };

/** Killed at every part: once one has arrived, the next one is cut off. */
const everyPart: Plan = async (world, findings, context) => {
  const size = sizeOf(context, 24 * MB, 3 * MB);
  const job = await world.job('every-part', size, context.rng('every part').uint32());
  const lives = await livesOf(job, () => (words, lines) => {
    const acks = lines.filter(([first]) => first === 'ack').length;
    return words[0] === 'part' && acks >= 1;
  });
  findings.checked('kills', lives.length - 1);
  await compare(world, findings, job, lives);
  const carried = allOf(lives, 'ack').length;
  findings.checked('parts', carried);
};

const deviceKills = kind('device-kills', ['kills', 'hashes equal'], {
  'while it takes the file in': killedAt('adding'),
  'before the row': killedAt('queued'),
  'before the row is sent': killedAt('row'),
  'before the first part': killedAt('pushed'),
  'at the first part': killedAt('part'),
  'after the first part': killedAt('ack'),
  'at the second part': killedAt('part', 2),
  'while the server checks': killedAt('checking'),
  'at the end': killedAt('peak'),
  'at every part': everyPart,
});

/** The server is killed when a device says a word, every time, and started again. */
const serverKilledAt =
  (word: string, atMost: number): Plan =>
  async (world, findings, context) => {
    const name = `server-${word}`;
    const size = sizeOf(context, 16 * MB, 3 * MB);
    const job = await world.job(name, size, context.rng(name).uint32());
    let kills = 0;
    let busy: Promise<void> = Promise.resolve();
    const lives = [
      await runDevice(jobFile(job), job, (words) => {
        if (words[0] !== word || kills >= atMost) return false;
        kills += 1;
        busy = busy.then(async () => {
          await world.stack.server().kill();
          await world.stack.restartServer();
        });
        return false;
      }),
    ];
    await busy;
    findings.checked('kills', kills);
    await compare(world, findings, job, lives);
  };

const serverKills = kind('server-kills', ['kills', 'hashes equal'], {
  'at parts': serverKilledAt('part', 3),
  'after parts': serverKilledAt('ack', 3),
  'while it checks': serverKilledAt('checking', 1),
});

const fetchKills = kind('fetch-kills', ['kills', 'fetched'], {
  'at every piece': async (world, findings, context) => {
    const size = sizeOf(context, 24 * MB, 3 * MB);
    const seed = context.rng('fetch').uint32();
    const job = await world.job('fetch-source', size, seed);
    const row = await compare(world, findings, job, [await runDevice(jobFile(job), job)]);
    const other = await world.job('fetcher', row.size, seed, row);
    const lives = await livesOf(other, () => (words, lines) => {
      const got = lines.filter(([first]) => first === 'got').length;
      return words[0] === 'piece' && got >= 1;
    });
    findings.checked('kills', lives.length - 1);
    const starts = lives.slice(1).map((life) => Number(allOf([life], 'piece')[0]?.[1] ?? 0));
    if (starts.some((start, index) => start < (starts[index - 1] ?? 0))) {
      findings.problem('a start went back further than the one before');
    }
    if (lastOf(lives, 'hash')?.[0] !== row.sha256) findings.silent('fetched other bytes');
    else findings.checked('fetched');
  },
});

export const FILES_KINDS: readonly FaultKind[] = [
  line,
  deviceKills,
  serverKills,
  fetchKills,
  filesDisk,
];
