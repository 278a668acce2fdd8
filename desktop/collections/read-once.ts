import type { ViewArg, ViewName, ViewOut } from '#shared/ipc/views.ts';
import type { StoreClient, WatchArg } from './store-client.ts';

/**
 * The answer of a view as it is now, for an act that does not wait for a screen.
 * @throws AppError of the view when it cannot be read
 */
export function readOnce<V extends ViewName>(
  client: Pick<StoreClient, 'watch'>,
  view: V,
  arg: ViewArg<V>,
): Promise<ViewOut<V>> {
  const source = client.watch(view, arg as WatchArg<V>);
  return new Promise((resolve, reject) => {
    let stop: (() => void) | null = null;
    const look = (): void => {
      const live = source.current();
      if (live.stale && !live.error) return;
      stop?.();
      stop = null;
      if (live.stale) reject(live.error);
      else resolve(live.data as ViewOut<V>);
    };
    stop = source.subscribe(look);
    look();
  });
}
