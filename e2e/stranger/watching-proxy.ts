import { createServer, request } from 'node:http';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** One request as it went by. */
export interface Seen {
  readonly path: string;
  readonly bytes: number;
  readonly body: {
    rows?: readonly unknown[];
    tables?: readonly AskedTable[];
    epoch?: string | null;
  };
  readonly status: number;
}
interface AskedTable {
  readonly table: string;
  readonly cursors: Readonly<Record<string, unknown>>;
}

/** What the proxy does to requests that pass, asked anew for each. */
export interface Spoil {
  /** Passes them on as coming from a client of this protocol version. */
  protocol?: string;
  /** Lets the server do the work and loses the answer: this many more times. */
  loseAnswers?: number;
  /** Answers so many more requests as a busy server would. */
  busy?: number;
  /** Turns every connection away. */
  cut?: boolean;
  /** Asks for pages of at most so many rows. */
  pageRows?: number;
}

export interface WatchingProxy {
  readonly url: string;
  readonly seen: Seen[];
  /** The most pushes and pulls of one kind that were under way together. */
  readonly mostAtOnce: () => number;
  spoil: Spoil;
  close(): Promise<void>;
}

/** An HTTP proxy before the real server that writes down what a client asks, and spoils it on demand. */
export async function startWatchingProxy(target: string): Promise<WatchingProxy> {
  const { hostname, port } = new URL(target);
  const seen: Seen[] = [];
  const sockets = new Set<Socket>();
  const running = new Map<string, number>();
  let most = 0;
  const proxy = { spoil: {} as Spoil };

  const pass = async (incoming: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const path = incoming.url ?? '/';
    const raw = await read(incoming);
    const { spoil } = proxy;
    if (spoil.cut) return void incoming.socket.destroy();
    const body = raw.length === 0 ? {} : (JSON.parse(raw.toString('utf8')) as Seen['body']);
    if (path.startsWith('/v1/') && (spoil.busy ?? 0) > 0) {
      spoil.busy = (spoil.busy ?? 0) - 1;
      seen.push({ path, bytes: raw.length, body, status: 503 });
      answer.writeHead(503, { 'content-type': 'application/json', 'retry-after': '1' });
      return void answer.end(BUSY);
    }
    const sent = spoil.pageRows === undefined ? raw : limited(raw, body, spoil.pageRows);
    const headers: Record<string, unknown> = { ...incoming.headers, host: `${hostname}:${port}` };
    if (sent.length > 0) headers['content-length'] = String(sent.length);
    if (spoil.protocol !== undefined) headers['x-ganger-protocol'] = spoil.protocol;
    const now = (running.get(path) ?? 0) + 1;
    running.set(path, now);
    if (path !== '/v1/live') most = Math.max(most, now);
    const reply = await forward(incoming.method ?? 'GET', path, headers, sent);
    running.set(path, (running.get(path) ?? 1) - 1);
    seen.push({ path, bytes: raw.length, body, status: reply.status });
    if (path === '/v1/push' && (spoil.loseAnswers ?? 0) > 0) {
      spoil.loseAnswers = (spoil.loseAnswers ?? 0) - 1;
      return void incoming.socket.destroy();
    }
    answer.writeHead(reply.status, reply.headers);
    answer.end(reply.body);
  };

  const forward = (
    method: string,
    path: string,
    headers: Record<string, unknown>,
    body: Buffer,
  ): Promise<{ status: number; headers: OutgoingHttpHeaders; body: Buffer }> =>
    new Promise((resolve, reject) => {
      const out = request(
        { hostname, port, method, path, headers: headers as Record<string, string> },
        (back) => {
          void read(back).then((text) => {
            const { 'transfer-encoding': _chunks, ...rest } = back.headers;
            const kept = { ...rest, 'content-length': String(text.length) };
            resolve({ status: back.statusCode ?? 502, headers: kept, body: text });
          }, reject);
        },
      );
      out.once('error', reject);
      out.end(body);
    });

  const server = createServer((incoming, answer) => {
    pass(incoming, answer).catch(() => incoming.socket.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  });
  // A live connection goes through as bytes.
  server.on('upgrade', (incoming, socket: Socket, head: Buffer) => {
    if (proxy.spoil.cut) return void socket.destroy();
    const out = connect(Number(port), hostname, () => {
      const lines = Object.entries(incoming.headers).map(
        ([name, value]) => `${name}: ${String(value)}`,
      );
      out.write(`GET ${incoming.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      out.write(head);
      socket.pipe(out).pipe(socket);
    });
    sockets.add(out);
    for (const end of [socket, out]) {
      end.on('error', () => undefined);
      end.on('close', () => {
        socket.destroy();
        out.destroy();
        sockets.delete(out);
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    mostAtOnce: () => most,
    get spoil() {
      return proxy.spoil;
    },
    set spoil(next) {
      proxy.spoil = next;
      if (next.cut) for (const socket of sockets) socket.destroy();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const BUSY = JSON.stringify({
  error: { code: 'SERVER_BUSY', say: 'The server is busy.', details: {} },
});

function limited(raw: Buffer, body: Seen['body'], rows: number): Buffer {
  if (!body.tables) return raw;
  const tables = body.tables.map((table) => ({ ...table, limit: rows }));
  return Buffer.from(JSON.stringify({ ...body, tables }));
}

async function read(stream: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
