import { useCallback, useEffect, useRef, useState } from 'react';
import { toAppError } from '#shared/errors/app-error.ts';
import type { AppError } from '#shared/errors/app-error.ts';

/** An action that takes its time: whether it runs, and what went wrong last. */
export interface Task {
  readonly busy: boolean;
  readonly error: AppError | null;
  /**
   * Runs an action unless one runs already; its failure becomes `error`.
   * @returns true when it went well
   */
  run(action: () => Promise<void>): Promise<boolean>;
  clear(): void;
}

/** State of one action of a form or dialog, shown in place. */
export function useTask(): Task {
  const [state, setState] = useState<{ busy: boolean; error: AppError | null }>(IDLE);
  const running = useRef(false);
  const mounted = useRef(true);
  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);
  const run = useCallback(async (action: () => Promise<void>) => {
    if (running.current) return false;
    running.current = true;
    setState({ busy: true, error: null });
    let error: AppError | null = null;
    try {
      await action();
    } catch (failure) {
      error = toAppError(failure);
    }
    running.current = false;
    if (mounted.current) setState({ busy: false, error });
    return error === null;
  }, []);
  const clear = useCallback(() => setState(IDLE), []);
  return { ...state, run, clear };
}

const IDLE = { busy: false, error: null };
