import { expect, test } from 'vitest';
import { addressToOpen, staysThere } from './address.ts';

const isKnown = (pathname: string): boolean => ['/', '/inventory', '/counts'].includes(pathname);

test('a window goes on where it was, with everything that the address says', () => {
  expect(addressToOpen('/inventory?item=7&tab=lots', isKnown)).toBe('/inventory?item=7&tab=lots');
});

test('without an address, or with one that is none of ours, it begins at the first place', () => {
  expect(addressToOpen(null, isKnown)).toBe('/');
  for (const kept of ['', '//evil.example', 'https://evil.example', '/gone', 'inventory']) {
    expect(addressToOpen(kept, isKnown)).toBe('/');
  }
  expect(addressToOpen(`/inventory?q=${'x'.repeat(3_000)}`, isKnown)).toBe('/');
});

test('a reload stays; another person does not stand where the one before did', () => {
  expect(staysThere('ana', 'ana', '#/counts')).toBe(true);
  expect(staysThere('ana', 'ben', '#/counts')).toBe(false);
  expect(staysThere(null, 'ana', '#/counts')).toBe(true);
  expect(staysThere(null, 'ana', '')).toBe(false);
  expect(staysThere('ana', 'ana', '#/')).toBe(false);
});
