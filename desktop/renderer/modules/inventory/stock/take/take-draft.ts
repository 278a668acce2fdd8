import { create } from 'zustand';
import { createJSONStorage, persist } from 'zustand/middleware';
import { EMPTY_TAKE } from './take-check.ts';
import type { TakeEntry, TakeKind, TakenLine } from './take-check.ts';

interface Draft {
  /** Whose draft it is, and for which transfer: another one starts with an empty form. */
  readonly owner: string | null;
  readonly siteId: string | null;
  readonly lines: readonly TakenLine[];
  readonly entry: TakeEntry;
  readonly reason: string | null;
  readonly note: string;
  /** Keys of the lines that other screens have brought. */
  readonly brought: readonly string[];
}

interface DraftStore extends Draft {
  /** @param begin lines that another screen brings; each is added once to what is there already */
  start(owner: string, begin?: readonly TakenLine[]): void;
  set(changes: Partial<Omit<Draft, 'owner'>>): void;
  clear(): void;
}

const EMPTY: Omit<Draft, 'owner'> = {
  siteId: null,
  lines: [],
  entry: EMPTY_TAKE,
  reason: null,
  note: '',
  brought: [],
};

/** What somebody is filling in. It outlives leaving the page and a reload, and ends with the window. */
const draftOf = (kind: TakeKind) =>
  create<DraftStore>()(
    persist(
      (set, get) => ({
        owner: null,
        ...EMPTY,
        start: (owner, begin = []) => {
          if (get().owner !== owner) set({ owner, ...EMPTY });
          const { lines, brought } = get();
          const fresh = begin.filter(({ key }) => !brought.includes(key));
          if (fresh.length === 0) return;
          set({
            lines: [...lines, ...fresh],
            brought: [...brought, ...fresh.map(({ key }) => key)],
          });
        },
        set: (changes) => set(changes),
        clear: () => set({ ...EMPTY, owner: null, siteId: get().siteId }),
      }),
      {
        name: `ganger.take.${kind}`,
        storage: createJSONStorage(() => sessionStorage),
        partialize: ({ start: _start, set: _set, clear: _clear, ...draft }) => draft,
      },
    ),
  );

export const TAKE_DRAFTS = {
  issue: draftOf('issue'),
  waste: draftOf('waste'),
  transfer_out: draftOf('transfer_out'),
} as const satisfies Record<TakeKind, unknown>;
