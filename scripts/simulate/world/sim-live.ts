import { LiveMessage } from '#shared/protocol/messages.ts';
import type { LiveConnection, LiveHandlers } from '#desktop/replication/live-socket.ts';
import type { Timers } from '#desktop/replication/timers.ts';
import type { LivePipe } from '#server/realtime/live-pipe.ts';
import type { Network } from './network.ts';

/**
 * A live connection over the simulated network: one end is the pipe that the server's hub works with,
 * the other the connection of the replication. What is sent while the line is cut is gone, and
 * neither end is told.
 */
export class SimLive {
  readonly #network: Network;
  readonly #timers: Timers;
  readonly #line: number;
  readonly #handlers: LiveHandlers;
  #isOpenAtServer = true;
  #isOpenAtDevice = true;
  #hasAnswered = true;
  /** Messages keep their order, as they do on one connection. */
  #arrivesAt = 0;
  readonly #onEnd: (() => void)[] = [];

  constructor(options: {
    readonly network: Network;
    readonly timers: Timers & { now(): number };
    readonly line: number;
    readonly handlers: LiveHandlers;
  }) {
    this.#network = options.network;
    this.#timers = options.timers;
    this.#now = () => options.timers.now();
    this.#line = options.line;
    this.#handlers = options.handlers;
  }

  readonly #now: () => number;

  readonly serverEnd: LivePipe = {
    send: (_type, text) => {
      const message = LiveMessage.parse(JSON.parse(text));
      this.#toDevice(() => this.#handlers.onMessage(message));
    },
    backlog: 0,
    beat: () => {
      if (!this.#hasAnswered) return false;
      this.#hasAnswered = false;
      this.#toDevice(() => {
        this.#toServer(() => {
          this.#hasAnswered = true;
        });
      });
      return true;
    },
    end: () => this.cut(),
    cut: () => this.cut(),
    onText: () => undefined,
    onEnd: (callback) => this.#onEnd.push(callback),
  };

  readonly deviceEnd: LiveConnection = {
    ping: () =>
      new Promise((resolve) => {
        this.#toServer(() => {
          if (this.#isOpenAtServer) this.#toDevice(() => resolve());
        });
      }),
    show: () => undefined,
    close: () => {
      this.#isOpenAtDevice = false;
      this.#toServer(() => this.#endAtServer());
    },
  };

  /** The server ends it; the device hears of it if the line lets it. */
  cut(): void {
    if (!this.#isOpenAtServer) return;
    this.#endAtServer();
    this.#toDevice(() => {
      this.#isOpenAtDevice = false;
      this.#handlers.onClose();
    });
  }

  #endAtServer(): void {
    if (!this.#isOpenAtServer) return;
    this.#isOpenAtServer = false;
    for (const callback of this.#onEnd) callback();
  }

  #toDevice(run: () => void): void {
    if (!this.#network.link(this.#line).toDevice) return;
    this.#arrivesAt = Math.max(this.#now() + this.#network.delay(this.#line), this.#arrivesAt);
    this.#timers.after(this.#arrivesAt - this.#now(), () => {
      if (this.#isOpenAtDevice && this.#network.link(this.#line).toDevice) run();
    });
  }

  #toServer(run: () => void): void {
    this.#timers.after(this.#network.delay(this.#line), () => {
      if (this.#network.link(this.#line).toServer) run();
    });
  }
}
