import { expect } from '@playwright/test';
import type { Device } from './devices.ts';

/** Takes the place of the system browser: the addresses that the app wants opened. */
export async function catchBrowser(of: Device): Promise<{ next(): Promise<string> }> {
  await of.app.evaluate(({ shell }) => {
    const seen: string[] = [];
    Object.assign(globalThis, { openedAddresses: seen });
    shell.openExternal = (url: string) => {
      seen.push(url);
      return Promise.resolve();
    };
  });
  return {
    async next() {
      let url: string | undefined;
      await expect
        .poll(async () => {
          url = await of.app.evaluate(() =>
            (globalThis as unknown as { openedAddresses: string[] }).openedAddresses.shift(),
          );
          return url;
        })
        .toBeTruthy();
      return url ?? '';
    },
  };
}

/** Follows redirects with cookies, as a browser does, until a page is shown. */
export async function followBrowser(start: string): Promise<void> {
  const cookies = new Map<string, Map<string, string>>();
  let url = start;
  for (let hop = 0; hop < 20; hop += 1) {
    const { origin } = new URL(url);
    const jar = cookies.get(origin) ?? new Map<string, string>();
    cookies.set(origin, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const location = answer.headers.get('location');
    if (!location) return;
    url = new URL(location, url).href;
  }
  throw new Error('too many redirects');
}
