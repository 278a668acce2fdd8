import { app, BrowserWindow, screen } from 'electron';
import type { WebContents } from 'electron';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Logger } from '#shared/logging/logger.ts';
import { openMainWindow } from './main-window.ts';
import { freeSlot, windowsToOpen } from './window-list.ts';
import type { LeftWindow } from './window-list.ts';

const SAVE_AFTER_MS = 500;

export interface Windows {
  /** Opens the windows that were open when the app was closed, or one. */
  reopen(): void;
  /** One more window. @returns false when there are enough */
  openMore(): boolean;
  /** Brings the window that was used last to the front, or opens one. @returns it */
  show(): BrowserWindow;
  slotOf(contents: WebContents): number;
}

/**
 * The windows of this device: each has a slot, by which it finds what it showed again. Where they
 * stood is written to a file of numbers; what they showed is not in it.
 */
export function createWindows(options: {
  file: string;
  preload: string;
  devUrl: string | null;
  kiosk: boolean;
  log: Logger;
}): Windows {
  const { file, preload, devUrl, kiosk, log } = options;
  const slots = new Map<BrowserWindow, number>();
  let lastUsed: BrowserWindow | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isQuitting = false;

  const save = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const left = [...slots].map(([window, slot]): LeftWindow => {
      const { x, y, width, height } = window.getNormalBounds();
      return { slot, bounds: { x, y, width, height }, isMaximized: window.isMaximized() };
    });
    // A kiosk has one window, and it fills the screen.
    if (kiosk || left.length === 0) return;
    try {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(`${file}.new`, JSON.stringify(left));
      renameSync(`${file}.new`, file);
    } catch {
      // Next time they open at their usual place.
      log.warn('places of windows not kept');
    }
  };
  const saveSoon = (): void => {
    timer ??= setTimeout(save, SAVE_AFTER_MS);
  };

  const open = (left: LeftWindow): BrowserWindow => {
    const window = openMainWindow({ preload, devUrl, kiosk, bounds: left.bounds });
    if (left.isMaximized && !kiosk) window.maximize();
    slots.set(window, left.slot);
    lastUsed = window;
    window.on('focus', () => {
      lastUsed = window;
    });
    window.on('resize', saveSoon);
    window.on('move', saveSoon);
    window.on('maximize', saveSoon);
    window.on('unmaximize', saveSoon);
    window.once('close', () => {
      // All windows close when the app ends: those are the ones to open again.
      if (!isQuitting && slots.size === 1) save();
    });
    window.once('closed', () => {
      slots.delete(window);
      if (lastUsed === window) lastUsed = null;
      if (!isQuitting) saveSoon();
    });
    saveSoon();
    return window;
  };

  app.on('before-quit', () => {
    if (!isQuitting) save();
    isQuitting = true;
    clearTimeout(timer);
  });

  return {
    reopen() {
      const areas = screen.getAllDisplays().map(({ workArea }) => workArea);
      for (const left of windowsToOpen(kiosk ? null : readText(file), areas)) open(left);
    },
    openMore() {
      const slot = kiosk ? null : freeSlot([...slots.values()]);
      if (slot !== null) open({ slot, bounds: null, isMaximized: false });
      return slot !== null;
    },
    show() {
      const [any] = slots.keys();
      const window = lastUsed ?? any ?? open({ slot: 1, bounds: null, isMaximized: false });
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
      return window;
    },
    slotOf(contents) {
      const window = BrowserWindow.fromWebContents(contents);
      return (window && slots.get(window)) ?? 1;
    },
  };
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
