import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { openTestDatabase } from '#stack/test-database.ts';
import type { TestDatabase } from '#stack/test-database.ts';

/** What the first version wrote into the ledger about patients is moved out of it, and nothing is lost. */

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase({ seed: true });
});
afterAll(() => db.close());

const file = new URL('../migrations/20261130001600_open_vials.sql', import.meta.url);
async function moving(): Promise<string> {
  const text = await readFile(file, 'utf8');
  const from = text.indexOf('insert into public.patient_uses (');
  const to = text.indexOf('-- From now on neither can stand there');
  expect(from).toBeGreaterThan(0);
  expect(to).toBeGreaterThan(from);
  return text.slice(from, to);
}

test('tokens and visits leave movements and acts, and are found again by the act', async () => {
  const client = await db.admin.connect();
  const rows = async (text: string, ...values: unknown[]) =>
    (await client.query<Record<string, unknown>>(text, values)).rows;
  try {
    await client.query(`begin;
      alter table public.stock_movements drop constraint stock_movements_no_patient_check;
      alter table public.stock_acts drop constraint stock_acts_no_patient_check;
      alter table public.stock_movements disable trigger append_only;
      alter table public.stock_acts disable trigger append_only;
      set local session_replication_role = 'replica'`);
    const [patient, visit, token] = [newId(), newId(), newId()];
    const [first, second, third] = await rows(
      `select distinct m.act_id, m.id from public.stock_movements m
       where m.type = 'issue' and m.line_no = 0 order by m.id limit 3`,
    );
    const site = await rows(
      'select location_id from public.stock_acts where id = $1',
      first?.['act_id'],
    );
    const location = site[0]?.['location_id'];
    await client.query(
      `insert into public.patients (id, site_ids, family_name, given_name, birth_date, sex, phones,
         source_version, language)
       values ($1, array[$2::uuid], 'Sample', 'Pat', '1980-02-03', 'unknown', '[]', 1, 'en')`,
      [patient, location],
    );
    await client.query(
      `insert into public.appointments (id, location_id, patient_id, starts_at, ends_at, local_date,
         type, status, source_version)
       values ($1, $2, $3, now(), now(), current_date, 'Visit', 'booked', 1)`,
      [visit, location, patient],
    );
    await client.query(
      `insert into public.patient_refs (id, hlc, location_id, patient_id)
       values ($1, '019300000000-0000-0123456789ab', $2, $3)`,
      [token, location, patient],
    );
    // One with a token, one with the visit alone, and one that names neither.
    await client.query(
      `update public.stock_movements set patient_ref = $2, note = 'stays' where id = $1`,
      [first?.['id'], token],
    );
    await client.query(
      `update public.stock_movements set ref_type = 'appointment', ref_id = $2 where id = $1`,
      [second?.['id'], visit],
    );
    const named = (extra: string) => `jsonb_set(lines, '{0}', (lines -> 0) || ${extra})`;
    await client.query(
      `update public.stock_acts set lines = ${named(`jsonb_build_object('patient_ref', $2::text)`)} where id = $1`,
      [first?.['act_id'], token],
    );
    await client.query(
      `update public.stock_acts set lines = ${named(
        `jsonb_build_object('ref_type', 'appointment', 'ref_id', $2::text)`,
      )} where id = $1`,
      [second?.['act_id'], visit],
    );
    const before = await rows(
      'select sum(qty_base)::text as sum, count(*)::int as n from public.stock_movements',
    );
    const untouched = await rows(
      'select * from public.stock_acts where id = $1',
      third?.['act_id'],
    );

    await client.query(`set local session_replication_role = 'origin'`);
    await client.query(await moving());

    expect(
      await rows(
        'select patient_id, appointment_id, act_id from public.patient_uses order by act_id',
      ),
    ).toEqual(
      [
        { patient_id: patient, appointment_id: null, act_id: first?.['act_id'] },
        { patient_id: patient, appointment_id: visit, act_id: second?.['act_id'] },
      ].toSorted((a, b) => (String(a.act_id) < String(b.act_id) ? -1 : 1)),
    );
    expect(
      await rows(
        `select ref_type, ref_id, patient_ref from public.stock_movements where id = any($1::uuid[])`,
        [first?.['id'], second?.['id']],
      ),
    ).toEqual(Array(2).fill({ ref_type: 'appointment', ref_id: null, patient_ref: null }));
    const ledger = JSON.stringify(await rows('select lines from public.stock_acts'));
    for (const secret of [token, visit, patient]) expect(ledger).not.toContain(secret);
    expect(
      await rows(
        'select sum(qty_base)::text as sum, count(*)::int as n from public.stock_movements',
      ),
    ).toEqual(before);
    expect(await rows('select * from public.stock_acts where id = $1', third?.['act_id'])).toEqual(
      untouched,
    );
    // And the ledger refuses to be changed as it always did.
    await expect(client.query(`update public.stock_movements set note = 'x'`)).rejects.toThrow();
  } finally {
    await client.query('rollback');
    client.release();
  }
});
