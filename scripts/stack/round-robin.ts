import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export interface RoundRobinOptions {
  /** Addresses of the replicas, for example `http://127.0.0.1:8787`. */
  readonly targets: readonly string[];
  /** Port on 127.0.0.1; 0 (default) takes a free one. */
  readonly port?: number;
  /** How often each replica is asked whether it is ready, milliseconds. */
  readonly healthEveryMs?: number;
  /** False: upgrades are passed on as ordinary requests, as proxies do that know no WebSocket. */
  readonly websockets?: boolean;
}

export interface RoundRobin {
  readonly url: string;
  /** Requests and upgrades that went to each replica. */
  served(): readonly number[];
  /** Replicas that take requests now. */
  healthy(): readonly boolean[];
  close(): Promise<void>;
}

const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

interface Replica {
  readonly host: string;
  readonly port: number;
  healthy: boolean;
  served: number;
}

/**
 * A proxy in front of several replicas: each request to the next one that says it is ready. A
 * connection that is refused is tried at the next replica, since nothing was sent; a request that was
 * sent is never sent again: whether it was done only its sender can find out.
 */
export async function startRoundRobin(options: RoundRobinOptions): Promise<RoundRobin> {
  const { port = 0, healthEveryMs = 200, websockets = true } = options;
  const replicas = options.targets.map((target): Replica => {
    const url = new URL(target);
    return { host: url.hostname, port: Number(url.port), healthy: false, served: 0 };
  });
  const sockets = new Set<Duplex>();
  let last = -1;

  /** The replicas in the order in which they are to be tried. */
  const line = (): Replica[] => {
    last += 1;
    const turned = replicas.map((_, index) => replicas[(last + index) % replicas.length]);
    return turned.filter((replica): replica is Replica => replica?.healthy === true);
  };

  /** Connects to the first replica that takes connections. */
  const reach = async (): Promise<{ replica: Replica; socket: Socket } | null> => {
    for (const replica of line()) {
      const socket = connect({ host: replica.host, port: replica.port, noDelay: true });
      try {
        await once(socket, 'connect');
      } catch {
        replica.healthy = false;
        continue;
      }
      track(sockets, socket);
      replica.served += 1;
      return { replica, socket };
    }
    return null;
  };

  const pass = async (incoming: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const reached = await reach();
    if (!reached) {
      answer.writeHead(503, { 'retry-after': '1', 'content-type': 'text/plain' });
      answer.end('no replica is ready\n');
      return;
    }
    const { socket } = reached;
    const outgoing = request({
      createConnection: () => socket,
      method: incoming.method,
      path: incoming.url,
      headers: { ...endToEnd(incoming.headers), connection: 'close' },
    });
    outgoing.on('response', (from) => {
      answer.writeHead(from.statusCode ?? 502, endToEnd(from.headers));
      from.pipe(answer);
      from.on('error', () => answer.destroy());
    });
    outgoing.on('error', () => {
      if (answer.headersSent) answer.destroy();
      else answer.writeHead(502).end();
    });
    answer.on('close', () => socket.destroy());
    incoming.on('error', () => outgoing.destroy());
    incoming.pipe(outgoing);
  };

  const upgrade = async (
    incoming: IncomingMessage,
    device: Duplex,
    head: Buffer,
  ): Promise<void> => {
    device.on('error', () => device.destroy());
    const reached = await reach();
    if (!reached) {
      device.end('HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    const { socket } = reached;
    const { rawHeaders, method, url } = incoming;
    const lines = [`${method ?? 'GET'} ${url ?? '/'} HTTP/1.1`];
    for (let at = 0; at < rawHeaders.length; at += 2) {
      lines.push(`${rawHeaders[at] ?? ''}: ${rawHeaders[at + 1] ?? ''}`);
    }
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    socket.write(head);
    socket.on('error', () => device.destroy());
    socket.on('close', () => device.destroy());
    device.on('close', () => socket.destroy());
    socket.pipe(device);
    device.pipe(socket);
  };

  const server = createServer({ keepAliveTimeout: 60_000 }, (incoming, answer) => {
    pass(incoming, answer).catch(() => answer.destroy());
  });
  server.on('connection', (socket) => track(sockets, socket));
  if (websockets) {
    server.on('upgrade', (incoming, device, head) => {
      upgrade(incoming, device, head).catch(() => device.destroy());
    });
  }

  const look = async (replica: Replica): Promise<void> => {
    const ask = fetch(`http://${replica.host}:${replica.port}/readyz`, {
      signal: AbortSignal.timeout(2_000),
      headers: { connection: 'close' },
    });
    replica.healthy = await ask.then(
      (reply) => reply.ok,
      () => false,
    );
  };
  const lookAtAll = async (): Promise<void> => {
    await Promise.all(replicas.map(look));
  };
  await lookAtAll();
  const health = setInterval(() => void lookAtAll(), healthEveryMs);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    served: () => replicas.map(({ served }) => served),
    healthy: () => replicas.map(({ healthy }) => healthy),
    async close() {
      clearInterval(health);
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)));
}

function track(sockets: Set<Duplex>, socket: Duplex): void {
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
  socket.on('error', () => undefined);
}
