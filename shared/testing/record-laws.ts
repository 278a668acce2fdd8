import fc from 'fast-check';
import { ZERO_HLC, formatHlc, hlcNodeOf } from '#shared/kernel/hlc.ts';
import { canonicalJson, sameContent } from '#shared/kernel/json.ts';
import { conflictId, fieldReviewId } from '#shared/merge/ids.ts';
import { joinedShape } from '#shared/merge/join-field.ts';
import {
  changeableFields,
  frozenDifferences,
  joinRecords,
  joinedFields,
  mergeRecord,
  stampEdit,
  stampedFields,
  stampsOf,
} from '#shared/merge/join.ts';
import type { Contest, Merged, Stamps } from '#shared/merge/join.ts';
import { textOf } from '#shared/merge/shared-text.ts';
import { countOf } from '#shared/schema/counter.ts';
import type { Counter } from '#shared/schema/counter.ts';
import type { Field, Row } from '#shared/schema/define.ts';
import { isIn, membersOf } from '#shared/schema/or-set.ts';
import type { Dots, OrSet } from '#shared/schema/or-set.ts';
import { rowSchema } from '#shared/schema/rows.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { anyHlc, anyRecord } from './arbitraries.ts';

/** The rules under test: the suite's own, or broken ones that the laws have to catch. */
export interface Rules {
  join(table: TableName, a: Row, b: Row): Row;
  merge(table: TableName, base: Stamps, mine: Row, theirs: Row): Merged;
}
export const RULES: Rules = { join: joinRecords, merge: mergeRecord };

export interface Law {
  readonly name: string;
  /** A property that holds for every table when the rules are sound. */
  readonly of: (table: TableName, rules: Rules) => fc.IProperty<unknown>;
}

/** A device whose stamps are later than all that `anyRecord` makes. */
const DEVICE = '018f0000-0000-7000-8000-00000000000a';
const NOW = formatHlc({ ms: 100, counter: 0, node: hlcNodeOf(DEVICE) });

const same = (a: Row, b: Row): boolean => canonicalJson(a) === canonicalJson(b);
const fieldOf = (table: TableName, name: string): Field<unknown> =>
  tableOf(table).fields[name] as Field<unknown>;
const stampOf = (row: Row, field: string): string => stampsOf(row)[field] ?? ZERO_HLC;
const isContestable = (table: TableName, field: string): boolean =>
  ['LWW', 'HR'].includes(fieldOf(table, field).merge);

/** What a person sees of a field: the members of a set, what a counter stands at, a text. */
function seen(table: TableName, name: string, value: unknown): unknown {
  switch (joinedShape(fieldOf(table, name))) {
    case 'set':
      return membersOf(value as OrSet);
    case 'dots':
      return isIn(value as Dots);
    case 'counter':
      return countOf(value as Counter);
    case 'text':
      return textOf(value as string);
    case null:
      return value;
  }
}

/** An edit that a person makes on top of a row: some fields as the other row has them. */
const edited = (table: TableName, before: Row, wanted: Row): Row => ({
  ...before,
  ...Object.fromEntries(changeableFields(table).map((name) => [name, wanted[name]])),
});

const law = (name: string, of: Law['of']): Law => ({ name, of });
const two = (table: TableName, holds: (a: Row, b: Row) => boolean) =>
  fc.property(anyRecord(table), anyRecord(table), holds);

/** What identifies a contest wherever it is found. */
const trace = (table: TableName, { row, contests }: Merged) =>
  contests.map((contest: Contest) => ({
    field: contest.field,
    kept: contest.kept,
    lost: contest.lost,
    conflict: conflictId(table, row.id, contest),
    review: fieldReviewId(table, row.id, contest),
  }));

