import type { Page } from '@playwright/test';
import type { Language } from '#shared/i18n/format.ts';
import type { Device } from '../devices.ts';
import { forceColors } from '../gallery.ts';

/** How somebody looks at the app. Zoom is that of the window: half as many pixels of the page. */
export interface Look {
  readonly language: Language;
  readonly colorScheme: 'light' | 'dark';
  readonly forced: boolean;
  readonly width: number;
  readonly height: number;
  readonly zoom: number;
  /** What there is to see: a clinic of some months, the same with 3,000 items, or people and items alone. */
  readonly data: 'clinic' | 'many' | 'bare';
  readonly network: boolean;
}

const USUAL: Look = {
  language: 'en',
  colorScheme: 'light',
  forced: false,
  width: 1280,
  height: 800,
  zoom: 1,
  data: 'clinic',
  network: true,
};

export const LOOKS = {
  light: USUAL,
  es: { ...USUAL, language: 'es' },
  dark: { ...USUAL, colorScheme: 'dark' },
  forced: { ...USUAL, forced: true },
  zoom: { ...USUAL, zoom: 2 },
  'es-zoom': { ...USUAL, language: 'es', zoom: 2 },
  large: { ...USUAL, width: 1920, height: 1080 },
  offline: { ...USUAL, network: false },
  many: { ...USUAL, data: 'many' },
  'many-es-zoom': { ...USUAL, language: 'es', zoom: 2, data: 'many' },
  bare: { ...USUAL, data: 'bare' },
} as const satisfies Record<string, Look>;
export type LookName = keyof typeof LOOKS;

/** Makes a device look so, from now on. */
export async function lookAt(device: Device, look: Look): Promise<void> {
  const { page } = device;
  if (look.network) device.restoreNetwork();
  else device.pullNetwork();
  await device.expectSync(look.network ? 'synced' : 'offline', 90_000);
  await resize(device, look, 1);
  await page.emulateMedia({
    colorScheme: look.colorScheme,
    forcedColors: look.forced ? 'active' : 'none',
    reducedMotion: 'reduce',
  });
  const speaks = await page.evaluate(() => document.documentElement.lang);
  if (speaks !== look.language) {
    await page.getByTestId('user-menu').click();
    await page.getByTestId(`language-${look.language}`).click();
    await page.keyboard.press('Escape');
    await page.waitForFunction((wanted) => document.documentElement.lang === wanted, look.language);
  }
}

/** Writes what is seen. A picture of a zoomed window shows a corner of it; one of half the size shows the same in all. */
export async function keepPicture(device: Device, look: Look, file: string): Promise<void> {
  const { page } = device;
  if (look.forced) await forceColors(page);
  if (look.zoom !== 1) await resize(device, { ...look, zoom: 1 }, look.zoom);
  await page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
  if (look.zoom !== 1) await resize(device, look, 1);
}

async function resize(device: Device, look: Look, divide: number): Promise<void> {
  const size = { width: look.width / divide, height: look.height / divide, zoom: look.zoom };
  await device.app.evaluate(({ BrowserWindow }, { width, height, zoom }) => {
    for (const window of BrowserWindow.getAllWindows()) {
      // Smaller than people may make it, for the picture of a zoomed one.
      window.setMinimumSize(1, 1);
      window.setContentSize(width, height);
      window.webContents.setZoomFactor(zoom);
    }
  }, size);
  await device.page.waitForFunction(
    (wanted) => Math.abs(window.innerWidth - wanted) <= 1,
    size.width / size.zoom,
  );
}

/** The page has said what it has to say: no skeletons, no toasts, letters of the right shape. */
export async function settle(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      document.querySelector('.mantine-Skeleton-root, [data-testid="toast"]') === null &&
      document.fonts.status === 'loaded',
    null,
    { timeout: 20_000 },
  );
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
      }),
  );
}
