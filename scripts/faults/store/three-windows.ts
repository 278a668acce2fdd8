import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Rng } from '../../demo-data/rng.ts';
import { Findings } from '../fault-kind.ts';
import type { CaseResult, FaultCase, FaultKind } from '../fault-kind.ts';
import { brokenRules } from './compare.ts';
import type { Dump } from './read-store.ts';
import type { FromStore, FromWindow, Saved, ToStore, ToWindow } from './window-messages.ts';

/**
 * Three windows write through one store process, which is killed again and again. This process stands
 * for the main process of the app: it starts the store anew and hands out new ports.
 */

const STORE = fileURLToPath(new URL('window-store.ts', import.meta.url));
const WINDOW = fileURLToPath(new URL('window-writer.ts', import.meta.url));
const WINDOWS = [0, 1, 2];
const LIMIT_MS = 20_000;
/** How often the store is killed in one run of the windows. */
const KILLS = 6;
const RUNS = 4;

/** Refusals that a window may hear while its store is away. */
const AWAY = new Set(['STORE_RESTARTING', 'STORE_TIMEOUT', 'STORE_OVERLOADED']);

export const threeWindows: FaultKind = {
  name: 'windows',
  mustCheck: ['store killed', 'saved places', 'saved acts', 'lines of acts', 'live queries'],
  start({ sizes, folder, rng }) {
    const runs = sizes.small ? 1 : RUNS;
    const kills = sizes.small ? 2 : KILLS;
    const cases = Array.from({ length: runs }, (_, at): FaultCase => ({
      name: `run ${at}`,
      run: () => killUnderWindows(path.join(folder, `run-${at}`), rng(`run ${at}`), kills),
    }));
    return Promise.resolve({ cases });
  },
};

interface Window {
  readonly child: ChildProcess;
  readonly saved: Saved[];
  readonly refused: string[];
  shown: Readonly<Record<string, number>> | null;
  shownTimes: number;
  hasStopped: boolean;
}

async function killUnderWindows(folder: string, rng: Rng, kills: number): Promise<CaseResult> {
  const found = new Findings();
  mkdirSync(folder);
  const main = new Main(path.join(folder, 'ganger.db'), rng.hex(64));
  try {
    await main.startStore();
    await main.settled('the first writes', () => main.windows.every((one) => one.saved.length > 5));
    for (let kill = 0; kill < kills; kill += 1) {
      await sleep(rng.int(0, 500));
      const before = main.windows.map((one) => one.saved.length);
      await main.killStore();
      found.checked('store killed');
      if (rng.chance(0.3)) await sleep(rng.int(0, 300));
      await main.startStore();
      await main.settled(`writes after kill ${kill}`, () =>
        main.windows.every((one, at) => one.saved.length > (before[at] ?? 0) + 2),
      );
    }
    for (const one of main.windows) one.child.send({ kind: 'stop' } satisfies ToWindow);
    await main.settled('the windows stop', () => main.windows.every((one) => one.hasStopped));
    const { dump, logged } = await main.dump();
    judge(found, main.windows, dump, logged);
    await main.settled('the live queries', () => {
      const parts = new Map(parsOf(dump));
      return main.windows.every(({ shown }) => shown !== null && isSame(shown, parts));
    });
    for (const one of main.windows) found.checked('live queries', one.shownTimes);
  } catch (error) {
    found.problem(
      `${String(error)}; refused: ${main.windows.map((one) => one.refused.join()).join(' | ')}`,
    );
  } finally {
    await main.end();
  }
  return found.result();
}

function judge(found: Findings, windows: readonly Window[], dump: Dump, logged: number): void {
  for (const rule of brokenRules(dump)) found.problem(rule);
  const pars = parsOf(dump);
  const acts = new Set(dump.tables['stock_acts']?.rows.map(({ document }) => document['id']));
  const lines = new Map<unknown, number>();
  for (const { document } of dump.tables['stock_movements']?.rows ?? []) {
    lines.set(document['act_id'], (lines.get(document['act_id']) ?? 0) + 1);
  }
  for (const { saved, refused } of windows) {
    const last = new Map<string, number>();
    for (const one of saved) {
      if (one.what === 'place') last.set(one.id, one.par);
      else {
        found.checked('saved acts');
        found.checked('lines of acts', one.lines);
        if (!acts.has(one.id)) found.lost(`act ${one.id}`);
        else if (lines.get(one.id) !== one.lines) found.torn(`act ${one.id}`);
      }
    }
    for (const [id, par] of last) {
      found.checked('saved places');
      const there = pars.get(id);
      // A later edit may have been written and its answer lost.
      if (there === undefined || there < par) found.lost(`place ${id}: ${there}, not ${par}`);
    }
    for (const code of refused) {
      found.checked(`told ${code}`);
      if (!AWAY.has(code)) found.problem(`a window was told ${code}`);
    }
  }
  for (const [act, count] of lines) {
    if (!acts.has(act as string)) found.torn(`${count} lines of an act that is not there`);
  }
  const waiting = Object.values(dump.tables).reduce((sum, table) => sum + table.waiting, 0);
  if (logged !== waiting) found.problem(`side log has ${logged} of ${waiting} rows`);
  found.checked('side log compared');
}

