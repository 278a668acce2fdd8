import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StackError } from '#stack/stack-error.ts';
import { connectForScripts } from '#stack/sql-file.ts';
import { openTestDatabase } from '#stack/test-database.ts';
import type { TestDatabase } from '#stack/test-database.ts';
import { databaseHash } from './content-hash.ts';
import { allRows } from './demo-rows.suite.ts';
import { hashOfDemo, loadDemo } from './load-demo.ts';
import type { LoadedDemo } from './load-demo.ts';

const OPTIONS = { patients: 200, months: 1, seed: 7, today: '2026-11-19' } as const;

let db: TestDatabase;
let loaded: LoadedDemo;
beforeAll(async () => {
  db = await openTestDatabase({ seed: true });
  loaded = await loadDemo(db.url('postgres'), OPTIONS);
});
afterAll(async () => {
  await db.close();
});

const one = async <T>(sql: string): Promise<T> => {
  const { rows } = await db.postgres.query<{ value: T }>(sql);
  return rows[0]?.value as T;
};

describe('demo data in a database', () => {
  it('is there as it was generated, row by row', async () => {
    expect(loaded.hash).toBe(hashOfDemo(OPTIONS));
    for (const [table, rows] of allRows(OPTIONS)) {
      expect(loaded.counts.get(table)).toBe(rows.length);
      const ids = rows.map(({ id }) => id);
      const { rows: found } = await db.postgres.query<{ count: number }>(
        `select count(*)::int as count from public.${table} where id = any ($1)`,
        [ids],
      );
      expect(found[0]?.count, table).toBe(ids.length);
    }
  });

  it('leaves the same content in another database', async () => {
    const other = await openTestDatabase({ seed: true });
    try {
      await loadDemo(other.url('postgres'), OPTIONS);
      const hashes: string[] = [];
      for (const url of [db.url('postgres'), other.url('postgres')]) {
        const client = await connectForScripts(url, 'test');
        try {
          hashes.push(await databaseHash(client));
        } finally {
          await client.end();
        }
      }
      expect(hashes[0]).toBe(hashes[1]);
    } finally {
      await other.close();
    }
  });

  it('leaves stock on the shelves, nowhere less than none', async () => {
    expect(await one<number>('select min(on_hand)::float as value from public.on_hand')).toBe(0);
    const stocked = await one<number>(
      'select count(*)::int as value from public.on_hand where on_hand > 0',
    );
    expect(stocked).toBeGreaterThan(80);
  });

  it.each([
    ['handout_summaries', 'handout_packs'],
    ['kiosk_schedule', 'appointments'],
    ['form_submission_summaries', 'form_submissions'],
    ['authorization_summaries', 'authorization_requests'],
    ['insurance_response_summaries', 'insurance_responses'],
  ])('gives %s a row for each of %s', async (summary, source) => {
    const rows = await one<number>(`select count(*)::int as value from public.${source}`);
    expect(rows).toBeGreaterThan(0);
    expect(await one(`select count(*)::int as value from public.${summary}`)).toBe(rows);
  });

  it('leaves indexes and references as they were when much is loaded', async () => {
    const shape = `
      select string_agg(line, e'\\n' order by line) as value from (
        select pg_get_indexdef(indexrelid) as line from pg_index
          join pg_class c on c.oid = indexrelid and c.relnamespace = 'public'::regnamespace
        union all
        select conrelid::regclass || conname || pg_get_constraintdef(oid) || convalidated
          from pg_constraint where connamespace = 'public'::regnamespace) lines`;
    const before = await one<string>(shape);
    const other = await openTestDatabase({ seed: true });
    try {
      const bulk = await loadDemo(other.url('postgres'), OPTIONS, { bulk: true });
      expect(bulk.hash).toBe(loaded.hash);
      const { rows } = await other.postgres.query<{ value: string }>(shape);
      expect(rows[0]?.value.split('\n')).toEqual(before.split('\n'));
    } finally {
      await other.close();
    }
  });

  it('leaves every trigger as it was', async () => {
    const off = `select count(*)::int as value from pg_trigger where tgenabled = 'D'`;
    expect(await one(off)).toBe(0);
  });

  it('knows every patient at the sites of their visits', async () => {
    const strangers = `
      select count(*)::int as value from public.appointments a
        join public.patients p on p.id = a.patient_id
       where not p.site_ids @> array[a.location_id]`;
    expect(await one(strangers)).toBe(0);
  });

  it('is refused where patients are', async () => {
    await expect(loadDemo(db.url('postgres'), OPTIONS)).rejects.toThrow(StackError);
    expect(await one('select count(*)::int as value from public.patients')).toBe(OPTIONS.patients);
  });
});
