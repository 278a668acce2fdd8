import { useCallback, useEffect, useState } from 'react';
import { toAppError } from '#shared/errors/app-error.ts';
import type { AppError } from '#shared/errors/app-error.ts';
import type { ReadChainView } from '#shared/ipc/administration.ts';
import { useStore } from '#desktop/collections/hooks.tsx';
import { useSync } from '../../../shell/use-sync.ts';

/** A long chain is reckoned from its first entry. */
const CHECK_WITHIN_MS = 60_000;

export interface ReadChains {
  /** Undefined until the server has answered. */
  readonly chains: readonly ReadChainView[] | undefined;
  readonly error: AppError | null;
  /** The chain that is being reckoned again. */
  readonly checking: string | null;
  check(chainIds: readonly string[]): void;
}

/** The chains of what was read on machines, as the server has them; asked anew when it is back. */
export function useReadChains(): ReadChains {
  const { client } = useStore();
  const online = useSync().status?.online ?? false;
  const [chains, setChains] = useState<readonly ReadChainView[]>();
  const [error, setError] = useState<AppError | null>(null);
  const [checking, setChecking] = useState<string | null>(null);
  useEffect(() => {
    let isLate = false;
    client.call('admin.readChains', {}).then(
      (answer) => {
        if (isLate) return;
        setError(null);
        setChains(answer.chains);
      },
      (failure: unknown) => {
        if (!isLate) setError(toAppError(failure));
      },
    );
    return () => {
      isLate = true;
    };
  }, [client, online]);
  const check = useCallback(
    async (chainIds: readonly string[]): Promise<void> => {
      setError(null);
      try {
        for (const chainId of chainIds) {
          setChecking(chainId);
          const now = await client.call('admin.readChain', { chainId }, CHECK_WITHIN_MS);
          setChains((before) => before?.map((chain) => (chain.chainId === chainId ? now : chain)));
        }
      } catch (failure) {
        setError(toAppError(failure));
      }
      setChecking(null);
    },
    [client],
  );
  return { chains, error, checking, check: (ids) => void check(ids) };
}
