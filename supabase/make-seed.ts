import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { derivedId } from '#shared/kernel/ids.ts';
import { QUANTITY_SCALE } from '#shared/kernel/quantity.ts';
import type { Row } from '#shared/schema/define.ts';
import { rowSchema, systemColumns } from '#shared/schema/rows.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { ITEMS } from './demo/catalogue.ts';
import type { DemoItem } from './demo/item.ts';
import { DEMO_PASSWORD, PEOPLE, SITES } from './demo/people.ts';
import type { SiteCode } from './demo/people.ts';
import { SEEDED_AT, TIME_ZONE, demoStock, itemId } from './demo/stock.ts';

/**
 * Writes `supabase/seed.sql` from the demo data: `node supabase/make-seed.ts`. The same input gives
 * the same file, and the rows of an act are those that its expansion gives everywhere else.
 */

const SEED_FILE = fileURLToPath(new URL('seed.sql', import.meta.url));

const PEOPLE_LIST = Object.values(PEOPLE);
const SITE_CODES = Object.keys(SITES) as SiteCode[];
const BASE = { created_at: SEEDED_AT, created_by: null, device_id: null };
const MANAGER = { ...BASE, created_by: PEOPLE.manager.id, field_hlc: {} };

/** The rows of the seed, parents first. */
export function seedRows(): { table: TableName; rows: Row[] }[] {
  const { acts, expanded } = demoStock();
  const of = (table: TableName): Row[] =>
    expanded.filter((expansion) => expansion.table === table).map(({ row }) => row);
  return [
    { table: 'locations', rows: SITE_CODES.map(location) },
    { table: 'users', rows: PEOPLE_LIST.map(user) },
    { table: 'user_roles', rows: PEOPLE_LIST.flatMap(grants) },
    { table: 'inventory_items', rows: ITEMS.map(item) },
    { table: 'item_locations', rows: ITEMS.flatMap(itemLocations) },
    { table: 'stock_acts', rows: acts },
    { table: 'inventory_lots', rows: of('inventory_lots') },
    { table: 'stock_movements', rows: of('stock_movements') },
  ];
}

/** The whole text of the seed file. Sign-in comes with the people, before all that names them. */
export function seedSql(): string {
  const inserts = seedRows().map(({ table, rows }) => insert(table, rows));
  return [HEADER, ...inserts.slice(0, 3), AUTH, ...inserts.slice(3), ''].join('\n\n');
}

const HEADER = `-- Demo data, invented throughout. Written by supabase/make-seed.ts: change that, not this file.
-- May run again: rows that exist are left as they are.`;

const AUTH = `-- Sign-in: all eight people have the same password. The token columns must not be null, or the
-- sign-in service cannot read the row.
insert into auth.users (
  id, instance_id, aud, role, email, encrypted_password, email_confirmed_at, confirmation_token,
  recovery_token, email_change, email_change_token_new, raw_app_meta_data, raw_user_meta_data)
select p.id, '00000000-0000-0000-0000-000000000000', 'authenticated', 'authenticated', p.email,
       extensions.crypt(${sqlText(DEMO_PASSWORD)}, extensions.gen_salt('bf', 10)), ${instant(SEEDED_AT)},
       '', '', '', '', '{"provider": "email", "providers": ["email"]}',
       jsonb_build_object('full_name', p.display_name)
  from public.users p
 where p.id in (${PEOPLE_LIST.map(({ id }) => `\n   ${sqlText(id)}`).join(',')})
   and not exists (select from auth.users a where a.id = p.id or a.email = p.email);

insert into auth.identities (provider_id, user_id, identity_data, provider, last_sign_in_at)
select a.id::text, a.id,
       jsonb_build_object('sub', a.id, 'email', a.email, 'email_verified', true), 'email', null
  from auth.users a
 where a.id in (${PEOPLE_LIST.map(({ id }) => `\n   ${sqlText(id)}`).join(',')})
on conflict (provider_id, provider) do nothing;`;

function location(code: SiteCode): Row {
  const { id, name, address, phone } = SITES[code];
  return { ...BASE, id, code, name, time_zone: TIME_ZONE, address, phone, active: true };
}

function user(person: (typeof PEOPLE_LIST)[number]): Row {
  return {
    ...BASE,
    id: person.id,
    display_name: person.name,
    home_location_id: person.home === null ? null : SITES[person.home].id,
    status: 'active',
    email: person.email,
    provider_npi: null,
    employee_id: person.employeeId,
    mfa_required: false,
  };
}

