import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '#shared/kernel/json.ts';
import type { Counter } from '#shared/schema/counter.ts';
import type { Row } from '#shared/schema/define.ts';
import { isIn, membersOf } from '#shared/schema/or-set.ts';
import type { OrSet } from '#shared/schema/or-set.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { RECORD_LAWS, RULES } from '#shared/testing/record-laws.ts';
import type { Rules } from '#shared/testing/record-laws.ts';
import { joinRecords, mergeRecord, stampedFields } from './join.ts';
import { emptyText, textOf } from './shared-text.ts';

/** Names of the laws that a set of rules breaks. */
function brokenBy(table: TableName, rules: Rules): string[] {
  return RECORD_LAWS.filter(
    ({ of }) => fc.check(of(table, rules), { numRuns: 200, seed: 7, endOnFailure: true }).failed,
  ).map(({ name }) => name);
}

/** The suite's rules but for one field, which is joined in another way. */
function withField(field: string, join: (a: unknown, b: unknown) => unknown): Rules {
  const joined: Rules['join'] = (table, a, b) => ({
    ...joinRecords(table, a, b),
    [field]: join(a[field], b[field]),
  });
  return {
    join: joined,
    merge: (table, base, mine, theirs) => {
      const merged = mergeRecord(table, base, mine, theirs);
      return { ...merged, row: { ...merged.row, [field]: join(mine[field], theirs[field]) } };
    },
  };
}

test.each(['item_locations', 'rocks', 'handout_links', 'meeting_notes'] as const)(
  'the rules as they are break no law (%s)',
  (table) => {
    expect(brokenBy(table, RULES)).toEqual([]);
  },
);

test('a rule that prefers the left side is caught', () => {
  const leftWins = (_: TableName, a: Row, b: Row): Row => ({ ...b, ...a });
  const broken = brokenBy('item_locations', { ...RULES, join: leftWins });
  expect(broken).toContain('joining in any order gives the same record');
  expect(broken).toContain('of two stamps the later one wins');
});

test('a rule that takes the larger value whatever the stamps say is caught', () => {
  const largest = (table: TableName, a: Row, b: Row): Row => {
    const out = joinRecords(table, a, b);
    for (const name of stampedFields(table)) {
      out[name] = canonicalJson(a[name]) >= canonicalJson(b[name]) ? a[name] : b[name];
    }
    return out;
  };
  const broken = brokenBy('item_locations', { ...RULES, join: largest });
  // It joins well, and that is what makes it dangerous: only what it forgets gives it away.
  expect(broken).not.toContain('joining in any order gives the same record');
  expect(broken).toContain('of two stamps the later one wins');
  expect(broken).toContain('an edit stands over what it has seen, uncontested');
});

test('a rule that keeps the earlier stamp on the later value is caught', () => {
  const lateLabel = (table: TableName, a: Row, b: Row): Row => {
    const out = joinRecords(table, a, b);
    return { ...out, field_hlc: { ...b.field_hlc, ...a.field_hlc } };
  };
  expect(brokenBy('item_locations', { ...RULES, join: lateLabel })).toContain(
    'joining in any grouping gives the same record',
  );
});

test('a merge that tells nobody what lost is caught', () => {
  const silent: Rules['merge'] = (...args) => ({ ...mergeRecord(...args), contests: [] });
  const broken = brokenBy('item_locations', { ...RULES, merge: silent });
  expect(broken).toContain('no value is lost without a trace');
  expect(broken).toContain('contested is what both changed since the base, nothing else');
});

test('a merge that calls every difference a contest is caught', () => {
  const fussy: Rules['merge'] = (table, _, mine, theirs) => mergeRecord(table, {}, mine, theirs);
  expect(brokenBy('item_locations', { ...RULES, merge: fussy })).toContain(
    'an edit stands over what it has seen, uncontested',
  );
});

test('a set that forgets what was taken away is caught', () => {
  const forgetful = (a: unknown, b: unknown): unknown =>
    Object.fromEntries(
      [a as OrSet, b as OrSet].flatMap((set) =>
        Object.entries(set).filter(([, dots]) => isIn(dots)),
      ),
    );
  const broken = brokenBy('rocks', withField('shared_with', forgetful));
  expect(broken).toContain('an edit stands over what it has seen, uncontested');
});

test('a set that keeps the longer list of members is caught', () => {
  const longer = (a: unknown, b: unknown): unknown =>
    membersOf(a as OrSet).length >= membersOf(b as OrSet).length ? a : b;
  expect(brokenBy('rocks', withField('shared_with', longer))).toContain(
    'joining in any order gives the same record',
  );
});

test('a counter that adds what it should compare is caught', () => {
  const adding = (a: unknown, b: unknown): unknown => {
    const out: Record<string, number> = { ...(a as Counter) };
    for (const [device, own] of Object.entries(b as Counter)) {
      out[device] = (out[device] ?? 0) + own;
    }
    return out;
  };
  const broken = brokenBy('handout_links', withField('opens', adding));
  // In any order and grouping a sum is the same: only repetition tells.
  expect(broken).toContain('joining again changes nothing');
});

test('a text that keeps the longer side is caught', () => {
  const longer = (a: unknown, b: unknown): unknown =>
    textOf((a ?? emptyText()) as string).length >= textOf((b ?? emptyText()) as string).length
      ? a
      : b;
  expect(brokenBy('meeting_notes', withField('notes', longer))).toContain(
    'an edit stands over what it has seen, uncontested',
  );
});
