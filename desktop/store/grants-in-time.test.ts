import { describe, expect, test } from 'vitest';
import type { SessionReply } from '#shared/protocol/messages.ts';
import { serverTimeBy, toldGrants, usableGrants } from './grants-in-time.ts';

const DAY = 86_400_000;
const SERVER = 1_790_000_000_000;
const session: SessionReply = {
  user: { id: 'u', displayName: 'Ana', email: 'ana@ganger.example' },
  grants: [{ role: 'FD', locationId: null, validFrom: SERVER - DAY, validTo: SERVER + 2 * DAY }],
  epoch: 'e',
  serverTime: SERVER,
};
const rightsAfter = (skew: number, elapsed: number): number => {
  const fetchedAt = SERVER + skew;
  const known = { session, fetchedAt };
  return usableGrants(known, serverTimeBy(known, fetchedAt + elapsed)).length;
};

describe.each([0, -3 * DAY, 20 * DAY, 365 * DAY, -365 * DAY])(
  'a clock that is %i ms off',
  (skew) => {
    test('takes no right away from somebody who was just online', () => {
      expect(rightsAfter(skew, 0)).toBe(1);
      expect(rightsAfter(skew, DAY)).toBe(1);
    });

    test('gives no grant a longer life', () => expect(rightsAfter(skew, 3 * DAY)).toBe(0));
  },
);

test('without contact for fourteen days nothing is granted, whatever a grant says', () => {
  const endless = {
    ...session,
    grants: [{ role: 'FD' as const, locationId: null, validFrom: 0, validTo: null }],
  };
  const known = { session: endless, fetchedAt: SERVER };
  expect(usableGrants(known, serverTimeBy(known, SERVER + 13 * DAY))).toHaveLength(1);
  expect(usableGrants(known, serverTimeBy(known, SERVER + 15 * DAY))).toHaveLength(0);
});

test('a clock that is set back does not lead to before the last contact', () => {
  expect(serverTimeBy({ session, fetchedAt: SERVER }, SERVER - 30 * DAY)).toBe(SERVER);
});

test('what a device keeps follows what the server said last, however far the clock jumps', () => {
  for (const jump of [-365 * DAY, 15 * DAY, 365 * DAY]) {
    expect(toldGrants({ session, fetchedAt: SERVER + jump })).toHaveLength(1);
  }
  const over = { ...session, serverTime: SERVER + 2 * DAY };
  expect(toldGrants({ session: over, fetchedAt: SERVER })).toEqual([]);
});
