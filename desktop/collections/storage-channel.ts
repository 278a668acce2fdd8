import { Subject } from 'rxjs';
import type {
  MessageFromRemote,
  MessageToRemote,
  RemoteMessageChannel,
} from 'rxdb/plugins/storage-remote';

export type StoragePort = Pick<MessagePort, 'postMessage' | 'close' | 'onmessage'>;

/** Text of the error that requests get once their store process is gone. */
export const RETIRED = 'STORE_RESTARTING';

/** RxDB's remote storage over one port, which can be given up without leaving anybody waiting. */
export interface StorageChannel extends RemoteMessageChannel {
  /**
   * Answers everything open, and everything asked from now on, by itself: closing succeeds, all else
   * fails. Without this RxDB would wait for ever and never free its open collections.
   */
  retire(options: { closePort: boolean }): void;
}

/** Wraps a port to the store process. */
export function createStorageChannel(port: StoragePort): StorageChannel {
  const messages$ = new Subject<MessageFromRemote>();
  const open = new Map<string, MessageToRemote>();
  let retired = false;

  const answerHere = (request: MessageToRemote) => {
    const answer: MessageFromRemote = {
      connectionId: request.connectionId,
      answerTo: request.requestId,
      method: request.method,
      ...(request.method === 'close'
        ? { return: null }
        : {
            error: { name: 'Error', message: RETIRED } as NonNullable<MessageFromRemote['error']>,
          }),
    };
    queueMicrotask(() => messages$.next(answer));
  };

  port.onmessage = (event) => {
    const message = event.data as MessageFromRemote;
    open.delete(message.answerTo);
    messages$.next(message);
  };

  return {
    messages$,
    send: (message) => {
      if (retired) {
        answerHere(message);
        return;
      }
      open.set(message.requestId, message);
      port.postMessage(message);
    },
    close: () => {
      port.close();
      return Promise.resolve();
    },
    retire: ({ closePort }) => {
      if (retired) return;
      retired = true;
      if (closePort) {
        port.onmessage = null;
        port.close();
      }
      for (const request of open.values()) answerHere(request);
      open.clear();
    },
  };
}
