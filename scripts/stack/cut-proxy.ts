import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { createGate, createLine, type Gate, type Line } from './network-line.ts';

export type StartCutProxyOptions = {
  target: { host: string; port: number };
  /** Port on 127.0.0.1; 0 (default) takes a free one. */
  port?: number;
};

/** What went through since the start; connections turned away while cut are counted apart. */
export type CutProxyStats = {
  state: 'open' | 'cut' | 'blackhole';
  accepted: number;
  refused: number;
  open: number;
  bytesToTarget: number;
  bytesFromTarget: number;
};

export type CutProxy = {
  port: number;
  /** The cable is pulled and the machine knows: connections are reset, new ones as well. */
  cut: () => void;
  /** Nobody answers and nobody says so: new connections open, but no byte moves either way. */
  blackhole: () => void;
  /** The network is back: new connections work, black-holed ones go on where they were. */
  restore: () => void;
  /**
   * The connections that are open die without a word: no byte and no end comes any more, to either
   * side. New ones work.
   */
  strand: () => void;
  /**
   * From now on new connections reach another port of this machine, as behind a captive portal; those
   * that are open are reset. Null: the target again.
   */
  divert: (port: number | null) => void;
  /** Each connection is reset when so many bytes have come from the target; null: none. */
  breakAfter: (bytes: number | null) => void;
  /** Every byte takes so many milliseconds longer, each way, from now on. */
  delay: (ms: number) => void;
  /** Each direction of a connection carries so many bytes a second from now on; null: no limit. */
  rate: (bytesPerSecond: number | null) => void;
  stats: () => CutProxyStats;
  close: () => Promise<void>;
};

/** Starts a TCP proxy between a device and a server, by which a test can spoil the network. */
export async function startCutProxy({ target, port = 0 }: StartCutProxyOptions): Promise<CutProxy> {
  const gate = createGate();
  const sockets = new Set<Socket>();
  const counts = { accepted: 0, refused: 0, bytesToTarget: 0, bytesFromTarget: 0 };
  let state: CutProxyStats['state'] = 'open';
  let delayMs = 0;
  let carried: number | null = null;
  let diverted: number | null = null;
  let breakAt: number | null = null;
  const stranded = new WeakSet<Socket>();
  const joined = new Set<{ ends: readonly Socket[]; lines: readonly Line[] }>();

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (device) => {
    if (state === 'cut') {
      counts.refused++;
      device.on('error', () => {});
      device.resetAndDestroy();
      return;
    }
    counts.accepted++;
    track(sockets, device);
    const line = (count: (bytes: number) => void): Line =>
      createLine({ gate, delayMs: () => delayMs, rate: () => carried, count });
    let came = 0;
    const outgoing = line((bytes) => (counts.bytesToTarget += bytes));
    const incoming = line((bytes) => {
      counts.bytesFromTarget += bytes;
      came += bytes;
      if (breakAt !== null && came >= breakAt) device.resetAndDestroy();
    });
    gate.whenOpen(() => {
      if (device.destroyed) return;
      const to = diverted === null ? target : { host: '127.0.0.1', port: diverted };
      const remote = connect({ ...to, allowHalfOpen: true, noDelay: true });
      track(sockets, remote);
      const pair = { ends: [device, remote], lines: [outgoing, incoming] };
      joined.add(pair);
      device.once('close', () => joined.delete(pair));
      join(device, outgoing, remote, gate, stranded);
      join(remote, incoming, device, gate, stranded);
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');

  const resetAll = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    // A server that listens on TCP has an address of this kind.
    port: (server.address() as AddressInfo).port,
    cut() {
      state = 'cut';
      resetAll();
      gate.open();
    },
    blackhole() {
      state = 'blackhole';
      gate.shut();
    },
    restore() {
      state = 'open';
      gate.open();
    },
    strand() {
      for (const { ends, lines } of joined) {
        for (const end of ends) {
          stranded.add(end);
          end.unpipe();
          // Read and thrown away: who sends is not even told that nobody takes it.
          end.resume();
        }
        for (const half of lines) half.unpipe();
      }
      joined.clear();
    },
    divert(elsewhere) {
      diverted = elsewhere;
      resetAll();
    },
    breakAfter(bytes) {
      breakAt = bytes;
    },
    delay(ms) {
      delayMs = ms;
    },
    rate(bytesPerSecond) {
      carried = bytesPerSecond;
    },
    stats: () => ({ state, ...counts, open: Math.ceil(sockets.size / 2) }),
    async close() {
      server.close();
      resetAll();
      await once(server, 'close');
    },
  };
}

function track(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket);
  socket.on('error', () => {});
  socket.on('close', () => sockets.delete(socket));
}

/** Carries bytes and the end of one direction; a broken side breaks the other, once it may know. */
function join(from: Socket, line: Line, to: Socket, gate: Gate, stranded: WeakSet<Socket>): void {
  from.pipe(line).pipe(to);
  from.on('close', (hadError) => {
    if (hadError && !stranded.has(from)) gate.whenOpen(() => to.resetAndDestroy());
  });
}
