import { createWriteStream } from 'node:fs';
import { Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { TableName } from '#shared/schema/tables.ts';
import { documentColumns, readSql } from '#server/sync/table-sql.ts';
import { loadDemo } from '../../../demo-data/load-demo.ts';
import { asAdmin } from '../database.ts';
import type { SyncDatabase } from '../database.ts';

/** Beside what the patients bring, a clinic of three sites has so many rows a month of its own. */
const ROWS_A_MONTH = 5_000;
const ROWS_A_PATIENT = 6.3;
const MONTHS = 3;
const LEAST_PATIENTS = 50;

/**
 * Loads clinics of which a manager's device holds about so many documents.
 * @param database has its migrations and the seed
 * @returns the manager, who works at all sites and so holds most
 */
export async function loadClinic(database: SyncDatabase, documents: number): Promise<string> {
  const months = documents >= 10 * ROWS_A_MONTH ? MONTHS : 1;
  const ofPatients = documents - months * ROWS_A_MONTH;
  await loadDemo(database.ownerUrl, {
    patients: Math.max(LEAST_PATIENTS, Math.round(ofPatients / ROWS_A_PATIENT)),
    months,
    seed: 7,
    today: new Date().toISOString().slice(0, 10),
  });
  return asAdmin(database.adminUrl, async (admin) => {
    await admin.query('vacuum (analyze)');
    const { rows } = await admin.query<{ user_id: string }>(
      `select user_id from public.user_roles where role = 'MG' and location_id is null limit 1`,
    );
    const [manager] = rows;
    if (!manager) throw new Error('the demo data has no manager of all sites');
    return manager.user_id;
  });
}

/** Which rows a device holds: their ids by table. */
export type Held = Readonly<Partial<Record<TableName, readonly string[]>>>;

/** What the database's own COPY gives out. */
export interface Copied {
  readonly rows: number;
  readonly mb: number;
  readonly ms: number;
}

/** Reads the rows that a device holds by COPY, with the columns that documents have. */
export async function copyOut({ adminUrl }: SyncDatabase, held: Held): Promise<Copied> {
  return asAdmin(adminUrl, async (admin) => {
    await admin.query('create temporary table held (id uuid primary key)');
    let rows = 0;
    let bytes = 0;
    let ms = 0;
    for (const [table, ids] of Object.entries(held) as [TableName, readonly string[]][]) {
      await admin.query('truncate held');
      await admin.query('insert into held select unnest($1::uuid[])', [ids]);
      await admin.query('analyze held');
      const columns = documentColumns(table).map(([name]) => `t.${pg.escapeIdentifier(name)}`);
      const begun = performance.now();
      const stream = admin.query(
        copyTo(`copy (select ${columns.join(', ')} from public.${table} t join held using (id))
          to stdout`),
      );
      const sink = new Writable({
        write(chunk: Buffer, _encoding, done) {
          bytes += chunk.length;
          done();
        },
      });
      await pipeline(stream, sink);
      ms += performance.now() - begun;
      rows += stream.rowCount;
    }
    return { rows, mb: bytes / 2 ** 20, ms };
  });
}

/** Writes the documents that a device holds as lines of JSON for PouchDB. @returns how many */
export async function writeDocuments(
  { adminUrl }: SyncDatabase,
  held: Held,
  file: string,
): Promise<number> {
  return asAdmin(adminUrl, async (admin) => {
    const out = createWriteStream(file);
    let count = 0;
    for (const [table, ids] of Object.entries(held) as [TableName, readonly string[]][]) {
      const { rows } = await admin.query<{ doc: Record<string, unknown> }>(readSql(table), [ids]);
      for (const { doc } of rows) {
        const { id, ...own } = doc;
        out.write(`${JSON.stringify({ _id: `${table}:${String(id)}`, ...own })}\n`);
        count += 1;
      }
    }
    out.end();
    await finished(out);
    return count;
  });
}
