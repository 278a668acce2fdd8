import { useState } from 'react';
import type { RecallView } from '#shared/ipc/administration.ts';
import { useStore } from '#desktop/collections/hooks.tsx';
import { useTask } from '../../../../ui/use-task.ts';

/**
 * Asks the server for which patients a lot was used, at all sites: a device holds only those who come
 * these days. Nothing of the answer is kept.
 */
export function useRecallPatients(lotId: string) {
  const { client } = useStore();
  const task = useTask();
  const [found, setFound] = useState<RecallView | null>(null);
  return {
    found,
    busy: task.busy,
    error: task.error,
    ask: () =>
      task.run(async () => {
        setFound(await client.call('recall.patients', { lotId }));
      }),
  };
}
