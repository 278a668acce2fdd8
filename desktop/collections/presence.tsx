import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useSyncExternalStore,
} from 'react';
import type { ReactNode } from 'react';
import { screenKey } from '#shared/ipc/presence.ts';
import type { OthersThere, PersonHere, Screen } from '#shared/ipc/presence.ts';
import { usePresenceOf } from './hooks.tsx';
import type { Field } from './window-presence.ts';

const NOBODY: readonly PersonHere[] = [];
const Here = createContext<Screen | null>(null);

/** Says of everything inside on which screen it is, and shows that screen while it is mounted. */
export function OnScreen(props: { screen: Screen; children: ReactNode }) {
  const { module, table, id } = props.screen;
  const screen = useMemo(() => ({ module, table, id }), [module, table, id]);
  const presence = usePresenceOf();
  useEffect(() => presence.hold(screen), [presence, screen]);
  return <Here value={screen}>{props.children}</Here>;
}

/** Everybody else on the screen around: how many more than are named, too. */
export interface Others {
  readonly people: readonly PersonHere[];
  readonly more: number;
}

function useOthers(screen: Screen | null): OthersThere | null {
  const presence = usePresenceOf();
  const subscribe = useCallback((listener: () => void) => presence.subscribe(listener), [presence]);
  return useSyncExternalStore(subscribe, () => (screen === null ? null : presence.others(screen)));
}

/**
 * Who else is on a screen, other windows of this device left out. Nobody while there is no network.
 * @param screen the one around when it is left out
 */
export function usePresence(screen?: Screen): Others {
  const around = useContext(Here);
  const presence = usePresenceOf();
  const key = screen ? screenKey(screen) : null;
  // The key stands for the screen: a new object of equal content is the same one.
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- the same screen is a new object each time
  const named = useMemo(() => screen ?? null, [key]);
  useEffect(() => (named ? presence.hold(named) : undefined), [presence, named]);
  const there = useOthers(named ?? around);
  return { people: there?.people ?? NOBODY, more: there?.more ?? 0 };
}

/** What a field of a shared screen needs: who else is in it, and how to say that this person is. */
export interface SharedField {
  readonly others: readonly PersonHere[];
  /** Others of whom keys come. */
  readonly typing: readonly PersonHere[];
  /** For the element around the input. */
  readonly props: {
    readonly onFocus: (event: { readonly target: EventTarget }) => void;
    readonly onBlur: () => void;
    readonly onInput: (event: { readonly target: EventTarget }) => void;
    readonly onSelect: (event: { readonly target: EventTarget }) => void;
  };
}

/**
 * One field of the screen around.
 * @param field its name in the schema
 * @param row the row that it belongs to, where the screen has several
 */
export function useTyping(field: string, row: string | null = null): SharedField {
  const screen = useContext(Here);
  const presence = usePresenceOf();
  const there = useOthers(screen);
  const others = useMemo(
    () =>
      there?.people.filter(({ focus }) => focus?.field === field && focus.row === row) ?? NOBODY,
    [there, field, row],
  );
  const at = useMemo((): Field => ({ field, row }), [field, row]);
  // A field that goes away while somebody is in it is left.
  useEffect(() => () => void (screen && presence.leave(screen, at)), [presence, screen, at]);
  const props = useMemo(() => {
    const enter = (typing: boolean) => (event: { readonly target: EventTarget }) => {
      if (screen) presence.enter(screen, at, { typing, position: positionIn(event.target) });
    };
    return {
      onFocus: enter(false),
      onBlur: () => {
        if (screen) presence.leave(screen, at);
      },
      onInput: enter(true),
      onSelect: enter(false),
    };
  }, [presence, screen, at]);
  return {
    others,
    typing: useMemo(() => others.filter(({ focus }) => focus?.typing === true), [others]),
    props,
  };
}

/** Place of the cursor in an element, or null where it has none. */
function positionIn(target: EventTarget): number | null {
  // Of some kinds of input it is null.
  return 'selectionStart' in target && typeof target.selectionStart === 'number'
    ? target.selectionStart
    : null;
}
