import { BrowserWindow } from 'electron';
import { PAGE_ORIGIN } from '../security/page-protocol.ts';
import type { Bounds } from './window-list.ts';

/** Opens a window of the suite, sandboxed and without any power of its own. */
export function openMainWindow(options: {
  preload: string;
  devUrl: string | null;
  kiosk: boolean;
  /** Where it stood the last time; null: wherever the system puts it. */
  bounds: Bounds | null;
}): BrowserWindow {
  const { preload, devUrl, kiosk, bounds } = options;
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    ...bounds,
    minWidth: 720,
    minHeight: 520,
    show: false,
    kiosk,
    title: 'Ganger',
    backgroundColor: '#ffffff',
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => window.show());
  void window.loadURL(devUrl ?? `${PAGE_ORIGIN}/index.html`);
  return window;
}
