import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ROLES } from '#shared/schema/roles.ts';
import type { Role } from '#shared/schema/roles.ts';
import { givableRoles, mayDecide, mayGive, siteFieldsOf } from './administration.ts';
import type { Grant } from './rights.ts';

const HERE = '5a000000-0000-4000-8000-000000000001';
const THERE = '5a000000-0000-4000-8000-000000000002';
const ME = '5b000000-0000-4000-8000-000000000001';
const YOU = '5b000000-0000-4000-8000-000000000002';

const grant = (role: Role, locationId: string | null = null): Grant => ({
  role,
  locationId,
  validFrom: 0,
  validTo: null,
});

describe('who gives which role where', () => {
  test('a site manager gives front desk and clinical staff, at the own site and nowhere else', () => {
    const grants = [grant('LM', HERE)];
    expect(givableRoles(grants, ME, HERE)).toEqual(['FD', 'CS']);
    expect(givableRoles(grants, ME, THERE)).toEqual([]);
    expect(givableRoles(grants, ME, null)).toEqual([]);
  });

  test('a superadmin gives all roles of people, and their own with a second person only', () => {
    const give = (role: Role) => mayGive([grant('SA')], ME, YOU, { role, locationId: null });
    expect(ROLES.filter((role) => give(role) === null)).toEqual(['KD']);
    expect(ROLES.filter((role) => give(role) === 'proposes')).toEqual(['SA']);
  });

  test('a manager proposes, where they are manager', () => {
    const wish = (locationId: string | null) => ({ role: 'PR' as const, locationId });
    expect(mayGive([grant('MG')], ME, YOU, wish(null))).toBe('proposes');
    expect(mayGive([grant('MG', HERE)], ME, YOU, wish(HERE))).toBe('proposes');
    expect(mayGive([grant('MG', HERE)], ME, YOU, wish(THERE))).toBeNull();
    expect(mayGive([grant('MG', HERE)], ME, YOU, wish(null))).toBeNull();
  });

  test('nobody gives themselves anything, whatever they hold', () => {
    const anyGrant = fc.record({
      role: fc.constantFrom(...ROLES),
      locationId: fc.constantFrom(null, HERE, THERE),
      validFrom: fc.constant(0),
      validTo: fc.constant(null),
    });
    fc.assert(
      fc.property(
        fc.array(anyGrant),
        fc.constantFrom(...ROLES),
        fc.constantFrom(null, HERE, THERE),
        (grants, role, locationId) => {
          expect(mayGive(grants, ME, ME, { role, locationId })).toBeNull();
        },
      ),
    );
  });

  test('a proposal is decided by neither who made it nor who would get it', () => {
    const asked = { userId: YOU, proposedBy: ME, role: 'SA' as const, locationId: null };
    expect(mayDecide([grant('SA')], 'third', asked)).toBe(true);
    expect(mayDecide([grant('SA')], ME, asked)).toBe(false);
    expect(mayDecide([grant('SA')], YOU, asked)).toBe(false);
    expect(mayDecide([grant('MG')], 'third', asked)).toBe(false);
  });
});

test('of a site, managers change all, a site manager how it is reached, IT the time zone', () => {
  const of = (role: Role, site: string | null): string[] => [
    ...siteFieldsOf([grant(role, site)], HERE),
  ];
  expect(of('SA', null)).toHaveLength(6);
  expect(of('MG', HERE)).toHaveLength(6);
  expect(of('LM', HERE)).toEqual(['address', 'phone']);
  expect(of('LM', THERE)).toEqual([]);
  expect(of('IT', null)).toEqual(['time_zone']);
  expect(of('FD', HERE)).toEqual([]);
});
