import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CLAIM_STATES, settleClaims } from './claims.ts';
import type { Claim, Settlement } from './claims.ts';
import { freeAlternatives, overlaps } from './slots.ts';

const holders = (claims: readonly Claim[], key?: string): Claim[] =>
  claims.filter(
    (c) => (c.state === 'hold' || c.state === 'confirmed') && (key === undefined || c.key === key),
  );
const requested = (id: string, arrival: number, key = 'lunch'): Claim => ({
  id,
  key,
  arrival,
  state: 'requested',
  seat: null,
});
const stateOf = (settlement: Settlement, id: string) =>
  settlement.claims.find((claim) => claim.id === id)?.state;

const anyRequests = fc
  .array(fc.constantFrom('lunch', 'visit'), { minLength: 1, maxLength: 8 })
  .map((keys) => keys.map((key, at) => requested(`c${at}`, at + 1, key)));

/** Any table of claims, also one where two sit on one seat, or one on a seat that is none. */
const anyClaims = fc
  .array(
    fc.record({
      key: fc.constantFrom('lunch', 'visit'),
      state: fc.constantFrom(...CLAIM_STATES),
      seat: fc.option(fc.integer({ min: 0, max: 4 }), { nil: null }),
    }),
    {
      maxLength: 8,
    },
  )
  .map((all) =>
    all.map(({ key, state, seat }, at): Claim => ({
      id: `c${at}`,
      key,
      arrival: at + 1,
      state,
      seat: state === 'hold' || state === 'confirmed' ? seat : null,
    })),
  );
const seats = fc.integer({ min: 0, max: 3 });

describe('claims to something scarce', () => {
  test('are held by the first to arrive, as many as there are seats, each on a seat of its own', () => {
    fc.assert(
      fc.property(anyRequests, seats, (claims, capacity) => {
        const settled = settleClaims(claims, capacity);
        for (const key of ['lunch', 'visit']) {
          const rivals = claims.filter((claim) => claim.key === key);
          const held = holders(settled.claims, key);
          expect(held.map(({ id }) => id)).toEqual(rivals.slice(0, capacity).map(({ id }) => id));
          expect(new Set(held.map(({ seat }) => seat)).size).toBe(held.length);
          for (const { seat } of held) expect(seat).toBeLessThanOrEqual(capacity);
        }
      }),
    );
  });

  test('never have more holders than seats, whatever state they are found in', () => {
    fc.assert(
      fc.property(anyClaims, seats, (claims, capacity) => {
        const settled = settleClaims(claims, capacity);
        for (const key of ['lunch', 'visit']) {
          const wanting = claims.filter(
            (c) => c.key === key && ['requested', 'hold', 'confirmed'].includes(c.state),
          );
          const held = holders(settled.claims, key);
          expect(held).toHaveLength(Math.min(capacity, wanting.length));
          expect(new Set(held.map(({ seat }) => seat)).size).toBe(held.length);
          expect(held.every(({ seat }) => seat !== null && seat >= 1 && seat <= capacity)).toBe(
            true,
          );
        }
        expect(settled.claims.some(({ state }) => state === 'requested')).toBe(false);
      }),
    );
  });

  test('that have a seat keep it: nobody who waits takes it from them', () => {
    fc.assert(
      fc.property(anyClaims, seats, (claims, capacity) => {
        const { granted, lost } = settleClaims(claims, capacity);
        for (const key of ['lunch', 'visit']) {
          const ofKey = (ids: readonly string[]) =>
            claims.filter((claim) => claim.key === key && ids.includes(claim.id));
          if (holders(ofKey(lost)).length > 0) expect(ofKey(granted)).toEqual([]);
        }
      }),
    );
    const held: Claim = { id: 'late', key: 'lunch', arrival: 9, state: 'confirmed', seat: 1 };
    expect(settleClaims([requested('early', 1), held], 1).lost).toEqual(['early']);
  });

  test('are settled alike in whatever order they are looked at, and however often they came', () => {
    fc.assert(
      fc.property(
        anyClaims.chain((claims) =>
          fc.tuple(
            fc.constant(claims),
            fc.shuffledSubarray(claims, { minLength: claims.length }),
            claims.length > 0 ? fc.array(fc.constantFrom(...claims)) : fc.constant([]),
          ),
        ),
        seats,
        ([claims, shuffled, again], capacity) => {
          const settled = settleClaims(claims, capacity);
          expect(settleClaims([...again.map(asLater), ...shuffled], capacity)).toEqual(settled);
        },
      ),
    );
  });

  test('stay as they are settled: settling again tells nobody anything', () => {
    fc.assert(
      fc.property(anyClaims, seats, (claims, capacity) => {
        const once = settleClaims(claims, capacity);
        const twice = settleClaims(once.claims, capacity);
        expect(twice).toEqual({ claims: once.claims, granted: [], lost: [] });
        // A request that is sent again after it was answered changes nothing either.
        const replayed = settleClaims(
          [...once.claims, ...claims.map(asRequest).map(asLater)],
          capacity,
        );
        expect(replayed).toEqual(twice);
      }),
    );
  });

  test('come out the same one by one as all at once', () => {
    fc.assert(
      fc.property(anyRequests, seats, (claims, capacity) => {
        const oneByOne = claims.reduce<readonly Claim[]>(
          (known, claim) => settleClaims([...known, claim], capacity).claims,
          [],
        );
        expect(oneByOne).toEqual(settleClaims(claims, capacity).claims);
      }),
    );
  });

  test('tell every loser and every winner exactly once', () => {
    fc.assert(
      fc.property(anyRequests, seats, (claims, capacity) => {
        const { granted, lost } = settleClaims(claims, capacity);
        expect([...granted, ...lost].toSorted()).toEqual(claims.map(({ id }) => id).toSorted());
      }),
    );
  });

  test('two desks book the same lunch: the first to arrive has it, the other is lost', () => {
    const settled = settleClaims([requested('plymouth', 2), requested('wixom', 1)], 1);
    expect(stateOf(settled, 'wixom')).toBe('hold');
    expect(stateOf(settled, 'plymouth')).toBe('lost');
  });

  test('a seat that is given back goes to the next who asks, not to one who was told it is gone', () => {
    const { claims } = settleClaims([requested('a', 1), requested('b', 2)], 1);
    const released = claims.map((c): Claim => (c.id === 'a' ? { ...c, state: 'released' } : c));
    const after = settleClaims([...released, requested('c', 3)], 1);
    expect(stateOf(after, 'a')).toBe('released');
    expect(stateOf(after, 'b')).toBe('lost');
    expect(stateOf(after, 'c')).toBe('hold');
    expect(after.claims.find(({ id }) => id === 'c')?.seat).toBe(1);
  });

  test('who came first stays when there are fewer seats than before, wherever they sit', () => {
    const held: Claim[] = [
      { id: 'first', key: 'lunch', arrival: 1, state: 'confirmed', seat: 3 },
      { id: 'second', key: 'lunch', arrival: 2, state: 'confirmed', seat: 1 },
      { id: 'third', key: 'lunch', arrival: 3, state: 'hold', seat: 2 },
    ];
    const settled = settleClaims(held, (key) => (key === 'lunch' ? 2 : 0));
    expect(settled.lost).toEqual(['third']);
    expect(holders(settled.claims).map(({ id, seat }) => [id, seat])).toEqual([
      ['first', 2],
      ['second', 1],
    ]);
  });
});

