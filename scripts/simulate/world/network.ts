import { AppError } from '#shared/errors/app-error.ts';
import type { Timers } from '#desktop/replication/timers.ts';
import type { Rng } from '../../demo-data/rng.ts';
import type { Tally } from './tally.ts';

/** How the way between one device and the server is at the moment. */
export interface Link {
  /** False: what the device sends does not arrive. */
  toServer: boolean;
  /** False: what the server sends does not arrive. */
  toDevice: boolean;
  /** Chances, from 0 to 1. */
  drop: number;
  lose: number;
  duplicate: number;
  /** Longest time of one way, milliseconds. */
  slowMs: number;
}

export const goodLink = (): Link => ({
  toServer: true,
  toDevice: true,
  drop: 0,
  lose: 0,
  duplicate: 0,
  slowMs: 40,
});

/** As long as a device waits for an answer. */
const TIMEOUT_MS = 30_000;
/** A request that comes twice comes the second time within this, which is after almost anything. */
const TWICE_WITHIN_MS = 45_000;

/**
 * The way of requests and answers between devices and servers: late, in any order, twice, or never.
 * A device that gets no answer does not know whether the server has done what it asked.
 */
export class Network {
  readonly #timers: Timers;
  readonly #rng: Rng;
  readonly #tally: Tally;
  readonly #links = new Map<number, Link>();
  /** Requests of which something was lost, as long as somebody waits for their answer. */
  readonly #hanging = new Set<() => void>();

  constructor(timers: Timers, rng: Rng, tally: Tally) {
    this.#timers = timers;
    this.#rng = rng;
    this.#tally = tally;
  }

  link(device: number): Link {
    const link = this.#links.get(device) ?? goodLink();
    this.#links.set(device, link);
    return link;
  }

  /**
   * All lines are good again. What was lost on them is sent again by TCP and finds nobody: those who
   * still wait for it learn that within moments.
   */
  heal(): void {
    for (const link of this.#links.values()) Object.assign(link, goodLink());
    for (const reset of this.#hanging) this.#timers.after(this.#rng.int(200, 3_000), reset);
    this.#hanging.clear();
  }

  /** The time that something takes to come over a line. */
  delay(device: number): number {
    const { slowMs } = this.link(device);
    return this.#rng.int(1, Math.max(2, slowMs));
  }

  /**
   * One request and its answer.
   * @param serve what the server does with it, each time that it arrives
   * @throws AppError SERVER_UNREACHABLE when no answer comes, else what the server throws
   */
  request<T>(device: number, serve: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let isOver = false;
      const over = (end: () => void): void => {
        if (isOver) return;
        isOver = true;
        cancel();
        this.#hanging.delete(unreachable);
        signal?.removeEventListener('abort', onAbort);
        end();
      };
      const unreachable = (): void => over(() => reject(new AppError('SERVER_UNREACHABLE')));
      const onAbort = (): void => unreachable();
      const cancel = this.#timers.after(TIMEOUT_MS, unreachable);
      signal?.addEventListener('abort', onAbort);
      if (signal?.aborted) return unreachable();

      const answered = (end: () => void): void => {
        const link = this.link(device);
        this.#timers.after(this.delay(device), () => {
          if (isOver) return;
          if (link.toDevice && !this.#rng.chance(link.lose)) return over(end);
          this.#tally.fault(link.toDevice ? 'answer lost' : 'answer cut off');
          this.#hanging.add(unreachable);
        });
      };
      const arrive = (): void => {
        serve().then(
          (value) => answered(() => resolve(value)),
          (error: unknown) => answered(() => reject(error)),
        );
      };
      const link = this.link(device);
      if (!link.toServer) {
        this.#tally.fault('request cut off');
        this.#hanging.add(unreachable);
        // Some networks say at once that there is no way, others say nothing.
        if (this.#rng.chance(0.7)) this.#timers.after(this.#rng.int(1, 60), unreachable);
        return;
      }
      if (this.#rng.chance(link.drop)) {
        this.#tally.fault('request dropped');
        this.#hanging.add(unreachable);
        if (this.#rng.chance(0.5)) this.#timers.after(this.#rng.int(1, 60), unreachable);
        return;
      }
      if (this.#rng.chance(link.duplicate)) {
        this.#tally.fault('request duplicated');
        this.#timers.after(this.#rng.int(1, TWICE_WITHIN_MS), () => {
          serve().catch(() => undefined);
        });
      }
      this.#timers.after(this.delay(device), arrive);
    });
  }
}
