import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { linkTo, readLink } from './links.ts';

const ID = '01890a5d-ac96-774b-bcce-b302099a8057';

describe('a link from outside', () => {
  test.each([
    [`ganger://inventory/items/${ID}`, `/inventory?item=${ID}`],
    [`ganger://inventory/items/${ID}?tab=lots`, `/inventory?item=${ID}&tab=lots`],
    [`ganger://inventory/items/${ID}/`, `/inventory?item=${ID}`],
    [`ganger://counts/${ID}`, `/counts?count=${ID}`],
    [`ganger://review?record=inventory_items/${ID}`, `/review?record=inventory_items/${ID}`],
    ['ganger://inventory/receive', '/inventory/receive'],
    ['ganger://inventory', '/inventory'],
    [`ganger://patients/${ID}`, `/patients/${ID}`],
  ])('%s leads to %s', (link, address) => {
    expect(readLink(link)).toBe(address);
  });

  test.each([
    'https://inventory',
    'ganger:inventory',
    'ganger://',
    'ganger:///etc/passwd',
    'ganger://inventory/../../x',
    'ganger://inventory/items/7',
    `ganger://inventory/items/${ID}#<script>`,
    `ganger://inventory?x=${'1'.repeat(500)}`,
    'javascript:alert(1)',
    'ganger://in ventory',
    '--inspect',
  ])('%s is none', (link) => {
    expect(readLink(link)).toBeNull();
  });

  test('what it says beyond ids and views is left out', () => {
    expect(readLink(`ganger://inventory?q=rosa&item=${ID}&start=true`)).toBe(
      `/inventory?item=${ID}`,
    );
  });
});

describe('the link of a screen', () => {
  test('names the page as people would, and never what somebody typed', () => {
    expect(linkTo(`/inventory?item=${ID}&tab=lots&q=rosa%20delgado`)).toBe(
      `ganger://inventory/items/${ID}?tab=lots`,
    );
    expect(linkTo('/inventory?q=rosa')).toBe('ganger://inventory');
    expect(linkTo('/')).toBeNull();
  });

  test('leads back to where it was made', () => {
    const page = fc.constantFrom('/inventory', '/counts', '/review', '/sync', '/inventory/receive');
    const params = fc.dictionary(
      fc.constantFrom('item', 'count', 'tab', 'scan', 'q'),
      fc.oneof(fc.constant('lots'), fc.string(), fc.constant(0).map(newId)),
    );
    fc.assert(
      fc.property(page, params, (path, search) => {
        const address = `${path}?${new URLSearchParams(search).toString()}`;
        const link = linkTo(address);
        expect(link).not.toBeNull();
        const back = readLink(link ?? '');
        expect(back).not.toBeNull();
        expect(linkTo(back ?? '')).toBe(link);
        const [, query = ''] = (back ?? '').split('?');
        for (const [name, value] of new URLSearchParams(query)) {
          expect(search[name]).toBe(value);
        }
      }),
    );
  });

  test('whatever text comes, reading it never throws and never leaves the app', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl()), (text) => {
        expect(readLink(text)?.startsWith('/') ?? true).toBe(true);
      }),
    );
  });
});
