import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createTranslate } from '#shared/i18n/format.ts';
import { EN } from '#shared/i18n/messages.en.ts';
import { ES } from '#shared/i18n/messages.es.ts';
import { hotkey, keyWords, placeKey } from './keys.ts';
import { PAGE_KEYS, pageKeysFor } from './page-keys.ts';
import { ACTION_GROUPS, ACTIONS } from './registry.ts';

const en = createTranslate<typeof EN>('en', EN);
const es = createTranslate<typeof EN>('es', ES);
const PAGES = Object.values(PAGE_KEYS);

describe('every action', () => {
  test('has a key of its own, also beside the places of the rail', () => {
    const keys = ACTIONS.flatMap(({ keys: first, also }) => (also ? [first, also] : [first]));
    const places = Array.from({ length: 20 }, (_, index) => placeKey(index));
    const all = [...keys, ...places].map((key) => key.toLowerCase());
    expect(all.every((key) => key !== '')).toBe(true);
    expect(all.filter((key, at) => all.indexOf(key) !== at)).toEqual([]);
  });

  test('has an id of its own and a place on the sheet', () => {
    const ids = ACTIONS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { group } of ACTIONS) expect(ACTION_GROUPS).toContain(group);
  });

  test('is said in both languages', () => {
    const now = { dark: false, other: 'es' } as const;
    for (const { id, title } of ACTIONS) {
      expect([id, title(en, now)]).not.toEqual([id, title(es, now)]);
      expect(title(es, now)).not.toBe('');
    }
    for (const group of ACTION_GROUPS) expect(en(`shortcuts.group.${group}`)).not.toBe('');
  });

  test('can be pressed in a field: none is a letter that somebody types', () => {
    for (const { keys } of ACTIONS) expect(keys).toMatch(/^(mod|alt)\+|^F\d+$/);
  });
});

describe('every key of a page', () => {
  test('is said in both languages', () => {
    for (const page of PAGES) {
      expect(page.title(en)).not.toBe('');
      for (const { title } of Object.values(page.keys)) {
        expect(title(en)).not.toBe(title(es));
      }
    }
  });

  test('does nothing else everywhere', () => {
    const everywhere = new Set(
      ACTIONS.flatMap(({ keys, also }) => (also ? [keys, also] : [keys])).map((key) =>
        key.toLowerCase(),
      ),
    );
    for (const page of PAGES) {
      for (const { keys } of Object.values(page.keys)) {
        for (const key of keys) expect(everywhere).not.toContain(key.toLowerCase());
      }
    }
  });

  test('stands first on the sheet where it holds, and on it anywhere', () => {
    const { here, elsewhere } = pageKeysFor('/review');
    expect(here).toEqual([PAGE_KEYS.review, PAGE_KEYS.lists]);
    expect(new Set([...here, ...elsewhere]).size).toBe(PAGES.length);
    expect(pageKeysFor('/nowhere').here).toEqual([PAGE_KEYS.lists]);
  });
});

test('no page hears a key past the registry: the sheet would not have it', () => {
  const renderer = path.join(import.meta.dirname, '../..');
  const files = globSync('{modules,shell}/**/*.{ts,tsx}', { cwd: renderer });
  const hearing = files.filter((file) =>
    /\buse(?:Hotkeys|HotKeys)\(/.test(readFileSync(path.join(renderer, file), 'utf8')),
  );
  expect(files.length).toBeGreaterThan(100);
  expect(hearing.toSorted()).toEqual(['shell/actions/page-keys.ts', 'shell/frame.tsx']);
});

describe('keys', () => {
  test('are written as they stand on the keyboard', () => {
    expect(keyWords('mod+shift+K', false)).toBe('Ctrl Shift K');
    expect(keyWords('alt+1', false)).toBe('Alt 1');
    expect(keyWords('mod+K', true)).toBe('⌘ K');
    expect(keyWords('Escape', false)).toBe('Esc');
  });

  test('with Alt are heard by their place, so that a digit with Shift and a Mac fit', () => {
    const run = (): void => undefined;
    expect(hotkey('alt+shift+1', run)).toEqual([
      'alt+shift+digit1',
      run,
      { usePhysicalKeys: true },
    ]);
    expect(hotkey('mod+K', run)).toEqual(['mod+K', run]);
  });

  test('the eleventh place needs Shift', () => {
    expect([0, 8, 9, 10].map(placeKey)).toEqual(['alt+1', 'alt+9', 'alt+0', 'alt+shift+1']);
  });
});
