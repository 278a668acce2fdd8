import type { Page } from '@playwright/test';
import type { BenchOptions } from '../bench.ts';
import { describeMachine, markdownTable, rounded } from '../report.ts';
import type { BenchLine, BenchReport } from '../report.ts';
import { percentile } from '../sync/figures.ts';
import { TAKE_FEEL, WATCH_FEEL } from './in-page.ts';
import type { Feel } from './in-page.ts';
import { synced, withPlace } from './place.ts';

/** 25,000 items with their places. */
const DOCUMENTS = 100_000;
const WORDS = ['bench item 12', 'gauze', 'bench 49', 'lido', 'item 4321'];
const KEY_EVERY_MS = 60;
const WHEELS = 120;
const MOST_P98_MS = 200;
const MOST_P75_MS = 50;
const MOST_TASK_MS = 50;
const MOST_SHIFT = 0.1;
/** Shorter ones are not reported by the browser, and count as so long. */
const SHORTEST_MS = 16;

interface Session {
  /** From key or click to what is drawn, milliseconds. */
  readonly took: readonly number[];
  readonly longestTask: number;
  readonly shift: number;
}

/** What was felt at each of the things that a person does. */
interface Sitting {
  readonly typing: Session;
  readonly list: Session;
  readonly palette: Session;
  readonly scrolling: Session;
}

/**
 * What a person feels at the list of items, while everything comes for the first time and again when
 * nothing does: from a key to what is drawn while they type into the search, go through the list by
 * arrows and ask Ctrl+K; tasks that hold the window up while they scroll; what moves by itself. Beside
 * it the same keys in the field of an empty window.
 */
export async function benchFeel(options: BenchOptions): Promise<BenchReport> {
  const { rows = DOCUMENTS, print } = options;
  const machine = describeMachine();
  print(`machine: ${machine}`);
  print(`${Math.ceil(rows / 4)} items in ${rows} documents; a key every ${KEY_EVERY_MS} ms`);
  const lines: BenchLine[] = [];
  await withPlace(async (place) => {
    const device = await place.arriving(rows);
    const { page } = device;
    const begun = performance.now();
    await page.locator('[data-testid^="item-row-"]').first().waitFor();
    await page.evaluate(WATCH_FEEL);
    const coming = await sit(page);
    const sat = performance.now() - begun;
    await synced(page);
    const took = performance.now() - begun;
    print(
      `the first sync took ${rounded(took / 1_000)} s; the person worked for the first ` +
        `${rounded(sat / 1_000)} s of it${sat > took ? ', and went on after it' : ''}`,
    );
    const idle = await sit(page);
    await device.quit();

    const empty = await place.empty();
    await empty.page.evaluate(WATCH_FEEL);
    await empty.page.locator('#field').focus();
    const bare = await during(empty.page, () => typeWords(empty.page));
    await empty.end();
    lines.push(
      ...figures('typing into the search', coming.typing, idle.typing, bare),
      ...figures('arrows through the list', coming.list, idle.list, bare),
      ...figures('Ctrl+K', coming.palette, idle.palette, bare),
      {
        ...line('longest task while scrolling', 'ms', idle.scrolling.longestTask),
        peers: { 'first sync': rounded(coming.scrolling.longestTask) },
        goal: `≤ ${MOST_TASK_MS} ms`,
        met: idle.scrolling.longestTask <= MOST_TASK_MS,
      },
      {
        ...line('what moved by itself (CLS)', '', idle.scrolling.shift + idle.list.shift),
        peers: { 'first sync': rounded(coming.scrolling.shift + coming.list.shift) },
        goal: `< ${MOST_SHIFT}`,
        met: idle.scrolling.shift + idle.list.shift < MOST_SHIFT,
      },
    );
  });
  print(
    `\n${markdownTable(
      ['what', 'ours', 'when idle', 'beside it', 'goal', 'met'],
      lines.map(({ line: name, ours, limit, peers, goal, met }) => [
        name,
        ours,
        limit ?? '',
        Object.entries(peers)
          .map(([peer, value]) => `${peer}: ${value}`)
          .join(', '),
        goal ?? '',
        met === null ? '' : met ? 'yes' : 'no',
      ]),
    )}`,
  );
  return { bench: 'feel', machine, date: new Date().toISOString(), lines };
}

async function sit(page: Page): Promise<Sitting> {
  const typing = await during(page, () => type(page, 'inventory-search'));
  const list = await during(page, () => arrows(page));
  const palette = await during(page, () => ask(page));
  const scrolling = await during(page, () => scroll(page));
  return { typing, list, palette, scrolling };
}

/** What was felt while something was done. @param act returns how many keys it pressed */
async function during(page: Page, act: () => Promise<number>): Promise<Session> {
  await page.evaluate(TAKE_FEEL);
  const pressed = await act();
  await page.waitForTimeout(500);
  const { events, tasks, shift } = await page.evaluate<Feel>(TAKE_FEEL);
  // A key is several events; the longest of them is what the person waits for.
  const byKey = new Map<number, number>();
  for (const { interactionId, duration } of events) {
    byKey.set(interactionId, Math.max(duration, byKey.get(interactionId) ?? 0));
  }
  const took = [...byKey.values()];
  while (took.length < pressed) took.push(SHORTEST_MS);
  return { took, longestTask: Math.max(0, ...tasks), shift };
}

async function typeWords(page: Page): Promise<number> {
  let keys = 0;
  for (const word of WORDS) {
    await page.keyboard.type(word, { delay: KEY_EVERY_MS });
    await page.keyboard.press('Control+a');
    keys += word.length + 1;
  }
  await page.keyboard.press('Delete');
  return keys + 1;
}

async function type(page: Page, testId: string): Promise<number> {
  await page.getByTestId(testId).focus();
  return typeWords(page);
}

async function arrows(page: Page): Promise<number> {
  await page.locator('[data-testid^="item-row-"]').first().click();
  const keys = 80;
  for (let n = 0; n < keys; n += 1) await page.keyboard.press('ArrowDown', { delay: KEY_EVERY_MS });
  await page.keyboard.press('Escape');
  return keys + 2;
}

async function ask(page: Page): Promise<number> {
  await page.keyboard.press('Control+k');
  await page.getByTestId('palette-input').waitFor();
  const keys = await typeWords(page);
  await page.keyboard.press('Escape');
  return keys + 2;
}

async function scroll(page: Page): Promise<number> {
  await page.locator('[data-testid^="item-row-"]').first().hover();
  for (let n = 0; n < WHEELS; n += 1) {
    await page.mouse.wheel(0, n < WHEELS / 2 ? 900 : -900);
    await page.waitForTimeout(25);
  }
  return 0;
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

function figures(name: string, coming: Session, idle: Session, bare: Session): BenchLine[] {
  const at = (share: number, most: number): BenchLine => {
    const ours = percentile(coming.took, share);
    const limit = percentile(idle.took, share);
    return {
      ...line(`${name}, first sync, p${share * 100}`, 'ms', ours),
      limit: rounded(limit),
      peers: { 'empty window': rounded(percentile(bare.took, share)) },
      ratio: rounded(ours / limit),
      goal: `≤ ${most} ms`,
      met: ours <= most,
    };
  };
  return [at(0.75, MOST_P75_MS), at(0.98, MOST_P98_MS)];
}
