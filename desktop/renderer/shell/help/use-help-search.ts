import { useMemo } from 'react';
import type { HelpName } from '#shared/i18n/help.en.ts';
import { fold } from '../../ui/fold.ts';
import { useI18n } from '../../ui/i18n.tsx';
import { isMac } from '../actions/keys.ts';
import { best } from '../palette/search.ts';
import type { Searchable } from '../palette/search.ts';
import { helpWords } from './help-keys.ts';
import { helpIn, HELP_NAMES } from './help-names.ts';

/** One part of a page of help. */
export interface FoundHelp {
  readonly id: string;
  readonly page: HelpName;
  /** From 1. */
  readonly part: number;
  readonly title: string;
  /** Title of the page. */
  readonly of: string;
  /** By its title: a better answer. */
  readonly search: Searchable;
  /** By all of its text. */
  readonly whole: Searchable;
}

const MOST = 12;

/** Every part of every page, made ready to be searched. */
export function useHelpParts(): readonly FoundHelp[] {
  const { language, t } = useI18n();
  return useMemo(() => {
    const pages = helpIn(language);
    return HELP_NAMES.flatMap((page) =>
      pages[page].parts.map(({ title, text }, index): FoundHelp => {
        const of = pages[page].title;
        const words = text.map((one) => helpWords(one, t, isMac())).join(' ');
        return {
          id: `help ${page} ${index + 1}`,
          page,
          part: index + 1,
          title,
          of,
          search: { text: fold(`${title} ${of}`) },
          whole: { text: fold(`${title} ${of} ${words}`) },
        };
      }),
    );
  }, [language, t]);
}

/** The parts that answer a search: by their titles first, then by their text. */
export function searchHelp(
  parts: readonly FoundHelp[],
  search: string,
  most: number = MOST,
): FoundHelp[] {
  const byTitle = best(parts, (part) => part.search, search, most);
  const byText = best(parts, (part) => part.whole, search, most);
  return [...byTitle, ...byText.filter((part) => !byTitle.includes(part))].slice(0, most);
}

export function useHelpSearch(search: string): readonly FoundHelp[] {
  const parts = useHelpParts();
  return useMemo(() => searchHelp(parts, search), [parts, search]);
}
