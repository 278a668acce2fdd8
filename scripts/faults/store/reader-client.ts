import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Operation } from './operations.ts';
import type { Read } from './read-store.ts';
import type { ReadRequest } from './reader.ts';

/** What came of reading a file in another process; `died`: the process did not survive it. */
export type Outcome = Read | { readonly died: string };

const READER = fileURLToPath(new URL('reader.ts', import.meta.url));
const LIMIT_MS = 60_000;

/** Reads files in a process of its own, which is started again when a file has killed it. */
export class Reader {
  #child: ChildProcess | null = null;
  #lastId = 0;

  /** @param after done when everything was read */
  read(options: ReadRequest['options'], after?: Operation): Promise<Outcome> {
    const child = (this.#child ??= this.#start());
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      const settle = (outcome: Outcome): void => {
        clearTimeout(timer);
        child.off('message', hear);
        child.off('exit', gone);
        resolve(outcome);
      };
      const hear = (raw: unknown): void => {
        const answer = raw as { id: number; read: Read };
        if (answer.id === id) settle(answer.read);
      };
      const gone = (code: number | null, signal: string | null): void => {
        this.#child = null;
        settle({ died: `exit ${code ?? signal}` });
      };
      const timer = setTimeout(() => {
        this.#child = null;
        child.kill('SIGKILL');
        settle({ died: `no answer in ${LIMIT_MS} ms` });
      }, LIMIT_MS);
      child.on('message', hear);
      child.on('exit', gone);
      child.send({ id, options, after } satisfies ReadRequest);
    });
  }

  async end(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  #start(): ChildProcess {
    return fork(READER, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  }
}
