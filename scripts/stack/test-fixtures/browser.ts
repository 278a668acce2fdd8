/** A browser that only follows redirects and keeps cookies: as far as a sign-in needs one. */
export type TestBrowser = {
  /** Opens an address and follows until `stopAt` says so or a page comes; returns both. */
  open(url: string, stopAt?: (url: string) => boolean): Promise<{ url: string; page: string }>;
  /** Posts a form and goes on as `open` does. */
  post(
    url: string,
    form: Record<string, string>,
    stopAt?: (url: string) => boolean,
  ): Promise<{ url: string; page: string }>;
};

const MAX_REDIRECTS = 15;

/** Opens a browser without cookies. */
export function openBrowser(): TestBrowser {
  const jars = new Map<string, Map<string, string>>();

  const request = async (url: string, init: RequestInit): Promise<Response> => {
    const { origin } = new URL(url);
    const jar = jars.get(origin) ?? new Map<string, string>();
    jars.set(origin, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const name = pair.slice(0, pair.indexOf('='));
      if (/expires=Thu, 01 Jan 1970/i.test(line)) jar.delete(name);
      else jar.set(name, pair.slice(pair.indexOf('=') + 1));
    }
    return response;
  };
  const follow = async (
    start: string,
    first: RequestInit,
    stopAt: (url: string) => boolean,
  ): Promise<{ url: string; page: string }> => {
    let url = start;
    let init = first;
    for (let step = 0; step < MAX_REDIRECTS; step++) {
      if (stopAt(url)) return { url, page: '' };
      const response = await request(url, init);
      const location = response.headers.get('location');
      if (location === null) return { url, page: await response.text() };
      await response.body?.cancel();
      url = new URL(location, url).href;
      init = {};
    }
    throw new Error('too many redirects');
  };
  return {
    open: (url, stopAt = () => false) => follow(url, {}, stopAt),
    post: (url, form, stopAt = () => false) =>
      follow(url, { method: 'POST', body: new URLSearchParams(form) }, stopAt),
  };
}
