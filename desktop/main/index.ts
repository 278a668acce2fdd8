import { app, BrowserWindow } from 'electron';
import os from 'node:os';
import path from 'node:path';
import { createLogger } from '#shared/logging/logger.ts';
import { askForPath } from './ask-path.ts';
import { handle } from './handle.ts';
import { createKeyChain, unprotectedWrap } from './keys/key-chain.ts';
import { osKeyWrap } from './keys/os-key-wrap.ts';
import { lockDown } from './security/lock-down.ts';
import { registerPageScheme, servePages } from './security/page-protocol.ts';
import { readSettings } from './settings.ts';
import { startStoreHost } from './store-host/store-host.ts';
import { createWindows } from './windows/windows.ts';

/** The only file that wires the main process. It never touches a row. */
const settings = readSettings(process.env);
const log = createLogger({
  level: settings.GANGER_LOG_LEVEL,
  write: (line) => process.stderr.write(`${line}\n`),
  fields: { process: 'main' },
});
const here = import.meta.dirname;
const devUrl = app.isPackaged ? null : (process.env['ELECTRON_RENDERER_URL'] ?? null);
const devOrigin = devUrl === null ? null : new URL(devUrl).origin;
const kiosk = process.argv.includes('--kiosk');

registerPageScheme();

if (app.requestSingleInstanceLock()) {
  // `.then`, not `await`: a top-level await before ready would keep Electron from becoming ready.
  void app.whenReady().then(run);
} else {
  app.quit();
}

function run(): void {
  lockDown(devOrigin);
  servePages(path.join(here, '../renderer'));

  const dataDir = path.join(app.getPath('userData'), 'ganger');
  const unprotected = settings.GANGER_KEY_STORE === 'file' && !app.isPackaged;
  const allowBasicText = settings.GANGER_ALLOW_BASIC_TEXT === '1';
  const keys = createKeyChain(path.join(dataDir, 'keys'), () =>
    unprotected ? unprotectedWrap : osKeyWrap({ allowBasicText }),
  );
  const store = startStoreHost({
    entry: path.join(here, 'store.js'),
    config: {
      dataDir,
      serverUrl: settings.GANGER_SERVER_URL,
      authUrl: settings.GANGER_AUTH_URL,
      authKey: settings.GANGER_AUTH_KEY,
      deviceName: settings.GANGER_DEVICE_NAME ?? os.hostname().slice(0, 80),
      deviceKind: kiosk ? 'kiosk' : 'desktop',
      nativeBinding: settings.GANGER_NATIVE_BINDING ?? null,
      logLevel: settings.GANGER_LOG_LEVEL,
      appVersion: app.getVersion(),
      recoveryKey: settings.GANGER_RECOVERY_KEY ?? null,
      queryLog: settings.GANGER_QUERY_LOG === '1',
    },
    keys,
    askPath: askForPath,
    log,
  });

  const windows = createWindows({
    file: path.join(dataDir, 'windows.json'),
    preload: path.join(here, '../preload/index.cjs'),
    devUrl,
    kiosk,
    log,
  });

  handle('store.ports', devOrigin, (_arg, from) => {
    store.connect(from);
    return null;
  });
  handle('app.info', devOrigin, (_arg, from) => ({
    version: app.getVersion(),
    platform: process.platform,
    kiosk,
    language: app.getLocale(),
    window: windows.slotOf(from),
  }));

  handle('window.open', devOrigin, () => {
    windows.openMore();
    return null;
  });
  handle('window.forgetHistory', devOrigin, (_arg, from) => {
    from.navigationHistory.clear();
    return null;
  });
  windows.reopen();

  app.on('second-instance', () => windows.show());
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) windows.show();
  });
  app.on('window-all-closed', () => app.quit());

  let stopped = false;
  app.on('will-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    void store.stop().then(() => {
      stopped = true;
      app.quit();
    });
  });
}
