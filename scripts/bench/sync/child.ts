import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A process of its own that takes orders one at a time and answers each. */
export interface Child<O, R> {
  readonly pid: number;
  /** @throws what went wrong there, or that the process has ended */
  run(order: O): Promise<R>;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
}

/** @param entry file that answers `{ result }` or `{ failed }` to each message */
export function startChild<O extends object, R>(
  entry: URL,
  options: {
    readonly execArgv?: readonly string[];
    readonly onNote?: (note: unknown) => void;
  } = {},
): Child<O, R> {
  const child = fork(entry, [], {
    execArgv: ['--disable-warning=ExperimentalWarning', ...(options.execArgv ?? [])],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.on('message', (message) => {
    if (typeof message === 'object' && 'note' in message) options.onNote?.(message.note);
  });
  return {
    pid: child.pid ?? 0,
    run: (order) => ask<R>(child, order),
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function ask<R>(child: ChildProcess, order: object): Promise<R> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void): void => {
      child.off('message', answered);
      child.off('exit', gone);
      end();
    };
    const answered = (message: object): void => {
      if ('failed' in message) settle(() => reject(new Error(String(message.failed))));
      else if ('result' in message) settle(() => resolve(message.result as R));
    };
    const gone = (): void => settle(() => reject(new Error('the process has ended')));
    child.on('message', answered);
    child.on('exit', gone);
    child.send(order);
  });
}
