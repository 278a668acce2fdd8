import { instantOf } from '#shared/kernel/dates.ts';
import { derivedId } from '#shared/kernel/ids.ts';
import { emptyText } from '#shared/merge/shared-text.ts';
import type { Row } from '#shared/schema/define.ts';
import type { Role, TeamRole } from '#shared/schema/roles.ts';
import { deviceFields, rowIdOf } from '#shared/schema/rows.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { ModelDatabase } from '../model/database.ts';

/** Tables that the simulated devices hold: each merge rule and each kind of table is among them. */
export const TABLES: readonly TableName[] = [
  'locations',
  'users',
  'user_roles',
  'eos_teams',
  'eos_team_members',
  'inventory_items',
  'item_locations',
  'reorder_requests',
  'stock_acts',
  'inventory_lots',
  'stock_movements',
  'count_sessions',
  'count_lines',
  'kiosk_sessions',
  'pharma_companies',
  'pharma_representatives',
  'scheduling_activities',
  'pharma_appointments',
  'slot_claims',
  'l10_meetings',
  'rocks',
  'issues',
  'issue_votes',
  'meeting_notes',
  'transitions',
  'conflict_log',
  'review_items',
  'review_decisions',
];

export const simId = (...parts: readonly string[]): string => derivedId('simulation', ...parts);

export const SITES = [simId('site', 'north'), simId('site', 'south')] as const;
export const TEAM = simId('team', 'leads');
export const ITEMS = ['gauze', 'lidocaine', 'gloves', 'sutures'].map((name) => simId('item', name));
const COMPANY = simId('company', 'one');
const REP = simId('rep', 'one');
const ISSUES = ['fridge', 'phones'].map((name) => simId('issue', name));
const ROCK = simId('rock', 'one');

/** What representatives can book: at each site a lunch for one and a training for two, in one room. */
export const ACTIVITIES = SITES.flatMap((site) => [
  {
    id: simId('lunch', site),
    site,
    kind: 'lunch',
    seats: 1,
    startMinute: 720,
    requiresApproval: true,
  },
  {
    id: simId('training', site),
    site,
    kind: 'training',
    seats: 2,
    startMinute: 750,
    requiresApproval: false,
  },
]);
export type Activity = (typeof ACTIVITIES)[number];

/** Days on which they are booked: few, so that people want the same. */
const VISIT_DAYS = ['2026-06-08', '2026-06-09', '2026-06-10'];
const ZONE = 'America/New_York';
export const VISIT_MS = 45 * 60_000;
/** Between two uses of a room. */
export const BUFFER_MS = 15 * 60_000;

/** Somebody who works here. */
export interface Person {
  readonly id: string;
  readonly roles: readonly (readonly [Role, site: string | null])[];
  readonly team: TeamRole | null;
}

const [NORTH, SOUTH] = SITES;

/** Who they are is the same in every run; which of them sit at devices is not. */
export const PEOPLE: readonly Person[] = [
  { id: simId('user', 'manager'), roles: [['MG', null]], team: 'leader' },
  { id: simId('user', 'lead north'), roles: [['LM', NORTH]], team: 'member' },
  {
    id: simId('user', 'lead both'),
    roles: [
      ['LM', NORTH],
      ['LM', SOUTH],
    ],
    team: 'leader',
  },
  { id: simId('user', 'nurse north'), roles: [['CS', NORTH]], team: 'member' },
  { id: simId('user', 'nurse south'), roles: [['CS', SOUTH]], team: null },
  { id: simId('user', 'desk south'), roles: [['FD', SOUTH]], team: 'viewer' },
  {
    id: simId('user', 'desk both'),
    roles: [
      ['FD', NORTH],
      ['FD', SOUTH],
    ],
    team: null,
  },
];

/** A row with every field that is not said set to nothing. */
export function rowAs(
  table: TableName,
  made: Pick<Row, 'created_at' | 'created_by' | 'device_id'> & { readonly id?: string },
  fields: Readonly<Record<string, unknown>>,
): Row {
  const unsaid = deviceFields(tableOf(table)).flatMap(([name, { nullable }]) =>
    nullable ? [[name, null] as const] : [],
  );
  return {
    ...Object.fromEntries(unsaid),
    ...(tableOf(table).kind === 'record' ? { field_hlc: {} } : {}),
    ...fields,
    ...made,
    id: made.id ?? rowIdOf(table, fields) ?? simId(table, JSON.stringify(fields)),
  };
}

/** What stands in the database before anybody works with it. */
export async function furnish(db: ModelDatabase, now: number): Promise<void> {
  const tx = db.begin(null);
  const system = { created_at: now - 86_400_000, created_by: null, device_id: null };
  const put = (table: TableName, fields: Readonly<Record<string, unknown>>, id?: string): void => {
    const row = rowAs(table, { ...system, ...(id === undefined ? {} : { id }) }, fields);
    tx.write(table, { row: Object.freeze(row), fieldBy: {}, isDeleted: false });
  };
  for (const [at, id] of SITES.entries()) {
    const code = ['NN', 'SS'][at];
    put('locations', { code, name: code, time_zone: ZONE, active: true }, id);
  }
  for (const person of PEOPLE) putPerson(put, person, now);
  put(
    'eos_teams',
    {
      name: 'Leads',
      kind: 'leadership',
      weekday: 2,
      start_minute: 480,
      time_zone: 'America/New_York',
      agenda: [],
      active: true,
    },
    TEAM,
  );
  for (const [at, id] of ITEMS.entries()) {
    put('inventory_items', { ...itemFields(`SKU-${at}`), status: 'active' }, id);
    for (const site of SITES) put('item_locations', shelfFields(id, site));
  }
  for (const id of ISSUES) put('issues', issueFields('Something to solve'), id);
  put('rocks', rockFields(PEOPLE[0]?.id ?? ''), ROCK);
  put('pharma_companies', { name: 'Company', domains: {}, status: 'active' }, COMPANY);
  const rep = { name: 'Rae Rep', email: 'rae@example.com', products: {}, status: 'active' };
  put('pharma_representatives', { ...rep, company_id: COMPANY }, REP);
  for (const { id, ...activity } of ACTIVITIES) {
    put('scheduling_activities', activityFields(activity), id);
  }
  await tx.commit();
}

