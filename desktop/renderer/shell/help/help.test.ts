import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createTranslate, placeholders } from '#shared/i18n/format.ts';
import { EN } from '#shared/i18n/messages.en.ts';
import { ES } from '#shared/i18n/messages.es.ts';
import { keyWords } from '../actions/keys.ts';
import { PAGE_KEYS } from '../actions/page-keys.ts';
import { ACTIONS } from '../actions/registry.ts';
import { helpWords, isWord, keysNamed, namesIn } from './help-keys.ts';
import { helpFor, helpIn, HELP_NAMES } from './help-names.ts';

const en = createTranslate<typeof EN>('en', EN);
const es = createTranslate<typeof EN>('es', ES);
const textsOf = (language: 'en' | 'es', name: (typeof HELP_NAMES)[number]) =>
  helpIn(language)[name].parts.flatMap(({ title, text }) => [title, ...text]);

describe('help', () => {
  test('has the same pages, parts and keys in both languages', () => {
    for (const name of HELP_NAMES) {
      const [english, spanish] = [textsOf('en', name), textsOf('es', name)];
      expect([name, spanish.length]).toEqual([name, english.length]);
      english.forEach((text, at) => expect(namesIn(spanish[at] ?? '')).toEqual(namesIn(text)));
      expect(helpIn('es')[name].lead).not.toBe(helpIn('en')[name].lead);
    }
  });

  test('names only keys that do something, and words of the screen', () => {
    for (const named of HELP_NAMES.flatMap((name) => textsOf('en', name).flatMap(namesIn))) {
      const [kind, name = ''] = named.split(':');
      if (kind === 'key') expect([name, keysNamed(name)]).not.toEqual([name, null]);
      else expect([name, isWord(name) && placeholders(EN[name])]).toEqual([name, []]);
    }
    expect(keysNamed('no-such-action')).toBeNull();
  });

  test('writes keys as they stand on the keyboard', () => {
    expect(helpWords('{key:palette} finds it.', en, false)).toBe('Ctrl K finds it.');
    expect(helpWords('{key:review.undo}: {word:common.undo}.', es, false)).toBe('U: Deshacer.');
  });

  test('does not shout and has no key in plain letters that could go out of date', () => {
    for (const name of HELP_NAMES) {
      for (const text of [...textsOf('en', name), ...textsOf('es', name)]) {
        expect(text).not.toMatch(/[!¡]|Ctrl|Alt\+/);
      }
    }
  });

  test('F1 opens the page of the module that one is in', () => {
    expect(helpFor('/inventory/receive')).toBe('inventory');
    expect(helpFor('/counts')).toBe('counts');
    expect(helpFor('/')).toBe('start');
    expect(helpFor('/inventoryx')).toBe('start');
  });
});

test('every module of the rail has a page of help', () => {
  const places = readFileSync(path.join(import.meta.dirname, '../places.ts'), 'utf8');
  const addresses = [...places.matchAll(/^ +to: '(\/[\w/]+)',$/gm)].map(([, to = '']) => to);
  expect(addresses).toContain('/inventory');
  for (const to of addresses) expect([to, helpFor(to)]).not.toEqual([to, 'start']);
});

describe('help and docs tell one story', () => {
  const DOCS = path.join(import.meta.dirname, '../../../../docs');
  const read = (name: string) => readFileSync(path.join(DOCS, name), 'utf8');
  const known = new Set(
    [
      ...ACTIONS.flatMap(({ keys, also }) => (also ? [keys, also] : [keys])),
      ...Object.values(PAGE_KEYS).flatMap((page) =>
        Object.values(page.keys).flatMap(({ keys }) => [...keys]),
      ),
    ].map((keys) => keyWords(keys, false).replaceAll(' ', '+').toLowerCase()),
  );

  test.each(['inventory.md', 'review.md', 'shell.md'])(
    'every key in docs/%s is one of ours',
    (name) => {
      const named = [
        ...read(name).matchAll(/\b(?:Ctrl|Alt)(?:\+Shift)?\+(?:[A-Z]|Enter|\/)(?![\w+])/g),
      ];
      for (const [keys] of named) expect(known).toContain(keys.toLowerCase());
    },
  );
});
