import type pg from 'pg';
import type { Row } from '#shared/schema/define.ts';
import { systemColumns } from '#shared/schema/rows.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { insertStatement, literal, sampleRow } from '../../../supabase/schema/sample-rows.ts';
import type { References } from '../../../supabase/schema/sample-rows.ts';
import { DEVICE, PEOPLE, SITE, TEAM, grantRows } from './people.ts';

/** Rows of one transaction, on average, in the history that is loaded. */
const ROWS_OF_TRANSACTION = 500;

/** How many rows of each table are loaded beside a million movements, and never fewer than. */
const SHARES: readonly (readonly [TableName, number, number])[] = [
  ['inventory_items', 0.002, 200],
  ['inventory_lots', 0.006, 600],
  ['stock_acts', 0.25, 0],
  ['stock_movements', 1, 0],
  ['count_sessions', 0.0002, 4],
  ['count_lines', 0.02, 400],
  ['patients', 0.02, 2_000],
  ['appointments', 0.2, 0],
  ['kiosk_schedule', 0.2, 0],
  ['coverages', 0.1, 0],
  ['consents', 0.1, 0],
  ['handout_packs', 0.1, 0],
  ['delivery_tracking', 1, 0],
  ['check_in_records', 0.2, 0],
  ['headlines', 0.05, 0],
  ['issues', 0.05, 0],
  ['review_items', 0.02, 0],
  ['audit_logs', 0.2, 0],
];

/** What was loaded: how many rows a table has, and where on the line of transactions. */
export interface Loaded {
  readonly counts: Readonly<Partial<Record<TableName, number>>>;
  /** A transaction's id at a share (0 to 1) of the history. */
  readonly xidAt: (share: number) => string;
}

/** The id of the nth row of a table; as time goes on it grows, as the ids of devices do. */
export function idOf(table: TableName, nth: number): string {
  return `${prefixOf(table)}-0000-7000-8000-${nth.toString(16).padStart(12, '0')}`;
}
const prefixOf = (table: TableName): string =>
  (0xb0000000 + SHARES.findIndex(([name]) => name === table)).toString(16);
const idSql = (table: TableName, nth: string): string =>
  `('${prefixOf(table)}-0000-7000-8000-' || lpad(to_hex(${nth}), 12, '0'))::uuid`;

/** A number below `below` that looks like chance and is the same for the same row. */
const chance = (nth: string, salt: number, below: number): string =>
  `(abs(hashint8(${nth} * 31 + ${salt})::bigint) % ${below})`;

/** Of a hundred rows about 55 lie at the first site, 30 at the second and 15 at the third. */
const siteSql = (nth: string): string => `(case when ${chance(nth, 9, 100)} < 55 then '${SITE.AA}'
  when ${chance(nth, 9, 100)} < 85 then '${SITE.WX}' else '${SITE.PY}' end)::uuid`;

/**
 * Fills a database that has its migrations with a history of transactions: people, three sites, and
 * rows in the order in which they came. Triggers and foreign keys are off while it loads; the windows
 * are moved as the night moves them, most members long ago.
 * @param client logged in as the superuser
 * @param rows how many movements, and how many events of delivery
 */
export async function load(client: pg.ClientBase, rows: number): Promise<Loaded> {
  const counts = Object.fromEntries(
    SHARES.map(([table, share, least]) => [table, Math.max(least, Math.round(rows * share))]),
  ) as Record<TableName, number>;
  const transactions = Math.max(100, Math.ceil(rows / ROWS_OF_TRANSACTION));
  const first = await spendTransactions(client, transactions);
  const xidAt = (share: number): string => String(first + Math.floor(transactions * share));

  await client.query(`set session_replication_role = 'replica'`);
  for (const statement of peopleStatements()) await client.query(statement);
  for (const [table] of SHARES) {
    await client.query(fillSql(table, counts, { first, transactions }));
  }
  await spreadAudit(client, counts);
  await client.query(`set session_replication_role = 'origin'`);
  await client.query('select private.move_windows()');
  await spreadMembers(client, { first, transactions });
  await client.query('vacuum (analyze)');
  return { counts, xidAt };
}

/** Rows say by which transaction they came, so there must have been as many. */
async function spendTransactions(client: pg.ClientBase, count: number): Promise<number> {
  const { rows } = await client.query<{ xid: string }>('select pg_current_xact_id()::text as xid');
  await client.query(`do $$ begin
    for i in 1..${count + 1} loop perform pg_current_xact_id(); commit; end loop; end $$`);
  return Number(rows[0]?.xid);
}

