import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import type { Trouble } from '#stack/stripe/stripe.ts';

/** A receiver of posts, as Slack's incoming webhooks are: it takes no key, and cannot be asked what it took. */
export interface Posts {
  readonly url: string;
  /** Texts that were taken. */
  readonly taken: string[];
  /** What the next call meets. */
  trouble: Exclude<Trouble, 'in-use' | 'sign-in'>;
  /** Called when a call has come, before and after it was taken. */
  onCall: ((stage: 'before' | 'acted' | 'answered') => Promise<void>) | null;
  stop(): Promise<void>;
}

const TAKES: ReadonlySet<Trouble> = new Set(['ok', 'drops-after', 'hangs-after', 'fault-after']);

export async function startPosts(): Promise<Posts> {
  const server = http.createServer((request, response) => {
    const cut = (): void => void request.socket.destroy();
    const handle = async (): Promise<void> => {
      const { text } = JSON.parse(await readText(request)) as { readonly text: string };
      const { trouble, onCall } = posts;
      posts.trouble = 'ok';
      posts.onCall = null;
      await onCall?.('before');
      if (trouble === 'drops') return cut();
      if (TAKES.has(trouble)) posts.taken.push(text);
      await onCall?.('acted');
      if (trouble === 'drops-after') return cut();
      if (trouble.startsWith('hangs')) return undefined;
      if (trouble === 'busy') response.setHeader('retry-after', '1');
      const [status, words] =
        trouble === 'ok' ? [200, 'ok'] : trouble === 'busy' ? [429, 'rate_limited'] : [500, 'no'];
      response.writeHead(status, { 'content-type': 'text/plain' }).end(words);
      await onCall?.('answered');
      return undefined;
    };
    handle().catch(cut);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const posts: Posts = {
    url: `http://127.0.0.1:${port}/services/T0/B0/0`,
    taken: [],
    trouble: 'ok',
    onCall: null,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return posts;
}