type Put = (table: TableName, fields: Readonly<Record<string, unknown>>, id?: string) => void;

function putPerson(put: Put, { id, roles, team }: Person, now: number): void {
  put('users', { display_name: 'Sam Sample', home_location_id: null, status: 'active' }, id);
  for (const [role, site] of roles) {
    put(
      'user_roles',
      roleFields(id, role, site, now - 86_400_000),
      simId('role', id, role, `${site}`),
    );
  }
  if (team) {
    put('eos_team_members', {
      team_id: TEAM,
      user_id: id,
      role: team,
      joined_at: now - 86_400_000,
      left_at: null,
    });
  }
}

export const roleFields = (user: string, role: Role, site: string | null, from: number) => ({
  user_id: user,
  role,
  location_id: site,
  valid_from: from,
  valid_to: null,
  granted_by: null,
});

export const itemFields = (sku: string) => ({
  name: `Item ${sku}`,
  kind: 'supply',
  sku,
  base_unit: 'each',
  packs: [],
  lot_policy: 'optional',
  expiry_policy: 'optional',
  controlled_schedule: 'none',
  hazardous: false,
  status: 'draft',
});

export const shelfFields = (item: string, site: string) => ({
  item_id: item,
  location_id: site,
  par: 100_000,
  is_stocked: true,
});

export const issueFields = (title: string) => ({
  team_id: TEAM,
  title,
  kind: 'process',
  horizon: 'short',
  private: false,
  rank: 'a',
  state: 'open',
});

export const rockFields = (owner: string) => ({
  team_id: TEAM,
  title: 'A goal',
  owner_id: owner,
  shared_with: {},
  quarter: '2026-Q3',
  due_on: '2026-09-30',
  priority: 1,
  archived: false,
});

export const meetingFields = (date: string) => ({
  team_id: TEAM,
  local_date: date,
  seq: 1,
  status: 'scheduled',
});

export const notesFields = (meeting: string, segment: string) => ({
  team_id: TEAM,
  meeting_id: meeting,
  segment,
  notes: emptyText(),
});

export const voteFields = (issue: string, user: string) => ({
  team_id: TEAM,
  issue_id: issue,
  user_id: user,
  round: 1,
  vote: {},
});

export const requestFields = (item: string, site: string) => ({
  location_id: site,
  item_id: item,
  qty_base: 10_000,
  status: 'pending',
});

export const countFields = (site: string, by: string, now: number) => ({
  location_id: site,
  kind: 'spot',
  blind: false,
  status: 'open',
  counted_by: by,
  started_at: now,
});

export const countLineFields = (
  session: string,
  site: string,
  item: string,
  by: string,
  counted: number,
  now: number,
) => ({
  session_id: session,
  location_id: site,
  item_id: item,
  lot_id: null,
  counted_qty: counted,
  counted_at: now,
  counter_id: by,
  pass: 1,
});

const activityFields = (activity: Omit<Activity, 'id'>) => ({
  location_id: activity.site,
  kind: activity.kind,
  name: activity.kind,
  weekdays: [1, 2, 3, 4, 5, 6, 7],
  start_minute: activity.startMinute,
  duration_min: VISIT_MS / 60_000,
  buffer_min: BUFFER_MS / 60_000,
  max_people: 15,
  seats: activity.seats,
  room: 'Room 1',
  requires_approval: activity.requiresApproval,
  window_weeks: 12,
  min_notice_h: 0,
  cancel_notice_h: 24,
  caps: {},
  status: 'active',
});

/** @param day a number that is taken modulo the days on which something is booked */
export function slotOf({ startMinute }: Activity, day: number) {
  const startsAt = instantOf(VISIT_DAYS[day % VISIT_DAYS.length] ?? '', startMinute, ZONE);
  return { starts_at: startsAt, ends_at: startsAt + VISIT_MS };
}

export const visitFields = (activity: Activity, day: number) => ({
  location_id: activity.site,
  activity_id: activity.id,
  rep_id: REP,
  ...slotOf(activity, day),
  seat_no: 1,
  products: [],
  expected_heads: 8,
  booking_source: 'phone',
  status: 'requested',
});

export const kioskFields = (site: string, now: number) => ({
  location_id: site,
  state: 'started',
  locale: 'en',
  accessibility_mode: false,
  path: 'kiosk',
  started_at: now,
  last_activity_at: now,
  lease_until: now + 600_000,
  attempts: {},
  needs_help: false,
});

export const actFields = (
  kind: string,
  site: string,
  lines: readonly { readonly item: string; readonly qty: number; readonly lot: string | null }[],
  now: number,
) => ({
  kind,
  location_id: site,
  occurred_at: now,
  local_date: '2026-06-01',
  lines: lines.map(({ item, qty, lot }) => ({
    item_id: item,
    qty_base: qty,
    lot_no: lot,
    expiry_date: lot === null ? null : '2027-01-31',
    serial: '',
    entered_unit: 'each',
    entered_qty: String(qty / 10_000),
    unit_cost_cents: null,
  })),
});
