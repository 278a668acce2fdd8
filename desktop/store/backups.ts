import { AppError } from '#shared/errors/app-error.ts';

/** A disk that does not answer must not keep a profile from being locked. */
const STOP_WITHIN_MS = 5_000;

/** Backups of the open profile while people work on: one after the other, and none after its end. */
export class Backups {
  #last: Promise<unknown> = Promise.resolve();
  #stopping = new AbortController();

  /**
   * Runs a backup when those before it are over.
   * @throws AppError STORE_NOT_OPEN when the profile is closed before it is done
   */
  async write(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { signal } = this.#stopping;
    const mine = this.#last.then(() => {
      signal.throwIfAborted();
      return work(signal);
    });
    this.#last = mine.catch(() => undefined);
    await mine;
  }

  /** Ends what runs and what waits: its reader would keep the file from being moved or replaced. */
  async stop(): Promise<void> {
    this.#stopping.abort(new AppError('STORE_NOT_OPEN'));
    this.#stopping = new AbortController();
    let late: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      late = setTimeout(resolve, STOP_WITHIN_MS);
    });
    await Promise.race([this.#last, patience]);
    clearTimeout(late);
  }
}
