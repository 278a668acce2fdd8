import type { Logger } from '#shared/logging/logger.ts';
import { safeErrorFields } from './monitoring/safe-error.ts';

/** Something that runs: started once, stopped once. */
export interface Part {
  readonly name: string;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Longest time that an ordered stop may take, in milliseconds. */
const STOP_WITHIN_MS = 5_000;

/**
 * Starts parts in order. When one fails, those already started are stopped again, latest first.
 * @returns stops all parts in reverse order; a part that fails to stop does not keep the others up
 * @throws what the failing part threw
 */
export async function startParts(
  parts: readonly Part[],
  log: Logger,
): Promise<() => Promise<void>> {
  const running: Part[] = [];
  let stopped: Promise<void> | null = null;
  const stopAll = async (): Promise<void> => {
    for (let part = running.pop(); part; part = running.pop()) {
      try {
        await part.stop();
      } catch (error) {
        log.error('part failed to stop', { part: part.name, ...safeErrorFields(error) });
      }
    }
  };
  for (const part of parts) {
    try {
      await part.start();
      running.push(part);
    } catch (error) {
      log.error('part failed to start', { part: part.name, ...safeErrorFields(error) });
      await stopAll();
      throw error;
    }
  }
  return () => (stopped ??= stopAll());
}

/**
 * Runs the program until the operating system asks it to end, then stops in order. A stop that takes
 * too long, a second signal and an error nobody caught end the process at once.
 */
export async function runUntilSignal(
  start: () => Promise<{ stop(): Promise<void> }>,
  log: Logger,
): Promise<void> {
  const fatal = (error: unknown): void => {
    // Written by us and not by the runtime, which would print messages that may hold data.
    log.error('ended by an error that nobody caught', safeErrorFields(error));
    process.exit(1);
  };
  process.on('uncaughtException', fatal);
  process.on('unhandledRejection', fatal);

  const running = await start();
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, resolve);
  });
  log.info('stopping', { signal });
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.once(name, () => process.exit(1));
  }
  const tooLate = setTimeout(() => {
    log.error('could not stop in time', { withinMs: STOP_WITHIN_MS });
    process.exit(1);
  }, STOP_WITHIN_MS);
  await running.stop();
  clearTimeout(tooLate);
  log.info('stopped');
}
