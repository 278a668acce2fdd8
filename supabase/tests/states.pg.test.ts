import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '#stack/test-database.ts';
import { MACHINES, findTransition, statesOf } from '#shared/schema/machines.ts';
import type { MachineName } from '#shared/schema/machines.ts';
import type { Guard, Machine } from '#shared/schema/machines/steps.ts';
import type { Row } from '#shared/schema/define.ts';
import { GRANTED_ROLES } from '#shared/schema/roles.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { updatableColumns } from '../schema/contract.ts';
import {
  DENIED,
  NOT_ONESELF,
  STEP_REFUSED,
  attempt,
  become,
  installAttempt,
  openSyncPool,
} from './support/callers.ts';
import { codeSays, everyPersona } from './support/people.ts';
import type { Persona } from './support/people.ts';
import { arrangeWorld, plant } from './support/plant.ts';
import type { References } from '../schema/sample-rows.ts';

/**
 * Every machine × every pair of states × every role, here, elsewhere and gone, × the server: what
 * the database does against what the machines and the access matrix of the code say.
 */

const RECORDS = (Object.entries(MACHINES) as [MachineName, Machine][]).filter(
  ([, { of }]) => of === 'record',
);

let db: TestDatabase;
let sync: pg.Pool;
let refs: References;
const now = Date.now();
const everywhere = GRANTED_ROLES.flatMap((role) => [`${role} own site`, `${role} own team`]);
const elsewhere = ['FD', 'CS', 'PR', 'MG', 'LM'].map((role) => `${role} other site`);
const names = new Set([...everywhere, ...elsewhere, 'leader other team', 'MG left']);
const personas = everyPersona(now).filter(({ name }) => names.has(name));
const named = (name: string): string => personas.find((who) => who.name === name)?.id ?? '';
const total = { allowed: 0, refused: 0, attempts: 0 };

beforeAll(async () => {
  db = await openTestDatabase({ seed: false });
  sync = await openSyncPool(db);
  await installAttempt(db);
  refs = await arrangeWorld(db, personas, named('CS own site'));
});
afterAll(async () => {
  process.stdout.write(`states: ${JSON.stringify(total)}\n`);
  await sync.end();
  await db.close();
});

/** Of the rows here nothing has happened yet: no approval, no receipt, no claim, no answer. */
const HOLDS_AT_FIRST: Readonly<Record<Guard, boolean>> = {
  none: true,
  'not-author': true,
  'no-receipts': true,
  'po-approved': false,
  'claim-granted': false,
  signed: false,
  answered: false,
};

interface Trial {
  readonly row: Row;
  readonly author: string;
  readonly from: string;
  readonly to: string;
}

describe.each(RECORDS)('%s', (name, machine) => {
  const table = machine.table as TableName;
  const { field } = machine;
  const states = tableOf(table).fields[field]?.values ?? [];

  it('knows the states of its field', () => {
    expect(statesOf(machine).toSorted()).toEqual(states.toSorted());
  });

  it('moves only by the steps of the code, by whom the code lets, in every combination', async () => {
    const trials = await plantTrials();
    const wrong: string[] = [];
    const count = { allowed: 0, refused: 0 };
    for (const who of [...personas, null]) {
      const results = await tryAll(who, trials);
      trials.forEach((trial, at) => {
        const expected = judge(trial, who);
        count[expected === 'rows:1' ? 'allowed' : 'refused'] += 1;
        if (results[at] === expected) return;
        wrong.push(
          `${who?.name ?? 'engine'} on ${trial.author}'s: ${trial.from} → ${trial.to}: ` +
            `${expected} expected, ${results[at]} found`,
        );
      });
    }
    total.allowed += count.allowed;
    total.refused += count.refused;
    total.attempts += count.allowed + count.refused;
    expect(wrong).toEqual([]);
    expect(Math.min(count.allowed, count.refused)).toBeGreaterThan(5);
  });

  async function plantTrials(): Promise<Trial[]> {
    const authors = machine.author ? ['CS own site', 'MG own site'] : ['CS own site'];
    const trials: Trial[] = [];
    for (const author of authors) {
      for (const from of states) {
        const row = await plant(db.postgres, table, refs, {
          [field]: from,
          ...(machine.author ? { [machine.author]: named(author) } : {}),
          // What a review is about decides who sees it.
          ...(table === 'review_items' ? { table_name: 'count_sessions' } : {}),
        });
        for (const to of states) trials.push({ row, author, from, to });
      }
    }
    return trials;
  }

  async function tryAll(who: Persona | null, trials: readonly Trial[]): Promise<string[]> {
    const client = await sync.connect();
    try {
      await client.query('begin');
      await become(client, who ? { user: who.id } : { role: 'ganger_engine' });
      return await attempt(
        client,
        trials.map(
          ({ row, to }) => `update public.${table} set ${field} = '${to}' where id = '${row.id}'`,
        ),
      );
    } finally {
      await client.query('rollback');
      client.release();
    }
  }

  function judge({ row, from, to }: Trial, who: Persona | null): string {
    const may = (operation: 'read' | 'create' | 'update' | 'approve'): boolean =>
      who !== null && codeSays(who, now, table, operation, row);
    if (who && !updatableColumns(table).includes(field)) return DENIED;
    if (who && !(may('read') && (may('update') || may('approve')))) return 'rows:0';
    if (from === to) return 'rows:1';
    const step = findTransition(name, from, to);
    if (!step) return STEP_REFUSED;
    if (step.needs === 'server' ? who !== null : !may(step.needs)) return STEP_REFUSED;
    if (step.guard === 'not-author' && machine.author && row[machine.author] === who?.id) {
      return NOT_ONESELF;
    }
    return HOLDS_AT_FIRST[step.guard] ? 'rows:1' : STEP_REFUSED;
  }
});
