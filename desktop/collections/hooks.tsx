import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useSyncExternalStore,
} from 'react';
import type { ReactNode } from 'react';
import type { StoreTopic, TopicOut } from '#shared/ipc/store-contract.ts';
import type { ViewArg, ViewName, ViewOut } from '#shared/ipc/views.ts';
import type { TableName, TableRow } from '#shared/schema/tables.ts';
import type { WindowDatabase } from './database.ts';
import { LiveQueries } from './live-queries.ts';
import type { Selector, TableQuery } from './live-queries.ts';
import { UNKNOWN } from './store-client.ts';
import type { Live, StoreClient, Watch, WatchArg } from './store-client.ts';
import type { Tables } from './tables.ts';
import { WindowPresence } from './window-presence.ts';

/** What a window has of the store process. */
export interface StoreAccess {
  readonly client: StoreClient;
  readonly database: WindowDatabase;
  readonly tables: Tables;
}

interface Known extends StoreAccess {
  readonly queries: LiveQueries;
  readonly presence: WindowPresence;
}

const Access = createContext<Known | null>(null);

export function StoreProvider(props: { access: StoreAccess; children: ReactNode }) {
  const { access, children } = props;
  const { client, database } = access;
  const known = useMemo(
    () => ({
      ...access,
      queries: new LiveQueries(database),
      presence: new WindowPresence(client),
    }),
    [access, client, database],
  );
  useEffect(
    () =>
      database.onReset(({ forget }) => {
        if (forget) client.forget();
      }),
    [client, database],
  );
  return <Access value={known}>{children}</Access>;
}

function useKnown(): Known {
  const known = useContext(Access);
  if (!known) throw new Error('useStore needs a StoreProvider around it');
  return known;
}

/** What this window shows and who else shows it; `presence.tsx` has the hooks for screens. */
export const usePresenceOf = (): WindowPresence => useKnown().presence;

/** The calls and tables of the store. @throws Error outside of a `StoreProvider` */
export const useStore = (): StoreAccess => useKnown();

/** Follows a source, which stands for one key: another key never shows the data of this one. */
function useLive<T>(source: Watch<T> | null): Live<T> {
  const subscribe = useCallback(
    (listener: () => void) => source?.subscribe(listener) ?? (() => undefined),
    [source],
  );
  return useSyncExternalStore(subscribe, () => source?.current() ?? UNKNOWN);
}

/** A reactive answer of a view. Null as `arg` watches nothing. */
export function useView<V extends ViewName>(view: V, arg: ViewArg<V> | null): Live<ViewOut<V>> {
  const { client } = useKnown();
  const key = arg === null ? null : JSON.stringify(arg);
  // The key stands for the argument: a new object of equal content is the same watch.
  const source = useMemo(
    () => (key === null ? null : client.watch(view, JSON.parse(key) as WatchArg<V>)),
    [client, view, key],
  );
  return useLive(source as Watch<ViewOut<V>> | null);
}

/** A state of the store process, for example who is signed in. */
export function useTopic<T extends StoreTopic>(topic: T): Live<TopicOut<T>> {
  const { client } = useKnown();
  const source = useMemo(() => client.watch(topic, {} as WatchArg<T>), [client, topic]);
  return useLive(source as unknown as Watch<TopicOut<T>>);
}

/**
 * Rows of a table that match, in the order of the query, as they change. The table's collection
 * stays open while this is mounted; a window has place for twelve. Null asks for nothing.
 */
export function useQuery<N extends TableName>(
  name: N,
  query: TableQuery | null,
): Live<readonly TableRow<N>[]> {
  const { queries } = useKnown();
  const key = query === null ? null : JSON.stringify(query);
  const source = useMemo(
    () => (key === null ? null : queries.rows(name, JSON.parse(key) as TableQuery)),
    [queries, name, key],
  );
  return useLive(source);
}

/** How many rows of a table match. Null asks for nothing. */
export function useCount(name: TableName, selector: Selector | null): Live<number> {
  const { queries } = useKnown();
  const key = selector === null ? null : JSON.stringify(selector);
  const source = useMemo(
    () => (key === null ? null : queries.count(name, JSON.parse(key) as Selector)),
    [queries, name, key],
  );
  return useLive(source);
}

/** One row of a table as it changes; `data` is null when it does not exist. */
export function useDoc<N extends TableName>(name: N, id: string | null): Live<TableRow<N> | null> {
  const query = useMemo(() => (id === null ? null : { selector: { id } }), [id]);
  const found = useQuery(name, query);
  return useMemo(() => {
    if (!found.stale) return { ...found, data: found.data[0] ?? null };
    // A row that was not there is as old as the rest: it may be there now.
    return { ...found, data: found.data === undefined ? undefined : (found.data[0] ?? null) };
  }, [found]);
}
