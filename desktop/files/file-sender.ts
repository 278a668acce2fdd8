import { AppError, toAppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import { CODES } from '#shared/errors/codes.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { FileState } from '#shared/protocol/files.ts';
import { createBackoff } from '#desktop/replication/backoff.ts';
import type { Timers } from '#desktop/replication/timers.ts';
import type { FileApi } from './file-api.ts';
import type { FileBox } from './file-box.ts';
import type { FileIndex, Send } from './file-index.ts';
import { createPartSize } from './part-size.ts';

/** What is known of the row of a file: whether the server has it, or said no to it. */
export type RowState = 'waits' | 'there' | Code;

export interface FileSenderOptions {
  readonly api: FileApi;
  readonly box: FileBox;
  readonly index: FileIndex;
  readonly rowState: (fileId: string) => RowState;
  readonly timers: Timers;
  readonly random: () => number;
  readonly log: Logger;
  /** Told when something about a send is different. Must not throw. */
  readonly onChange: () => void;
}

/** What the sender does with a file now. */
export interface Sending {
  readonly fileId: string;
  readonly phase: 'sending' | 'checking';
}

export interface FileSender {
  /** What is being sent at this moment. */
  readonly now: Sending | null;
  /** Why nothing moves (the network, the server), or null. */
  readonly problem: Code | null;
  /** Something is new, or may work now: looks at what waits. */
  wake(): void;
  /** Ends what is sent of a file, and waits for that. */
  halt(fileId: string): Promise<void>;
  stop(): Promise<void>;
}

/** Wrong hashes in a row before a person has to look. */
const WRONG_AT_MOST = 3;
/** Waits of one file that is not taken yet, while others go on. */
const HELD_MS = 5_000;

/** Codes that say something about this file, and nothing about the line or the server. */
const OF_THE_FILE: ReadonlySet<Code> = new Set<Code>([
  'FILE_TOO_LARGE',
  'FILE_TYPE_REFUSED',
  'FILE_HASH_WRONG',
  'FILE_NOT_ALLOWED',
  'FILE_OWNER_MISSING',
  'FILE_GONE',
  'FILE_DAMAGED',
  'NOT_FOUND',
]);

/**
 * Sends what waits, one file after the other, from where the server has it. What has to outlive a kill
 * is in the index and on the server: where an upload stands is asked anew at every start.
 */
export function createFileSender(options: FileSenderOptions): FileSender {
  const { api, box, index, rowState, timers, random, log, onChange } = options;
  const size = createPartSize();
  const stopping = new AbortController();
  /** Files that are to be tried later, with what calls their wait off. */
  const held = new Map<string, () => void>();
  let now: Sending | null = null;
  let problem: Code | null = null;
  let halting: AbortController | null = null;
  let running: Promise<void> | null = null;
  const backoff = createBackoff({ timers, random, onReady: () => wake() });

  const next = (): Send | null => {
    for (const send of index.sends()) {
      if (send.refused !== null || held.has(send.fileId)) continue;
      const row = rowState(send.fileId);
      if (row === 'there') return send;
      // The row itself was refused: its bytes wait for what a person decides about it.
    }
    return null;
  };

  const wake = (): void => {
    if (running || stopping.signal.aborted || !backoff.ready) return;
    const send = next();
    if (!send) return;
    running = one(send).finally(() => {
      running = null;
      now = null;
      onChange();
      wake();
    });
  };

  const one = async (send: Send): Promise<void> => {
    const mine = new AbortController();
    halting = mine;
    try {
      await transfer(send, AbortSignal.any([stopping.signal, mine.signal]));
      backoff.succeeded();
      problem = null;
    } catch (error) {
      if (stopping.signal.aborted || mine.signal.aborted) return;
      failed(send, toAppError(error));
    } finally {
      halting = null;
    }
  };

  const failed = (send: Send, error: AppError): void => {
    const { code } = error;
    const current = index.send(send.fileId);
    if (!current) return;
    log.info('file not sent', { code, sent: current.sent });
    if (!OF_THE_FILE.has(code)) {
      problem = code;
      size.broke();
      backoff.failed({ slow: !CODES[code].retry });
      return;
    }
    problem = null;
    const wrong = current.wrong + (code === 'FILE_HASH_WRONG' ? 1 : 0);
    const isLater = code === 'NOT_FOUND' || (CODES[code].retry && wrong < WRONG_AT_MOST);
    index.putSend({ ...current, wrong, refused: isLater ? null : code });
    if (isLater) hold(send.fileId);
  };

  const hold = (fileId: string): void => {
    held.set(
      fileId,
      timers.after(HELD_MS, () => {
        held.delete(fileId);
        wake();
      }),
    );
  };

  const transfer = async (send: Send, signal: AbortSignal): Promise<void> => {
    const { fileId, sha256 } = send;
    show(fileId, 'sending');
    let state = note(await api.state(fileId, signal));
    while (!state.isComplete) {
      state = await sendFrom(state, sha256, signal);
      if (state.isComplete || state.received < state.size) continue;
      show(fileId, 'checking');
      state = note(await api.complete(fileId, signal));
      if (!state.isComplete) show(fileId, 'sending');
    }
    index.transaction(() => {
      index.dropSend(fileId);
      const others = index.sends().some((other) => other.sha256 === sha256);
      if (!others) box.release(sha256);
    });
  };

  /** Sends from what has arrived to the end, in one reading of the file. */
  const sendFrom = async (
    from: FileState,
    sha256: string,
    signal: AbortSignal,
  ): Promise<FileState> => {
    let state = from;
    while (state.received < state.size && !state.isComplete) {
      signal.throwIfAborted();
      const at = state.received;
      const bytes = await readPart(sha256, at, Math.min(size.bytes, state.size - at));
      const after = note(await api.part(state.file, at, bytes, signal));
      // Another device may have sent it meanwhile, or the server begins anew: what it says counts.
      if (after.received === at && !after.isComplete) {
        throw new AppError('SERVER_BUSY', { reason: 'no progress' });
      }
      size.held();
      backoff.succeeded();
      problem = null;
      state = after;
      onChange();
    }
    return state;
  };

  const readPart = async (sha256: string, from: number, length: number): Promise<Uint8Array> => {
    const bytes = Buffer.allocUnsafe(length);
    let filled = 0;
    for await (const text of box.read(sha256, from, length)) filled += text.copy(bytes, filled);
    if (filled !== length) throw new AppError('FILE_DAMAGED', { reason: 'size' });
    return bytes;
  };

  const note = (state: FileState): FileState => {
    const current = index.send(state.file);
    if (current && current.sent !== state.received) {
      index.putSend({ ...current, sent: state.received });
    }
    return state;
  };

  const show = (fileId: string, phase: Sending['phase']): void => {
    now = { fileId, phase };
    onChange();
  };

  return {
    get now() {
      return now;
    },
    get problem() {
      return problem;
    },
    wake() {
      for (const [fileId, cancel] of held) {
        cancel();
        held.delete(fileId);
      }
      backoff.wake();
      wake();
    },
    async halt(fileId) {
      if (now?.fileId !== fileId) return;
      halting?.abort();
      await running;
    },
    async stop() {
      stopping.abort();
      backoff.stop();
      for (const cancel of held.values()) cancel();
      await running;
    },
  };
}
