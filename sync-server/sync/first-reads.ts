import { itemsOf } from '#shared/access/stock-rules.ts';
import { transitionId } from '#shared/merge/ids.ts';
import { stampsOf } from '#shared/merge/join.ts';
import type { Row } from '#shared/schema/define.ts';
import { sourcesOf, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { machineOf } from './conflict/state-step.ts';
import type { Incoming } from './incoming.ts';
import type { Master, Memory, PushStore } from './ports.ts';

/** What is known of the pushed rows before any of them is written. */
export interface FirstReads {
  /** Facts that are there already, by table and id. */
  readonly facts: ReadonlyMap<TableName, ReadonlyMap<string, Row>>;
  /** Records that are there already, locked, by table and id. */
  readonly masters: ReadonlyMap<TableName, ReadonlyMap<string, Master>>;
  /** What this device pushed last for the rows, by row key; of facts only what was refused. */
  readonly memories: ReadonlyMap<string, Memory>;
  /** Ids of those steps which the rows seem to take that were accepted before. */
  readonly accepted: ReadonlySet<string>;
  /** Numbers of the facts that other facts of the same device have, by table. */
  readonly taken: ReadonlyMap<TableName, ReadonlySet<number>>;
  /** Catalogue items that acts name, by id; those that come with this push are not among them. */
  readonly items: ReadonlyMap<string, Row>;
}

/**
 * Reads in one go all that can be read before anything is written: every question by itself would cost
 * a trip. Records are locked first, table by table in a fixed order, so that two pushes never wait
 * for each other crosswise.
 */
export async function readFirst(store: PushStore, rows: readonly Incoming[]): Promise<FirstReads> {
  const byTable = Map.groupBy(rows, ({ table }) => table);
  const idsOf = (table: TableName): string[] => (byTable.get(table) ?? []).map(({ id }) => id);
  const rowsOf = (table: TableName): Row[] => (byTable.get(table) ?? []).map(({ row }) => row);
  const facts = [...byTable.keys()].filter((table) => tableOf(table).kind === 'fact');
  // Deciding about a count decides its review too, a decision edits records, and an act of this push may make the row that is
  // edited in it: such rows are read when their turn comes.
  const decided = new Set(
    (byTable.get('review_decisions') ?? []).flatMap(({ row }) => [
      row['table_name'],
      'review_items',
    ]),
  );
  const isMadeBefore = (table: TableName): boolean => {
    if (decided.has(table)) return true;
    const acts = table === 'review_items' ? (['count_sessions'] as const) : sourcesOf(table);
    return acts.some((act) => byTable.has(act));
  };
  const records = [...byTable.keys()].filter(
    (table) => tableOf(table).kind === 'record' && !isMadeBefore(table),
  );
  const locks = records.map((table) => store.lock(table, idsOf(table)));
  const [, known, taken, masters, memories, steps, items] = await Promise.all([
    Promise.all(locks),
    Promise.all(facts.map((table) => store.rows(table, idsOf(table)))),
    Promise.all(facts.map((table) => store.takenNumbers(table, rowsOf(table)))),
    Promise.all(records.map((table) => store.records(table, idsOf(table)))),
    store.recall(rows),
    store.rows('transitions', rows.flatMap(stepIds)),
    store.rows('inventory_items', itemIdsOf(rows)),
  ]);
  return {
    facts: mapOf(facts, known),
    taken: mapOf(facts, taken),
    masters: mapOf(records, masters),
    memories,
    accepted: new Set(steps.keys()),
    items,
  };
}

/** Ids of all catalogue items that acts name. */
export const itemIdsOf = (acts: readonly Incoming[]): string[] => [
  ...new Set(acts.flatMap(({ table, row }) => itemsOf(table, row))),
];

/** The step that a row would have taken to the state in which it is, if it is not the initial one. */
function stepIds({ table, id, row }: Incoming): string[] {
  const machine = machineOf(table);
  const state = machine ? row[machine.field] : null;
  const hlc = machine ? stampsOf(row)[machine.field] : undefined;
  if (!machine || typeof state !== 'string' || state === machine.initial || !hlc) return [];
  return [transitionId(table, id, state, hlc)];
}

const mapOf = <V>(tables: readonly TableName[], values: readonly V[]): Map<TableName, V> =>
  new Map(
    tables.flatMap((table, index) => {
      const value = values[index];
      return value === undefined ? [] : [[table, value] as const];
    }),
  );
