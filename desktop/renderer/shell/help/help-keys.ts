import { EN } from '#shared/i18n/messages.en.ts';
import type { MessageKey } from '#shared/i18n/messages.en.ts';
import type { T } from '../../ui/i18n.tsx';
import { keyNames } from '../actions/keys.ts';
import { PAGE_KEYS } from '../actions/page-keys.ts';
import type { KeysOfPage } from '../actions/page-keys.ts';
import { ACTIONS } from '../actions/registry.ts';

/** What a text of help is made of: words, and keys as they stand on the keyboard. */
export type HelpPiece =
  | { readonly words: string }
  | {
      readonly keys: readonly string[];
    };

/** `{key:receive}`, of a page `{key:review.undo}`; `{word:stock.par}`. */
const NAMED = /\{(key|word):([\w.-]+)\}/g;
const PAGES: Readonly<Record<string, KeysOfPage>> = PAGE_KEYS;

/** Keys by the names that help gives them. @returns null for a name that nothing has */
export function keysNamed(name: string): string | null {
  const action = ACTIONS.find(({ id }) => id === name);
  if (action) return action.keys;
  const [page = '', key = ''] = name.split('.');
  return PAGES[page]?.keys[key]?.keys[0] ?? null;
}

/** A message of the screen that needs no parameters. */
export const isWord = (key: string): key is MessageKey => Object.hasOwn(EN, key);

/** The keys and words that a text of help names, as `key:receive`. */
export const namesIn = (text: string): string[] =>
  [...text.matchAll(NAMED)].map(([, kind = '', name = '']) => `${kind}:${name}`);

/** A text of help, taken apart into its words and keys. */
export function helpPieces(text: string, t: T, isMac: boolean): readonly HelpPiece[] {
  const pieces: HelpPiece[] = [];
  let from = 0;
  for (const found of text.matchAll(NAMED)) {
    const [whole, kind, name = ''] = found;
    pieces.push({ words: text.slice(from, found.index) });
    from = found.index + whole.length;
    if (kind === 'key') pieces.push({ keys: keyNames(keysNamed(name) ?? '', isMac) });
    else pieces.push({ words: isWord(name) ? (t as (key: MessageKey) => string)(name) : '' });
  }
  pieces.push({ words: text.slice(from) });
  return pieces.filter((piece) => 'keys' in piece || piece.words !== '');
}

/** A text of help as plain words, to be searched. */
export const helpWords = (text: string, t: T, isMac: boolean): string =>
  helpPieces(text, t, isMac)
    .map((piece) => ('keys' in piece ? piece.keys.join(' ') : piece.words))
    .join('');
