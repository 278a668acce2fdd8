import fc from 'fast-check';
import { formatHlc } from '#shared/kernel/hlc.ts';
import type { Hlc } from '#shared/kernel/hlc.ts';
import { joinedShape } from '#shared/merge/join-field.ts';
import { emptyText, joinTexts } from '#shared/merge/shared-text.ts';
import type { Field, Row } from '#shared/schema/define.ts';
import type { Dots } from '#shared/schema/or-set.ts';
import { deviceFields, rowIdOf } from '#shared/schema/rows.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { anyOf } from './from-zod.ts';
import { TEXT_STATES } from './text-states.ts';

const NODES = ['00000000000a', '00000000000b', '00000000000c'];
export const IDS = [
  '018f0000-0000-7000-8000-000000000001',
  '018f0000-0000-7000-8000-000000000002',
] as const;

/**
 * Stamps out of a small set, so that equal stamps and ties are common: the laws have to hold for
 * them too.
 */
export const anyHlc: fc.Arbitrary<Hlc> = anyHlcOf(fc.constantFrom(...NODES));

function anyHlcOf(nodes: fc.Arbitrary<string>): fc.Arbitrary<Hlc> {
  return fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 1 }), nodes)
    .map(([ms, counter, node]) => formatHlc({ ms, counter, node }));
}

/** Any state of a membership: of each device an adding, taken away or not, or added again since. */
export const anyDots: fc.Arbitrary<Dots> = fc
  .tuple(
    ...NODES.map((node) => {
      const stamp = anyHlcOf(fc.constant(node));
      return fc.option(
        fc.tuple(stamp, fc.oneof(fc.constant(''), stamp)).map(([added, removed]) => ({
          [node]: [added > removed ? added : removed, added > removed ? removed : added] as const,
        })),
        { nil: {} },
      );
    }),
  )
  .map((parts) => Object.assign({}, ...parts) as Dots);

const MEMBERS = ['ann', 'bo', 'constructor', ...IDS];

/** Any state of an observed-remove set. */
export const anyOrSet = fc
  .dictionary(fc.constantFrom(...MEMBERS), anyDots, { maxKeys: 3 })
  .map((set) => ({ ...set }));

/** Any state of a counter of two devices. */
export const anyCounter = fc
  .dictionary(fc.constantFrom(...IDS), fc.integer({ min: 0, max: 3 }))
  .map((counter) => ({ ...counter }));

/** Any state of a shared text: what some of three people have written and deleted at once. */
export const anySharedText: fc.Arbitrary<string> = fc
  .subarray([...TEXT_STATES], { maxLength: 2 })
  .map((states) => states.reduce(joinTexts, emptyText()));

/** A value that a field takes, out of a small set, so that equal values are common. */
export function anyValue(field: Field<unknown>): fc.Arbitrary<unknown> {
  const value = valueOf(field);
  return field.nullable ? fc.option(value, { nil: null }) : value;
}

function valueOf(field: Field<unknown>): fc.Arbitrary<unknown> {
  switch (joinedShape(field)) {
    case 'set':
      return anyOrSet;
    case 'dots':
      return anyDots;
    case 'counter':
      return anyCounter;
    case 'text':
      return anySharedText;
    case null:
      return plainValueOf(field);
  }
}

function plainValueOf(field: Field<unknown>): fc.Arbitrary<unknown> {
  const oneOf = (...values: readonly unknown[]): fc.Arbitrary<unknown> => {
    const good = values.filter((value) => field.zod.safeParse(value).success);
    return good.length > 0 ? fc.constantFrom(...good) : anyOf(field.zod);
  };
  switch (field.kind) {
    case 'uuid':
      return fc.constantFrom(...IDS);
    case 'uuids':
      return oneOf([], [IDS[0]], [...IDS]);
    case 'text':
      return oneOf('alpha', 'beta', 'Ünïcode');
    case 'enum':
      return fc.constantFrom(...(field.values ?? []));
    case 'int':
    case 'quantity':
    case 'cents':
      return oneOf(1, 2, 3);
    case 'instant':
      return fc.constantFrom(1_790_000_000_000, 1_790_000_000_001);
    case 'date':
      return fc.constantFrom('2026-02-28', '2028-02-29');
    case 'bool':
      return fc.boolean();
    case 'json':
      return anyOf(field.zod);
  }
}

function anyValues(table: TableName): fc.Arbitrary<Record<string, unknown>> {
  const fields = deviceFields(tableOf(table));
  return fc.record(Object.fromEntries(fields.map(([n, f]) => [n, anyValue(f)])));
}

const columns = { created_at: 1_790_000_000_000, created_by: null, device_id: null };

/**
 * Any state of one record: the same id, any values, any stamps. Of a row that is what some of its
 * fields say, these fields say the same in all states.
 */
export function anyRecord(table: TableName): fc.Arbitrary<Row> {
  const { identity, fields } = tableOf(table);
  const names = deviceFields(tableOf(table)).map(([name]) => name);
  const what = Object.fromEntries(
    (identity ?? []).map((name) => [name, aValueOf(fields[name] as Field<unknown>)]),
  );
  const id = rowIdOf(table, what) ?? '018f0000-0000-7000-8000-0000000000ff';
  const stamps = fc.dictionary(fc.constantFrom(...names), anyHlc);
  return fc
    .tuple(anyValues(table), stamps)
    .map(([own, field_hlc]) => ({ ...own, ...what, id, ...columns, field_hlc: { ...field_hlc } }));
}

/** Always the same value of a field. */
const aValueOf = (field: Field<unknown>): unknown =>
  fc.sample(anyValue(field), { numRuns: 1, seed: 1 })[0];

/** Any fact, with an id out of a few, so that the same one comes twice. */
export function anyFact(table: TableName): fc.Arbitrary<Row> {
  const place = fc.constantFrom(0, 1, 2, 3);
  return fc.tuple(anyValues(table), anyHlc, place).map(([own, hlc, at]) => ({
    ...own,
    id: rowIdOf(table, own) ?? `018f0000-0000-7000-8000-0000000000f${at}`,
    ...columns,
    created_by: IDS[0],
    device_id: IDS[1],
    hlc,
    origin_seq: at,
  }));
}

/** Several devices' lists of facts: of one id there is one fact, as it is in life. */
export function anyFactLists(table: TableName): fc.Arbitrary<readonly [Row[], Row[], Row[]]> {
  return fc.uniqueArray(anyFact(table), { selector: ({ id }) => id, maxLength: 4 }).chain((all) =>
    fc.tuple(
      fc.shuffledSubarray(all).map((some) => [...some]),
      fc.shuffledSubarray(all).map((some) => [...some]),
      fc.shuffledSubarray(all).map((some) => [...some]),
    ),
  );
}

/** Any act of a table of acts, whatever kind its rows are of. */
export const anyAct = (table: TableName): fc.Arbitrary<Row> =>
  tableOf(table).kind === 'record' ? anyRecord(table) : anyFact(table);
