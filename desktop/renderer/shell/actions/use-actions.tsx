import { useMantineColorScheme } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { createContext, useContext } from 'react';
import { useStore } from '#desktop/collections/hooks.tsx';
import { keepDraftsNow } from '../../ui/draft.ts';
import { useI18n } from '../../ui/i18n.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { usePlaces } from '../places.ts';
import { useProfileActions } from '../profile/profile-actions.tsx';
import { useDeskActs } from '../reopen/use-desk.ts';
import { useSession } from '../session.tsx';
import { useSites } from '../sites.tsx';
import { placeKey } from './keys.ts';
import type { Keys } from './keys.ts';
import { ACTIONS } from './registry.ts';
import type { ActionGroup, ActionTools, LooksNow } from './registry.ts';

/** An action as this person has it now. */
export interface Action {
  readonly id: string;
  readonly keys: Keys;
  readonly also?: Keys;
  readonly group: ActionGroup;
  readonly title: string;
  readonly run: () => void;
}

/** All that this person can do from anywhere: for the keyboard, Ctrl+K and the sheet of keys. */
export function useActionList(frame: Pick<ActionTools, 'show' | 'toggleRail'>): readonly Action[] {
  const { t, language, setLanguage } = useI18n();
  const session = useSession();
  const places = usePlaces();
  const profileActions = useProfileActions();
  const { sites = [], site, choose } = useSites();
  const { client } = useStore();
  const { failed } = useToasts();
  const deskActs = useDeskActs();
  const router = useRouter();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const now: LooksNow = { dark: colorScheme === 'dark', other: language === 'en' ? 'es' : 'en' };
  const tools: ActionTools = {
    ...frame,
    ...deskActs,
    pathname: () => router.state.location.pathname,
    goTo: (address) => router.history.push(address),
    syncNow: () => {
      client.call('sync.now', {}).catch(failed);
    },
    nextSite: () => {
      const next = sites[(sites.findIndex(({ id }) => id === site?.id) + 1) % sites.length];
      if (next) choose(next.id);
    },
    toggleScheme: () => setColorScheme(now.dark ? 'light' : 'dark'),
    setLanguage,
    profile: (id) => profileActions.find((action) => action.id === id)?.run(),
    signOut: () => {
      // While the profile is open: it takes what was typed a moment ago.
      keepDraftsNow();
      client.call('auth.signOut', {}).catch(failed);
    },
  };
  const own = ACTIONS.filter(({ when }) => !when || when(session)).map(
    ({ id, keys, also, group, title, run }): Action => ({
      id,
      keys,
      ...(also === undefined ? {} : { also }),
      group,
      title: title(t, now),
      run: () => run(tools, now),
    }),
  );
  const going = places.map(({ name, to, title }, index): Action => ({
    id: name,
    keys: placeKey(index),
    group: 'go',
    title: t('palette.goTo', { place: title }),
    run: () => tools.goTo(to),
  }));
  return [
    ...own.filter(({ group }) => group === 'make'),
    ...going,
    ...own.filter(({ group }) => group !== 'make'),
  ];
}

const Context = createContext<readonly Action[] | null>(null);
export const ActionsContext = Context;

/** @throws Error outside of the frame */
export function useActions(): readonly Action[] {
  const actions = useContext(Context);
  if (!actions) throw new Error('useActions needs the frame around it');
  return actions;
}

/** What one action does, for a button of a page; does nothing where this person does not have it. */
export function useAction(id: string): () => void {
  const action = useActions().find((known) => known.id === id);
  return () => action?.run();
}
