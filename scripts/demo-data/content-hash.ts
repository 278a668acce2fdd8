import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { TABLE_NAMES } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { columnsOf } from './copy-text.ts';

/** One hash over the rows of all tables, however they are cut into batches. */
export class ContentHash {
  readonly #tables = new Map<TableName, Hash>();

  add(table: TableName, text: string): void {
    let hash = this.#tables.get(table);
    if (!hash) this.#tables.set(table, (hash = createHash('sha256')));
    hash.update(text);
  }

  /** SHA-256 as lower-case hex: of the name and the hash of each table, in their order. */
  digest(): string {
    const whole = createHash('sha256');
    for (const name of TABLE_NAMES) {
      const hash = this.#tables.get(name);
      if (hash) whole.update(`${name} ${hash.copy().digest('hex')}\n`);
    }
    return whole.digest('hex');
  }
}

/**
 * The hash of what a database holds: all rows in the order of their ids, without the columns that
 * only the server knows and without the trail of the audit, which says when something was written.
 * Not the same number as that of the generator, whose rows come in another order and without those
 * of the seed; equal databases have equal hashes.
 */
export async function databaseHash(client: pg.Client): Promise<string> {
  const hash = createHash('sha256');
  await client.query(`set time zone 'UTC'; set datestyle = 'ISO'`);
  for (const name of TABLE_NAMES) {
    if (name === 'audit_logs') continue;
    hash.update(`${name}\n`);
    const columns = columnsOf(name).join(', ');
    const rows = client.query(
      copyTo(`copy (select ${columns} from public.${name} order by id) to stdout`),
    );
    await pipeline(rows, async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) hash.update(chunk);
    });
  }
  return hash.digest('hex');
}
