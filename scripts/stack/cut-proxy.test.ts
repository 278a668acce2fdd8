import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { startCutProxy, type CutProxy } from './cut-proxy.ts';

let server: Server;
let sockets: WebSocketServer;
let proxy: CutProxy;

beforeEach(async () => {
  server = createServer((_request, response) => void response.end('hello'));
  sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => {
    socket.on('error', () => {});
    socket.on('message', (data) => socket.send(data));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  proxy = await startCutProxy({ target: { host: '127.0.0.1', port } });
});

afterEach(async () => {
  await proxy.close();
  for (const socket of sockets.clients) socket.terminate();
  server.close();
  server.closeAllConnections();
});

const get = async (timeoutMs = 5_000): Promise<string> => {
  const signal = AbortSignal.timeout(timeoutMs);
  const headers = { connection: 'close' };
  return (await fetch(`http://127.0.0.1:${proxy.port}/`, { signal, headers })).text();
};

async function openSocket(): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${proxy.port}/`);
  socket.on('error', () => {});
  await once(socket, 'open');
  return socket;
}

async function echo(socket: WebSocket, text: string): Promise<string> {
  const answer = once(socket, 'message') as Promise<[Buffer]>;
  socket.send(text);
  return (await answer)[0].toString();
}

describe('an open network', () => {
  it('carries HTTP and WebSocket', async () => {
    expect(await get()).toBe('hello');
    const socket = await openSocket();
    expect(await echo(socket, 'hi')).toBe('hi');
    expect(proxy.stats()).toMatchObject({ state: 'open', accepted: 2, refused: 0 });
    expect(proxy.stats().bytesToTarget).toBeGreaterThan(0);
    expect(proxy.stats().bytesFromTarget).toBeGreaterThan(0);
  });

  it('carries ten megabytes unchanged, to a reader that is slow to start', async () => {
    const socket = await openSocket();
    const sent = Buffer.alloc(10_000_000, 'all of it, in order. ');
    const answer = once(socket, 'message') as Promise<[Buffer]>;
    socket.send(sent);
    socket.pause();
    await sleep(50);
    socket.resume();
    expect((await answer)[0].equals(sent)).toBe(true);
  });

  it('passes the end of one side on to the other', async () => {
    const socket = await openSocket();
    for (const remote of sockets.clients) remote.close(4000, 'bye');
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(4000);
  });
});

describe('a cut network', () => {
  it('resets what is open and refuses what is new, until restored', async () => {
    const socket = await openSocket();
    const closed = once(socket, 'close') as Promise<[number]>;
    proxy.cut();
    expect((await closed)[0]).toBe(1006);
    await expect(get()).rejects.toThrow('fetch failed');
    expect(proxy.stats()).toMatchObject({ state: 'cut', refused: 1, open: 0 });
    proxy.restore();
    expect(await get()).toBe('hello');
  });

  it('is noticed by the server too', async () => {
    await openSocket();
    const [remote] = sockets.clients;
    const closed = remote && once(remote, 'close');
    proxy.cut();
    await closed;
    expect(sockets.clients.size).toBe(0);
  });
});

describe('a spoiled network', () => {
  it('strands what is open without a word to either side; what is new works', async () => {
    const socket = await openSocket();
    proxy.strand();
    const first = await Promise.race([echo(socket, 'lost'), sleep(300, 'silence')]);
    expect([first, socket.readyState, sockets.clients.size]).toEqual([
      'silence',
      WebSocket.OPEN,
      1,
    ]);
    expect(await get()).toBe('hello');
  });

  it('leads elsewhere and back again', async () => {
    const portal = createServer((_request, response) => void response.end('accept the terms'));
    portal.listen(0, '127.0.0.1');
    await once(portal, 'listening');
    proxy.divert((portal.address() as AddressInfo).port);
    expect(await get()).toBe('accept the terms');
    proxy.divert(null);
    expect(await get()).toBe('hello');
    portal.close();
    portal.closeAllConnections();
  });

  it('breaks answers in the middle', async () => {
    proxy.breakAfter(10);
    await expect(get()).rejects.toThrow('fetch failed');
    proxy.breakAfter(null);
    expect(await get()).toBe('hello');
  });
});

describe('a black hole', () => {
  it('takes new connections and never answers', async () => {
    proxy.blackhole();
    await expect(get(300)).rejects.toThrow(/timeout/);
    expect(proxy.stats()).toMatchObject({ state: 'blackhole', refused: 0, bytesToTarget: 0 });
  });

  it('keeps open connections open and silent, and lets them go on when restored', async () => {
    const socket = await openSocket();
    proxy.blackhole();
    const answer = echo(socket, 'late');
    const first = await Promise.race([answer, sleep(300, 'silence')]);
    expect([first, socket.readyState]).toEqual(['silence', WebSocket.OPEN]);
    proxy.restore();
    expect(await answer).toBe('late');
  });

  it('hides from the server that a device went away', async () => {
    const socket = await openSocket();
    proxy.blackhole();
    socket.terminate();
    await sleep(200);
    expect(sockets.clients.size).toBe(1);
    const [remote] = sockets.clients;
    const closed = remote && once(remote, 'close');
    proxy.restore();
    await closed;
  });

  it('answers a request that began in it, once restored', async () => {
    proxy.blackhole();
    const request = get();
    await sleep(100);
    proxy.restore();
    expect(await request).toBe('hello');
  });

  it('does not swallow what a device goes on sending', async () => {
    const socket = await openSocket();
    proxy.blackhole();
    socket.send(Buffer.alloc(30_000_000));
    await sleep(300);
    expect(socket.bufferedAmount).toBeGreaterThan(15_000_000);
  });

  it('can be cut as well', async () => {
    proxy.blackhole();
    const request = get();
    setTimeout(() => proxy.cut(), 50);
    await expect(request).rejects.toThrow('fetch failed');
  });
});

describe('a slow network', () => {
  it('delays each way, without slowing down the rate', async () => {
    const socket = await openSocket();
    proxy.delay(60);
    const start = performance.now();
    expect(await echo(socket, 'x')).toBe('x');
    expect(performance.now() - start).toBeGreaterThanOrEqual(119);

    // Twenty messages under way together take one delay, not twenty.
    const answers: string[] = [];
    const all = new Promise<void>((resolve) => {
      socket.on('message', (data: Buffer) => {
        if (answers.push(data.toString()) === 20) resolve();
      });
    });
    const begin = performance.now();
    for (let i = 0; i < 20; i++) socket.send(String(i));
    await all;
    expect(performance.now() - begin).toBeLessThan(20 * 60);
    expect(answers).toEqual(Array.from({ length: 20 }, (_, i) => String(i)));
  });
});

describe('a target that is gone', () => {
  it('looks like a broken connection', async () => {
    const vacant = createTcpServer().listen(0, '127.0.0.1');
    await once(vacant, 'listening');
    const { port } = vacant.address() as AddressInfo;
    vacant.close();
    await once(vacant, 'close');
    const other = await startCutProxy({ target: { host: '127.0.0.1', port } });
    const socket: Socket = connect(other.port, '127.0.0.1');
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNRESET');
    await other.close();
  });
});

it('a slow network carries so many bytes a second, and no more', async () => {
  server.removeAllListeners('request');
  server.on('request', (_request, response) => void response.end(Buffer.alloc(150_000)));
  proxy.rate(300_000);
  const began = performance.now();
  expect(await get()).toHaveLength(150_000);
  expect(performance.now() - began).toBeGreaterThan(400);
  proxy.rate(null);
  expect(await get()).toHaveLength(150_000);
});