export const RECORD_LAWS: readonly Law[] = [
  law('joining in any order gives the same record', (table, { join }) =>
    two(table, (a, b) => same(join(table, a, b), join(table, b, a))),
  ),

  law('joining in any grouping gives the same record', (table, { join }) =>
    fc.property(anyRecord(table), anyRecord(table), anyRecord(table), (a, b, c) =>
      same(join(table, join(table, a, b), c), join(table, a, join(table, b, c))),
    ),
  ),

  law('joining again changes nothing', (table, { join }) =>
    two(table, (a, b) => {
      const once = join(table, a, b);
      return [a, b, once].every((again) => same(join(table, once, again), once));
    }),
  ),

  law('equal stamps are decided alike everywhere, for one of both values', (table, { join }) =>
    fc.property(anyRecord(table), anyRecord(table), anyHlc, (a, b, hlc) => {
      const field_hlc = Object.fromEntries(stampedFields(table).map((name) => [name, hlc]));
      const [left, right] = [
        { ...a, field_hlc },
        { ...b, field_hlc },
      ];
      const joined = join(table, left, right);
      return (
        same(joined, join(table, right, left)) &&
        stampedFields(table).every((name) =>
          [a[name], b[name]].some((value) => sameContent(value, joined[name])),
        )
      );
    }),
  ),

  law('of two stamps the later one wins', (table, { join }) =>
    two(table, (a, b) => {
      const joined = join(table, a, b);
      return stampedFields(table).every((name) => {
        const [mine, theirs] = [stampOf(a, name), stampOf(b, name)];
        if (mine === theirs) return true;
        return (
          sameContent(joined[name], (mine > theirs ? a : b)[name]) &&
          stampOf(joined, name) === (mine > theirs ? mine : theirs)
        );
      });
    }),
  ),

  law('what is joined is still a row of its table', (table, { join }) =>
    two(table, (a, b) => rowSchema(table).safeParse(join(table, a, b)).success),
  ),

  law('an edit stands over what it has seen, uncontested', (table, { join, merge }) =>
    two(table, (before, wanted) => {
      const mine = stampEdit(table, before, edited(table, before, wanted), NOW, DEVICE);
      const { contests, row } = merge(table, stampsOf(before), mine, before);
      const states = [row, join(table, mine, before), join(table, before, mine)];
      return (
        contests.length === 0 &&
        changeableFields(table).every((name) =>
          states.every((state) => sameContent(state[name], mine[name])),
        )
      );
    }),
  ),

  law('an edit is what the person wanted, and what they left alone is untouched', (table) =>
    two(table, (before, wanted) => {
      const mine = stampEdit(table, before, edited(table, before, wanted), NOW, DEVICE);
      return changeableFields(table).every((name) => {
        const shape = joinedShape(fieldOf(table, name));
        const now = seen(table, name, mine[name]);
        const asked = seen(table, name, wanted[name]);
        // Nobody takes from a counter, nor what others have written in a text.
        if (shape === 'counter') {
          return now === Math.max(Number(asked), Number(seen(table, name, before[name])));
        }
        if (shape === 'text') return true;
        if (!sameContent(now, asked)) return false;
        if (!sameContent(before[name], wanted[name])) return true;
        return stampOf(mine, name) === stampOf(before, name);
      });
    }),
  ),

  law('a window forges nothing: no stamp, no other device’s share', (table) =>
    two(table, (before, window) => {
      const mine = stampEdit(table, before, window, NOW, DEVICE);
      const stamps = Object.entries(stampsOf(mine)).every(
        ([name, hlc]) => hlc === NOW || hlc === stampsOf(before)[name],
      );
      return (
        stamps &&
        joinedFields(table).every((name) => {
          const shape = joinedShape(fieldOf(table, name));
          if (shape === 'counter') return isOwnShareOnly(before[name], mine[name]);
          if (shape === 'dots') return isOwnDotOnly(before[name], mine[name]);
          if (shape === 'set') {
            const [had, has] = [before[name] as OrSet, mine[name] as OrSet];
            return Object.keys(has).every((member) =>
              isOwnDotOnly(Object.hasOwn(had, member) ? had[member] : {}, has[member]),
            );
          }
          return true;
        })
      );
    }),
  ),

  law('a contest names both values, and the kept one stands in the record', (table, { merge }) =>
    two(table, (mine, theirs) => {
      const { row, contests } = merge(table, {}, mine, theirs);
      return contests.every(
        ({ field, kept, lost, keptMine }) =>
          sameContent(row[field], kept.value) &&
          kept.hlc >= lost.hlc &&
          sameContent((keptMine ? mine : theirs)[field], kept.value) &&
          sameContent((keptMine ? theirs : mine)[field], lost.value),
      );
    }),
  ),

  law('no value is lost without a trace', (table, { merge }) =>
    two(table, (mine, theirs) => {
      const { row, contests } = merge(table, {}, mine, theirs);
      const told = new Set(contests.map(({ field }) => field));
      return stampedFields(table).every((name) => {
        // Unstamped values are the initial ones: nobody wrote them. States and claims are judged.
        if (!isContestable(table, name) || told.has(name)) return true;
        return [mine, theirs].every(
          (side) => sameContent(side[name], row[name]) || stampOf(side, name) === ZERO_HLC,
        );
      });
    }),
  ),

  law('contested is what both changed since the base, nothing else', (table, { merge }) =>
    fc.property(anyRecord(table), anyRecord(table), anyRecord(table), (base, mine, theirs) => {
      const contests = merge(table, stampsOf(base), mine, theirs).contests;
      const found = new Set(contests.map(({ field }) => field));
      return changeableFields(table).every((name) => {
        const [a, b, was] = [mine, theirs, base].map((row) => stampOf(row, name)) as [
          string,
          string,
          string,
        ];
        const isContested =
          isContestable(table, name) &&
          a > was &&
          b > was &&
          !sameContent(mine[name], theirs[name]);
        return found.has(name) === isContested;
      });
    }),
  ),

  law('both sides find the same contest, under the same ids', (table, { merge }) =>
    two(table, (mine, theirs) =>
      sameContent(
        trace(table, merge(table, {}, mine, theirs)),
        trace(table, merge(table, {}, theirs, mine)),
      ),
    ),
  ),

  law('while a review is open every replica shows the same winner', (table, { join, merge }) =>
    two(table, (mine, theirs) => {
      const { row, contests } = merge(table, {}, mine, theirs);
      const replicas = [
        join(table, mine, theirs),
        join(table, theirs, mine),
        join(table, mine, row),
        join(table, row, theirs),
        join(table, join(table, theirs, row), mine),
      ];
      return contests.every(({ field, kept }) =>
        replicas.every((replica) => sameContent(replica[field], kept.value)),
      );
    }),
  ),

  law('a merge tells what it changed, and what may not change stays', (table, { merge }) =>
    two(table, (mine, theirs) => {
      const { row, changed } = merge(table, {}, mine, theirs);
      const differs = Object.keys(tableOf(table).fields).filter(
        (name) => !sameContent(row[name], theirs[name]),
      );
      const frozen = new Set(frozenDifferences(table, mine, theirs));
      return (
        sameContent(differs.toSorted(), [...changed].toSorted()) &&
        changed.every((name) => changeableFields(table).includes(name) && !frozen.has(name))
      );
    }),
  ),
];

function isOwnShareOnly(before: unknown, after: unknown): boolean {
  const [had, has] = [before as Counter, after as Counter];
  return Object.keys({ ...had, ...has }).every((device) =>
    device === DEVICE ? (has[device] ?? 0) >= (had[device] ?? 0) : has[device] === had[device],
  );
}

/** Others' addings stand as they were; what is taken away is what was there. */
function isOwnDotOnly(before: unknown, after: unknown): boolean {
  const [had, has] = [before as Dots, after as Dots];
  return Object.entries(has).every(([node, [added, removed]]) => {
    const known = had[node];
    if (known && added === known[0]) return removed === known[1] || removed === added;
    return added === NOW && node === hlcNodeOf(DEVICE) && removed === (known?.[1] ?? '');
  });
}
