import { app, BrowserWindow, Menu, nativeImage, Notification, Tray } from 'electron';
import type { DeskStatus } from '#shared/ipc/store-host.ts';
import { createTranslate, pickLanguage } from '#shared/i18n/format.ts';
import { EN } from '#shared/i18n/messages.en.ts';
import { ES } from '#shared/i18n/messages.es.ts';
import { sameContent } from '#shared/kernel/json.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { drawBadge } from './badge.ts';
import { LINK_SCHEME } from './links.ts';
import { badgeOf, noticeOf } from './notices.ts';
import { readDeskSettings, writeDeskSettings } from './settings-file.ts';
import type { DeskSettings } from './settings-file.ts';
import { TRAY_ICON } from './tray-icon.ts';
import { deskWords } from './words.ts';

/** The page that says what needs whoever is signed in, and why. */
const WHAT_NEEDS_YOU = `${LINK_SCHEME}://sync`;
const NOBODY: DeskStatus = {
  isSignedIn: false,
  state: 'paused',
  waiting: 0,
  needsYou: 0,
  isFirstSync: false,
};

export interface Desk {
  /** The store says where the data stands. */
  told(status: DeskStatus): void;
  readonly settings: DeskSettings;
  set(changes: Partial<DeskSettings>): void;
}

/**
 * What the app does outside of its windows: a mark beside the clock with the state in words, a number on
 * its icon, and notifications that say a number and nothing about anybody.
 * @param options.show brings a window to the front
 * @param options.open follows a link into the app
 */
export function createDesk(options: {
  file: string;
  show: () => void;
  open: (link: string) => void;
  log: Logger;
}): Desk {
  const { file, show, open, log } = options;
  let settings = readDeskSettings(file);
  let status: DeskStatus | null = null;
  const tray = openTray(log);
  tray?.on('click', show);

  const words = () => {
    const language = pickLanguage([settings.language, app.getLocale()]);
    return createTranslate<typeof EN>(language, language === 'es' ? ES : EN);
  };
  const draw = (): void => {
    const t = words();
    const now = status ?? NOBODY;
    const state = deskWords(t, now);
    drawBadge(badgeOf(now), state);
    if (!tray) return;
    tray.setToolTip(`Ganger: ${state}`);
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: state, enabled: false },
        { type: 'separator' },
        { label: t('desk.open'), click: show },
        { label: t('desk.quit'), click: () => app.quit() },
      ]),
    );
  };
  draw();
  // On Windows each window has a mark of its own.
  app.on('browser-window-created', draw);

  /** Those on the screen: without a hold on them they are cleared away, and a click does nothing. */
  const shown = new Set<Notification>();
  const notify = (body: string, act: () => void): void => {
    if (!Notification.isSupported()) return;
    const notification = new Notification({ title: 'Ganger', body, silent: true });
    shown.add(notification);
    const gone = (): void => void shown.delete(notification);
    notification.on('close', gone);
    notification.on('failed', gone);
    notification.on('click', () => {
      gone();
      act();
    });
    notification.show();
  };

  return {
    told(next) {
      const notice = noticeOf(status, next);
      status = next;
      draw();
      if (!notice || !settings.notifies || BrowserWindow.getFocusedWindow()) return;
      const t = words();
      if (notice.about === 'first-sync') notify(t('desk.firstSyncDone'), show);
      else notify(t('sync.needsYou', { n: notice.n }), () => open(WHAT_NEEDS_YOU));
    },
    get settings() {
      return settings;
    },
    set(changes) {
      const next = { ...settings, ...changes };
      if (sameContent(next, settings)) return;
      settings = next;
      draw();
      try {
        writeDeskSettings(file, settings);
      } catch {
        log.warn('settings of this machine not kept');
      }
    },
  };
}

/** Not every desktop has a place beside the clock; the app works without it. */
function openTray(log: Logger): Tray | null {
  try {
    const image = nativeImage.createFromDataURL(TRAY_ICON);
    return new Tray(process.platform === 'darwin' ? image.resize({ width: 16 }) : image);
  } catch {
    log.warn('no place beside the clock');
    return null;
  }
}
