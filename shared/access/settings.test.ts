import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Role } from '#shared/schema/roles.ts';
import { SETTINGS, settingAt, whyNotSet } from './settings.ts';
import type { SettingKey } from './settings.ts';

const HERE = '5a000000-0000-4000-8000-000000000001';
const THERE = '5a000000-0000-4000-8000-000000000002';
const grant = (role: Role, locationId: string | null = null) => ({
  role,
  locationId,
  validFrom: 0,
  validTo: null,
});
const wish = (key: string, value: unknown, locationId: string | null = HERE) => ({
  key,
  value,
  locationId,
});

describe('who sets what', () => {
  test.each([
    ['SA', 'po.limit.MG', null],
    ['SA', 'refund.limit', null],
    ['MG', 'po.limit.LM', null],
    // Nobody raises the limit that binds them.
    ['MG', 'po.limit.MG', 'not-theirs'],
    ['MG', 'refund.limit', 'not-theirs'],
    ['LM', 'po.limit.LM', 'not-theirs'],
    ['IT', 'po.limit.LM', 'not-theirs'],
    ['SA', 'po.limit.XX', 'unknown'],
  ] as const)('%s sets %s: %s', (role, key, why) => {
    expect(whyNotSet([grant(role)], wish(key, 100))).toBe(why);
  });

  test('a grant at one site reaches that site only', () => {
    const grants = [grant('MG', HERE)];
    expect(whyNotSet(grants, wish('po.limit.LM', 100))).toBeNull();
    expect(whyNotSet(grants, wish('po.limit.LM', 100, THERE))).toBe('not-theirs');
    expect(whyNotSet(grants, wish('po.limit.LM', 100, null))).toBe('not-theirs');
  });

  test('years of keeping are one for all sites, and never fewer than seven', () => {
    const grants = [grant('SA')];
    expect(whyNotSet(grants, wish('retention.years', 10))).toBe('not-per-site');
    expect(whyNotSet(grants, wish('retention.years', 6, null))).toBe('value');
    expect(whyNotSet(grants, wish('retention.years', 10, null))).toBeNull();
  });

  test('nothing but whole numbers within the bounds is taken', () => {
    const keys = Object.keys(SETTINGS) as SettingKey[];
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.jsonValue(), (key, value) => {
        const { least, most } = SETTINGS[key];
        const fits = Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most;
        const why = whyNotSet([grant('SA')], wish(key, value, null));
        expect(why).toBe(fits && typeof value === 'number' ? null : 'value');
      }),
    );
  });
});

describe('what holds at an instant', () => {
  const Row = fc.record({
    location_id: fc.constantFrom(null, HERE, THERE),
    key: fc.constantFrom('po.limit.LM', 'refund.limit'),
    effective_from: fc.integer({ min: 0, max: 20 }),
  });

  test('is the latest of the site that has begun, else the latest of all sites', () => {
    fc.assert(
      fc.property(fc.array(Row), fc.integer({ min: 0, max: 20 }), (rows, now) => {
        const found = settingAt(rows, 'po.limit.LM', HERE, now);
        const begun = rows.filter((r) => r.key === 'po.limit.LM' && r.effective_from <= now);
        const own = begun.filter((r) => r.location_id === HERE);
        const of = own.length > 0 ? own : begun.filter((r) => r.location_id === null);
        const latest = Math.max(...of.map((r) => r.effective_from));
        if (of.length === 0) expect(found).toBeNull();
        else expect([found?.effective_from, of.includes(found as never)]).toEqual([latest, true]);
      }),
    );
  });
});
