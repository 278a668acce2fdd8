import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '#stack/test-database.ts';
import { newId } from '#shared/kernel/ids.ts';
import { asCaller, openSyncPool } from './support/callers.ts';

const AA = '5a000000-0000-4000-8000-000000000001';
const PAGE = 200;

let db: TestDatabase;
let sync: pg.Pool;
beforeAll(async () => {
  db = await openTestDatabase({ seed: true });
  sync = await openSyncPool(db, 12);
  // What a change log with a serial number would be: the same rows, numbered as they are written.
  await db.postgres.query(`
    create table public.numbered (n bigint generated always as identity primary key, id uuid);
    grant select, insert on public.numbered to ganger_engine`);
});
afterAll(async () => {
  await sync.end();
  await db.close();
});
beforeEach(() => db.postgres.query('truncate public.numbered'));

/** Writes rows as the engine does; the number is drawn when the row is written, not when it commits. */
async function write(tx: pg.ClientBase, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, newId);
  for (const id of ids) {
    await tx.query(
      `insert into public.conflict_log (id, created_at, location_id, table_name, row_id, field,
              rule, kept_hlc, lost_hlc)
       values ($1, now(), $2, 'item_locations', $1, 'par', 'LWW', '', '')`,
      [id, AA],
    );
    await tx.query('insert into public.numbered (id) values ($1)', [id]);
  }
  return ids;
}

/** Reads on from where it stopped, forgetting nothing and looking back at nothing. */
class FencedReader {
  readonly seen: string[] = [];
  #xid = '0';
  #id = '00000000-0000-0000-0000-000000000000';

  /** Reads a page with the checkpoint of the protocol; tells whether there was anything. */
  async read(): Promise<boolean> {
    const rows = await engine((tx) =>
      tx.query<{ id: string; xid: string }>(
        `select id, row_xid::text as xid from public.conflict_log
          where location_id = $1 and (row_xid, id) > ($2::xid8, $3::uuid)
            and row_xid < pg_snapshot_xmin(pg_current_snapshot())
          order by row_xid, id limit ${PAGE}`,
        [AA, this.#xid, this.#id],
      ),
    );
    for (const row of rows.rows) {
      this.seen.push(row.id);
      this.#xid = row.xid;
      this.#id = row.id;
    }
    return rows.rows.length > 0;
  }
}

class NumberedReader {
  readonly seen: string[] = [];
  #n = '0';

