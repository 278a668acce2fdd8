import { ipcMain } from 'electron';
import type { IpcMainInvokeEvent, WebContents } from 'electron';
import type { z } from 'zod';
import { AppError, toAppError } from '#shared/errors/app-error.ts';
import { MAIN_CALLS } from '#shared/ipc/main-contract.ts';
import type { MainCall } from '#shared/ipc/main-contract.ts';
import { isOwnPage } from './security/lock-down.ts';

type In<C extends MainCall> = z.output<(typeof MAIN_CALLS)[C]['in']>;
type Out<C extends MainCall> = z.input<(typeof MAIN_CALLS)[C]['out']>;

/**
 * The one door from windows into the main process: the sender is checked, the argument parsed, and
 * the answer is always `{ok}` or `{ok: false, code}`.
 */
export function handle<C extends MainCall>(
  name: C,
  devOrigin: string | null,
  run: (arg: In<C>, from: WebContents) => Out<C> | Promise<Out<C>>,
): void {
  ipcMain.handle(name, async (event, raw: unknown) => {
    try {
      if (!isTrusted(event, devOrigin)) throw new AppError('CALL_NOT_ALLOWED');
      const arg = MAIN_CALLS[name].in.safeParse(raw);
      if (!arg.success) throw new AppError('REQUEST_INVALID');
      return { ok: true, value: await run(arg.data as In<C>, event.sender) };
    } catch (error) {
      return { ok: false, code: toAppError(error).code };
    }
  });
}

function isTrusted(event: IpcMainInvokeEvent, devOrigin: string | null): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame === event.sender.mainFrame && isOwnPage(frame.url, devOrigin);
}
