import type pg from 'pg';
import type { Statement } from './catalogue.ts';

/** What a plan did, as far as the bench judges it. */
export interface PlanSummary {
  readonly planningMs: number;
  readonly executionMs: number;
  readonly rows: number;
  /** Pages of 8 kB, from the cache or not. */
  readonly pages: number;
  readonly indexes: readonly string[];
  /** Tables that were read from end to end. */
  readonly scanned: readonly string[];
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly PlanNode[];
}

interface Explained {
  readonly Plan: PlanNode;
  readonly 'Planning Time': number;
  readonly 'Execution Time': number;
}

/** Runs a statement under EXPLAIN and reads the plan that it took. */
export async function explain(
  client: pg.ClientBase,
  { text, values }: Statement,
): Promise<PlanSummary> {
  const { rows } = await client.query<{ 'QUERY PLAN': readonly Explained[] }>(
    `explain (analyze, buffers, format json) ${text}`,
    [...values],
  );
  const explained = rows[0]?.['QUERY PLAN'][0];
  if (!explained) throw new Error('EXPLAIN gave no plan');
  const nodes = [...nodesOf(explained.Plan)];
  const ran = nodes.filter((node) => node['Actual Loops'] > 0);
  const { Plan: top } = explained;
  return {
    planningMs: explained['Planning Time'],
    executionMs: explained['Execution Time'],
    rows: top['Actual Rows'] * top['Actual Loops'],
    pages: top['Shared Hit Blocks'] + top['Shared Read Blocks'],
    indexes: distinct(ran.map((node) => node['Index Name'])),
    scanned: distinct(
      ran.filter((node) => node['Node Type'] === 'Seq Scan').map((node) => node['Relation Name']),
    ),
  };
}

function* nodesOf(node: PlanNode): Generator<PlanNode> {
  yield node;
  for (const child of node.Plans ?? []) yield* nodesOf(child);
}

const distinct = (names: readonly (string | undefined)[]): string[] =>
  [...new Set(names.filter((name) => name !== undefined))].toSorted();