function parsOf(dump: Dump): Map<string, number> {
  const rows = dump.tables['item_locations']?.rows ?? [];
  return new Map(rows.map(({ document }) => [String(document['id']), Number(document['par'])]));
}

const isSame = (shown: Readonly<Record<string, number>>, pars: ReadonlyMap<string, number>) =>
  Object.keys(shown).length === pars.size &&
  Object.entries(shown).every(([id, par]) => pars.get(id) === par);

/** The main process: the store, the windows, and the ports between them. */
class Main {
  readonly windows: Window[];
  readonly #file: string;
  readonly #key: string;
  #store: ChildProcess | null = null;
  #generation = 0;
  #onDump: ((answer: { dump: Dump; logged: number }) => void) | null = null;

  constructor(file: string, key: string) {
    this.#file = file;
    this.#key = key;
    this.windows = WINDOWS.map((window) => this.#openWindow(window));
  }

  async startStore(): Promise<void> {
    this.#generation += 1;
    const generation = this.#generation;
    const args = [this.#file, this.#key, String(generation)];
    const store = fork(STORE, args, { serialization: 'advanced' });
    this.#store = store;
    await new Promise<void>((resolve, reject) => {
      store.once('exit', (code) => reject(new Error(`the store ended by itself: ${code}`)));
      store.on('message', (raw) => {
        const message = raw as FromStore;
        if (message.kind === 'ready') resolve();
        else if (message.kind === 'dump') this.#onDump?.(message);
        else {
          const { window, frame } = message;
          this.windows[window]?.child.send({ kind: 'frame', generation, frame } satisfies ToWindow);
        }
      });
    });
    for (const window of WINDOWS) {
      store.send({ kind: 'port', window } satisfies ToStore);
      this.windows[window]?.child.send({ kind: 'port', generation } satisfies ToWindow);
    }
  }

  async killStore(): Promise<void> {
    const store = this.#store;
    this.#store = null;
    if (!store) return;
    store.removeAllListeners('exit');
    const gone = new Promise((resolve) => store.once('exit', resolve));
    store.kill('SIGKILL');
    await gone;
  }

  dump(): Promise<{ dump: Dump; logged: number }> {
    return new Promise((resolve) => {
      this.#onDump = resolve;
      this.#store?.send({ kind: 'dump' } satisfies ToStore);
    });
  }

  /** Waits until something is so. A time-out while settling is a failure. */
  async settled(what: string, isSo: () => boolean): Promise<void> {
    const until = Date.now() + LIMIT_MS;
    while (!isSo()) {
      if (Date.now() > until) throw new Error(`not settled: ${what}`);
      await sleep(10);
    }
  }

  async end(): Promise<void> {
    await this.killStore();
    for (const { child } of this.windows) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      if (child.kill('SIGKILL')) await gone;
    }
  }

  #openWindow(window: number): Window {
    const child = fork(WINDOW, [], { serialization: 'advanced' });
    const state: Window = {
      child,
      saved: [],
      refused: [],
      shown: null,
      shownTimes: 0,
      hasStopped: false,
    };
    child.on('message', (raw) => {
      const message = raw as FromWindow;
      switch (message.kind) {
        case 'frame':
          if (message.generation === this.#generation && this.#store?.connected) {
            const { frame } = message;
            this.#store.send({ kind: 'frame', window, frame } satisfies ToStore, () => undefined);
          }
          break;
        case 'saved':
          state.saved.push(message.saved);
          break;
        case 'refused':
          state.refused.push(message.code);
          break;
        case 'shown':
          state.shown = message.rows;
          state.shownTimes += 1;
          break;
        case 'stopped':
          state.hasStopped = true;
      }
    });
    return state;
  }
}
