import { createHash } from 'node:crypto';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '#stack/test-database.ts';
import { newId } from '#shared/kernel/ids.ts';
import { APPEND_ONLY, DENIED, asCaller, codeOf, openSyncPool } from './support/callers.ts';

const SITE = '5a000000-0000-4000-8000-000000000001';
const ROSA = '5b000000-0000-4000-8000-000000000001';

let db: TestDatabase;
let sync: pg.Pool;
beforeAll(async () => {
  db = await openTestDatabase({ seed: true });
  sync = await openSyncPool(db, 8);
});
afterAll(async () => {
  await sync.end();
  await db.close();
});

interface Entry {
  readonly action: string;
  readonly table_name: string;
  readonly row_id: string;
  readonly outcome: string;
  readonly location_id?: string;
  readonly field_names?: readonly string[];
  readonly occurred_at?: number;
}

const entry = (values: Partial<Entry> = {}): Entry => ({
  action: 'insert',
  table_name: 'stock_acts',
  row_id: newId(),
  outcome: 'ok',
  location_id: SITE,
  field_names: ['kind', 'lines'],
  occurred_at: Date.parse('2026-11-20T15:04:05.678Z'),
  ...values,
});

const append = (device: string, entries: readonly Entry[], user = ROSA): Promise<number> =>
  asCaller(
    sync,
    { role: 'ganger_engine', user },
    async (tx) => {
      const { rows } = await tx.query<{ last: number }>(
        'select private.append_audit($1, $2) as last',
        [device, JSON.stringify(entries)],
      );
      return rows[0]?.last ?? -1;
    },
    { keep: true },
  );

interface Verdict {
  readonly checked: number;
  readonly broken_seq: number | null;
  readonly fault: string | null;
}

async function verify(device: string): Promise<Verdict | undefined> {
  const { rows } = await db.postgres.query<Verdict>(
    'select checked, broken_seq, fault from private.verify_audit($1)',
    [device],
  );
  return rows[0];
}

describe('the audit chain', () => {
  it('numbers the entries of a device and links each to the one before', async () => {
    const device = newId();
    expect(await append(device, [entry(), entry(), entry()])).toBe(3);
    expect(await append(device, [entry({ action: 'update' })])).toBe(4);
    const { rows } = await db.postgres.query<{ seq: number; prev_hash: string; hash: string }>(
      'select seq, prev_hash, hash from public.audit_logs where device_id = $1 order by seq',
      [device],
    );
    expect(rows.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(rows.map(({ prev_hash }) => prev_hash)).toEqual([
      '0'.repeat(64),
      ...rows.slice(0, 3).map(({ hash }) => hash),
    ]);
    expect(await verify(device)).toEqual({ checked: 4, broken_seq: null, fault: null });
  });

  it('takes the actor from the claims, and says so where the person is unknown', async () => {
    const device = newId();
    const stranger = newId();
    await append(device, [entry()]);
    await append(device, [entry({ action: 'refuse', location_id: newId() })], stranger);
    const { rows } = await db.postgres.query(
      `select actor_id, created_by, location_id from public.audit_logs
        where device_id = $1 order by seq`,
      [device],
    );
    expect(rows).toEqual([
      { actor_id: ROSA, created_by: ROSA, location_id: SITE },
      { actor_id: null, created_by: stranger, location_id: null },
    ]);
    expect(await verify(device)).toMatchObject({ checked: 2, fault: null });
  });

  it('can be reckoned again outside the database from what it documents', async () => {
    const device = newId();
    await append(device, [
      entry(),
      entry({ field_names: ['na"me', 'ü', 'a, b'], outcome: 'SYNC_ROW_REFUSED' }),
      { action: 'post', table_name: 'count_sessions', row_id: newId(), outcome: 'ok' },
    ]);
    const { rows } = await db.postgres.query(
      `select id, created_by, device_id, location_id, seq, prev_hash, hash, actor_id, action,
              table_name, row_id, outcome, field_names, occurred_at, recorded_at
         from public.audit_logs where device_id = $1 order by seq`,
      [device],
    );
    expect(rows).toHaveLength(3);
    const text = (value: unknown): string => {
      if (Array.isArray(value)) return `[${value.map(text).join(', ')}]`;
      return JSON.stringify(value instanceof Date ? value.getTime() : value);
    };
    for (const r of rows) {
      const canonical = text([
        r.device_id,
        r.seq,
        r.id,
        r.created_by,
        r.actor_id,
        r.location_id,
        r.action,
        r.table_name,
        r.row_id,
        r.outcome,
        r.field_names,
        r.occurred_at,
        r.recorded_at,
      ]);
      const hash = createHash('sha256')
        .update(r.prev_hash + canonical)
        .digest('hex');
      expect(r.hash).toBe(hash);
    }
  });

  it('stays one chain when many append to it at once', async () => {
    const device = newId();
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let round = 0; round < 5; round += 1) await append(device, [entry(), entry()]);
      }),
    );
    expect(await verify(device)).toEqual({ checked: 80, broken_seq: null, fault: null });
  });

  it('holds nothing of a transaction that was undone', async () => {
    const device = newId();
    await append(device, [entry()]);
    await asCaller(sync, { role: 'ganger_engine', user: ROSA }, (tx) =>
      tx.query('select private.append_audit($1, $2)', [device, JSON.stringify([entry()])]),
    );
    expect(await append(device, [entry()])).toBe(2);
    expect(await verify(device)).toMatchObject({ checked: 2, fault: null });
  });

  it('is written by the engine’s function alone', async () => {
    const call = `select private.append_audit('${newId()}', '[]')`;
    const direct = `insert into public.audit_logs (id) values ('${newId()}')`;
    for (const sql of [call, direct]) {
      expect(await codeOf(asCaller(sync, { user: ROSA }, (tx) => tx.query(sql)))).toBe(DENIED);
    }
    expect(await codeOf(asCaller(sync, { role: 'ganger_engine' }, (tx) => tx.query(direct)))).toBe(
      DENIED,
    );
  });

  it('belongs to a device, and takes only actions that it knows', async () => {
    await expect(append(null as unknown as string, [entry()])).rejects.toMatchObject({
      code: '22004',
    });
    await expect(append(newId(), [entry({ action: 'delete' })])).rejects.toMatchObject({
      code: '23514',
    });
  });
});

