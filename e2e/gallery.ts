import { violationsIn } from './axe.ts';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { _electron, expect } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';
import react from '@vitejs/plugin-react';
import { build, preview } from 'vite';
import type { InlineConfig } from 'vite';
import { appArgs } from '../scripts/dev/app-env.ts';
import { electronBinary } from '../scripts/dev/electron-binary.ts';
import { ROOT } from '../scripts/dev/paths.ts';
import { SCREENSHOTS } from './devices.ts';

/**
 * Electron on Linux answers `forced-colors` but forces none, so this does what the browser does where
 * people have chosen colours of their own: only theirs, on what has a ground a ground of theirs, no
 * shadows, borders stay; whatever says `forced-color-adjust: none` is left alone.
 */
const FORCED = `
  [data-forced] {
    color: CanvasText !important;
    border-color: CanvasText !important;
    box-shadow: none !important;
  }
  [data-forced='ground'] { background-color: Canvas !important; }
  button[data-forced], button [data-forced] { color: ButtonText !important; }
  a[data-forced], a [data-forced] { color: LinkText !important; }
  :disabled[data-forced], :disabled [data-forced] {
    color: GrayText !important;
    border-color: GrayText !important;
  }
`;

export async function forceColors(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const element of document.querySelectorAll<HTMLElement>('body, body *:not(svg *)')) {
      const { backgroundColor, forcedColorAdjust } = getComputedStyle(element);
      if (forcedColorAdjust === 'none') continue;
      // A ground that lets something through goes on doing so.
      const isClear = /^(transparent|rgba)/.test(backgroundColor);
      element.dataset['forced'] = isClear ? 'text' : 'ground';
    }
  });
  await page.addStyleTag({ content: FORCED });
}

/** How people look at screens. Zoom is that of the window: half as many pixels of the page. */
export const MODES = {
  light: { colorScheme: 'light', forcedColors: 'none', zoom: 1 },
  dark: { colorScheme: 'dark', forcedColors: 'none', zoom: 1 },
  forced: { colorScheme: 'light', forcedColors: 'active', zoom: 1 },
  zoom: { colorScheme: 'light', forcedColors: 'none', zoom: 2 },
} as const;
export type Mode = keyof typeof MODES;

/** The page of components in a window of its own. */
export interface Gallery {
  readonly page: Page;
  /** Opens a group, or the one of an unchanged name again: all components are as at first. */
  open(group: string, language?: 'en' | 'es'): Promise<void>;
  /** How groups look that are opened from now on. */
  look(mode: Mode): Promise<void>;
  /** Writes what is seen, all of the page, to the pictures of the components. */
  picture(name: string): Promise<void>;
  /** What would come out of a printer now. */
  pdf(): Promise<Buffer>;
  /** The next file that the page offers goes there, without a question. */
  saveNextTo(file: string): Promise<void>;
  close(): Promise<void>;
}

/** A page of `desktop/renderer/testing` in a window of its own. */
export interface BuiltPage {
  readonly page: Page;
  readonly app: ElectronApplication;
  /** Where it is served, without parameters. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Builds a page as the app is built and shows it.
 * @param entry its file, from `desktop/renderer`
 */
export async function openBuiltPage(entry: string): Promise<BuiltPage> {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'ganger-gallery-'));
  const root = path.join(ROOT, 'desktop/renderer');
  const shared: InlineConfig = { configFile: false, root, logLevel: 'error', plugins: [react()] };
  const outDir = path.join(dir, 'built');
  await build({
    ...shared,
    build: {
      outDir,
      emptyOutDir: true,
      minify: false,
      rollupOptions: { input: path.join(root, entry) },
    },
  });
  const server = await preview({ ...shared, build: { outDir }, preview: { port: 0 } });
  const origin = server.resolvedUrls?.local[0] ?? '';
  const address = `${origin}${entry}`;
  const app = await _electron.launch({
    executablePath: electronBinary(),
    args: [
      ...appArgs(path.join(dir, 'profile')),
      path.join(ROOT, 'scripts/dev/bare-window.mjs'),
      address,
    ],
  });
  const page = await app.firstWindow();
  page.setDefaultTimeout(15_000);
  return {
    page,
    app,
    address,
    async close() {
      await app.close();
      await server.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Builds the page of components as the app is built and shows it. */
export async function openGallery(): Promise<Gallery> {
  const { page, app, address, close } = await openBuiltPage('testing/gallery/index.html');
  let isForced = false;
  await mkdir(path.join(SCREENSHOTS, 'ui'), { recursive: true });
  return {
    page,
    async open(group, language = 'en') {
      await page.goto(`${address}?lang=${language}#${group}`);
      await page.reload();
      await page.locator('[data-component]').first().waitFor();
      await page.evaluate(() => document.fonts.ready.then(() => undefined));
      await settle(page);
      if (isForced) await forceColors(page);
    },
    async look(mode) {
      const { colorScheme, forcedColors, zoom } = MODES[mode];
      isForced = forcedColors === 'active';
      await page.emulateMedia({ colorScheme, forcedColors, reducedMotion: 'reduce' });
      await setShape(app, page, { zoom, width: WIDTH, height: HEIGHT });
    },
    async picture(name) {
      const file = path.join(SCREENSHOTS, 'ui', `${name}.png`);
      // A picture of a zoomed window shows a corner of it; one of half the size shows the same in all.
      const { zoom } = await shape(app);
      if (zoom !== 1)
        await setShape(app, page, { zoom: 1, width: WIDTH / zoom, height: HEIGHT / zoom });
      await settle(page);
      await page.screenshot({ path: file, fullPage: true, animations: 'disabled', caret: 'hide' });
      if (zoom !== 1) await setShape(app, page, { zoom, width: WIDTH, height: HEIGHT });
      await settle(page);
    },
    pdf: async () => {
      const written = await app.evaluate(async ({ BrowserWindow }) => {
        const [window] = BrowserWindow.getAllWindows();
        return (await window?.webContents.printToPDF({}))?.toString('base64') ?? '';
      });
      return Buffer.from(written, 'base64');
    },
    saveNextTo: (file) =>
      app.evaluate(({ session }, where) => {
        session.defaultSession.once('will-download', (_event, item) => item.setSavePath(where));
      }, file),
    close,
  };
}

/** What measures its place has done so: every chart is as wide as the room that it has. */
async function settle(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    [...document.querySelectorAll('.g-chart-space')].every(
      (chart) =>
        Math.abs(Number(chart.getAttribute('width')) - (chart.parentElement?.clientWidth ?? 0)) <=
        1,
    ),
  );
}

/** Content of the window at first, as `bare-window.mjs` makes it. */
const [WIDTH, HEIGHT] = [1280, 800];

interface Shape {
  readonly zoom: number;
  readonly width: number;
  readonly height: number;
}

async function setShape(app: ElectronApplication, page: Page, to: Shape): Promise<void> {
  await app.evaluate(({ BrowserWindow }, { zoom, width, height }) => {
    for (const window of BrowserWindow.getAllWindows()) {
      window.setContentSize(width, height);
      window.webContents.setZoomFactor(zoom);
    }
  }, to);
  // The page hears of it a little later.
  const wanted = to.width / to.zoom;
  await page.waitForFunction((width) => Math.abs(window.innerWidth - width) <= 1, wanted);
}

const shape = (app: ElectronApplication): Promise<{ zoom: number }> =>
  app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    return { zoom: window?.webContents.getZoomFactor() ?? 1 };
  });

