import fc from 'fast-check';
import { expect, test } from 'vitest';
import { activeGrants } from '#shared/access/rights.ts';
import { addDays, instantOf } from '#shared/kernel/dates.ts';
import { byState, dayOfBound, grantState } from './grant-state.ts';

const Grant = fc.record({
  valid_from: fc.integer({ min: 0, max: 20 }),
  valid_to: fc.option(fc.integer({ min: 0, max: 20 })),
});
const Now = fc.integer({ min: 0, max: 20 });

test('a grant is shown as in force exactly when it counts', () => {
  fc.assert(
    fc.property(Grant, fc.boolean(), Now, (grant, isActive, now) => {
      const asGrant = {
        role: 'FD' as const,
        locationId: null,
        validFrom: grant.valid_from,
        validTo: grant.valid_to,
      };
      const counts = isActive && activeGrants([asGrant], now).length === 1;
      expect(grantState(grant, isActive, now) === 'now').toBe(counts);
    }),
  );
});

test('those in force come first, ended ones last', () => {
  fc.assert(
    fc.property(fc.array(Grant), Now, (grants, now) => {
      const states = grants.toSorted(byState(true, now)).map((g) => grantState(g, true, now));
      expect(states).toEqual(
        states.toSorted(
          (a, b) => ['now', 'later', 'ended'].indexOf(a) - ['now', 'later', 'ended'].indexOf(b),
        ),
      );
    }),
  );
});

test('a role that ends with a day has that day as its last, also where clocks change', () => {
  const zone = 'America/Detroit';
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 800 }), (n) => {
      const day = addDays('2026-01-01', n);
      // As the dialogs write it: from the midnight of the first day to the one after the last.
      expect(dayOfBound(instantOf(day, 0, zone), 'first', zone)).toBe(day);
      expect(dayOfBound(instantOf(addDays(day, 1), 0, zone), 'last', zone)).toBe(day);
    }),
  );
});

test('a role that ended in the middle of a day had that day as its last', () => {
  const at = Date.UTC(2026, 10, 30, 21, 40);
  expect(dayOfBound(at, 'last', 'America/Detroit')).toBe('2026-11-30');
  // Already the next day elsewhere.
  expect(dayOfBound(at, 'last', 'Asia/Tokyo')).toBe('2026-12-01');
});
