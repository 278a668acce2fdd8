import type pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '#stack/test-database.ts';
import { newId } from '#shared/kernel/ids.ts';
import { ANOTHER, ROSA, append as appendAs, entry, verify as verifyIn } from './support/audit.ts';
import type { Entry, Verdict } from './support/audit.ts';
import { APPEND_ONLY, codeOf, openSyncPool } from './support/callers.ts';

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

const append = (device: string, entries: readonly Entry[]): Promise<number> =>
  appendAs(sync, device, entries);
const verify = (device: string): Promise<Verdict | undefined> => verifyIn(db.postgres, device);

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

  const TOLD = [
    ['another part', `acting_as = '${ROSA}'`],
    ['no part', 'acting_as = null'],
    ['another purpose', `purpose = 'none'`],
    ['no purpose', 'purpose = null'],
    ['another patient', 'patient_ref = gen_random_uuid()'],
    ['no patient', 'patient_ref = null'],
    ['nothing of the three', 'acting_as = null, purpose = null, patient_ref = null'],
  ] as const;

  it.each(TOLD)('finds %s in an entry that had one', async (_, set) => {
    const device = newId();
    const told = {
      acting_as: ANOTHER,
      purpose: 'emergency',
      patient_ref: newId(),
    };
    await append(device, [entry(), entry(told), entry()]);
    await liftingTriggers((client) =>
      client.query(`update public.audit_logs set ${set} ${LINE} 2`, [device]),
    );
    expect(await verify(device)).toMatchObject({ broken_seq: 2, fault: 'changed' });
  });

  it.each([`acting_as = '${ROSA}'`, `purpose = 'none'`, 'patient_ref = gen_random_uuid()'])(
    'finds %s in an entry that had none',
    async (set) => {
      const device = newId();
      await append(device, [entry(), entry()]);
      await liftingTriggers((client) =>
        client.query(`update public.audit_logs set ${set} ${LINE} 1`, [device]),
      );
      expect(await verify(device)).toMatchObject({ broken_seq: 1, fault: 'changed' });
    },
  );

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
