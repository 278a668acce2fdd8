import { useEffect, useState } from 'react';
import { toAppError } from '#shared/errors/app-error.ts';
import type { AppError } from '#shared/errors/app-error.ts';
import type { DeviceFacts } from '#shared/ipc/administration.ts';
import type { StoreCallOut } from '#shared/ipc/store-contract.ts';
import { useStore } from '#desktop/collections/hooks.tsx';

type Keys = StoreCallOut<'keys.status'>;

/** How this device is and how its key is kept, read anew now and then. */
export function useDeviceFacts(everyMs = 30_000): {
  readonly facts: DeviceFacts | undefined;
  readonly keys: Keys | undefined;
  readonly error: AppError | null;
} {
  const { client } = useStore();
  const [facts, setFacts] = useState<DeviceFacts>();
  const [keys, setKeys] = useState<Keys>();
  const [error, setError] = useState<AppError | null>(null);
  useEffect(() => {
    let isLate = false;
    const ask = async (): Promise<void> => {
      try {
        const found = await client.call('device.facts', {});
        const kept = await client.call('keys.status', {});
        if (isLate) return;
        setFacts(found);
        setKeys(kept);
        setError(null);
      } catch (failure) {
        if (!isLate) setError(toAppError(failure));
      }
    };
    void ask();
    const timer = setInterval(() => void ask(), everyMs);
    return () => {
      isLate = true;
      clearInterval(timer);
    };
  }, [client, everyMs]);
  return { facts, keys, error };
}
