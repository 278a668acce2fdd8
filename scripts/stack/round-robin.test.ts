import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { startRoundRobin } from './round-robin.ts';
import type { RoundRobin, RoundRobinOptions } from './round-robin.ts';

const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close();
});

/** A replica that says who it is, and is ready or not. */
async function replica(name: string, answer?: RequestListener) {
  const state = { ready: true, heard: [] as IncomingMessage[] };
  const server: Server = createServer((request, response) => {
    if (request.url === '/readyz') return response.writeHead(state.ready ? 200 : 503).end();
    state.heard.push(request);
    if (answer) return answer(request, response);
    request.resume().on('end', () => response.end(name));
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => {
    socket.send(name);
    socket.on('message', (data) => socket.send(data as Buffer, { binary: false }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = (): void => {
    for (const socket of sockets.clients) socket.terminate();
    server.closeAllConnections();
    server.close();
  };
  opened.push(stop);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, state, stop };
}

async function proxy(options: RoundRobinOptions): Promise<RoundRobin> {
  const running = await startRoundRobin({ healthEveryMs: 30, ...options });
  opened.push(() => running.close());
  return running;
}
const ask = async (url: string, body?: string): Promise<string> =>
  (await fetch(url, body === undefined ? {} : { method: 'POST', body })).text();

describe('requests', () => {
  test('go to the replicas in turn, and to none that is not ready', async () => {
    const [a, b] = [await replica('a'), await replica('b')];
    const { url, healthy } = await proxy({ targets: [a.url, b.url] });
    expect([await ask(url), await ask(url), await ask(url, 'x')]).toEqual(['a', 'b', 'a']);
    a.state.ready = false;
    await expect.poll(healthy).toEqual([false, true]);
    expect([await ask(url), await ask(url)]).toEqual(['b', 'b']);
  });

  test('go on to the next replica when one takes no connection, body and all', async () => {
    const bodies: string[] = [];
    const echo: RequestListener = (request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        bodies.push(body);
        response.end('b');
      });
    };
    const [a, b] = [await replica('a'), await replica('b', echo)];
    const { url } = await proxy({ targets: [a.url, b.url], healthEveryMs: 60_000 });
    a.stop();
    expect(await ask(url, 'one write')).toBe('b');
    expect(bodies).toEqual(['one write']);
  });

  test('that were sent are not sent again: the sender is told', async () => {
    const cut: RequestListener = (request) => void request.socket.destroy();
    const [a, b] = [await replica('a', cut), await replica('b')];
    const { url } = await proxy({ targets: [a.url, b.url] });
    const reply = await fetch(url, { method: 'POST', body: 'one write' });
    expect([reply.status, b.state.heard.length]).toEqual([502, 0]);
  });

  test('are answered at once when no replica is ready', async () => {
    const a = await replica('a');
    a.state.ready = false;
    const { url } = await proxy({ targets: [a.url] });
    const reply = await fetch(url);
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([503, '1']);
  });

  test('whose answer comes in pieces get each piece when it is there', async () => {
    const slow: RequestListener = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: 1\n\n');
    };
    const a = await replica('a', slow);
    const { url } = await proxy({ targets: [a.url] });
    const reader = (await fetch(url)).body?.getReader();
    const { value } = (await reader?.read()) ?? {};
    expect(new TextDecoder().decode(value)).toBe('data: 1\n\n');
    await reader?.cancel();
  });
});

describe('WebSockets', () => {
  const speak = (url: string): Promise<string[]> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(url.replace('http', 'ws'));
      const heard: string[] = [];
      socket.on('open', () => socket.send('hello'));
      socket.on('message', (data) => {
        heard.push((data as Buffer).toString());
        if (heard.length === 2) socket.close();
      });
      socket.on('close', () => resolve(heard));
      socket.on('error', reject);
    });

  test('go to the replicas in turn', async () => {
    const [a, b] = [await replica('a'), await replica('b')];
    const { url } = await proxy({ targets: [a.url, b.url] });
    expect([await speak(url), await speak(url)]).toEqual([
      ['a', 'hello'],
      ['b', 'hello'],
    ]);
  });

  test('do not come through where the proxy knows none', async () => {
    const a = await replica('a');
    const { url } = await proxy({ targets: [a.url], websockets: false });
    await expect(speak(url)).rejects.toThrow('Unexpected server response: 200');
    expect(a.state.heard[0]?.headers['upgrade']).toBeUndefined();
  });
});
