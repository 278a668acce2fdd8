import { createDraft } from '../../../ui/draft.ts';

/** The line that somebody is counting. */
export interface CountEntryText {
  readonly itemId: string | null;
  /** Id of the lot, `NO_LOT`, or null while it is not chosen. */
  readonly lot: string | null;
  readonly unit: string | null;
  /** What somebody typed as the quantity; null while it is what the scans say. */
  readonly typed: string | null;
  /** What the scans say, in 1/10,000 base units; null without a scan. */
  readonly scanned: number | null;
  /** Counts the scans, so that the field of each is a new one. */
  readonly scans: number;
}

export const NO_LOT = '-';
export const EMPTY_COUNT: CountEntryText = {
  itemId: null,
  lot: null,
  unit: null,
  typed: null,
  scanned: null,
  scans: 0,
};

interface CountDraft {
  readonly owner: string | null;
  readonly countId: string | null;
  readonly entry: CountEntryText;
}

interface CountDraftStore extends CountDraft {
  /** Another person or another count begins with empty fields. */
  start(owner: string, countId: string): void;
  set(changes: Partial<CountEntryText>): void;
}

/** The line that is not saved yet: it outlives leaving the page, the window and the app. */
export const useCountDraft = createDraft<CountDraftStore>(
  {
    name: 'draft.count',
    keep: ({ owner, countId, entry }) => ({ owner, countId, entry }),
    address: ({ countId, entry }) =>
      countId === null || entry.itemId === null ? null : `/counts?count=${countId}`,
  },
  (set, get) => ({
    owner: null,
    countId: null,
    entry: EMPTY_COUNT,
    start: (owner, countId) => {
      const now = get();
      if (now.owner !== owner || now.countId !== countId) {
        set({ owner, countId, entry: EMPTY_COUNT });
      }
    },
    set: (changes) => set({ entry: { ...get().entry, ...changes } }),
  }),
);
