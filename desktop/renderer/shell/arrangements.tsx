import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { useStore } from '#desktop/collections/hooks.tsx';
import { KeeperContext } from '../ui/table-arrangement.ts';
import type { ArrangementKeeper } from '../ui/table-arrangement.ts';

/** How the signed-in person has arranged their screens is kept in their profile on this device. */
export function ArrangementsProvider(props: { children: ReactNode }) {
  const { client } = useStore();
  const keeper = useMemo<ArrangementKeeper>(
    () => ({
      recall: async (name) => (await client.call('screen.recall', { name })).value,
      remember: async (name, value) => {
        await client.call('screen.remember', { name, value });
      },
    }),
    [client],
  );
  return <KeeperContext value={keeper}>{props.children}</KeeperContext>;
}
