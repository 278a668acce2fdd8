import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '#stack/test-database.ts';
import type { Field, Row } from '#shared/schema/define.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { jsonShape } from '../schema/table-sql.ts';
import { everyPersona, SITE } from './support/people.ts';
import { arrangeWorld, plant } from './support/plant.ts';
import { literal } from '../schema/sample-rows.ts';
import type { References } from '../schema/sample-rows.ts';

/** Tables that hold a part of another one: what of it, when it changes, and nothing else of it. */

const PROJECTIONS = TABLE_NAMES.flatMap((table) => {
  const { projectionOf } = tableOf(table);
  return projectionOf === null ? [] : [{ table, source: projectionOf as TableName }];
});

/** Fields of a projection that its source has under another name, or that are reckoned. */
const RECKONED: Readonly<Record<string, readonly string[]>> = {
  handout_summaries: ['made_at', 'handouts'],
  kiosk_schedule: ['initial', 'match_hash', 'listed'],
};

const copiedOf = (table: TableName): string[] =>
  Object.keys(tableOf(table).fields).filter((name) => !(RECKONED[table] ?? []).includes(name));

/** Fields of a projection that may change in its source. */
const changedOf = (table: TableName, source: TableName): string[] =>
  copiedOf(table).filter((name) => {
    const { kind, fields } = tableOf(source);
    return kind === 'record' && fields[name]?.merge !== 'AO';
  });

let db: TestDatabase;
let client: pg.PoolClient;
let refs: References;

beforeAll(async () => {
  db = await openTestDatabase({ seed: false });
  const personas = everyPersona(Date.now()).slice(0, 3);
  refs = await arrangeWorld(db, personas, personas[0]?.id ?? '');
  client = await db.postgres.connect();
});
afterAll(async () => {
  client.release();
  await db.close();
});

/** A row as texts, by column. */
async function read(table: TableName, id: string): Promise<Record<string, unknown>> {
  const { rows } = await client.query<{ row: Record<string, unknown> }>(
    `select to_jsonb(t) as row from public.${table} t where id = $1`,
    [id],
  );
  expect(rows).toHaveLength(1);
  return rows[0]?.row ?? {};
}

const change = (table: TableName, row: Row, column: string, value: unknown): Promise<unknown> =>
  client.query(
    `update public.${table} set ${column} = ${literal(table, column, value)} where id = '${row.id}'`,
  );

it('are five, each of a table that more may not be seen of', () => {
  expect(PROJECTIONS.map(({ table, source }) => `${table} of ${source}`).toSorted()).toEqual([
    'authorization_summaries of authorization_requests',
    'form_submission_summaries of form_submissions',
    'handout_summaries of handout_packs',
    'insurance_response_summaries of insurance_responses',
    'kiosk_schedule of appointments',
  ]);
});

describe.each(PROJECTIONS)('$table', ({ table, source }) => {
  const own = Object.keys(tableOf(table).fields);

  it('has a row for every row of its source, with the same id and the same values', async () => {
    const row = await plant(client, source, refs);
    const of = await read(source, row.id);
    const part = await read(table, row.id);
    const shared = [...copiedOf(table), 'id', 'created_at', 'created_by', 'device_id'];
    for (const name of shared) expect({ [name]: part[name] }).toEqual({ [name]: of[name] });
  });

  it('has nothing else of it', async () => {
    const marker = 'Zz9';
    const masked = Object.entries(tableOf(source).fields).filter(([name]) => !own.includes(name));
    const secrets = Object.fromEntries(
      masked.flatMap(([name, field]): [string, unknown][] => {
        if (field.kind === 'text') {
          return [[name, marker.repeat(30).slice(0, field.maxLength ?? 30)]];
        }
        if (field.kind !== 'json') return [];
        const document = { secret: marker };
        return [[name, jsonShape(field)?.type === 'array' ? [document] : document]];
      }),
    );
    const row = await plant(client, source, refs, secrets);
    expect(JSON.stringify(await read(source, row.id)).includes(marker)).toBe(
      Object.keys(secrets).length > 0,
    );
    const part = await read(table, row.id);
    expect(JSON.stringify(part)).not.toContain(marker);
    const server = ['row_xid', 'row_version', 'recorded_at', 'schema_version'];
    expect(Object.keys(part).toSorted()).toEqual(
      ['id', 'created_at', 'created_by', 'device_id', ...own, ...server].toSorted(),
    );
  });
});

