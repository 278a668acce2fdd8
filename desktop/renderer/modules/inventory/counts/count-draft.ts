import { createDraft } from '../../../ui/draft.ts';
import { PAUSE_MS } from './pace.ts';

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
  /** True for one more look at what was counted already: it begins at nothing. */
  readonly again: boolean;
}

/** How fast scans came on this device, without pauses. */
export interface ScanPace {
  readonly scans: number;
  readonly lastAt: number;
  readonly activeMs: number;
}

export const NO_LOT = '-';
export const EMPTY_COUNT: CountEntryText = {
  itemId: null,
  lot: null,
  unit: null,
  typed: null,
  scanned: null,
  scans: 0,
  again: false,
};
const NO_PACE: ScanPace = { scans: 0, lastAt: 0, activeMs: 0 };

interface CountDraft {
  readonly owner: string | null;
  readonly countId: string | null;
  readonly entry: CountEntryText;
  readonly pace: ScanPace;
}

interface CountDraftStore extends CountDraft {
  /** Another person or another count begins with empty fields. */
  start(owner: string, countId: string): void;
  set(changes: Partial<CountEntryText>): void;
  /** One more scan, now. */
  scanned(): void;
}

/** The pace with one more scan; a long break before it was no time of scanning. */
export function paced({ scans, lastAt, activeMs }: ScanPace, now: number): ScanPace {
  const gap = scans === 0 ? 0 : now - lastAt;
  return { scans: scans + 1, lastAt: now, activeMs: activeMs + (gap <= PAUSE_MS ? gap : 0) };
}

/** The line that is not saved yet: it outlives leaving the page, the window and the app. */
export const useCountDraft = createDraft<CountDraftStore>(
  {
    name: 'draft.count',
    keep: ({ owner, countId, entry, pace }) => ({ owner, countId, entry, pace }),
    // What was only chosen, from the list for example, is nothing that is left half filled.
    address: ({ countId, entry }) =>
      countId === null || (entry.typed === null && entry.scanned === null)
        ? null
        : `/counts?count=${countId}`,
  },
  (set, get) => ({
    owner: null,
    countId: null,
    entry: EMPTY_COUNT,
    pace: NO_PACE,
    start: (owner, countId) => {
      const now = get();
      if (now.owner !== owner || now.countId !== countId) {
        set({ owner, countId, entry: EMPTY_COUNT, pace: NO_PACE });
      }
    },
    set: (changes) => set({ entry: { ...get().entry, ...changes } }),
    scanned: () => set({ pace: paced(get().pace, Date.now()) }),
  }),
);