/** The same claim, sent again when the server has seen others since. */
const asLater = (claim: Claim): Claim => ({ ...claim, arrival: claim.arrival + 100 });
const asRequest = (claim: Claim): Claim => ({ ...claim, state: 'requested', seat: null });

describe('slots', () => {
  const slot = fc
    .record({
      room: fc.constantFrom('ann-arbor', 'wixom'),
      startsAt: fc.integer({ min: 0, max: 40 }),
      minutes: fc.integer({ min: 1, max: 10 }),
    })
    .map(({ room, startsAt, minutes }) => ({ room, startsAt, endsAt: startsAt + minutes }));
  const buffer = fc.integer({ min: 0, max: 5 });

  test('overlap when one room would be used twice in some minute, buffer and all', () => {
    fc.assert(
      fc.property(slot, slot, buffer, (a, b, bufferMs) => {
        const minutes = (s: typeof a, after: number): number[] =>
          Array.from({ length: s.endsAt - s.startsAt + after }, (_, n) => s.startsAt + n);
        const shares = (x: typeof a, y: typeof a): boolean =>
          minutes(x, bufferMs).some((m) => minutes(y, 0).includes(m));
        const expected = a.room === b.room && (shares(a, b) || shares(b, a));
        expect(overlaps(a, b, bufferMs)).toBe(expected);
        expect(overlaps(b, a, bufferMs)).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  test('end as the next begins without a buffer, not with one', () => {
    const a = { room: 'wixom', startsAt: 0, endsAt: 45 };
    const b = { room: 'wixom', startsAt: 45, endsAt: 90 };
    expect(overlaps(a, b)).toBe(false);
    expect(overlaps(a, b, 1)).toBe(true);
  });

  test('alternatives are free, the nearest there are, nearest first', () => {
    fc.assert(
      fc.property(
        slot,
        fc.array(slot, { maxLength: 6 }),
        fc.array(slot, { maxLength: 10 }),
        fc.nat({ max: 4 }),
        buffer,
        (wanted, taken, candidates, n, bufferMs) => {
          const offered = freeAlternatives(wanted, taken, candidates, n, bufferMs);
          const isFree = (s: typeof wanted) => !taken.some((t) => overlaps(s, t, bufferMs));
          const distance = (s: typeof wanted) => Math.abs(s.startsAt - wanted.startsAt);
          const free = candidates.filter(isFree);
          expect(offered.every(isFree)).toBe(true);
          expect(offered).toHaveLength(Math.min(n, free.length));
          expect(offered.map(distance)).toEqual(
            free
              .map(distance)
              .toSorted((x, y) => x - y)
              .slice(0, n),
          );
          expect(freeAlternatives(wanted, taken, candidates.toReversed(), n, bufferMs)).toEqual(
            offered,
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});
