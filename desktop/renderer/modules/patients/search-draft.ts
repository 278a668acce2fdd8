import { create } from 'zustand';

/**
 * What is typed into the search of patients. It outlives going to a patient and back and ends with the
 * window: it may be a name, so it stands in no address and in no storage.
 */
export const useSearchDraft = create<{
  readonly owner: string | null;
  readonly text: string;
  /** Another person starts with an empty field. */
  start(owner: string): void;
  type(text: string): void;
}>()((set, get) => ({
  owner: null,
  text: '',
  start: (owner) => {
    if (get().owner !== owner) set({ owner, text: '' });
  },
  type: (text) => set({ text }),
}));
