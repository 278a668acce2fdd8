import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { Subject as Messages } from 'rxjs';
import { getRxStorageRemote } from 'rxdb/plugins/storage-remote';
import type { MessageFromRemote, MessageToRemote } from 'rxdb/plugins/storage-remote';
import type { Movement } from './documents.ts';
import { INSTANCE_PARAMS, storageWork } from './subject-storage.ts';
import type { Instance } from './subject-storage.ts';
import type { Subject } from './subject.ts';

/** Our storage in another thread behind a port, as a window uses it. */
export async function createOverPort(): Promise<Subject> {
  // Starting a thread is not the work of a store: only opening it counts.
  const worker = new Worker(new URL('./port-worker.ts', import.meta.url));
  await once(worker, 'message');
  let port: MessagePort | undefined;
  let instance: Instance | undefined;
  const open = async (folder: string): Promise<void> => {
    const channel = new MessageChannel() as unknown as { port1: MessagePort; port2: MessagePort };
    worker.postMessage({ folder, port: channel.port2 }, [channel.port2]);
    port = channel.port1;
    const remote = remoteStorage(port);
    instance = (await remote.createStorageInstance<Movement>(
      INSTANCE_PARAMS,
    )) as unknown as Instance;
  };
  return {
    ...storageWork(() => instance as Instance),
    create: open,
    open,
    close: async () => {
      const closed = once(worker, 'message');
      worker.postMessage({ close: true });
      await closed;
      port?.close();
      port = undefined;
      instance = undefined;
    },
  };
}

function remoteStorage(port: MessagePort) {
  const messages$ = new Messages<MessageFromRemote>();
  port.on('message', (message: MessageFromRemote) => messages$.next(message));
  return getRxStorageRemote({
    identifier: 'bench',
    mode: 'storage',
    messageChannelCreator: () =>
      Promise.resolve({
        messages$,
        send: (message: MessageToRemote) => port.postMessage(message),
        close: () => Promise.resolve(),
      }),
  });
}
