import { createContext, useContext, useState } from 'react';
import { createStore, useStore } from 'zustand';
import type { StoreApi } from 'zustand';
import { readArrangement, withoutSaved, withSaved } from './table-view.ts';
import type { Arrangement, TableView } from './table-view.ts';

/** Where a person's arrangements of screens are kept, by name. A failure loses only a convenience. */
export interface ArrangementKeeper {
  recall(name: string): Promise<string | null>;
  remember(name: string, value: string): Promise<void>;
}

/** Without a keeper around it, a table forgets how it was arranged when it leaves the page. */
export const KeeperContext = createContext<ArrangementKeeper | null>(null);

interface ArrangementState extends Arrangement {
  setView(view: TableView): void;
  save(name: string): void;
  forget(name: string): void;
}

/** Pause after which what was arranged is kept, so that ten clicks are one write. */
const KEEP_AFTER_MS = 400;

/**
 * How a table is arranged; kept under its name, for this person on this device. Name and initial view
 * count once, as those of a state do.
 */
export function useArrangement(name: string | undefined, initial: TableView): ArrangementState {
  const keeper = useContext(KeeperContext);
  const [store] = useState(() =>
    arrangementStore(name === undefined ? null : keeper, name ?? '', initial),
  );
  return useStore(store);
}

/** @param keeper null: nothing is kept */
export function arrangementStore(
  keeper: ArrangementKeeper | null,
  name: string,
  initial: TableView,
): StoreApi<ArrangementState> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let touched = false;
  const store = createStore<ArrangementState>()((set) => ({
    view: initial,
    saved: [],
    setView: (view) => change(() => set({ view })),
    save: (viewName) => change(() => set((state) => withSaved(state, viewName))),
    forget: (viewName) => change(() => set((state) => withoutSaved(state, viewName))),
  }));
  const change = (make: () => void): void => {
    touched = true;
    make();
    if (!keeper) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      const { view, saved } = store.getState();
      keeper.remember(name, JSON.stringify({ view, saved })).catch(() => undefined);
    }, KEEP_AFTER_MS);
  };
  keeper?.recall(name).then(
    (kept) => {
      const arrangement = readArrangement(kept);
      // Who was quicker than the answer means what they did.
      if (arrangement && !touched) store.setState(arrangement);
    },
    () => undefined,
  );
  return store;
}