/**
 * @param where what is looked at, in words, for whoever reads a failure
 * @param without rules that do not fit what is looked at; the reason stands beside the call
 */
export async function expectNoViolations(
  page: Page,
  where: string,
  without: string[] = [],
): Promise<void> {
  const found = await violationsIn(page, without);
  expect(found.map((words) => `${where}: ${words}`)).toEqual([]);
}

/**
 * What does not fit: boxes of states that something sticks out of, controls that lie on each other,
 * words that are cut without an ellipsis, a page that scrolls sideways. In words, empty when all fits.
 */
export const whatDoesNotFit = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const CONTROLS = 'button, input:not([type=file]), textarea, a[href], [role=option]';
    const faults: string[] = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) faults.push(`the page is ${scrollWidth - clientWidth} px wider`);
    const clips = (element: Element): boolean =>
      getComputedStyle(element).overflowX !== 'visible' ||
      getComputedStyle(element).clipPath !== 'none';
    const isCutBefore = (element: Element, box: Element): boolean => {
      for (let at = element.parentElement; at && at !== box; at = at.parentElement) {
        if (clips(at)) return true;
      }
      return false;
    };
    for (const state of document.querySelectorAll('[data-state] > .s-box')) {
      const section = state.closest('[data-component]')?.getAttribute('data-component');
      const where = `${section}, ${state.parentElement?.getAttribute('data-state')}`;
      const box = state.getBoundingClientRect();
      for (const element of state.querySelectorAll('*')) {
        const { left, right, width, height } = element.getBoundingClientRect();
        if (width <= 1 || height <= 1) continue;
        const sticksOut = right > box.right + 1 || left < box.left - 1;
        if (sticksOut && !isCutBefore(element, state)) {
          faults.push(`${where}: ${element.tagName}.${element.className} sticks out`);
        }
        const style = getComputedStyle(element);
        const isCut = element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 1;
        const silently = style.overflowX === 'hidden' && style.textOverflow !== 'ellipsis';
        const hasWords = [...element.childNodes].some(
          (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== '',
        );
        if (isCut && silently && hasWords && !element.closest('.g-hidden')) {
          faults.push(`${where}: "${element.textContent}" is cut`);
        }
      }
      const controls = [...state.querySelectorAll(CONTROLS)].filter((element) => {
        const { width, height } = element.getBoundingClientRect();
        return width > 1 && height > 1 && !isScrolledAway(element, state);
      });
      for (const [at, one] of controls.entries()) {
        for (const other of controls.slice(at + 1)) {
          if (one.contains(other) || other.contains(one) || !overlap(one, other)) continue;
          // An icon that stands in a field on purpose has the field's own room beside it.
          if (one.closest('.mantine-Input-wrapper') === other.closest('.mantine-Input-wrapper')) {
            if (one.closest('.mantine-Input-wrapper') !== null) continue;
          }
          faults.push(
            `${where}: ${one.outerHTML.slice(0, 60)} lies on ${other.outerHTML.slice(0, 60)}`,
          );
        }
      }
    }
    return faults;

    function overlap(one: Element, other: Element): boolean {
      const a = one.getBoundingClientRect();
      const b = other.getBoundingClientRect();
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      return wide > 1 && high > 1;
    }

    /** In a list that scrolls, what is out of sight may lie below anything. */
    function isScrolledAway(element: Element, box: Element): boolean {
      for (let at = element.parentElement; at && at !== box; at = at.parentElement) {
        if (getComputedStyle(at).overflowY === 'auto' && at.scrollHeight > at.clientHeight) {
          return true;
        }
      }
      return false;
    }
  });
