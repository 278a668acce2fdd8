import { expect, test } from 'vitest';
import { createDeepLinks, LINK_MESSAGE, linkOf } from './deep-links.ts';

const ID = '01890a5d-ac96-774b-bcce-b302099a8057';

/** A window that remembers what it was sent. */
function windowOf() {
  const sent: string[] = [];
  const show = () => ({ webContents: { send: (name: string) => sent.push(name) } }) as never;
  return { sent, show };
}

test('a link waits until somebody takes it, and is taken once', () => {
  const { sent, show } = windowOf();
  const links = createDeepLinks(show);
  expect(links.take()).toBeNull();
  links.open(`ganger://inventory/items/${ID}`);
  expect(sent).toEqual([LINK_MESSAGE]);
  expect(links.waits).toBe(true);
  expect(links.take()).toEqual({ address: `/inventory?item=${ID}` });
  expect(links.take()).toBeNull();
});

test('one that is none of ours is said to be so, and a later one takes its place', () => {
  const links = createDeepLinks(windowOf().show);
  links.open('ganger://..');
  expect(links.take()).toEqual({ address: null });
  links.open('ganger://..');
  links.open('ganger://sync');
  expect(links.take()).toEqual({ address: '/sync' });
});

test('is found among the arguments of the system', () => {
  expect(linkOf(['/opt/Ganger/ganger', '--no-sandbox', 'ganger://sync'])).toBe('ganger://sync');
  expect(linkOf(['/opt/Ganger/ganger', '.'])).toBeNull();
});