/** Statements that make sites, teams, people with what they hold, and machines. */
export function peopleStatements(): string[] {
  const sites = Object.entries(SITE).map(([code, id]) =>
    insertStatement('locations', sampleRow('locations', {}, { id, code })),
  );
  const teams = Object.entries(TEAM).map(([code, id]) => {
    const location_id = SITE[code as keyof typeof SITE];
    return insertStatement('eos_teams', sampleRow('eos_teams', {}, { id, location_id }));
  });
  const users = PEOPLE.map(({ id }) =>
    insertStatement('users', sampleRow('users', {}, { id, status: 'active' })),
  );
  const devices = PEOPLE.map(({ id }) =>
    insertStatement(
      'devices',
      sampleRow('devices', { users: id }, { id: DEVICE(id), enrolled_by: id, status: 'active' }),
    ),
  );
  return [...sites, ...teams, ...users, ...devices, ...grantRows()];
}

type Expressions = Readonly<Record<string, string>>;

/** What differs from row to row, in SQL of the row's number `g`; all else is as in a sample row. */
function expressionsOf(table: TableName, counts: Readonly<Record<TableName, number>>): Expressions {
  const one = (of: TableName, nth: string): string => idSql(of, `${nth} % ${counts[of]}`);
  const aPatient = one('patients', chance('g', 1, counts.patients));
  // The visit that a row is about came at about the same share of the history.
  const visit = `(g * ${counts.appointments} / ${counts[table]})`;
  const patientOfVisit = (nth: string): string =>
    idSql('patients', chance(nth, 2, counts.patients));
  const aboutVisit = {
    location_id: siteSql(visit),
    patient_id: patientOfVisit(visit),
  };
  switch (table) {
    case 'inventory_items':
      return { sku: `'S' || g`, name: `'Item ' || g`, status: `'active'` };
    case 'inventory_lots':
      return { item_id: one('inventory_items', 'g'), lot_no: `'L' || g` };
    case 'stock_acts':
      return { location_id: siteSql('g'), kind: `'receive'`, lines: linesSql(counts) };
    case 'stock_movements':
      return {
        act_id: one('stock_acts', `(g / 4)`),
        line_no: '(g % 4)::integer',
        item_id: one('inventory_items', chance('g', 3, counts.inventory_items)),
        lot_id: one('inventory_lots', chance('g', 3, counts.inventory_items)),
        location_id: siteSql('(g / 4)'),
        type: `'receive'`,
        hlc: `'0199' || lpad(to_hex(g), 8, '0') || '-0000-0000000000aa'`,
        performed_by: `'${PEOPLE[0]?.id}'::uuid`,
      };
    case 'count_sessions':
      return { location_id: siteSql('g * 7'), status: `'posted'` };
    case 'count_lines':
      return {
        session_id: one('count_sessions', `(g / 100)`),
        location_id: siteSql('(g / 100) * 7'),
        item_id: one('inventory_items', chance('g', 4, counts.inventory_items)),
        // Counted at nine tenths of the movements.
        hlc: `'0199' || lpad(to_hex(${Math.floor(counts.stock_movements * 0.9)} + g), 8, '0')
          || '-0000-0000000000bb'`,
        counted_qty: '1000000',
      };
    case 'patients':
      return {
        site_ids: `array[${siteSql('g')}]`,
        family_name: `initcap(substr(md5((g % 4000)::text), 1, 7))`,
        given_name: `initcap(substr(md5(g::text || 'g'), 1, 6))`,
        birth_date: `date '1930-01-01' + ${chance('g', 5, 30_000)}::integer`,
        ehr_id: `'E' || g`,
        created_at: `now() - interval '1 year'`,
      };
    case 'appointments':
    case 'kiosk_schedule': {
      const day = `current_date - 700 + (g * 740 / ${counts[table]})::integer`;
      return {
        location_id: siteSql('g'),
        local_date: day,
        starts_at: `(${day})::timestamptz + interval '9 hours'`,
        ...(table === 'appointments'
          ? {
              patient_id: patientOfVisit('g'),
              ends_at: `(${day})::timestamptz + interval '10 hours'`,
              status: `'booked'`,
              ehr_id: `'V' || g`,
            }
          : {}),
      };
    }
    case 'coverages':
      return { location_id: siteSql('g'), patient_id: aPatient, member_id: `'M' || g` };
    case 'consents':
    case 'handout_packs':
      return aboutVisit;
    case 'delivery_tracking':
      return {
        ...aboutVisit,
        pack_id: idSql('handout_packs', `(g * ${counts.handout_packs} / ${counts[table]})`),
        provider_message_id: `'P' || g`,
      };
    case 'check_in_records':
      return { ...aboutVisit, appointment_id: idSql('appointments', visit) };
    case 'headlines':
    case 'issues': {
      const ofTeam = `(case when g % 2 = 0 then '${TEAM.AA}' else '${TEAM.PY}' end)::uuid`;
      return {
        team_id: ofTeam,
        location_id: `(case when g % 2 = 0 then '${SITE.AA}' else '${SITE.PY}' end)::uuid`,
        ...(table === 'issues' ? { private: 'g % 10 = 0' } : {}),
      };
    }
    case 'review_items':
      return {
        location_id: siteSql('g'),
        table_name: `(array['patients', 'purchase_orders', 'inventory_lots', 'appeals'])[1 + g % 4]`,
        row_id: 'gen_random_uuid()',
      };
    case 'audit_logs':
      return {
        location_id: siteSql('g'),
        actor_id: actorSql(),
        created_by: actorSql(),
        action: `'insert'`,
      };
    default:
      throw new Error(`nothing is known of the rows of ${table}`);
  }
}

