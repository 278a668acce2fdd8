import type { BenchOptions } from '../bench.ts';
import { describeMachine, markdownTable, median, rounded } from '../report.ts';
import type { BenchLine, BenchReport } from '../report.ts';
import { percentile } from '../sync/figures.ts';
import {
  NOTE_PORTS,
  timedCalls,
  timedEcho,
  timedItems,
  timedStorage,
  timedView,
} from './in-page.ts';
import { withPlace } from './place.ts';

const DOCUMENTS = 100_000;
const TIMES = 500;
const VIEW_TIMES = 10;
const MOST_ONE_MS = 2;
const MOST_PAGE_MS = 16;
const PAGE = 50;
const MANY = 1_000;
const MANY_TIMES = 30;
/** Bytes of an answer with one document. */
const ONE_DOCUMENT = 600;

/**
 * Questions of a window to the store process, over the two ports that the app itself uses: a typed call,
 * one document, a page and a thousand of them by RxDB's remote storage, the first answer of the list of
 * all items. Beside each the same number of bytes over a bare MessagePort to a process that does nothing.
 */
export async function benchIpc(options: BenchOptions): Promise<BenchReport> {
  const { rows = DOCUMENTS, print } = options;
  const machine = describeMachine();
  print(`machine: ${machine}`);
  print(`${rows} documents; ${TIMES} questions one after the other`);
  const lines: BenchLine[] = [];
  await withPlace(async (place) => {
    const device = await place.device(rows);
    const { page } = device;
    await page.addInitScript(NOTE_PORTS);
    await page.reload();
    await page.locator('[data-testid^="item-row-"]').first().click();
    await page.getByTestId('item-detail').waitFor();
    const call = await page.evaluate<number[]>(timedCalls(TIMES));
    const one = await page.evaluate<number[]>(timedStorage(TIMES, 'query'));
    const first = await page.evaluate<number[]>(timedItems(TIMES, PAGE));
    const many = await page.evaluate<number[]>(timedItems(MANY_TIMES, MANY));
    const list = await page.evaluate<number[]>(timedView(VIEW_TIMES, 'inventory.list'));
    const search = await page.evaluate<number[]>(timedView(VIEW_TIMES, 'search.items'));
    await device.quit();

    const empty = await place.empty();
    const echo = (times: number, bytes: number): Promise<number[]> =>
      empty.page.evaluate<number[]>(timedEcho(times, bytes));
    const bareCall = await echo(TIMES, 40);
    const bareOne = await echo(TIMES, ONE_DOCUMENT);
    const barePage = await echo(TIMES, PAGE * ONE_DOCUMENT);
    const bareMany = await echo(MANY_TIMES, MANY * ONE_DOCUMENT);
    const bareList = await echo(VIEW_TIMES, rows * 160);
    const bareSearch = await echo(VIEW_TIMES, (rows / 4) * 120);
    await empty.end();
    lines.push(
      ...both('typed call', call, bareCall, MOST_ONE_MS),
      ...both('one document', one, bareOne, MOST_ONE_MS),
      ...both(`first ${PAGE} of ${rows / 4} items`, first, barePage, MOST_PAGE_MS),
      ...both(`${MANY} documents`, many, bareMany, null),
      ...both(`list of ${Math.ceil(rows / 4)} items, first answer`, list, bareList, null),
      ...both(`names for Ctrl+K, ${Math.ceil(rows / 4)} items`, search, bareSearch, null),
    );
  });
  print(
    `\n${markdownTable(
      ['what', 'ours ms', 'bare port ms', 'ratio', 'goal', 'met'],
      lines.map(({ line, ours, limit, ratio, goal, met }) => [
        line,
        ours,
        limit ?? '',
        ratio ?? '',
        goal ?? '',
        met === null ? '' : met ? 'yes' : 'no',
      ]),
    )}`,
  );
  return { bench: 'ipc', machine, date: new Date().toISOString(), lines };
}

/** The middle and the 95th of a hundred. @param most of the latter, milliseconds; null: no goal */
function both(
  name: string,
  took: readonly number[],
  bare: readonly number[],
  most: number | null,
): BenchLine[] {
  const line = (at: string, ours: number, limit: number, goal: number | null): BenchLine => ({
    line: `${name}, ${at}`,
    unit: 'ms',
    better: 'lower',
    ours: rounded(ours),
    limit: rounded(limit),
    peers: {},
    ratio: rounded(ours / limit),
    goal: goal === null ? null : `≤ ${goal} ms`,
    met: goal === null ? null : ours <= goal,
  });
  return [
    line('p50', median(took), median(bare), null),
    line('p95', percentile(took, 0.95), percentile(bare, 0.95), most),
  ];
}
