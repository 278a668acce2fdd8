// A window and nothing else, on the address that comes as the last argument: the browser in which
// components are looked at, since Electron is the only one that there has to be.
import { app, BrowserWindow } from 'electron';

// Not awaited: Electron becomes ready only after this file has run.
void app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1280, height: 800, useContentSize: true });
  return window.loadURL(process.argv.at(-1) ?? 'about:blank');
});
