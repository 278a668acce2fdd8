import { createDraft } from '../../../ui/draft.ts';
import { EMPTY_ENTRY, isEmptyEntry } from './receive-check.ts';
import type { EntryText, ExpiredReason } from './receive-check.ts';

/** A line that has been added; its text stays, so that it can be changed again. */
export interface DraftLine extends EntryText {
  readonly key: string;
}

interface Draft {
  /** Whose draft it is: another person starts with an empty form. */
  readonly owner: string | null;
  readonly siteId: string | null;
  readonly lines: readonly DraftLine[];
  readonly entry: EntryText;
  /** Why something expired is received; null until somebody says it. */
  readonly reason: ExpiredReason | null;
  /** The order that the delivery belongs to. */
  readonly orderId: string | null;
  /** Why more came than was ordered. */
  readonly overReason: string;
}

interface DraftStore extends Draft {
  start(owner: string): void;
  set(changes: Partial<Omit<Draft, 'owner'>>): void;
  clear(): void;
}

const EMPTY: Omit<Draft, 'owner'> = {
  siteId: null,
  lines: [],
  entry: EMPTY_ENTRY,
  reason: null,
  orderId: null,
  overReason: '',
};

/**
 * The receipt that somebody is filling in. It outlives leaving the page, the window and the app, in the
 * encrypted profile of the person.
 */
export const useReceiveDraft = createDraft<DraftStore>(
  {
    name: 'draft.receive',
    keep: ({ owner, siteId, lines, entry, reason, orderId, overReason }) => ({
      owner,
      siteId,
      lines,
      entry,
      reason,
      orderId,
      overReason,
    }),
    address: ({ lines, entry, orderId }) => {
      if (lines.length === 0 && isEmptyEntry(entry)) return null;
      return orderId === null ? '/inventory/receive' : `/inventory/receive?order=${orderId}`;
    },
  },
  (set, get) => ({
    owner: null,
    ...EMPTY,
    start: (owner) => {
      if (get().owner !== owner) set({ owner, ...EMPTY });
    },
    set: (changes) => set(changes),
    clear: () => set({ ...EMPTY, siteId: get().siteId }),
  }),
);
