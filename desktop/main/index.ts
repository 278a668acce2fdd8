import { app, BrowserWindow, clipboard } from 'electron';
import os from 'node:os';
import path from 'node:path';
import { LANGUAGES } from '#shared/i18n/format.ts';
import { LINK_SCHEME, linkTo } from './desk/links.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { askForPath } from './ask-path.ts';
import { createDeepLinks, linkOf } from './desk/deep-links.ts';
import { createDesk } from './desk/desk.ts';
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

/** As the installers register it (`electron-builder.yml`). */
const APP_ID = 'com.ganger.desktop';

registerPageScheme();

/** On a Mac a link that starts the app comes before it is ready. */
let earlyLink: string | null = null;
const keepEarly = (event: { preventDefault(): void }, url: string): void => {
  event.preventDefault();
  earlyLink = url;
};
app.on('open-url', keepEarly);

if (app.requestSingleInstanceLock()) {
  // `.then`, not `await`: a top-level await before ready would keep Electron from becoming ready.
  void app.whenReady().then(run);
} else {
  app.quit();
}

function run(): void {
  // By this name Windows finds the icon of notifications, and joins windows in the taskbar.
  if (process.platform === 'win32') app.setAppUserModelId(APP_ID);
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
      ...(settings.GANGER_TRACES_URL === undefined
        ? {}
        : { tracesUrl: settings.GANGER_TRACES_URL }),
    },
    keys,
    askPath: askForPath,
    onStatus: (status) => desk?.told(status),
    log,
  });

  const show = (): void => void windows.show();
  // A kiosk is for whoever stands before it: no way out of its window, and none into it.
  const desk = kiosk
    ? null
    : createDesk({
        file: path.join(dataDir, 'desk.json'),
        show,
        open: (link) => links.open(link),
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

  handle('window.open', devOrigin, () => ({ opened: windows.openMore() }));
  handle('window.forgetHistory', devOrigin, (_arg, from) => {
    from.navigationHistory.clear();
    return null;
  });
  const links = createDeepLinks(() => windows.show());
  handle('link.take', devOrigin, () => links.take());
  handle('link.waits', devOrigin, () => links.waits);
  handle('link.copy', devOrigin, async ({ address }) => {
    const link = linkTo(address);
    if (link !== null) await clipboard.writeText(link);
    return link !== null;
  });
  handle('desk.settings', devOrigin, ({ language, notifies }) => {
    const known = LANGUAGES.find((name) => name === language);
    desk?.set({ ...(known && { language: known }), ...(notifies !== undefined && { notifies }) });
    return { notifies: desk?.settings.notifies ?? false };
  });
  windows.reopen();
  const openLink = (text: string | null): void => {
    if (text !== null && !kiosk) links.open(text);
  };
  // Installers register the scheme; where somebody took that away, the app takes it again.
  if (app.isPackaged && !kiosk) app.setAsDefaultProtocolClient(LINK_SCHEME);
  openLink(earlyLink ?? linkOf(process.argv));
  app.off('open-url', keepEarly);
  app.on('open-url', (event, url) => {
    event.preventDefault();
    openLink(url);
  });

  app.on('second-instance', (_event, args) => {
    const link = linkOf(args);
    if (link === null) windows.show();
    else openLink(link);
  });
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
