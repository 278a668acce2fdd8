import { screenKey } from '#shared/ipc/presence.ts';
import type { Focus, OthersThere, Screen, ShownScreen } from '#shared/ipc/presence.ts';
import type { StoreClient } from './store-client.ts';

/** A place on a screen, without what changes there from key to key. */
export type Field = Pick<Focus, 'field' | 'row'>;

/** Keys that come say "typing" for so long, milliseconds. */
export const TYPING_MS = 2_000;
/** Changes are told at once, and then not more often than this, milliseconds. */
const TELL_EVERY_MS = 40;

interface Held {
  readonly screen: Screen;
  readers: number;
  focus: Focus | null;
}

/**
 * What this window shows, told to the store process, and who else shows it. Screens are held while
 * something of them is mounted. When the store process starts anew it is told again.
 */
export class WindowPresence {
  readonly #client: StoreClient;
  readonly #held = new Map<string, Held>();
  readonly #others;
  #told = '';
  #resting: ReturnType<typeof setTimeout> | null = null;
  #typing: ReturnType<typeof setTimeout> | null = null;
  #unwatch: (() => void) | null = null;

  constructor(client: StoreClient) {
    this.#client = client;
    this.#others = client.watch('presence.others', {});
  }

  /** Shows a screen until it is let go. @returns lets it go */
  hold(screen: Screen): () => void {
    const key = screenKey(screen);
    const held = this.#held.get(key) ?? { screen, readers: 0, focus: null };
    held.readers += 1;
    this.#held.set(key, held);
    this.#unwatch ??= this.#others.subscribe(() => {
      // A store process that has just started knows nothing of this window.
      if (this.#others.current().stale) this.#told = '';
      else this.#tellSoon();
    });
    this.#tellSoon();
    let gone = false;
    return () => {
      if (gone) return;
      gone = true;
      held.readers -= 1;
      if (held.readers > 0) return;
      this.#held.delete(key);
      this.#tellSoon();
      if (this.#held.size > 0) return;
      this.#unwatch?.();
      this.#unwatch = null;
    };
  }

  /** The person is in a field; with `typing` a key has just come. */
  enter(screen: Screen, at: Field, options: { typing: boolean; position: number | null }): void {
    const held = this.#held.get(screenKey(screen));
    if (!held) return;
    // Another field of the same window has lost the person without a word (it was unmounted).
    for (const other of this.#held.values()) if (other !== held) other.focus = null;
    const isHere = held.focus !== null && isAt(held.focus, at);
    const typing = options.typing || (isHere && held.focus?.typing === true);
    held.focus = { ...at, typing, position: options.position };
    if (options.typing) {
      if (this.#typing) clearTimeout(this.#typing);
      this.#typing = setTimeout(() => {
        if (held.focus) held.focus = { ...held.focus, typing: false };
        this.#tellSoon();
      }, TYPING_MS);
    }
    this.#tellSoon();
  }

  /** The person has left a field. */
  leave(screen: Screen, at: Field): void {
    const held = this.#held.get(screenKey(screen));
    if (!held?.focus || !isAt(held.focus, at)) return;
    held.focus = null;
    this.#tellSoon();
  }

  subscribe(listener: () => void): () => void {
    return this.#others.subscribe(listener);
  }

  /** Who else is on a screen, or null when nobody is known to be; the same object while it is the same. */
  others(screen: Screen): OthersThere | null {
    const { data, stale } = this.#others.current();
    if (stale) return null;
    const key = screenKey(screen);
    return data.find((there) => screenKey(there) === key) ?? null;
  }

  #tellSoon(): void {
    if (this.#resting) return;
    const screens = [...this.#held.values()].map(
      ({ screen: { module, table, id }, focus }): ShownScreen => ({ module, table, id, focus }),
    );
    const text = JSON.stringify(screens);
    if (text === this.#told) return;
    this.#told = text;
    // It may fail: the store says it anew when it is back, and nobody waits for it.
    void this.#client.call('presence.show', { screens }).catch(() => undefined);
    this.#resting = setTimeout(() => {
      this.#resting = null;
      this.#tellSoon();
    }, TELL_EVERY_MS);
  }
}

const isAt = (focus: Focus, { field, row }: Field): boolean =>
  focus.field === field && focus.row === row;
