import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { silentLogger } from '#shared/logging/logger.ts';
import { PROTOCOL_HEADER, PROTOCOL_VERSION } from '#shared/protocol/messages.ts';
import type { LiveMessage } from '#shared/protocol/messages.ts';
import { retryAfterMs } from './answers.ts';
import { createServerApi } from './server-api.ts';
import { deviceId } from './testing/fixtures.ts';
import { until } from './testing/clinic.suite.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

interface TestServer {
  readonly http: Server;
  readonly url: string;
}

async function serve(handler: Handler): Promise<TestServer> {
  const http = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => handler(request, response, body));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  return { http, url: `http://127.0.0.1:${(http.address() as AddressInfo).port}` };
}

const answer = (
  response: ServerResponse,
  status: number,
  body: unknown,
  type = 'application/json',
) => {
  response.writeHead(status, { 'content-type': type, [PROTOCOL_HEADER]: String(PROTOCOL_VERSION) });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
};

const apiOf = (url: string, tokens: string[] = ['t1'], timeoutMs = 2000) => {
  const asked: boolean[] = [];
  const api = createServerApi({
    baseUrl: url,
    getToken: (options) => {
      asked.push(options?.force ?? false);
      return Promise.resolve(tokens[asked.length - 1] ?? tokens.at(-1) ?? '');
    },
    deviceId: deviceId(1),
    log: silentLogger,
    timeoutMs,
  });
  return { api, asked };
};

const EMPTY_PULL = { epoch: 'e1', serverTime: 1, tables: [] };
const REQUEST = { epoch: null, tables: [{ table: 'locations' as const, cursors: {}, limit: 10 }] };
const failure = (code: string) => ({ error: { code, say: 'words', details: {} } });

