import { AppError } from '#shared/errors/app-error.ts';
import { isCode } from '#shared/errors/codes.ts';
import { MAIN_CALLS, MainReply } from '#shared/ipc/main-contract.ts';
import type { GangerBridge, MainCall } from '#shared/ipc/main-contract.ts';
import { PORTS_MESSAGE } from '#shared/ipc/port.ts';
import type { z } from 'zod';
import type { ClientPort } from './store-client.ts';
import type { StoragePort } from './storage-channel.ts';

/**
 * Calls the main process.
 * @throws AppError with the code of the main process; INTERNAL when the answer is not of the contract
 */
export async function callMain<C extends MainCall>(
  bridge: GangerBridge,
  name: C,
  arg: z.input<(typeof MAIN_CALLS)[C]['in']>,
): Promise<z.output<(typeof MAIN_CALLS)[C]['out']>> {
  const reply = MainReply.safeParse(await bridge.call(name, arg));
  if (!reply.success) throw new AppError('INTERNAL', { call: name });
  if (!reply.data.ok) {
    throw new AppError(isCode(reply.data.code) ? reply.data.code : 'INTERNAL', { call: name });
  }
  const value = MAIN_CALLS[name].out.safeParse(reply.data.value);
  if (!value.success) throw new AppError('INTERNAL', { call: name });
  return value.data as z.output<(typeof MAIN_CALLS)[C]['out']>;
}

/**
 * Listens for ports to the store process and asks for the first pair. More pairs come by themselves
 * whenever the store process has started again.
 * @throws AppError when the main process gives no ports
 */
export async function connectToStore(
  bridge: GangerBridge,
  use: { storage: (port: StoragePort) => void; calls: (port: ClientPort) => void },
): Promise<void> {
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (event.source !== window) return;
    const data = event.data;
    if (data === null || typeof data !== 'object' || !('type' in data)) return;
    const [storage, calls] = event.ports;
    if (data.type !== PORTS_MESSAGE || !storage || !calls) return;
    use.storage(storage);
    use.calls(calls);
  });
  await callMain(bridge, 'store.ports', {});
}