function grants(person: (typeof PEOPLE_LIST)[number]): Row[] {
  const granter = person.id === PEOPLE.superadmin.id ? null : PEOPLE.superadmin.id;
  return (person.sites ?? [null]).map((code) => ({
    ...BASE,
    id: derivedId('demo-grant', person.id, person.role, code ?? ''),
    user_id: person.id,
    role: person.role,
    location_id: code === null ? null : SITES[code].id,
    valid_from: SEEDED_AT,
    valid_to: null,
    granted_by: granter,
  }));
}

function item(demo: DemoItem): Row {
  return {
    ...MANAGER,
    id: itemId(demo.sku),
    name: demo.name,
    description: null,
    category: demo.category,
    manufacturer: demo.maker,
    kind: demo.kind,
    sku: demo.sku,
    base_unit: demo.unit,
    packs: [[demo.unit, 1] as const, ...demo.packs].map(([unit, count], level) => ({
      unit,
      qty_per_base: count * QUANTITY_SCALE,
      gtin: gtin(ITEMS.indexOf(demo), level),
    })),
    lot_policy: demo.lot,
    expiry_policy: demo.expiry,
    controlled_schedule: 'none',
    hazardous: demo.hazardous,
    status: demo.status,
    open_days: demo.vial?.days ?? null,
    vial_units: demo.vial ? demo.vial.units * QUANTITY_SCALE : null,
    vial_unit: demo.vial?.unit ?? null,
    merged_into_id: null,
  };
}

function itemLocations(demo: DemoItem): Row[] {
  return SITE_CODES.filter((site) => demo.par[site] > 0).map((site) => ({
    ...MANAGER,
    id: derivedId('demo-item-location', demo.sku, site),
    item_id: itemId(demo.sku),
    location_id: SITES[site].id,
    par: demo.par[site] * QUANTITY_SCALE,
    min: Math.floor(demo.par[site] / 2) * QUANTITY_SCALE,
    max: demo.par[site] * 2 * QUANTITY_SCALE,
    reorder_qty: demo.par[site] * QUANTITY_SCALE,
    bin: demo.bin,
    is_stocked: true,
  }));
}

/** A GTIN of the range 04, which is kept for use inside an organization, with its check digit. */
function gtin(index: number, level: number): string {
  const body = `${level}040000${String(index + 1).padStart(6, '0')}`;
  const digits = Array.from(body, Number);
  const sum = digits.reduce((total, digit, at) => total + digit * (at % 2 ? 1 : 3), 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
}

/** One insert of rows that exist only if their own definition takes them. */
function insert(table: TableName, rows: readonly Row[]): string {
  const { fields } = tableOf(table);
  const columns = [...systemColumns(tableOf(table)), ...Object.keys(fields)];
  const values = rows.map((row) => {
    check(table, row);
    return `  (${columns.map((column) => literal(table, column, row[column])).join(', ')})`;
  });
  return `insert into public.${table} (${wrap(columns)}) values\n${values.join(',\n')}
on conflict do nothing;`;
}

function check(table: TableName, row: Row): void {
  const { fields } = tableOf(table);
  const carried = Object.entries(row).filter(([name]) => fields[name]?.onDevice !== false);
  rowSchema(table).parse(Object.fromEntries(carried));
  for (const [name, field] of Object.entries(fields)) {
    if (!field.onDevice) field.zod.parse(row[name]);
  }
}

function literal(table: TableName, column: string, value: unknown): string {
  if (value === null || value === undefined) return 'null';
  const kind = tableOf(table).fields[column]?.kind;
  if (kind === 'instant' || column === 'created_at') return instant(value as number);
  if (kind === 'json' || column === 'field_hlc') return sqlText(JSON.stringify(value));
  if (typeof value === 'string') return sqlText(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error(`${table}.${column}: no literal for this value`);
}

function instant(ms: number): string {
  return sqlText(new Date(ms).toISOString());
}

function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function wrap(columns: readonly string[]): string {
  const lines = [''];
  for (const column of columns) {
    const last = lines.length - 1;
    const longer = lines[last] ? `${lines[last]}, ${column}` : column;
    if (longer.length > 94) lines.push(column);
    else lines[last] = longer;
  }
  return lines.length === 1 ? String(lines[0]) : `\n  ${lines.join(',\n  ')}\n`;
}

if (import.meta.main) writeFileSync(SEED_FILE, seedSql());
