/** One window's place in the queue. */
export interface Lane {
  /**
   * Queues a job, which is over when its promise settles.
   * @returns false when too many wait already; the job is not taken then
   */
  push(job: () => Promise<void>): boolean;
  /** Forgets what waits. */
  close(): void;
}

interface OpenLane extends Lane {
  readonly waiting: (() => Promise<void>)[];
  running: number;
}

/** How long jobs may follow each other before others of the process have their turn. */
const SLICE_MS = 8;

/**
 * Lets windows take turns, one request each, so that the big lists of one do not starve the others,
 * and leaves the event loop to others between.
 */
export class FairQueue {
  readonly #lanes = new Set<OpenLane>();
  readonly #maxRunning: number;
  readonly #maxWaiting: number;
  #isPlanned = false;

  /**
   * @param limits.running requests of one window in work at once
   * @param limits.waiting requests of one window that may wait
   */
  constructor(limits: { running: number; waiting: number }) {
    this.#maxRunning = limits.running;
    this.#maxWaiting = limits.waiting;
  }

  lane(): Lane {
    const lane: OpenLane = {
      waiting: [],
      running: 0,
      push: (job) => {
        if (lane.waiting.length >= this.#maxWaiting) return false;
        lane.waiting.push(job);
        this.#plan();
        return true;
      },
      close: () => {
        lane.waiting.length = 0;
        this.#lanes.delete(lane);
      },
    };
    this.#lanes.add(lane);
    return lane;
  }

  /** Open lanes. */
  get size(): number {
    return this.#lanes.size;
  }

  #plan(): void {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    setImmediate(() => {
      this.#isPlanned = false;
      this.#slice();
    });
  }

  #slice(): void {
    const end = performance.now() + SLICE_MS;
    for (;;) {
      const lane = [...this.#lanes].find((one) => this.#isReady(one));
      if (!lane) return;
      if (performance.now() >= end) return this.#plan();
      // To the end of the row: every other lane comes first now.
      this.#lanes.delete(lane);
      this.#lanes.add(lane);
      this.#start(lane);
    }
  }

  #isReady({ waiting, running }: OpenLane): boolean {
    return waiting.length > 0 && running < this.#maxRunning;
  }

  #start(lane: OpenLane): void {
    const job = lane.waiting.shift();
    if (!job) return;
    lane.running += 1;
    const over = (): void => {
      lane.running -= 1;
      if (this.#isReady(lane)) this.#plan();
    };
    job().then(over, over);
  }
}