const actorSql = (): string =>
  `(array['${PEOPLE.map(({ id }) => id).join(`','`)}'])[1 + g % ${PEOPLE.length}]::uuid`;

const linesSql = (counts: Readonly<Record<TableName, number>>): string =>
  `(select jsonb_agg(jsonb_build_object(
      'item_id', ${idSql('inventory_items', `(g * 4 + l) % ${counts.inventory_items}`)},
      'qty_base', 10000, 'lot_no', null, 'expiry_date', null, 'serial', '',
      'entered_unit', 'each', 'entered_qty', '1', 'unit_cost_cents', null))
    from generate_series(0, 3) l)`;

function fillSql(
  table: TableName,
  counts: Readonly<Record<TableName, number>>,
  history: { readonly first: number; readonly transactions: number },
): string {
  const person = PEOPLE[0]?.id ?? '';
  const refs: References = new Proxy({ users: person } as References, {
    get: (known, name: TableName) => known[name] ?? idOf(name, 0),
  });
  const sample: Row = sampleRow(table, refs);
  const given = expressionsOf(table, counts);
  const stamps = Object.fromEntries(
    Object.keys(tableOf(table).fields).map((field) => [field, '0199aaaaaaaa-0000-0000000000aa']),
  );
  const values: Record<string, string> = {
    id: idSql(table, 'g'),
    ...(tableOf(table).kind === 'record'
      ? { field_hlc: `'${JSON.stringify(stamps)}'::jsonb` }
      : {}),
    ...(tableOf(table).kind === 'log' ? { seq: 'g' } : {}),
    ...given,
    row_xid: `(${history.first} + g * ${history.transactions} / ${counts[table]})::text::xid8`,
  };
  const columns = [
    ...new Set([
      ...systemColumns(tableOf(table)),
      ...Object.keys(tableOf(table).fields),
      ...Object.keys(values),
    ]),
  ];
  const list = columns.map((column) => values[column] ?? literal(table, column, sample[column]));
  return `insert into public.${table} (${columns.join(', ')})
    select ${list.join(', ')} from generate_series(0::bigint, ${(counts[table] ?? 0) - 1}) g`;
}

/** Chains of the audit belong to devices; the newest entry is each one's head. */
async function spreadAudit(
  client: pg.ClientBase,
  counts: Readonly<Record<TableName, number>>,
): Promise<void> {
  await client.query(
    `insert into private.audit_heads (device_id, seq, hash)
     select d.id, ${counts.audit_logs}, repeat('0', 64) from public.devices d`,
  );
}

/** Most members came in long ago; one in two hundred of late, and some have left since. */
async function spreadMembers(
  client: pg.ClientBase,
  { first, transactions }: { readonly first: number; readonly transactions: number },
): Promise<void> {
  const early = Math.floor(transactions * 0.9);
  const late = Math.max(1, Math.floor(transactions * 0.001));
  await client.query(
    `update private.scope_members m set entered_xid = (case
       when abs(hashtext(m.row_id::text)) % 200 = 0
         then ${first + transactions - 2} - abs(hashtext(m.scope)) % ${late}
       else ${first} + abs(hashtext(m.row_id::text)) % ${early} end)::text::xid8`,
  );
  await client.query(
    `update private.scope_members m
        set left_xid = (m.entered_xid::text::bigint + 1)::text::xid8, left_at = now()
      where abs(hashtext(m.row_id::text)) % 50 = 1`,
  );
}
