import { app, session } from 'electron';
import { PAGE_ORIGIN } from './page-protocol.ts';

/** True for an address of our own pages. */
export function isOwnPage(url: string, devOrigin: string | null): boolean {
  try {
    const { protocol, host, origin } = new URL(url);
    return `${protocol}//${host}` === PAGE_ORIGIN || (devOrigin !== null && origin === devOrigin);
  } catch {
    return false;
  }
}

/**
 * Closes what a page could use to leave its place: permissions, new windows, navigation, embedded
 * views. Holds for every web content that is ever made.
 */
export function lockDown(devOrigin: string | null): void {
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => {
    answer(false);
  });
  session.defaultSession.setPermissionCheckHandler(() => false);
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.on('will-navigate', (event) => {
      if (!isOwnPage(event.url, devOrigin)) event.preventDefault();
    });
  });
}
