import { mkdtempSync, rmSync } from 'node:fs';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { checkAll, checkQueues } from './checks/after-healing.ts';
import { checkCommits } from './checks/at-commit.ts';
import { DeviceChecks } from './checks/on-devices.ts';
import { perform } from './history/perform.ts';
import type { History } from './history/steps.ts';
import { TABLES } from './world/clinic.ts';
import { makeTemplate } from './world/sim-device.ts';
import type { Tally } from './world/tally.ts';
import { VirtualTime } from './world/virtual-time.ts';
import { World } from './world/world.ts';
import type { Broken } from './world/world.ts';

/** What became of one history. */
export interface RunResult {
  readonly tally: Tally;
  readonly digest: string;
  /** Virtual time that passed, milliseconds. */
  readonly virtualMs: number;
  readonly events: number;
  /** An error that ended the run, or null. */
  readonly crash: string | null;
}

/** Within this time after everything is well again every queue is empty or before a person. */
const QUEUES_EMPTY_MS = 30_000;
/** Time in which all that others sent last has arrived everywhere. */
const SETTLE_MS = 75_000;
/** Cursors are looked at after one step in so many. */
const CURSORS_ONE_IN = 12;

/** A folder for disks, in memory where the system has one. */
export class Disks {
  readonly folder: string;
  readonly template: string;

  constructor() {
    const memory = '/dev/shm';
    this.folder = mkdtempSync(path.join(existsSync(memory) ? memory : os.tmpdir(), 'ganger-sim-'));
    this.template = path.join(this.folder, 'template.db');
  }

  async prepare(): Promise<this> {
    await makeTemplate(this.template, TABLES);
    return this;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/**
 * Runs a history from its first step to the end: the steps, then everything is made well again, then
 * all invariants are judged. The same history gives the same run, to the last event.
 */
export async function runHistory(
  history: History,
  disks: Disks,
  broken?: Broken,
): Promise<RunResult> {
  const time = new VirtualTime();
  const restore = time.install(history.seed);
  const folder = path.join(disks.folder, `run-${history.seed}`);
  const world = new World({
    seed: history.seed,
    devices: history.devices,
    time,
    folder,
    template: disks.template,
    broken,
  });
  let crash: string | null = null;
  try {
    await play(world, history);
  } catch (error) {
    crash = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const digest = world.traceDigest();
  const virtualMs = time.passed;
  try {
    await world.close();
  } catch (error) {
    crash ??= error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  restore();
  rmSync(folder, { recursive: true, force: true });
  return { tally: world.tally, digest, virtualMs, events: time.events, crash };
}

async function play(world: World, history: History): Promise<void> {
  const { tally, time } = world;
  checkCommits(world);
  const checks = new DeviceChecks(world);
  await world.open();
  await time.pass(4_000);
  for (const [at, step] of history.steps.entries()) {
    tally.step = at + 1;
    for (const device of world.devices) checks.watchScreens(device);
    await perform(world, step);
    await time.pass(step.gap);
    await buryDead(world);
    checks.look();
    if (at % CURSORS_ONE_IN === 0) for (const device of world.devices) checks.checkCursors(device);
    if (tally.violations.length > 0) return;
  }
  tally.step = history.steps.length + 1;
  await heal(world, checks);
  if (tally.violations.length > 0) return;
  checkAll(world);
  for (const device of world.devices) checks.checkCursors(device);
}

/** A process that died is noticed by the next step. */
async function buryDead(world: World): Promise<void> {
  for (const device of world.devices) {
    if (!device.isDead) continue;
    world.tally.fault('device killed after a commit');
    await world.run(device.stop());
  }
}

/** Every line is good, every machine runs; then time passes. */
async function heal(world: World, checks: DeviceChecks): Promise<void> {
  const { time, network, servers, db, devices } = world;
  network.heal();
  world.breakCommits('kept', 0);
  for (const server of servers) server.start();
  db.isDown = false;
  await buryDead(world);
  for (const device of devices) {
    device.killAfter(Number.POSITIVE_INFINITY);
    checks.watchScreens(device);
    if (device.isOn) continue;
    await world.run(device.stop());
    await world.run(device.start());
  }
  await time.pass(QUEUES_EMPTY_MS);
  checks.look();
  checkQueues(world);
  await time.pass(SETTLE_MS);
  checks.look();
}
