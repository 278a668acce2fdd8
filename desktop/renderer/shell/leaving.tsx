import { useCallback } from 'react';
import type { ReactNode } from 'react';
import { LEAVING_AT_ONCE } from '#shared/ipc/reads.ts';
import { useStore } from '#desktop/collections/hooks.tsx';
import { LeavingContext } from '../ui/table-leaving.ts';
import type { Leaving } from '../ui/table-leaving.ts';

/** What is exported or printed of tables is noted down by the store first. */
export function LeavingProvider(props: { children: ReactNode }) {
  const { client } = useStore();
  const leaving = useCallback<Leaving>(
    async (action, ids) => {
      for (let from = 0; from < ids.length; from += LEAVING_AT_ONCE) {
        await client.call('reads.leave', {
          action,
          ids: ids.slice(from, from + LEAVING_AT_ONCE),
        });
      }
    },
    [client],
  );
  return <LeavingContext value={leaving}>{props.children}</LeavingContext>;
}
