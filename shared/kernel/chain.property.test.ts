import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NO_HEAD, checkLinks, linked } from './chain.ts';
import type { ChainLink } from './chain.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const CHAIN = '0193a1f0-0000-7000-8000-000000000001';

const bodies = fc.array(fc.string({ minLength: 0, maxLength: 12 }), {
  minLength: 3,
  maxLength: 12,
});
const chainOf = (texts: readonly string[]): ChainLink[] => linked(sha256, CHAIN, NO_HEAD, texts);
const check = (links: readonly ChainLink[]) => checkLinks(sha256, CHAIN, NO_HEAD, links);

test('a chain is whole however it was cut into pieces', () => {
  fc.assert(
    fc.property(bodies, fc.nat(), (texts, at) => {
      const cut = at % (texts.length + 1);
      const first = linked(sha256, CHAIN, NO_HEAD, texts.slice(0, cut));
      const second = linked(sha256, CHAIN, first.at(-1) ?? NO_HEAD, texts.slice(cut));
      expect([...first, ...second]).toEqual(chainOf(texts));
      expect(check([...first, ...second])).toMatchObject({ checked: texts.length, fault: null });
    }),
  );
});

test('whatever is changed, taken out, put in or moved is found at the first wrong entry', () => {
  const tampering = fc.record({
    texts: bodies,
    how: fc.constantFrom('change', 'delete', 'insert', 'reorder', 'renumber' as const),
    at: fc.nat(),
  });
  fc.assert(
    fc.property(tampering, ({ texts, how, at }) => {
      const links = chainOf(texts);
      const nth = at % (links.length - 1);
      const it = links[nth] as ChainLink;
      const after = links[nth + 1] as ChainLink;
      const done: Record<typeof how, ChainLink[]> = {
        change: links.with(nth, { ...it, body: `${it.body}!` }),
        delete: links.toSpliced(nth, 1),
        insert: links.toSpliced(nth, 0, { ...it, hash: sha256('forged') }),
        reorder: links
          .with(nth, { ...after, seq: it.seq })
          .with(nth + 1, { ...it, seq: after.seq }),
        renumber: links.map((link) => ({ ...link, seq: link.seq + 1 })),
      };
      const { fault, checked } = check(done[how]);
      expect(fault).not.toBeNull();
      expect(checked).toBe(how === 'renumber' ? 0 : nth);
    }),
  );
});

test('entries of one chain are none of another', () => {
  const links = chainOf(['a', 'b', 'c']);
  const { fault } = checkLinks(sha256, CHAIN.replace('1', '2'), NO_HEAD, links);
  expect(fault).toEqual({ kind: 'changed', seq: 1 });
});
