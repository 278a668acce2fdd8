import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { canonicalJson } from '#shared/kernel/json.ts';
import { rowSchema } from '#shared/schema/rows.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { anyAct, anyFact, anyFactLists } from '#shared/testing/arbitraries.ts';
import { RECORD_LAWS, RULES } from '#shared/testing/record-laws.ts';
import { expandAct } from './expand.ts';
import { unionFacts } from './facts.ts';

// Every law for every table, generated from its definition: a table that is added is held to them.
const RUNS = 30;
const ACT_RUNS = 200;
const records = TABLE_NAMES.filter((name) => tableOf(name).kind === 'record');
const facts = TABLE_NAMES.filter((name) => tableOf(name).kind === 'fact');
const acts = TABLE_NAMES.filter((name) => tableOf(name).expand !== null);

interface TableLaw {
  readonly name: string;
  readonly of: (table: TableName) => fc.IProperty<unknown>;
}

const sameRows = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b);

const FACT_LAWS: readonly TableLaw[] = [
  {
    name: 'facts join in any order',
    of: (table) =>
      fc.property(anyFactLists(table), ([a, b]) => sameRows(unionFacts(a, b), unionFacts(b, a))),
  },
  {
    name: 'facts join in any grouping',
    of: (table) =>
      fc.property(anyFactLists(table), ([a, b, c]) =>
        sameRows(unionFacts(unionFacts(a, b), c), unionFacts(a, unionFacts(b, c))),
      ),
  },
  {
    name: 'a fact that comes again changes nothing',
    of: (table) =>
      fc.property(anyFactLists(table), ([a, b]) => {
        const once = unionFacts(a, b);
        return [a, b, once].every((again) => sameRows(unionFacts(once, again), once));
      }),
  },
  {
    name: 'no fact is lost and none is made',
    of: (table) =>
      fc.property(anyFactLists(table), ([a, b]) => {
        const ids = new Set([...a, ...b].map(({ id }) => id));
        const joined = unionFacts(a, b);
        return (
          joined.length === ids.size &&
          joined.every((row) => [...a, ...b].some((fact) => sameRows(fact, row)))
        );
      }),
  },
  {
    name: 'two facts under one id are decided alike everywhere',
    of: (table) =>
      fc.property(anyFact(table), anyFact(table), (a, b) => {
        const twin = { ...b, id: a.id };
        return sameRows(unionFacts([a], [twin]), unionFacts([twin], [a]));
      }),
  },
  {
    name: 'what joins is a row of its table',
    of: (table) =>
      fc.property(anyFactLists(table), ([a, b]) =>
        unionFacts(a, b).every((row) => rowSchema(table).safeParse(row).success),
      ),
  },
];

const ACT_LAWS: readonly TableLaw[] = [
  {
    name: 'an act expands into rows that their tables take',
    of: (table) =>
      fc.property(anyAct(table), (act) =>
        // `expandAct` parses them; here it is about there being any, for some act at least.
        expandAct(table, act).every(({ row }) => typeof row.id === 'string'),
      ),
  },
  {
    name: 'expanding again gives the same rows, also from what came over the wire',
    of: (table) =>
      fc.property(anyAct(table), (act) => {
        const once = expandAct(table, act);
        const wire = Object.fromEntries(Object.entries(act).toReversed());
        const parsed = rowSchema(table).parse(JSON.parse(JSON.stringify(wire)));
        return sameRows(once, expandAct(table, act)) && sameRows(once, expandAct(table, parsed));
      }),
  },
  {
    name: 'expanding changes nothing in the act',
    of: (table) =>
      fc.property(anyAct(table), (act) => {
        const before = canonicalJson(act);
        expandAct(table, act);
        return canonicalJson(act) === before;
      }),
  },
  {
    name: 'no id is given twice, and parents come first',
    of: (table) =>
      fc.property(anyAct(table), (act) => {
        const rows = expandAct(table, act);
        const ids = rows.map(({ row }) => row.id);
        const isLater = (at: number, value: unknown): boolean =>
          typeof value === 'string' && ids.indexOf(value) > at;
        return (
          new Set(ids).size === ids.length &&
          rows.every(({ table: target, row }, at) =>
            Object.entries(tableOf(target as TableName).fields).every(
              ([name, { references }]) => references === null || !isLater(at, row[name]),
            ),
          )
        );
      }),
  },
];

const held = new Map<string, number>();

function hold(
  kind: string,
  tables: readonly TableName[],
  laws: readonly TableLaw[],
  numRuns: number,
): void {
  describe.each(tables)(`${kind} %s`, (table) => {
    test.each(laws)('$name', ({ of }) => {
      fc.assert(of(table), { numRuns });
      held.set(kind, (held.get(kind) ?? 0) + 1);
    });
  });
  afterAll(() => {
    process.stdout.write(
      `laws: ${tables.length} tables × ${laws.length} laws = ${held.get(kind) ?? 0} (${kind})\n`,
    );
  });
}

hold(
  'records',
  records,
  RECORD_LAWS.map(({ name, of }) => ({ name, of: (table) => of(table, RULES) })),
  RUNS,
);
hold('facts', facts, FACT_LAWS, RUNS);
hold('acts', acts, ACT_LAWS, ACT_RUNS);

// A generator that makes nothing would let every law of acts hold.
test.each(acts)('every kind of %s stands for something', (table) => {
  const kinds = tableOf(table).fields['kind']?.values ?? [null];
  for (const kind of kinds) {
    const some = fc.sample(anyAct(table), { numRuns: 50, seed: 1 });
    const made = some.map((act) => expandAct(table, kind === null ? act : { ...act, kind }));
    expect(Math.max(...made.map((rows) => rows.length))).toBeGreaterThan(0);
  }
});
