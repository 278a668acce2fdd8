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
/** Counts whose pace of scanning this device keeps. */
const MOST_PACES = 20;

interface CountDraft {
  readonly owner: string | null;
  readonly countId: string | null;
  readonly entry: CountEntryText;
  /** By count: how fast was scanned in it here. */
  readonly paces: Readonly<Record<string, ScanPace>>;
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
    keep: ({ owner, countId, entry, paces }) => ({ owner, countId, entry, paces }),
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
    paces: {},
    start: (owner, countId) => {
      const now = get();
      if (now.owner !== owner || now.countId !== countId) {
        const paces = now.owner === owner ? now.paces : {};
        set({ owner, countId, entry: EMPTY_COUNT, paces });
      }
    },
    set: (changes) => set({ entry: { ...get().entry, ...changes } }),
    scanned: () => {
      const { countId, paces } = get();
      if (countId === null) return;
      const { [countId]: former, ...others } = paces;
      const kept = Object.entries(others).slice(1 - MOST_PACES);
      const pace = paced(former ?? NO_PACE, Date.now());
      set({ paces: { ...Object.fromEntries(kept), [countId]: pace } });
    },
  }),
);
