import { AppError } from '#shared/errors/app-error.ts';
import type { FileApi } from './file-api.ts';
import type { FileBox } from './file-box.ts';
import { createPartSize } from './part-size.ts';

/** A file of which somebody wants the bytes. */
export interface Wanted {
  readonly fileId: string;
  readonly sha256: string;
  readonly size: number;
}

/** How far a fetch is. */
export interface Fetching {
  readonly fileId: string;
  readonly done: number;
  readonly size: number;
}

export interface FileFetcher {
  readonly running: readonly Fetching[];
  /**
   * Brings the bytes of a file here, from where an earlier try has stopped. Whoever asks for one that is
   * being fetched waits for that.
   * @throws AppError as the server says; SERVER_UNREACHABLE after some breaks without progress;
   *   FILE_HASH_WRONG: what came twice was not what it should be, and nothing of it is kept
   */
  fetch(wanted: Wanted): Promise<void>;
  stop(): Promise<void>;
}

/** Breaks of the line without a byte in between. */
const BREAKS_AT_MOST = 4;

export function createFileFetcher(options: {
  readonly api: FileApi;
  readonly box: FileBox;
  readonly pause: (ms: number) => Promise<void>;
  readonly onChange: () => void;
}): FileFetcher {
  const { api, box, pause, onChange } = options;
  const stopping = new AbortController();
  const running = new Map<string, { progress: Fetching; work: Promise<void> }>();
  const size = createPartSize();

  const fetchOnce = async (wanted: Wanted): Promise<void> => {
    const { fileId, sha256, size: total } = wanted;
    const receiving = await box.receive(sha256, total);
    const { writer } = receiving;
    try {
      for (let breaks = 0; writer.size < total;) {
        stopping.signal.throwIfAborted();
        const before = writer.size;
        try {
          const length = Math.min(size.bytes, total - before);
          for await (const bytes of api.read(fileId, before, length, stopping.signal)) {
            if (writer.size + bytes.byteLength > total) throw new AppError('FILE_HASH_WRONG');
            await writer.write(bytes);
            report(wanted, writer.size);
          }
          if (writer.size === before) throw new AppError('SERVER_UNREACHABLE');
          size.held();
          breaks = 0;
        } catch (error) {
          const isBreak = error instanceof AppError && error.code === 'SERVER_UNREACHABLE';
          if (!isBreak || stopping.signal.aborted) throw error;
          size.broke();
          breaks = writer.size > before ? 0 : breaks + 1;
          if (breaks >= BREAKS_AT_MOST) throw error;
          await pause(250 * 2 ** breaks);
        }
      }
    } catch (error) {
      await receiving.leave();
      // More than there should be: nothing of it is worth going on with.
      if (error instanceof AppError && error.code === 'FILE_HASH_WRONG') box.drop(sha256);
      throw error;
    }
    await receiving.finish();
  };

  const fetchTwice = async (wanted: Wanted): Promise<void> => {
    try {
      await fetchOnce(wanted);
    } catch (error) {
      // What was here from before may have been the wrong part: once more, from the start.
      if (!(error instanceof AppError) || error.code !== 'FILE_HASH_WRONG') throw error;
      await fetchOnce(wanted);
    }
  };

  const report = ({ fileId, sha256, size: total }: Wanted, done: number): void => {
    const entry = running.get(sha256);
    if (!entry) return;
    entry.progress = { fileId, done, size: total };
    onChange();
  };

  return {
    get running() {
      return [...running.values()].map(({ progress }) => progress);
    },
    async fetch(wanted) {
      const { fileId, sha256, size: total } = wanted;
      if (box.has(sha256)) return;
      const known = running.get(sha256);
      if (known) return known.work;
      const work = fetchTwice(wanted).finally(() => {
        running.delete(sha256);
        onChange();
      });
      running.set(sha256, { progress: { fileId, done: 0, size: total }, work });
      onChange();
      await work;
    },
    async stop() {
      stopping.abort();
      await Promise.allSettled([...running.values()].map(({ work }) => work));
    },
  };
}
