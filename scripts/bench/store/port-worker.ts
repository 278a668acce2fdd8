import { parentPort } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { Subject } from 'rxjs';
import { exposeRxStorageRemote } from 'rxdb/plugins/storage-remote';
import type { MessageFromRemote, MessageToRemote } from 'rxdb/plugins/storage-remote';
import type { RxStorage } from 'rxdb/plugins/core';
import { openOurs } from './subject-ours.ts';
import type { OurStore } from './subject-ours.ts';

/** The store's side of a port: answers cross as one JSON text, as they do to a window. */

let store: OurStore | undefined;

function serve(port: MessagePort, { instance }: OurStore): void {
  const messages$ = new Subject<MessageToRemote>();
  const facade = {
    schema: instance.schema,
    databaseName: instance.databaseName,
    collectionName: instance.collectionName,
    internals: {},
    options: {},
    bulkWrite: instance.bulkWrite.bind(instance),
    // RxDB's client parses a text by itself.
    findDocumentsById: instance.findDocumentsByIdAsJson.bind(instance),
    query: instance.queryAsJson.bind(instance),
    count: instance.count.bind(instance),
    changeStream: () => instance.changeStream(),
    cleanup: () => Promise.resolve(true),
    close: () => Promise.resolve(),
    remove: () => Promise.resolve(),
  };
  exposeRxStorageRemote({
    storage: {
      name: 'bench',
      rxdbVersion: '',
      createStorageInstance: () => Promise.resolve(facade),
    } as unknown as RxStorage<unknown, unknown>,
    messages$,
    send: (message: MessageFromRemote) =>
      port.postMessage(
        message.return === undefined || typeof message.return === 'string'
          ? message
          : { ...message, return: JSON.stringify(message.return) },
      ),
  });
  port.on('message', (message: MessageToRemote) => messages$.next(message));
}

type Order = { readonly folder: string; readonly port: MessagePort } | { readonly close: true };

async function obey(order: Order): Promise<void> {
  if ('close' in order) {
    await store?.instance.close();
    store?.database.close();
    store = undefined;
    parentPort?.postMessage('closed');
    return;
  }
  store = await openOurs(order.folder);
  serve(order.port, store);
}

parentPort?.on('message', (order: Order) => void obey(order));
parentPort?.postMessage('ready');
