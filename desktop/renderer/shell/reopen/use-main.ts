import type { z } from 'zod';
import { callMain } from '#desktop/collections/connect.ts';
import type { MAIN_CALLS, MainCall } from '#shared/ipc/main-contract.ts';

/** Asks the main process for something about this window. @throws AppError as `callMain` does */
export const askMain = <C extends MainCall>(
  name: C,
  arg: z.input<(typeof MAIN_CALLS)[C]['in']>,
): Promise<z.output<(typeof MAIN_CALLS)[C]['out']>> => callMain(window.ganger, name, arg);
