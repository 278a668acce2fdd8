import fc from 'fast-check';
import { expect, test } from 'vitest';
import { activeGrants } from '#shared/access/rights.ts';
import { byState, grantState } from './grant-state.ts';

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
