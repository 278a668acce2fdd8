import { createHash } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '#stack/test-database.ts';
import { newId } from '#shared/kernel/ids.ts';
import { tableOf } from '#shared/schema/tables.ts';
import {
  ANOTHER,
  ROSA,
  SITE,
  append as appendAs,
  entry,
  verify as verifyIn,
} from './support/audit.ts';
import type { Entry, Verdict } from './support/audit.ts';
import { DENIED, asCaller, codeOf, openSyncPool } from './support/callers.ts';

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

const append = (device: string, entries: readonly Entry[], user?: string): Promise<number> =>
  appendAs(sync, device, entries, user);
const verify = (device: string): Promise<Verdict | undefined> => verifyIn(db.postgres, device);

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

  it('says whose part somebody played, why, and whom it was about', async () => {
    const device = newId();
    const patient = newId();
    const other = ANOTHER;
    const told: Partial<Entry>[] = [
      { action: 'break_glass', acting_as: other, purpose: 'emergency', patient_ref: patient },
      { action: 'read', patient_ref: patient },
      { action: 'print', purpose: 'ü, "quoted"' },
      { action: 'list', acting_as: newId() },
      {},
    ];
    await append(device, told.map(entry));
    const { rows } = await db.postgres.query(
      `select id, created_by, device_id, location_id, seq, prev_hash, hash, actor_id, action,
              table_name, row_id, outcome, field_names, occurred_at, recorded_at, acting_as, purpose,
              patient_ref
         from public.audit_logs where device_id = $1 order by seq`,
      [device],
    );
    expect(rows.map((r) => [r.acting_as, r.purpose, r.patient_ref])).toEqual([
      [other, 'emergency', patient],
      [null, null, patient],
      [null, 'ü, "quoted"', null],
      // Somebody whom the database does not know.
      [null, null, null],
      [null, null, null],
    ]);
    for (const r of rows) {
      const tail = [r.acting_as, r.purpose, r.patient_ref];
      const parts = [
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
      ];
      const times = [r.occurred_at, r.recorded_at].map((at: Date) => at.getTime());
      // An entry that says none of the three has the text that it always had.
      const said = tail.some((part) => part !== null) ? tail : [];
      const canonical = [...parts, r.field_names, ...times, ...said]
        .map((part: unknown) =>
          Array.isArray(part)
            ? `[${part.map((name) => JSON.stringify(name)).join(', ')}]`
            : JSON.stringify(part),
        )
        .join(', ');
      const hash = createHash('sha256').update(`${r.prev_hash}[${canonical}]`).digest('hex');
      expect(r.hash).toBe(hash);
    }
    expect(await verify(device)).toEqual({ checked: 5, broken_seq: null, fault: null });
  });

  it('takes every action of its definition', async () => {
    const device = newId();
    const actions = tableOf('audit_logs').fields['action']?.values ?? [];
    await append(
      device,
      actions.map((action) => entry({ action })),
    );
    expect(await verify(device)).toMatchObject({ checked: actions.length, fault: null });
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
