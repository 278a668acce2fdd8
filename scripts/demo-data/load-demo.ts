import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { TableName } from '#shared/schema/tables.ts';
import { StackError } from '#stack/stack-error.ts';
import { connectForScripts } from '#stack/sql-file.ts';
import { putBack, setAside } from './bulk.ts';
import { ContentHash } from './content-hash.ts';
import { columnsOf, copyText } from './copy-text.ts';
import { demoRows } from './demo-rows.ts';
import type { Generated } from './generate.ts';
import { localDate } from './world.ts';
import type { DemoOptions } from './world.ts';

export interface LoadedDemo {
  /** Rows written, by table; those that the database makes of them are not counted. */
  readonly counts: ReadonlyMap<TableName, number>;
  /** Of the generated rows: the same options give the same. */
  readonly hash: string;
  readonly milliseconds: number;
}

/** The size that `npm start` loads: enough that every screen has something to show. */
export const SMALL_DEMO = { patients: 300, months: 2, seed: 7 } as const;

/** From so many patients on it pays to build indexes and to check references at the end. */
const BULK_FROM = 2000;

/**
 * Loads demo data into a database that has the seed (`supabase/seed.sql`) and no patients yet, in
 * one transaction: all of it or nothing. `bulk` checks references and builds indexes at the end. `url` logs in as `postgres`, who owns the tables.
 * @throws StackError when there are patients: rows that are only added cannot be replaced
 */
export async function loadDemo(
  url: string,
  options: DemoOptions,
  { bulk = options.patients >= BULK_FROM }: { bulk?: boolean } = {},
): Promise<LoadedDemo> {
  const began = performance.now();
  const client = await connectForScripts(url, 'demo data');
  try {
    await client.query('begin');
    await refuseWhenThere(client);
    const spare = await spareTriggers(client);
    await switchTriggers(client, spare, 'disable');
    const aside = bulk ? await setAside(client) : null;
    const counts = new Map<TableName, number>();
    let hash = '';
    // Nothing joins a count that is posted, so a count follows its lines.
    if (!aside) {
      await client.query('set constraints public.count_lines_session_id_fkey deferred');
    }
    let held: (() => Promise<void>) | null = null;
    for await (const message of generated(options)) {
      if ('hash' in message) {
        ({ hash } = message);
        break;
      }
      const { table, text } = message;
      counts.set(table, (counts.get(table) ?? 0) + message.rows);
      if (table === 'count_sessions') {
        held = () => copy(client, table, text);
        continue;
      }
      await copy(client, table, text);
      await held?.();
      held = null;
    }
    // What was deferred is due now: a table with open checks cannot be altered.
    await client.query('set constraints all immediate');
    if (aside) await putBack(client, aside);
    await switchTriggers(client, spare, 'enable');
    await client.query('select private.move_windows()');
    await client.query('commit');
    await client.query('analyze');
    return { counts, hash, milliseconds: performance.now() - began };
  } finally {
    await client.end();
  }
}

/**
 * Loads the small set into a database that has no patients yet, as of now: the visits of this
 * morning have taken place, those of the afternoon are expected.
 * @param now milliseconds since the Unix epoch
 * @returns null when there are patients already, and nothing was done
 */
export async function loadSmallDemo(url: string, now: number): Promise<LoadedDemo | null> {
  const client = await connectForScripts(url, 'demo data');
  try {
    if (await hasPatients(client)) return null;
  } finally {
    await client.end();
  }
  return loadDemo(url, { ...SMALL_DEMO, today: localDate(now), now });
}

/** Batches as a second thread makes them, while the database takes those before. */
async function* generated(options: DemoOptions): AsyncGenerator<Generated> {
  const taken = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL('generate.ts', import.meta.url), {
    workerData: { options, taken },
  });
  const waiting: Generated[] = [];
  let failure: unknown;
  let wake = (): void => undefined;
  worker.on('message', (message: Generated) => {
    waiting.push(message);
    wake();
  });
  worker.on('error', (error) => {
    failure = error;
    wake();
  });
  try {
    for (;;) {
      while (waiting.length === 0) {
        if (failure !== undefined) throw failure;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const next = waiting.shift();
      if (!next) continue;
      yield next;
      Atomics.add(taken, 0, 1);
      Atomics.notify(taken, 0);
    }
  } finally {
    await worker.terminate();
  }
}

/** The hash of the rows that `loadDemo` would write, without a database. */
export function hashOfDemo(options: DemoOptions): string {
  const hash = new ContentHash();
  for (const { table, rows } of demoRows(options)) hash.add(table, copyText(table, rows));
  return hash.digest();
}

/** True when a database has patients: demo data goes into an empty one only. */
export async function hasPatients(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ some: boolean }>(
    'select exists (select from public.patients) as some',
  );
  return rows[0]?.some === true;
}

async function refuseWhenThere(client: pg.Client): Promise<void> {
  if (!(await hasPatients(client))) return;
  throw new StackError(
    'This database has patients already. Rows that are only added cannot be replaced: ' +
      'take a fresh database.',
  );
}

/**
 * What runs for each row and has nothing to do here: guards and signatures let the owner's inserts
 * pass as they are, and windows are moved at the end, for all rows at once.
 */
const SPARE = ['sign_fields', 'guard_state', 'guard_duty', 'place', 'know_patient'];

async function spareTriggers(client: pg.Client): Promise<{ table: string; trigger: string }[]> {
  const { rows } = await client.query<{ table: string; trigger: string }>(
    `select t.tgrelid::regclass::text as table, t.tgname as trigger
       from pg_trigger t
       join pg_class c on c.oid = t.tgrelid and c.relnamespace = 'public'::regnamespace
      where t.tgname = any ($1) and not t.tgisinternal and t.tgenabled = 'O'
      order by 1, 2`,
    [SPARE],
  );
  return rows;
}

async function switchTriggers(
  client: pg.Client,
  triggers: readonly { table: string; trigger: string }[],
  to: 'enable' | 'disable',
): Promise<void> {
  const statements = triggers.map(
    ({ table, trigger }) => `alter table ${table} ${to} trigger ${pg.escapeIdentifier(trigger)}`,
  );
  await client.query(statements.join(';\n'));
}

async function copy(client: pg.Client, table: TableName, text: Uint8Array): Promise<void> {
  const columns = columnsOf(table).map((column) => pg.escapeIdentifier(column));
  const stream = client.query(
    copyFrom(`copy public.${pg.escapeIdentifier(table)} (${columns.join(', ')}) from stdin`),
  );
  stream.end(Buffer.from(text.buffer, text.byteOffset, text.byteLength));
  await once(stream, 'finish');
}