describe('requests', () => {
  test('carry the token, the version and the device', async () => {
    let seen: IncomingMessage['headers'] = {};
    const { url } = await serve((request, response) => {
      seen = request.headers;
      answer(response, 200, EMPTY_PULL);
    });
    const { api } = apiOf(url);
    expect(await api.pull(REQUEST)).toEqual(EMPTY_PULL);
    expect(seen).toMatchObject({
      authorization: 'Bearer t1',
      'x-ganger-protocol': String(PROTOCOL_VERSION),
      'x-ganger-device': deviceId(1),
    });
  });

  test.each<[string, number, unknown, string]>([
    [
      'the login page of a captive portal',
      200,
      '<html>Welcome to Airport WiFi</html>',
      'SERVER_ANSWER_INVALID',
    ],
    ['JSON that is not ours', 200, { ok: true }, 'SERVER_ANSWER_INVALID'],
    ['a redirect', 302, '', 'SERVER_ANSWER_INVALID'],
    ['the error page of a load balancer', 503, '<html></html>', 'SERVER_UNREACHABLE'],
    ['a rate limit in front of the server', 429, 'slow down', 'SERVER_BUSY'],
    ['a body limit in front of the server', 413, '', 'REQUEST_TOO_LARGE'],
    ['an error of the server', 426, failure('SYNC_CLIENT_TOO_OLD'), 'SYNC_CLIENT_TOO_OLD'],
    ['an error of the server', 403, failure('DEVICE_REFUSED'), 'DEVICE_REFUSED'],
    ['an error with an unknown code', 400, failure('NEW_CODE'), 'SERVER_ANSWER_INVALID'],
  ])('that get %s (%i) fail as they should', async (_what, status, body, code) => {
    const { url } = await serve((_request, response) =>
      answer(response, status, body, 'text/html'),
    );
    await expect(apiOf(url).api.pull(REQUEST)).rejects.toMatchObject({ code });
  });

  test('that nobody answers fail as unreachable', async () => {
    await expect(apiOf('http://127.0.0.1:9').api.pull(REQUEST)).rejects.toMatchObject({
      code: 'SERVER_UNREACHABLE',
    });
  });

  test('that are never answered end in time', async () => {
    const { url } = await serve(() => undefined);
    const started = performance.now();
    await expect(apiOf(url, ['t'], 150).api.pull(REQUEST)).rejects.toMatchObject({
      code: 'SERVER_UNREACHABLE',
    });
    expect(performance.now() - started).toBeLessThan(1500);
  });

  test('that are to come later say when; a wait that is no number or too long is not believed', async () => {
    const waits = ['7', 'Wed, 21 Oct 2026 07:28:00 GMT', '99999'];
    const { url } = await serve((_request, response) => {
      response.setHeader('retry-after', waits.shift() ?? '');
      answer(response, 503, failure('SERVER_BUSY'));
    });
    const { api } = apiOf(url);
    const errors = [];
    for (let n = 0; n < 3; n += 1) errors.push(await api.pull(REQUEST).catch((e: unknown) => e));
    expect(errors.map(retryAfterMs)).toEqual([7_000, 0, 120_000]);
    expect(errors).toMatchObject(errors.map(() => ({ code: 'SERVER_BUSY' })));
  });

  test('with an expired token are sent again once with a new one', async () => {
    const { url } = await serve((request, response) => {
      if (request.headers.authorization === 'Bearer new') answer(response, 200, EMPTY_PULL);
      else answer(response, 401, failure('AUTH_TOKEN_EXPIRED'));
    });
    const { api, asked } = apiOf(url, ['old', 'new']);
    expect(await api.pull(REQUEST)).toEqual(EMPTY_PULL);
    expect(asked).toEqual([false, true]);
  });

  test('whose new token is expired too are given up', async () => {
    let requests = 0;
    const { url } = await serve((_request, response) => {
      requests += 1;
      answer(response, 401, failure('AUTH_TOKEN_EXPIRED'));
    });
    await expect(apiOf(url).api.pull(REQUEST)).rejects.toMatchObject({
      code: 'AUTH_TOKEN_EXPIRED',
    });
    expect(requests).toBe(2);
  });

  test('whose token cannot be had fail with its reason', async () => {
    const api = createServerApi({
      baseUrl: 'http://127.0.0.1:9',
      getToken: () => Promise.reject(new TypeError('x')),
      deviceId: deviceId(1),
      log: silentLogger,
    });
    await expect(api.pull(REQUEST)).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  test('do not name rows in their errors', async () => {
    const { url } = await serve((_request, response, body) => answer(response, 200, body));
    const row = { id: 'x', name: 'Jane Roe' };
    const rows = [{ table: 'inventory_items' as const, base: null, row }];
    const error = await apiOf(url)
      .api.push({ rows })
      .catch((reason: unknown) => reason);
    expect(JSON.stringify(error) + String(error)).not.toContain('Jane');
  });
});

describe('the live connection', () => {
  const open = async (
    options: {
      verify?: (request: IncomingMessage) => string | null;
    } = {},
  ) => {
    const { http, url } = await serve((_request, response) => answer(response, 404, ''));
    const sockets = new WebSocketServer({ noServer: true });
    http.on('upgrade', (request, socket, head) => {
      const code = options.verify?.(request) ?? null;
      if (code === null) {
        sockets.handleUpgrade(request, socket, head, (ws) => sockets.emit('connection', ws));
        return;
      }
      const body = JSON.stringify(failure(code));
      socket.end(
        `HTTP/1.1 401 Unauthorized\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
      );
    });
    onTestFinished(() => {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    });
    return { url, sockets };
  };

  test('tells what the server says and leaves out what it does not know', async () => {
    const { url, sockets } = await open();
    sockets.on('connection', (socket) => {
      socket.send(JSON.stringify({ type: 'hello', epoch: 'e', serverTime: 1 }));
      socket.send('not json');
      socket.send(JSON.stringify({ type: 'typing', who: 'x' }));
      socket.send(JSON.stringify({ type: 'changed', tables: ['locations'] }));
    });
    const messages: LiveMessage[] = [];
    let closed = 0;
    const connection = await apiOf(url).api.live({
      onMessage: (message) => messages.push(message),
      onClose: () => (closed += 1),
    });
    await until(() => messages.length === 2, 'messages');
    expect(messages.map(({ type }) => type)).toEqual(['hello', 'changed']);
    await connection.ping();
    for (const socket of sockets.clients) socket.close();
    await until(() => closed === 1, 'closed');
  });

  test('renews an expired token once', async () => {
    const { url, sockets } = await open({
      verify: (request) =>
        request.headers.authorization === 'Bearer new' ? null : 'AUTH_TOKEN_EXPIRED',
    });
    sockets.on('connection', (socket) => {
      socket.send(JSON.stringify({ type: 'hello', epoch: 'e', serverTime: 1 }));
    });
    const { api, asked } = apiOf(url, ['old', 'new']);
    const connection = await api.live({ onMessage: () => undefined, onClose: () => undefined });
    expect(asked).toEqual([false, true]);
    connection.close();
  });

  test('tells why it was refused', async () => {
    const { url } = await open({ verify: () => 'DEVICE_REFUSED' });
    const handlers = { onMessage: () => undefined, onClose: () => undefined };
    await expect(apiOf(url).api.live(handlers)).rejects.toMatchObject({ code: 'DEVICE_REFUSED' });
    await expect(apiOf('http://127.0.0.1:9').api.live(handlers)).rejects.toMatchObject({
      code: 'SERVER_UNREACHABLE',
    });
  });
});