  async read(): Promise<boolean> {
    const rows = await engine((tx) =>
      tx.query<{ id: string; n: string }>(
        `select id, n from public.numbered where n > $1 order by n limit ${PAGE}`,
        [this.#n],
      ),
    );
    for (const row of rows.rows) {
      this.seen.push(row.id);
      this.#n = row.n;
    }
    return rows.rows.length > 0;
  }
}

const engine = <T>(work: (tx: pg.PoolClient) => Promise<T>): Promise<T> =>
  asCaller(sync, { role: 'ganger_engine' }, work, { keep: true });

async function drain(reader: { read(): Promise<boolean> }): Promise<void> {
  while (await reader.read());
}

describe('the feed', () => {
  it('waits for a slow transaction, where a serial number passes it by for good', async () => {
    const fenced = new FencedReader();
    const numbered = new NumberedReader();
    await drain(fenced);
    await drain(numbered);
    const before = fenced.seen.length;

    const slow = await sync.connect();
    let late: string[] = [];
    let early: string[] = [];
    try {
      await slow.query('begin; set local role ganger_engine');
      late = await write(slow, 1);
      early = await engine((tx) => write(tx, 1));
      await drain(fenced);
      await drain(numbered);
      expect(fenced.seen.slice(before)).toEqual([]);
      expect(numbered.seen).toEqual(early);
      await slow.query('commit');
    } finally {
      slow.release();
    }
    await drain(fenced);
    await drain(numbered);
    expect(fenced.seen.slice(before).toSorted()).toEqual([...late, ...early].toSorted());
    expect(numbered.seen).toEqual(early);
  });

  it('misses and repeats no row under 8 writers, where a serial number loses some', async () => {
    const fenced = new FencedReader();
    const numbered = new NumberedReader();
    await drain(fenced);
    const before = fenced.seen.length;
    const committed: string[] = [];
    const until = Date.now() + 3_000;
    let writing = true;

    const writer = async (n: number): Promise<void> => {
      for (let round = 0; Date.now() < until; round += 1) {
        // Every tenth transaction is slow, every thirtieth is undone.
        const keep = round % 30 !== 29;
        const ids = await asCaller(
          sync,
          { role: 'ganger_engine' },
          async (tx) => {
            const written = await write(tx, 1 + ((round + n) % 3));
            await sleep(round % 10 === 0 ? 20 + ((round + n) % 5) * 10 : (round + n) % 5);
            return written;
          },
          { keep },
        );
        if (keep) committed.push(...ids);
      }
    };
    const follow = async (reader: { read(): Promise<boolean> }): Promise<void> => {
      while (writing) {
        await reader.read();
        await sleep(2);
      }
      await drain(reader);
    };
    const readers = Promise.all([follow(fenced), follow(numbered)]);
    await Promise.all(Array.from({ length: 8 }, (_, n) => writer(n)));
    writing = false;
    await readers;

    const all = new Set(committed);
    const read = fenced.seen.slice(before);
    const missed = [...all].filter((id) => !numbered.seen.includes(id)).length;
    process.stdout.write(
      `feed: ${all.size} rows; fenced missed ${all.size - new Set(read).size}; ` +
        `serial number missed ${missed}\n`,
    );
    expect(read.length).toBe(all.size);
    expect(new Set(read)).toEqual(all);
    expect(missed).toBeGreaterThan(0);
  });

  it('is ordered by the number of the transaction, not by its text', async () => {
    const { rows } = await db.postgres.query(
      `select '9'::xid8 < '10'::xid8 as number, '9'::text < '10'::text as text`,
    );
    expect(rows).toEqual([{ number: true, text: false }]);
  });

  it('is read from an index, whole or a site at a time', async () => {
    const client = await db.postgres.connect();
    try {
      await client.query('begin; set local enable_seqscan = off; set local enable_sort = off');
      for (const where of ['', `location_id = '${AA}' and`]) {
        const { rows } = await client.query<{ 'QUERY PLAN': string }>(`
          explain select id from public.stock_movements
           where ${where} (row_xid, id) > ('5'::xid8, '${AA}'::uuid)
             and row_xid < pg_snapshot_xmin(pg_current_snapshot())
           order by row_xid, id limit 100`);
        const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
        expect(plan).toMatch(/Index.* Scan using stock_movements_(location_id_)?feed_idx/);
        expect(plan).not.toContain('Sort');
      }
    } finally {
      await client.query('rollback');
      client.release();
    }
  });
});

describe('the place of a row', () => {
  const SKU = 'GAU-44';
  const read = async (): Promise<Record<string, unknown>> => {
    const { rows } = await db.postgres.query(
      `select row_xid::text as xid, row_version::int as version, recorded_at
         from public.inventory_items where sku = $1`,
      [SKU],
    );
    return rows[0] as Record<string, unknown>;
  };

  it('moves with every real change, and with nothing else', async () => {
    const start = await read();
    const touch = (set: string): Promise<pg.QueryResult> =>
      db.postgres.query(`update public.inventory_items set ${set} where sku = $1`, [SKU]);
    expect((await touch('name = name, packs = packs')).rowCount).toBe(1);
    expect(await read()).toEqual(start);
    expect((await touch(`name = name || '.'`)).rowCount).toBe(1);
    const moved = await read();
    expect(moved['version']).toBe(Number(start['version']) + 1);
    expect(BigInt(String(moved['xid']))).toBeGreaterThan(BigInt(String(start['xid'])));
    expect((await touch(`row_xid = '3', row_version = 1, recorded_at = 'epoch'`)).rowCount).toBe(1);
    expect(await read()).toEqual(moved);
  });
});

describe('the epoch', () => {
  it('names system, timeline and generation, and changes when rows came from a copy', async () => {
    const epoch = (): Promise<string> =>
      asCaller(sync, { user: newId() }, async (tx) => {
        const { rows } = await tx.query<{ epoch: string }>('select private.epoch() as epoch');
        return rows[0]?.epoch ?? '';
      });
    const { rows } = await db.admin.query<{ parts: string }>(
      `select system_identifier || '-' || timeline_id as parts
         from pg_control_system(), pg_control_checkpoint()`,
    );
    expect(await epoch()).toBe(`${rows[0]?.parts}-1`);
    await db.postgres.query('select private.begin_generation()');
    expect(await epoch()).toBe(`${rows[0]?.parts}-2`);
  });
});
