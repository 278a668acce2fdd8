import { useRouter } from '@tanstack/react-router';
import { useMemo } from 'react';
import { fold } from '../../ui/fold.ts';
import { useI18n } from '../../ui/i18n.tsx';
import { keyWords, isMac } from '../actions/keys.ts';
import { useActions } from '../actions/use-actions.tsx';
import { searchHelp, useHelpParts } from '../help/use-help-search.ts';
import { byRecent } from './recent.ts';
import { best } from './search.ts';
import type { Searchable } from './search.ts';
import { usePatients } from './use-patients.ts';
import { useRecent } from './use-recent.ts';
import { useRecords } from './use-records.ts';
import type { FoundRecord } from './use-records.ts';

/** One line of Ctrl+K. */
export interface Command {
  readonly id: string;
  readonly title: string;
  readonly hint: string;
  readonly search: Searchable;
  readonly run: () => void;
}

export interface CommandGroup {
  readonly name: 'recent' | 'actions' | 'patients' | 'items' | 'vendors' | 'review' | 'help';
  readonly title: string;
  readonly commands: readonly Command[];
}

/** Most answers of each kind. */
const MOST = { actions: 8, items: 8, vendors: 4, review: 4, help: 4 } as const;

/**
 * What Ctrl+K shows for what has been typed: without anything, what was chosen lately and all actions.
 */
export function useCommands(typed: string): {
  groups: readonly CommandGroup[];
  run: (id: string) => void;
} {
  const { t } = useI18n();
  const router = useRouter();
  const list = useActions();
  const records = useRecords();
  const helpParts = useHelpParts();
  const { recent, choose } = useRecent();
  const actions = list
    .filter(({ id }) => id !== 'palette')
    .map(({ id, title, keys, run }): Command => {
      const hint = keyWords(keys, isMac());
      return { id, title, hint, search: { text: fold(title) }, run };
    });
  const patients = usePatients(typed);
  const open = ({ to, ...record }: FoundRecord) => ({
    ...record,
    run: () => router.history.push(to),
  });
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- `open` is new each time, and the same
  const found = useMemo(() => records?.map(open) ?? [], [records, router]);
  const search = typed.trim();
  const of = ({ search: searchable }: Command) => searchable;
  const kind = (name: 'item' | 'vendor' | 'review') =>
    found.filter((record) => record.kind === name);

  const groups = (): CommandGroup[] => {
    if (search === '') {
      const { recent: lately } = byRecent([...actions, ...found], recent);
      const others = actions.filter(({ id }) => !lately.some((command) => command.id === id));
      return [
        { name: 'recent', title: t('palette.recent'), commands: lately },
        { name: 'actions', title: t('palette.actions'), commands: others },
      ];
    }
    // What was chosen lately stands before what answers the search as well.
    const lately = <C extends Command>(commands: readonly C[]): readonly C[] => {
      const { recent: first, others } = byRecent(commands, recent);
      return [...first, ...others];
    };
    return [
      {
        name: 'actions',
        title: t('palette.actions'),
        commands: best(lately(actions), of, search, MOST.actions),
      },
      { name: 'patients', title: t('nav.patients'), commands: patients.map(open) },
      {
        name: 'items',
        title: t('palette.items'),
        commands: best(lately(kind('item')), of, search, MOST.items),
      },
      {
        name: 'vendors',
        title: t('vendors.title'),
        commands: best(lately(kind('vendor')), of, search, MOST.vendors),
      },
      {
        name: 'review',
        title: t('nav.review'),
        commands: best(lately(kind('review')), of, search, MOST.review),
      },
      {
        name: 'help',
        title: t('help.title'),
        commands: searchHelp(helpParts, search, MOST.help).map(
          ({ id, page, part, title, of: hint, search: searchable }) => ({
            id,
            title,
            hint,
            search: searchable,
            run: () => router.history.push(`/help/${page}?part=${part}`),
          }),
        ),
      },
    ];
  };
  const shown = groups().filter(({ commands }) => commands.length > 0);
  return {
    groups: shown,
    run: (id) => {
      const command = shown.flatMap(({ commands }) => commands).find((known) => known.id === id);
      if (!command) return;
      // Who was looked for is nobody's business, not even of this device.
      if (!patients.some((patient) => patient.id === id)) choose(id);
      command.run();
    },
  };
}
