import { create } from 'zustand';
import type { StateCreator } from 'zustand';
import { createJSONStorage, persist } from 'zustand/middleware';

/** Where half-filled forms are kept: in the profile of whoever is signed in, for one window. */
export interface DraftBox {
  recall(name: string): Promise<string | null>;
  remember(name: string, value: string): Promise<void>;
}

/** A form that can be left half filled. */
export interface DraftForm {
  readonly name: string;
  /** The address at which it goes on; null while nothing is entered in it. */
  address(): string | null;
}

interface Kept extends DraftForm {
  rehydrate(): Promise<void>;
  reset(): void;
}

/** Pause after which what was typed is kept, so that a word is one write. */
const KEEP_AFTER_MS = 400;

const forms = new Map<string, Kept>();
const writes = new Map<string, { timer: ReturnType<typeof setTimeout>; write: () => void }>();
let box: DraftBox | null = null;

const storage = createJSONStorage(() => ({
  getItem: (name: string) => box?.recall(name) ?? null,
  setItem: (name: string, value: string) => {
    const to = box;
    if (!to) return;
    clearTimeout(writes.get(name)?.timer);
    const write = () => {
      writes.delete(name);
      // A profile that is being closed takes nothing any more; what counts was kept before.
      to.remember(name, value).catch(() => undefined);
    };
    writes.set(name, { timer: setTimeout(write, KEEP_AFTER_MS), write });
  },
  removeItem: () => undefined,
}));

/**
 * The state of a form that outlives leaving the page, the window and the app. It lies in the encrypted
 * profile of the person, and begins empty for everybody else.
 * @param form.keep what of the state is kept
 * @param form.address where it goes on; null while nothing is entered
 */
export function createDraft<S extends object>(
  form: {
    readonly name: string;
    readonly keep: (state: S) => Partial<S>;
    readonly address: (state: S) => string | null;
  },
  initial: StateCreator<S>,
) {
  const { name, keep } = form;
  const use = create<S>()(
    persist(initial, {
      name,
      storage: storage as never,
      partialize: keep as never,
      skipHydration: true,
    }),
  );
  forms.set(name, {
    name,
    address: () => form.address(use.getState()),
    rehydrate: async () => {
      await use.persist.rehydrate();
    },
    reset: () => use.setState(use.getInitialState(), true),
  });
  return use;
}

/**
 * Somebody is here: their half-filled forms are.
 * @returns ends it: the forms are empty then, and what was typed last is kept
 */
export async function openDrafts(next: DraftBox): Promise<() => void> {
  box = next;
  await Promise.all([...forms.values()].map((form) => form.rehydrate().catch(() => undefined)));
  return () => {
    if (box !== next) return;
    keepDraftsNow();
    box = null;
    for (const form of forms.values()) form.reset();
  };
}

/** Keeps what was typed last without a pause: the window may be about to go. */
export function keepDraftsNow(): void {
  for (const { timer, write } of writes.values()) {
    clearTimeout(timer);
    write();
  }
}

/** Forms in which something is entered. */
export function openForms(): readonly { readonly name: string; readonly address: string }[] {
  return [...forms.values()].flatMap(({ name, address }) => {
    const at = address();
    return at === null ? [] : [{ name, address: at }];
  });
}
