import { MessageChannel } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { AppError } from '#shared/errors/app-error.ts';
import type { FromStore } from '#shared/ipc/port.ts';
import type { WindowPort } from '#desktop/store/host.ts';
import type { Store } from '#desktop/store/store.ts';

const asWindowPort = (port: MessagePort): WindowPort => ({
  postMessage: (message) => port.postMessage(message),
  onMessage: (listener) => void port.on('message', listener),
  onClose: (listener) => void port.on('close', listener),
  start: () => port.start(),
});

export interface TestWindow {
  /** `ok`, or the code of the error. */
  call(name: string, arg: object): Promise<string>;
  /** @throws AppError with the code of the store's answer */
  ask(name: string, arg: object): Promise<unknown>;
  /** Looks at a view once, as a screen that is opened and closed. @throws AppError as `ask` */
  look(view: string, arg: object): Promise<void>;
}

interface Answer {
  readonly code?: string;
  readonly value?: unknown;
}

/** A window of a store that makes typed calls over a port, as the app's windows do. */
export function openTestWindow(store: Store): TestWindow {
  const calls = new MessageChannel();
  store.servePorts(1, asWindowPort(new MessageChannel().port1), asWindowPort(calls.port1));
  const waiting = new Map<number, (answer: Answer) => void>();
  let last = 0;
  calls.port2.on('message', (message: FromStore) => {
    if (message.kind === 'failed') waiting.get(message.id)?.({ code: message.error.code });
    else if (message.kind === 'answer') waiting.get(message.id)?.({ value: message.value });
    else if (message.kind === 'next') waiting.get(message.id)?.({});
  });
  const begin = (kind: 'call' | 'watch', name: string, arg: object) => {
    last += 1;
    const id = last;
    const answer = new Promise<Answer>((resolve) => waiting.set(id, resolve));
    calls.port2.postMessage({ kind, id, name, arg });
    return { id, answer: answer.finally(() => waiting.delete(id)) };
  };
  const send = (name: string, arg: object): Promise<Answer> => begin('call', name, arg).answer;
  return {
    call: async (name, arg) => (await send(name, arg)).code ?? 'ok',
    async ask(name, arg) {
      const { code, value } = await send(name, arg);
      if (code !== undefined) throw new AppError(code as 'INTERNAL');
      return value;
    },
    async look(view, arg) {
      const { id, answer } = begin('watch', view, arg);
      const { code } = await answer;
      if (code !== undefined) throw new AppError(code as 'INTERNAL');
      calls.port2.postMessage({ kind: 'unwatch', id });
    },
  };
}
