import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { CODES } from '#shared/errors/codes.ts';
import { ERRORS_ES } from './errors.es.ts';
import { createTranslate, pickLanguage, placeholders } from './format.ts';
import type { Message } from './format.ts';
import { createFormats } from './formats.ts';
import { HELP_ES } from './help.es.ts';
import { EN } from './messages.en.ts';
import type { MessageKey } from './messages.en.ts';
import { ES } from './messages.es.ts';

const forms = (message: Message): readonly string[] =>
  typeof message === 'string' ? [message] : Object.values(message);
const KEYS = Object.keys(EN) as MessageKey[];

describe('messages', () => {
  test('Spanish has exactly the keys of English', () => {
    expect(Object.keys(ES).toSorted()).toEqual(KEYS.toSorted());
  });

  test('every Spanish message uses the same names in braces as the English one', () => {
    for (const key of KEYS)
      expect([key, placeholders(ES[key])]).toEqual([key, placeholders(EN[key])]);
  });

  test('a message with forms by number has them in both languages', () => {
    for (const key of KEYS) expect([key, typeof ES[key]]).toEqual([key, typeof EN[key]]);
  });

  test('no key stands twice: the one spread last would take the other one’s place unseen', () => {
    for (const language of ['en', 'es']) {
      const files = readdirSync(import.meta.dirname).filter(
        (name) => name.startsWith('messages.') && name.endsWith(`.${language}.ts`),
      );
      const keys = files.flatMap((name) => {
        const text = readFileSync(path.join(import.meta.dirname, name), 'utf8');
        return [...text.matchAll(/^ {2}'([\w.-]+)':/gm)].map(([, key = '']) => key);
      });
      expect(keys.length).toBe(KEYS.length);
      expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
    }
  });

  test('no words shout, and none is empty', () => {
    for (const message of [...Object.values<Message>(EN), ...Object.values<Message>(ES)]) {
      for (const words of typeof message === 'string' ? [message] : Object.values(message)) {
        expect(words).not.toMatch(/!|¡/);
        expect(words.trim()).toBe(words);
        expect(words).not.toBe('');
      }
    }
  });

  test('a thing has one word in Spanish, on every screen', () => {
    // A device is an "equipo", a count a "recuento", a site a "sede", par the "nivel deseado".
    const OTHERS =
      /\b(dispositivos?|conteos?|sitios?|centros?|ordenador(es)?|computadoras?|el par|vence)\b/i;
    const MEANT = [
      'catalog.kind.device',
      'counts.takeBoth',
      'orders.channel.portal',
      'vendors.channel.portal',
      'field.website',
      'vendors.field.website',
    ];
    const found = KEYS.filter(
      (key) => !MEANT.includes(key) && forms(ES[key]).some((words) => OTHERS.test(words)),
    );
    expect(found).toEqual([]);
    expect(JSON.stringify(HELP_ES)).not.toMatch(OTHERS);
  });

  test('every error code has Spanish words and no code is left over', () => {
    expect(Object.keys(ERRORS_ES).toSorted()).toEqual(Object.keys(CODES).toSorted());
  });
});

describe('createTranslate', () => {
  const en = createTranslate<typeof EN>('en', EN);
  const es = createTranslate<typeof EN>('es', ES);

  test('chooses the form by number', () => {
    expect(en('sync.queued', { n: 1 })).toBe('1 change waits');
    expect(en('sync.queued', { n: 0 })).toBe('0 changes wait');
    expect(es('sync.queued', { n: 1 })).toBe('1 cambio espera');
    expect(es('sync.queued', { n: 1_000_000 })).toContain('cambios esperan');
  });

  test('fills in names and writes numbers as the language does', () => {
    expect(en('inventory.count', { n: 12_000 })).toBe('12,000 items');
    expect(en('sync.syncingOf', { done: 2, total: 3 })).toBe('Syncing 2 of 3');
  });
});

describe('pickLanguage', () => {
  test('takes the first wish that we have, whatever its region', () => {
    expect(pickLanguage([null, 'fr-CA', 'es-MX', 'en'])).toBe('es');
    expect(pickLanguage(['de'])).toBe('en');
    expect(pickLanguage([])).toBe('en');
  });
});

describe('createFormats', () => {
  const fmt = createFormats('en', 'America/New_York');
  const noon = Date.UTC(2027, 0, 15, 17, 0, 0);

  test('writes calendar dates without moving them into another zone', () => {
    expect(fmt.date('2027-03-05')).toBe('Mar 5, 2027');
    expect(createFormats('en', 'Pacific/Auckland').date('2027-03-05')).toBe('Mar 5, 2027');
  });

  test('writes instants in the zone of the clinic', () => {
    expect(fmt.time(noon)).toBe('12:00');
    expect(createFormats('en', 'America/Los_Angeles').time(noon)).toBe('09:00');
  });

  test('says how long ago, never that the past lies ahead', () => {
    expect(fmt.relative(noon - 3 * 60_000, noon)).toBe('3 minutes ago');
    expect(fmt.relative(noon - 25 * 3_600_000, noon)).toBe('yesterday');
    expect(fmt.relative(noon + 90_000, noon)).toBe('now');
    expect(fmt.relative(noon - 9 * 86_400_000, noon)).toBe('Jan 6, 2027');
  });

  test('writes quantities of 1/10,000 base unit, with a true minus', () => {
    expect(fmt.quantity(15_000)).toBe('1.5');
    expect(fmt.quantity(-30_000)).toBe('\u22123');
    expect(fmt.signed(30_000)).toBe('+3');
    expect(fmt.signed(0)).toBe('0');
    expect(createFormats('es', 'America/New_York').quantity(15_000)).toBe('1.5');
  });
});
