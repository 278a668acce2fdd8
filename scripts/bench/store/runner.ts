import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Order, Result } from './steps.ts';
import type { SubjectName } from './subject.ts';
import type { Reply } from './subject-process.ts';

/** A store in a process of its own, told what to do. */
export interface Runner {
  readonly name: SubjectName;
  /** @throws what went wrong there, or that the process has ended */
  run(order: Order): Promise<Result>;
  end(): Promise<void>;
}

const ENTRY = fileURLToPath(new URL('./subject-process.ts', import.meta.url));

export function startRunner(name: SubjectName, peers: string): Runner {
  const child = fork(ENTRY, [name, peers], {
    execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return {
    name,
    run: (order) => ask(child, name, order),
    end: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function ask(child: ChildProcess, name: string, order: Order): Promise<Result> {
  return new Promise((resolve, reject) => {
    const settle = (fn: () => void): void => {
      child.off('message', answered);
      child.off('exit', gone);
      fn();
    };
    const answered = (message: unknown): void => {
      const reply = message as Reply;
      settle(() =>
        'failed' in reply ? reject(new Error(`${name}: ${reply.failed}`)) : resolve(reply.result),
      );
    };
    const gone = (): void => settle(() => reject(new Error(`${name}: its process has ended`)));
    child.on('message', answered);
    child.on('exit', gone);
    child.send(order);
  });
}
