import { Transform } from 'node:stream';

/** A gate that all lines of a network pass. */
export type Gate = {
  isOpen: () => boolean;
  open: () => void;
  shut: () => void;
  /** Runs the work at once when the gate is open, else when it opens, in order. */
  whenOpen: (work: () => void) => void;
};

/** Makes an open gate. */
export function createGate(): Gate {
  let isOpen = true;
  const waiting: (() => void)[] = [];
  return {
    isOpen: () => isOpen,
    open() {
      isOpen = true;
      while (isOpen) {
        const work = waiting.shift();
        if (work === undefined) return;
        work();
      }
    },
    shut() {
      isOpen = false;
    },
    whenOpen(work) {
      if (isOpen) work();
      else waiting.push(work);
    },
  };
}

/** One direction of a connection. */
export type Line = Transform;

export type LineOptions = {
  gate: Gate;
  /** Milliseconds that a byte travels, asked as it enters. */
  delayMs: () => number;
  /** Bytes a second that the line carries, asked as they enter; null or left out: as many as come. */
  rate?: () => number | null;
  /** Gets the number of bytes as they leave. */
  count: (bytes: number) => void;
};

/** How much may be under way before the sender has to wait, as with TCP's window. */
const WINDOW_BYTES = 1_000_000;

/** A stream that passes bytes on in order, each after its delay and only while the gate is open. */
export function createLine({ gate, delayMs, rate, count }: LineOptions): Line {
  const travelling: { chunk: Buffer; dueMs: number }[] = [];
  let bytes = 0;
  /** When the line has carried all that entered, at its rate. */
  let busyUntilMs = 0;
  let isScheduled = false;
  let acceptMore: (() => void) | undefined;
  let finish: (() => void) | undefined;

  const schedule = (how: (work: () => void) => void): void => {
    isScheduled = true;
    how(() => {
      isScheduled = false;
      deliver();
    });
  };
  const deliver = (): void => {
    while (!isScheduled && !line.destroyed) {
      const [next] = travelling;
      if (!gate.isOpen()) return schedule(gate.whenOpen);
      if (next === undefined) {
        finish?.();
        finish = undefined;
        return;
      }
      const waitMs = next.dueMs - performance.now();
      if (waitMs > 0) return schedule((work) => void setTimeout(work, waitMs));
      travelling.shift();
      bytes -= next.chunk.length;
      count(next.chunk.length);
      line.push(next.chunk);
      if (bytes < WINDOW_BYTES) {
        // It may take in the next chunk at once, and set itself again.
        const accept = acceptMore;
        acceptMore = undefined;
        accept?.();
      }
    }
  };
  const line = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const carried = rate?.() ?? null;
      const takesMs = carried === null ? 0 : (chunk.length / carried) * 1000;
      busyUntilMs = Math.max(busyUntilMs, performance.now()) + takesMs;
      travelling.push({ chunk, dueMs: busyUntilMs + delayMs() });
      bytes += chunk.length;
      if (bytes < WINDOW_BYTES) done();
      else acceptMore = done;
      deliver();
    },
    flush(done) {
      finish = done;
      deliver();
    },
  });
  return line;
}
