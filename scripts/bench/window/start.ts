import { execFileSync } from 'node:child_process';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { electronBinary } from '../../dev/electron-binary.ts';
import { ROOT } from '../../dev/paths.ts';
import type { BenchOptions } from '../bench.ts';
import { describeMachine, markdownTable, median, rounded } from '../report.ts';
import type { BenchLine, BenchReport } from '../report.ts';
import { memoryOf, withPlace } from './place.ts';
import type { BenchDevice, Place } from './place.ts';

const SIZES = [1_000, 10_000, 100_000];
const ROUNDS = 5;
const MOST_OF_EMPTY = 1.5;
const MOST_US_A_DOCUMENT = 2;
const MOST_STORE_MB = 250;
const MOST_MEMORY_OF_EMPTY = 2;
/** A row of the list, or the field of the empty window. */
const USABLE = '[data-testid^="item-row-"], #usable';

interface Started {
  /** Milliseconds from the start of the process to the first thing that is drawn. */
  readonly paint: number;
  /** … until the list can be used. */
  readonly usable: number;
  readonly memory: number;
  readonly store: number;
}

/**
 * From the start of the process to a list of items that can be used: cold (nothing of the program and
 * of the data is in the memory of the system) and warm, at several sizes of the profile; the memory
 * after it. Beside it an empty window of the same Electron, a round after the other.
 */
export async function benchStart(options: BenchOptions): Promise<BenchReport> {
  const { rows, print } = options;
  const machine = describeMachine();
  print(`machine: ${machine}`);
  print('an item and its places at three sites are four documents; the list has all items');
  const lines: BenchLine[] = [];
  await withPlace(async (place) => {
    const bySize: { size: number; warm: number; ratio: number }[] = [];
    for (const size of rows === undefined ? SIZES : [rows]) {
      const device = await place.device(size);
      await device.quit();
      const measured = await measure(place, device);
      lines.push(...linesOf(size, measured));
      const warm = median(measured.warm.map(({ usable }) => usable));
      bySize.push({ size, warm, ratio: warm / median(measured.empty.map(({ usable }) => usable)) });
    }
    const [small] = bySize;
    const large = bySize.at(-1);
    if (small && large && large !== small) {
      const slope = ((large.warm - small.warm) * 1_000) / (large.size - small.size);
      lines.push({
        ...line('warm start, slope', 'µs a document', slope),
        goal: `≤ ${MOST_US_A_DOCUMENT}`,
        met: slope <= MOST_US_A_DOCUMENT,
      });
    }
  });
  print(`\n${table(lines)}`);
  return { bench: 'start', machine, date: new Date().toISOString(), lines };
}

interface Measured {
  readonly cold: Started;
  readonly warm: readonly Started[];
  readonly emptyCold: Started;
  readonly empty: readonly Started[];
}

async function measure(place: Place, device: BenchDevice): Promise<Measured> {
  const own = async (): Promise<Started> => {
    const begun = Date.now();
    await device.start();
    const started = await look(device.page, begun);
    const { all, store } = await memoryOf(device.app);
    await device.quit();
    return { ...started, memory: all, store };
  };
  const bare = async (): Promise<Started> => {
    const begun = Date.now();
    const { app, page, end } = await place.empty();
    const started = await look(page, begun);
    const { all } = await memoryOf(app);
    await end();
    return { ...started, memory: all, store: 0 };
  };
  chill(device.userData);
  const cold = await own();
  chill(device.userData);
  const emptyCold = await bare();
  const warm: Started[] = [];
  const empty: Started[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    warm.push(await own());
    empty.push(await bare());
  }
  return { cold, warm, emptyCold, empty };
}

/** When the page had drawn something and when it could be used, by its own clock. */
async function look(page: Page, begun: number): Promise<Pick<Started, 'paint' | 'usable'>> {
  await page.locator(USABLE).first().waitFor({ state: 'attached', timeout: 60_000 });
  const { usable, paint } = await page.evaluate<{ usable: number; paint: number }>(`({
    usable: performance.timeOrigin + performance.now(),
    paint: performance.timeOrigin +
      (performance.getEntriesByName('first-paint')[0]?.startTime ?? performance.now()),
  })`);
  return { usable: usable - begun, paint: paint - begun };
}

/** Takes program and data out of the memory of the system, as far as one may without being its admin. */
function chill(userData: string): void {
  for (const place of [path.dirname(electronBinary()), path.join(ROOT, 'out'), userData]) {
    // Linux only; elsewhere "cold" is the first start of the run.
    if (process.platform !== 'linux') return;
    execFileSync('find', [
      place,
      '-type',
      'f',
      '-size',
      '+0',
      '-exec',
      'dd',
      'if={}',
      'iflag=nocache',
      'count=0',
      'status=none',
      ';',
    ]);
  }
}

const line = (name: string, unit: string, ours: number): BenchLine => ({
  line: name,
  unit,
  better: 'lower',
  ours: rounded(ours),
  limit: null,
  peers: {},
  ratio: null,
  goal: null,
  met: null,
});

function against(
  name: string,
  unit: string,
  ours: number,
  limit: number,
  most: number | null,
): BenchLine {
  const ratio = ours / limit;
  return {
    ...line(name, unit, ours),
    limit: rounded(limit),
    ratio: rounded(ratio),
    goal: most === null ? null : `≤ ${most} × an empty window`,
    met: most === null ? null : ratio <= most,
  };
}

function linesOf(size: number, { cold, warm, emptyCold, empty }: Measured): BenchLine[] {
  const mid = (all: readonly Started[], of: keyof Started) => median(all.map((one) => one[of]));
  const at = `${size} documents`;
  const store = mid(warm, 'store');
  return [
    against(`cold, first paint, ${at}`, 'ms', cold.paint, emptyCold.paint, null),
    against(`cold, list usable, ${at}`, 'ms', cold.usable, emptyCold.usable, null),
    against(`warm, first paint, ${at}`, 'ms', mid(warm, 'paint'), mid(empty, 'paint'), null),
    against(
      `warm, list usable, ${at}`,
      'ms',
      mid(warm, 'usable'),
      mid(empty, 'usable'),
      MOST_OF_EMPTY,
    ),
    against(
      `memory of all processes, ${at}`,
      'MB',
      mid(warm, 'memory'),
      mid(empty, 'memory'),
      MOST_MEMORY_OF_EMPTY,
    ),
    {
      ...line(`memory of the store, ${at}`, 'MB', store),
      goal: `≤ ${MOST_STORE_MB} MB`,
      met: store <= MOST_STORE_MB,
    },
  ];
}

const table = (lines: readonly BenchLine[]): string =>
  markdownTable(
    ['what', 'unit', 'ours', 'empty window', 'ratio', 'goal', 'met'],
    lines.map(({ line: name, unit, ours, limit, ratio, goal, met }) => [
      name,
      unit,
      ours,
      limit ?? '',
      ratio ?? '',
      goal ?? '',
      met === null ? '' : met ? 'yes' : 'no',
    ]),
  );
