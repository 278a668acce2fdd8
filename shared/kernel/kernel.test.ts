import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clinicDate, endOfMonth, isExpired, isIsoDate } from './dates.ts';
import { MAX_CLOCK_AHEAD_MS, createHlc, formatHlc, isHlc, laterHlc, parseHlc } from './hlc.ts';
import { derivedId, isUuid, newId, uuidVersion } from './ids.ts';
import { canonicalJson, sameContent } from './json.ts';
import { formatQuantity, parseQuantity } from './quantity.ts';

describe('hybrid logical clock', () => {
  const node = '0123456789ab';

  test('never goes back, whatever the machine clock does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1000 }), { maxLength: 50 }), (times) => {
        let now = 0;
        const hlc = createHlc({ clock: { now: () => now }, node });
        let last = '';
        for (const time of times) {
          now = time;
          const stamp = hlc.next();
          expect(stamp > last).toBe(true);
          last = stamp;
        }
      }),
    );
  });

  test('is later than every stamp it has seen, unless that lies far in the future', () => {
    const hlc = createHlc({ clock: { now: () => 1000 }, node });
    const near = formatHlc({ ms: 1000 + MAX_CLOCK_AHEAD_MS, counter: 7, node: 'ffffffffffff' });
    hlc.observe(near);
    expect(hlc.next() > near).toBe(true);
    const far = formatHlc({ ms: 1001 + 2 * MAX_CLOCK_AHEAD_MS, counter: 0, node });
    hlc.observe(far);
    expect(hlc.next() > far).toBe(false);
    hlc.follow(far);
    expect(hlc.next() > far).toBe(true);
  });

  test('text and parts are two forms of one thing', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 40), fc.nat(0xffff), (ms, counter) => {
        const stamp = formatHlc({ ms, counter, node });
        expect(isHlc(stamp)).toBe(true);
        expect(parseHlc(stamp)).toEqual({ ms, counter, node });
      }),
    );
    expect(() => parseHlc('yesterday')).toThrow(RangeError);
    expect(laterHlc(null, 'x')).toBe('x');
  });
});

describe('ids', () => {
  test('new ids are version 7 and sortable; derived ids are version 5 and repeatable', () => {
    const [a, b] = [newId(), newId()];
    expect(isUuid(a)).toBe(true);
    expect(uuidVersion(a)).toBe(7);
    expect(a < b || a === b).toBe(true);
    expect(derivedId('lot', 'x', '')).toBe(derivedId('lot', 'x', ''));
    expect(derivedId('lot', 'x', '')).not.toBe(derivedId('lot', '', 'x'));
    expect(uuidVersion(derivedId('lot'))).toBe(5);
    expect(() => derivedId('a\u001fb')).toThrow(TypeError);
    expect(() => derivedId('\ud800')).toThrow(URIError);
    // Ids are on disks and in databases: the same parts give what they gave in the first build.
    expect(derivedId('lot', 'é', '😀')).toBe('5a870578-7c75-5eee-8950-a1b0ca4bd1f5');
  });
});

describe('canonical JSON', () => {
  test('order of keys, null and absence make no difference', () => {
    expect(canonicalJson({ b: 1, a: null })).toBe(canonicalJson({ a: undefined, b: 1 }));
    expect(sameContent({ a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } })).toBe(true);
    expect(sameContent([1, 2], [2, 1])).toBe(false);
    expect(sameContent({ a: null }, {})).toBe(true);
    expect(sameContent([null], [])).toBe(false);
  });

  test('content is the same exactly when the texts are', () => {
    const small = fc.object({
      key: fc.constantFrom('a', 'b', '__proto__', 'toString'),
      values: [fc.constantFrom(null, undefined, 0, 1, '0', '', true, Number.NaN)],
      maxDepth: 2,
      maxKeys: 3,
    });
    const value = fc.oneof(small, fc.array(small, { maxLength: 2 }), fc.jsonValue());
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(sameContent(a, b)).toBe(canonicalJson(a) === canonicalJson(b));
        expect(sameContent(a, structuredClone(a))).toBe(true);
      }),
    );
  });

  test('reading it back gives the same text', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });
});

describe('quantities', () => {
  test('what is printed reads back as the same quantity', () => {
    fc.assert(
      fc.property(fc.integer({ min: -99_999_999, max: 99_999_999 }), (quantity) => {
        expect(parseQuantity(formatQuantity(quantity))).toBe(quantity);
      }),
    );
  });

  test.each([
    ['12', 120_000],
    ['0.5', 5_000],
    ['1,25', 12_500],
    [' 3 ', 30_000],
    ['-2', -20_000],
  ])('%s is read', (text, quantity) => expect(parseQuantity(text)).toBe(quantity));

  test.each(['', 'ten', '1.23456', '1e5', '--1', '1.2.3', '999999999999'])('%s is refused', (t) =>
    expect(parseQuantity(t)).toBeNull(),
  );
});

describe('dates', () => {
  test.each(['2026-02-28', '2028-02-29', '2026-12-31'])('%s exists', (d) =>
    expect(isIsoDate(d)).toBe(true),
  );
  test('and those that the machine has too, in any year', () => {
    const two = (n: number): string => String(n).padStart(2, '0');
    for (const year of ['0000', '1900', '2000', '2024', '2026', '2100', '9999']) {
      for (let month = 0; month <= 13; month += 1) {
        for (let day = 0; day <= 32; day += 1) {
          const date = `${year}-${two(month)}-${two(day)}`;
          const parsed = new Date(`${date}T00:00:00.000Z`);
          const isThere = !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(date);
          if (isIsoDate(date) !== isThere) throw new Error(date);
        }
      }
    }
  });
  test.each(['2026-02-30', '2027-02-29', '2026-13-01', '26-01-01', ''])('%s does not', (d) =>
    expect(isIsoDate(d)).toBe(false),
  );

  test('the business day is the one of the clinic, not of the server', () => {
    const lateEvening = Date.UTC(2026, 10, 23, 2, 30);
    expect(clinicDate(lateEvening, 'America/New_York')).toBe('2026-11-22');
    expect(clinicDate(lateEvening, 'UTC')).toBe('2026-11-23');
  });

  test('stock is usable through the end of its expiry date', () => {
    expect(isExpired('2026-11-22', '2026-11-22')).toBe(false);
    expect(isExpired('2026-11-22', '2026-11-23')).toBe(true);
    expect(endOfMonth(2028, 2)).toBe('2028-02-29');
  });
});