const FOLLOWING = PROJECTIONS.filter(({ table, source }) => changedOf(table, source).length > 0);

it('follow their sources where these change at all', () => {
  expect(FOLLOWING.map(({ source }) => source).toSorted()).toEqual([
    'appointments',
    'authorization_requests',
    'form_submissions',
  ]);
});

describe.each(FOLLOWING)('$table', ({ table, source }) => {
  it('follows each of its fields, and moves with nothing else', async () => {
    const row = await plant(client, source, refs);
    for (const name of changedOf(table, source)) {
      const field = tableOf(source).fields[name];
      const value = another(field);
      const before = await read(table, row.id);
      await change(source, row, name, value);
      const after = await read(table, row.id);
      expect(after[name]).toEqual((await read(source, row.id))[name]);
      expect(after[name]).not.toEqual(before[name]);
      expect(after['row_version']).toBe(Number(before['row_version']) + 1);
    }
    const before = await read(table, row.id);
    const other = Object.entries(tableOf(source).fields).find(
      ([name, { kind, merge }]) =>
        kind === 'text' && merge !== 'AO' && !(name in tableOf(table).fields),
    );
    if (other) await change(source, row, other[0], 'something else');
    await client.query(`update public.${source} set field_hlc = field_hlc where id = '${row.id}'`);
    expect(await read(table, row.id)).toEqual(before);
  });
});

/** A value that no planted row has. */
function another(field: Field<unknown> | undefined): unknown {
  switch (field?.kind) {
    case 'enum':
      return field.values?.at(-1);
    case 'instant':
      return 1_800_000_000_000;
    case 'date':
      return '2031-02-03';
    default:
      return 'Q-17';
  }
}

describe('a summary of handouts', () => {
  it('counts them, and says when they were made', async () => {
    const pack = await plant(client, 'handout_packs', refs, { lines: [{}, {}, {}] });
    const part = await read('handout_summaries', pack.id);
    expect(part['handouts']).toBe(3);
    expect(part['made_at']).toBe((await read('handout_packs', pack.id))['created_at']);
  });
});

describe('the list of a kiosk', () => {
  const listed = async (values: Record<string, unknown>): Promise<unknown> => {
    const visit = await plant(client, 'appointments', refs, values);
    return (await read('kiosk_schedule', visit.id))['listed'];
  };

  it('shows one letter of the given name', async () => {
    const patient = await plant(client, 'patients', refs, {
      given_name: 'élodie',
      family_name: 'Winterbourne',
    });
    const visit = await plant(client, 'appointments', refs, { patient_id: patient.id });
    const part = await read('kiosk_schedule', visit.id);
    expect(part['initial']).toBe('É');
    expect(JSON.stringify(part)).not.toMatch(/lodie|Winterbourne/i);
    expect(JSON.stringify(part)).not.toContain(patient.id);
  });

  it('asks only for visits that are still to come', async () => {
    const open = ['pending', 'booked', 'arrived', 'waitlist'];
    for (const status of tableOf('appointments').fields['status']?.values ?? []) {
      expect({ status, listed: await listed({ status }) }).toEqual({
        status,
        listed: open.includes(status),
      });
    }
  });

  it('stops asking for a visit that is called off or taken out', async () => {
    const off = await plant(client, 'appointments', refs);
    expect((await read('kiosk_schedule', off.id))['listed']).toBe(true);
    await change('appointments', off, 'status', 'cancelled');
    expect((await read('kiosk_schedule', off.id))['listed']).toBe(false);
    const out = await plant(client, 'appointments', refs);
    await client.query('update public.appointments set deleted_at = now() where id = $1', [out.id]);
    expect((await read('kiosk_schedule', out.id))['listed']).toBe(false);
  });
});

describe('a patient', () => {
  it('is known at the sites of their visits, each once, sorted', async () => {
    const patient = await plant(client, 'patients', refs, { site_ids: [SITE.WX] });
    const sites = async (): Promise<unknown> => (await read('patients', patient.id))['site_ids'];
    for (const location_id of [SITE.PY, SITE.AA, SITE.PY]) {
      await plant(
        client,
        'appointments',
        { ...refs, locations: location_id },
        {
          patient_id: patient.id,
        },
      );
    }
    expect(await sites()).toEqual([SITE.AA, SITE.WX, SITE.PY].toSorted());
    const { row_version: before } = await read('patients', patient.id);
    await plant(client, 'appointments', refs, { patient_id: patient.id });
    expect((await read('patients', patient.id))['row_version']).toBe(before);
  });
});
