import type pg from 'pg';
import { LIMITS } from '#shared/protocol/messages.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { START } from '#server/sync/table-sql.ts';
import { median } from '../report.ts';
import { pageSql } from './catalogue.ts';
import type { Statement } from './catalogue.ts';
import type { Loaded } from './load.ts';
import { PERSON } from './people.ts';
import type { BenchPerson } from './people.ts';
import { explain } from './plans.ts';
import { timed, undone } from './sessions.ts';
import type { Actor } from './sessions.ts';

/** What the policies cost somebody who pulls a page. */
export interface PolicyCost {
  readonly role: string;
  readonly table: TableName;
  readonly rows: number;
  readonly personMs: number;
  readonly ownerMs: number;
  /** Planning alone, as EXPLAIN tells it. */
  readonly personPlanningMs: number;
  readonly ownerPlanningMs: number;
  readonly ratio: number;
}

/** Rows of a page of this measurement: so few that what is paid once a statement weighs. */
const PAGE = 100;
const RUNS = 31;

/** Who pulls what: for each role a table at its full size that it replicates. */
const PULLS: readonly (readonly [BenchPerson, TableName])[] = [
  [PERSON.FD, 'stock_movements'],
  [PERSON.CS, 'stock_movements'],
  [PERSON.PR, 'stock_movements'],
  [PERSON.MG, 'stock_movements'],
  [PERSON.LM, 'stock_movements'],
  [PERSON.FD, 'coverages'],
  [PERSON.CS, 'delivery_tracking'],
  [PERSON.AS, 'appointments'],
  [PERSON.AS, 'coverages'],
  [PERSON.FD, 'review_items'],
  [PERSON.LM, 'review_items'],
  [PERSON.leader, 'headlines'],
  [PERSON.leader, 'issues'],
];

/** Measures the same page in a person's name and without row security, by turns. */
export async function policyCosts(
  clients: { readonly sync: pg.ClientBase; readonly admin: pg.ClientBase },
  { xidAt }: Loaded,
  { runs = RUNS }: { runs?: number } = {},
): Promise<PolicyCost[]> {
  const costs: PolicyCost[] = [];
  for (const [person, table] of PULLS) {
    const statement = pageSql(
      person,
      table,
      [xidAt(0.9), START.id],
      Math.min(PAGE, LIMITS.pullRows),
    );
    const asPerson: Actor = { person, as: 'person' };
    const times: { person: number[]; owner: number[] } = { person: [], owner: [] };
    for (let run = 0; run < runs; run += 1) {
      times.person.push(await one(clients.sync, asPerson, statement));
      times.owner.push(await one(clients.admin, { as: 'owner' }, statement));
    }
    const planned = await undone(clients.sync, asPerson, () => explain(clients.sync, statement));
    const free = await undone(clients.admin, { as: 'owner' }, () =>
      explain(clients.admin, statement),
    );
    const personMs = median(times.person);
    const ownerMs = median(times.owner);
    costs.push({
      role: person.name,
      table,
      rows: planned.rows,
      personMs,
      ownerMs,
      personPlanningMs: planned.planningMs,
      ownerPlanningMs: free.planningMs,
      ratio: personMs / ownerMs,
    });
  }
  return costs;
}

const one = (client: pg.ClientBase, actor: Actor, { text, values }: Statement): Promise<number> =>
  undone(client, actor, () => timed(() => client.query(text, [...values])));