describe('tampering by somebody who can lift the triggers', () => {
  afterEach(async () => {
    const code = await codeOf(db.postgres.query('delete from public.audit_logs'));
    expect(code).toBe(APPEND_ONLY);
  });

  /** The right hash of the entry with the outcome "no", to forge it. */
  const REHASHED = `private.audit_hash(a.prev_hash, private.audit_text(
    a.device_id, a.seq, a.id, a.created_by, a.actor_id, a.location_id, a.action, a.table_name,
    a.row_id, 'no', a.field_names, a.occurred_at, a.recorded_at))`;
  const LINE = 'where device_id = $1 and seq =';
  const CASES: readonly (readonly [what: string, sql: string, seq: number, fault: string])[] = [
    ['a changed outcome', `update public.audit_logs set outcome = 'no' ${LINE} 4`, 4, 'changed'],
    ['another actor', `update public.audit_logs set actor_id = null ${LINE} 2`, 2, 'changed'],
    [
      'another time',
      `update public.audit_logs set recorded_at = recorded_at - interval '1 ms' ${LINE} 5`,
      5,
      'changed',
    ],
    [
      'other field names',
      `update public.audit_logs set field_names = '[]' ${LINE} 1`,
      1,
      'changed',
    ],
    ['a deleted entry', `delete from public.audit_logs ${LINE} 3`, 4, 'missing'],
    ['a deleted first entry', `delete from public.audit_logs ${LINE} 1`, 2, 'missing'],
    ['a cut tail', 'delete from public.audit_logs where device_id = $1 and seq >= 5', 5, 'cut'],
    ['an empty chain', 'delete from public.audit_logs where device_id = $1', 1, 'cut'],
    [
      'an inserted entry, the later ones moved on',
      `with moved as (
         update public.audit_logs set seq = seq + 1 where device_id = $1 and seq >= 3 returning *)
       insert into public.audit_logs (id, device_id, seq, prev_hash, hash, action, table_name,
              row_id, outcome, field_names, recorded_at)
       select gen_random_uuid(), device_id, 3, prev_hash, repeat('a', 64), action, table_name,
              row_id, outcome, field_names, recorded_at
         from moved where seq = 4`,
      3,
      'changed',
    ],
    [
      'an entry appended by hand',
      `insert into public.audit_logs (id, device_id, seq, prev_hash, hash, action, table_name,
              row_id, outcome, field_names, recorded_at)
       select gen_random_uuid(), device_id, 7, hash, repeat('b', 64), action, table_name, row_id,
              outcome, field_names, recorded_at
         from public.audit_logs ${LINE} 6`,
      7,
      'changed',
    ],
    [
      'two entries that changed places',
      `update public.audit_logs set seq = case seq when 3 then 4 else 3 end
        where device_id = $1 and seq in (3, 4)`,
      3,
      'unlinked',
    ],
    [
      'two contents that changed places',
      `update public.audit_logs a set row_id = b.row_id from public.audit_logs b
        where a.device_id = $1 and b.device_id = $1 and a.seq + b.seq = 7
          and a.seq in (3, 4)`,
      3,
      'changed',
    ],
    [
      'a forged entry whose own hash is right',
      `update public.audit_logs a set outcome = 'no',
              hash = ${REHASHED}
        ${LINE} 2`,
      3,
      'unlinked',
    ],
    [
      'a chain that was forged to its end',
      `update public.audit_logs a set outcome = 'no',
              hash = ${REHASHED}
        ${LINE} 6`,
      6,
      'changed',
    ],
  ];

  it.each(CASES)('finds %s', async (_, sql, seq, fault) => {
    const device = newId();
    const other = newId();
    await append(
      device,
      Array.from({ length: 6 }, () => entry()),
    );
    await append(other, [entry(), entry()]);
    await liftingTriggers((client) => client.query(sql, [device]));
    expect(await verify(device)).toMatchObject({ broken_seq: seq, fault });
    expect(await verify(other)).toEqual({ checked: 2, broken_seq: null, fault: null });
  });

  it('finds an entry beyond the head, with hashes that are right', async () => {
    const device = newId();
    await append(device, [entry(), entry()]);
    await db.admin.query(
      `update private.audit_heads h set seq = 1, hash =
          (select hash from public.audit_logs where device_id = $1 and seq = 1)
        where device_id = $1`,
      [device],
    );
    expect(await verify(device)).toMatchObject({ broken_seq: 2, fault: 'beyond' });
  });
});

/** What only a superuser who alters the table can do. */
async function liftingTriggers(work: (client: pg.PoolClient) => Promise<unknown>): Promise<void> {
  const client = await db.admin.connect();
  try {
    await client.query('begin');
    await client.query('alter table public.audit_logs disable trigger all');
    // Numbers may meet while they are being exchanged.
    await client.query(
      'alter table public.audit_logs drop constraint audit_logs_device_id_seq_key',
    );
    await work(client);
    await client.query('alter table public.audit_logs enable always trigger append_only');
    await client.query('alter table public.audit_logs enable always trigger append_only_truncate');
    await client.query(`alter table public.audit_logs add constraint audit_logs_device_id_seq_key
      unique nulls not distinct (device_id, seq)`);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}
