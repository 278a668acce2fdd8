import type { Page } from '@playwright/test';
import type { Message } from '#shared/i18n/format.ts';
import { EN } from '#shared/i18n/messages.en.ts';
import { ES } from '#shared/i18n/messages.es.ts';

const forms = (message: Message): readonly string[] =>
  typeof message === 'string' ? [message] : [message.one, message.other];
const plain = (words: string): string => words.replaceAll(/\s+/g, ' ').trim();

/** A message as what it looks like on a screen; null where too little of it is words of its own. */
function shapeOf(message: string): RegExp | null {
  const parts = plain(message).split(/\{\w+\}/);
  const letters = parts.join(' ').replaceAll(/[^\p{L} ]/gu, ' ');
  if (parts.length > 1 && letters.split(' ').filter((word) => word.length > 1).length < 2) {
    return null;
  }
  return new RegExp(`^${parts.map(escape).join('.+')}$`, 'u');
}
const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

const SPANISH = new Set(Object.values<Message>(ES).flatMap(forms).map(plain));
const ENGLISH = Object.values<Message>(EN)
  .flatMap(forms)
  .filter((words) => !SPANISH.has(plain(words)));
/** English words that the demo data itself has: a category of items, a note of a delivery. */
const DATA = new Set(['Medication', 'Delivery']);
const EXACT = new Set(ENGLISH.filter((words) => !words.includes('{')).map(plain));
const SHAPES = ENGLISH.filter((words) => words.includes('{'))
  .map(shapeOf)
  .filter((shape) => shape !== null);
const KEYS = new Set(Object.keys(EN));

/** Words of a Spanish screen that are those of an English message, and keys that stand there as such. */
export async function englishIn(page: Page): Promise<string[]> {
  const said = await page.evaluate(() => {
    const words = new Set<string>();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.parentElement?.closest('script, style, [lang]:not(html)')) continue;
      if (node.parentElement?.checkVisibility()) words.add(node.textContent ?? '');
    }
    for (const element of document.querySelectorAll('body *')) {
      if (!element.checkVisibility()) continue;
      for (const name of ['aria-label', 'placeholder', 'title', 'alt']) {
        const value = element.getAttribute(name);
        if (value !== null) words.add(value);
      }
    }
    return [...words];
  });
  return said
    .map(plain)
    .filter((words) => words !== '' && !DATA.has(words))
    .filter((words) => EXACT.has(words) || KEYS.has(words) || SHAPES.some((s) => s.test(words)))
    .map((words) => `not Spanish: "${words}"`);
}
