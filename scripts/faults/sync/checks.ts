import { setTimeout as sleep } from 'node:timers/promises';
import { canonicalJson } from '#shared/kernel/json.ts';
import { expandAct } from '#shared/merge/expand.ts';
import type { Row } from '#shared/schema/define.ts';
import { isTableName, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { Findings } from '../fault-kind.ts';
import type { Clinic } from './clinic.ts';
import { digestsOf, postgresContent, unequalParts } from './content.ts';
import type { Content } from './content.ts';
import type { Device } from './device.ts';
import type { Ack, Change, DeviceStatus, Digests } from './device-messages.ts';
import { lightClient } from './light-client.ts';

/** Within this time after healing everything must be in step, milliseconds. */
export const SETTLE_WITHIN_MS = 30_000;

/** What every run of this area must have looked at by its end. */
export const ALWAYS_CHECKED = [
  'acknowledged writes',
  'parts compared',
  'audit entries',
  'audit chains',
  'chains of reads',
  'synced or not',
  'parents first',
  'acts whole',
] as const;

const isSettled = ({ state, waiting }: DeviceStatus): boolean =>
  state === 'synced' || (state === 'needs-you' && waiting === 0);

/**
 * The end of every fault run: all is in step in time, nothing acknowledged is lost, nothing doubled,
 * every loser readable, the audit whole.
 */
export async function checkAll(
  found: Findings,
  clinic: Clinic,
  devices: readonly Device[],
  options: {
    readonly withinMs?: number;
    readonly stamps?: boolean;
    /** What others wrote, who are not looked at themselves. */
    readonly others?: readonly Ack[];
  } = {},
): Promise<void> {
  const tookMs = await checkSettled(found, clinic, devices, options.withinMs);
  found.checked('ms until in step', tookMs);
  const content = await postgresContent(clinic.admin, WRITTEN);
  const acks = [...devices.flatMap((device) => device.acks), ...(options.others ?? [])];
  const parked = new Set<string>();
  for (const device of devices) {
    for (const { table, id } of await device.call('parked', null)) parked.add(`${table} ${id}`);
  }
  const tries = devices.flatMap((device) => device.tries);
  checkAcknowledged(found, { acks, tries }, content, parked);
  await checkAudit(found, clinic, acks, parked);
  await checkReadChains(
    found,
    clinic,
    devices.flatMap(({ reads }) => reads),
  );
  for (const device of devices) {
    await checkOwnReads(found, device, options.stamps ?? true);
    takeFindings(found, device);
  }
}

/** Tables that the devices of the runs write to, and those that follow from them. */
const WRITTEN: readonly TableName[] = [
  'inventory_items',
  'item_locations',
  'stock_acts',
  'inventory_lots',
  'stock_movements',
  'count_sessions',
  'count_lines',
  'conflict_log',
  'review_items',
];

/** What a device has seen while it worked. */
export function takeFindings(found: Findings, device: Device): void {
  for (const [what, times] of device.looked) found.checked(what, times);
  device.looked.clear();
  for (const words of device.wrongs.splice(0)) found.silent(words);
}

/**
 * Waits until nothing waits anywhere and devices, server and Postgres hold the same. Too late is a
 * failure; what counts is when a look began, since to look takes seconds on a busy machine.
 * @returns how long it took, milliseconds
 */
export async function checkSettled(
  found: Findings,
  clinic: Clinic,
  devices: readonly Device[],
  withinMs = SETTLE_WITHIN_MS,
): Promise<number> {
  const began = Date.now();
  const end = began + withinMs;
  let last: readonly string[] = ['nothing was looked at'];
  do {
    const statuses = await Promise.all(devices.map((device) => device.status()));
    last = statuses.flatMap((status, at) =>
      isSettled(status) ? [] : [`${devices[at]?.name}: ${JSON.stringify(status)}`],
    );
    if (last.length === 0) {
      const took = Date.now() - began;
      last = await differences(found, clinic, devices, UNTOLD);
      if (last.length === 0) {
        last = await untoldDifferences(found, clinic, devices, withinMs);
        if (last.length === 0) return took;
        break;
      }
    }
    await sleep(250);
  } while (Date.now() < end);
  found.problem(`not settled in ${withinMs} ms: ${last.slice(0, 6).join('; ')}`);
  for (const device of devices) {
    const lines = await device.call('log', null);
    found.problem(`${device.name} said last: ${lines.slice(-4).join(' ')}`);
    const telling = lines.filter((line) => TELLING.test(line));
    found.problem(`${device.name} said of rows: ${telling.slice(-8).join(' ')}`);
    await tellWaiting(found, clinic, device);
  }
  const complaints = clinic.server.lines.filter((line) => /"level":"(warn|error)"/.test(line));
  found.problem(`the server complained last: ${complaints.slice(-4).join(' ')}`);
  return Date.now() - began;
}

/** In what they differ when all has come of which no notice speaks: it comes with the next pull of all. */
async function untoldDifferences(
  found: Findings,
  clinic: Clinic,
  devices: readonly Device[],
  withinMs: number,
): Promise<readonly string[]> {
  await Promise.all(devices.map((device) => device.call('sync', null)));
  for (const end = Date.now() + withinMs; ; await sleep(250)) {
    const isLast = Date.now() > end;
    const last = await differences(found, clinic, devices, []);
    if (last.length === 0 || isLast) return last;
  }
}

/** What still waits on a device, and what the server says when it is asked. */
async function tellWaiting(found: Findings, clinic: Clinic, device: Device): Promise<void> {
  const waiting = await device.call('waiting', null);
  if (waiting.length === 0) return;
  const { id } = await device.call('device', null);
  const { api } = await lightClient(clinic, device.person, id);
  for (const { table, row } of waiting.slice(0, 2)) {
    const request = { rows: [{ table: table as TableName, base: null, row }] };
    const answer = await api.push(request).then(
      ({ results }) => JSON.stringify(results),
      (error: unknown) => String(error),
    );
    found.problem(`${device.name} waits with a row of ${table}, answered ${answer}`);
  }
}

/** What a device says when rows go, are refused, or could not be written. */
const TELLING = /"level":"(?:warn|error)"|parts ended|change refused|discard|epoch/;

/** Tables of which no notice speaks, or that the run itself writes to beside the server. */
const UNTOLD: readonly TableName[] = ['audit_logs', 'devices', 'users', 'user_roles'];

/** In what devices, the server's own answer and Postgres differ; counts what was compared. */
async function differences(
  found: Findings,
  clinic: Clinic,
  devices: readonly Device[],
  without: readonly TableName[],
): Promise<string[]> {
  const byPerson = Map.groupBy(devices, ({ person }) => person.id);
  const words: string[] = [];
  let compared = 0;
  for (const [userId, own] of byPerson) {
    const [first] = own;
    if (!first) continue;
    const client = await lightClient(clinic, first.person, clinic.lookerOf(userId));
    const { grants } = client.session;
    const server = digestsOf(await client.pullAll(), grants, userId);
    const postgres = withoutWindows(digestsOf(await postgresContent(clinic.admin), grants, userId));
    const differs = (name: string, unequal: readonly string[]): void => {
      if (unequal.length > 0) words.push(`${name}: ${unequal.slice(0, 4).join(', ')}`);
    };
    differs('server and Postgres', unequalParts(withoutWindows(server), postgres));
    for (const device of own) {
      const digests = await device.call('digests', null);
      compared += Object.keys(digests).length;
      const unequal = unequalParts(digests, server);
      differs(
        `${device.name} and server`,
        unequal.filter((part) => !without.some((table) => part.startsWith(`${table} `))),
      );
    }
  }
  if (words.length === 0) found.checked('parts compared', compared);
  return words;
}

/** Which rows lie in windows Postgres does not say by the rows alone. */
const withoutWindows = (digests: Digests): Digests =>
  Object.fromEntries(Object.entries(digests).filter(([name]) => !name.endsWith(' windows')));

/**
 * Every acknowledged write is there: as it is now, as what somebody changed who had seen it, as a
 * loser in the conflict log, or on the device as something that needs its person.
 */
export function checkAcknowledged(
  found: Findings,
  { acks, tries }: { readonly acks: readonly Ack[]; readonly tries: readonly Change[] },
  content: Content,
  parked: ReadonlySet<string>,
): void {
  const rows = new Map<string, Row>();
  for (const [table, list] of content) for (const row of list) rows.set(`${table} ${row.id}`, row);
  const readable = new Map<string, Set<string>>();
  for (const row of content.get('conflict_log') ?? []) {
    const place = `${String(row['table_name'])} ${String(row['row_id'])} ${String(row['field'])}`;
    const values = readable.get(place) ?? new Set<string>();
    values.add(canonicalJson(row['lost_value'])).add(canonicalJson(row['kept_value']));
    readable.set(place, values);
  }
  const writes = new Map<string, FieldWrite[]>();
  for (const ack of acks) {
    const key = `${ack.table} ${ack.id}`;
    found.checked('acknowledged writes');
    if (parked.has(key)) continue;
    const row = rows.get(key);
    if (!row) {
      found.lost(`${key} of ${ack.device}`);
      continue;
    }
    if (isTableName(ack.table) && tableOf(ack.table).kind === 'fact') {
      checkFact(found, ack.table, ack, row, rows);
      continue;
    }
    for (const [place, write] of writesOf(ack)) {
      const list = writes.get(place) ?? [];
      list.push(write);
      writes.set(place, list);
    }
  }
  const begun = Map.groupBy(tries.flatMap(writesOf), ([place]) => place);
  for (const [place, list] of writes) {
    const [table, id, field = ''] = place.split(' ');
    const known = new Set(readable.get(place));
    known.add(canonicalJson(rows.get(`${table} ${id}`)?.[field]));
    // Whoever wrote a value that is known had seen what it took the place of.
    for (let grew = true; grew;) {
      grew = false;
      const all = [...list, ...(begun.get(place) ?? []).map(([, write]) => write)];
      for (const { value, before } of all) {
        if (before === null || !known.has(value) || known.has(before)) continue;
        known.add(before);
        grew = true;
      }
    }
    for (const { value, device } of list) {
      found.checked('values accounted for');
      if (!known.has(value)) found.lost(`${place} = ${value} of ${device}`);
    }
  }
}

interface FieldWrite {
  readonly value: string;
  /** What whoever wrote it saw in its place. */
  readonly before: string | null;
  readonly device: string;
}

/** What a change writes to fields that people can contest, by the place of each. */
const writesOf = ({ table, id, values, before, device }: Change): [string, FieldWrite][] =>
  Object.entries(values)
    .filter(([field]) => isMerged(table, field))
    .map(([field, value]) => [
      `${table} ${id} ${field}`,
      {
        value: canonicalJson(value),
        before: before ? canonicalJson(before[field]) : null,
        device,
      },
    ]);

const isMerged = (table: string, field: string): boolean => {
  const merge = isTableName(table) ? tableOf(table).fields[field]?.merge : undefined;
  return merge === 'LWW' || merge === 'HR';
};

function checkFact(
  found: Findings,
  table: TableName,
  ack: Ack,
  row: Row,
  rows: ReadonlyMap<string, Row>,
): void {
  for (const [field, value] of Object.entries(ack.values)) {
    if (canonicalJson(row[field]) !== canonicalJson(value)) {
      found.silent(`${table} ${ack.id}: ${field} is not what was written`);
    }
  }
  const parts = expandAct(table, row);
  if (parts.length === 0) return;
  found.checked('acts with all their rows');
  for (const part of parts) {
    if (!rows.has(`${part.table} ${part.row.id}`)) found.torn(`${table} ${ack.id}: ${part.table}`);
  }
}

/** One entry an applied write, chains unbroken. */
export async function checkAudit(
  found: Findings,
  clinic: Clinic,
  acks: readonly Ack[],
  parked: ReadonlySet<string>,
): Promise<void> {
  const ids = [
    ...new Set(acks.filter(({ before, table, id }) => !before && !parked.has(`${table} ${id}`))),
  ].map(({ id }) => id);
  const { rows } = await clinic.admin.query<{ id: string; n: number }>(
    `select w.id, count(a.id)::int as n
       from unnest($1::uuid[]) w(id)
       left join public.audit_logs a
         on a.row_id = w.id and a.action = 'insert' and a.outcome = 'ok'
      group by w.id`,
    [ids],
  );
  for (const { id, n } of rows) {
    found.checked('audit entries');
    if (n !== 1) found.problem(`${n} audit entries say that ${id} was inserted`);
  }
  const edited = await clinic.admin.query<{
    id: string;
    version: number;
    ok: number;
    lost: number;
  }>(
    `select p.id, p.row_version::int as version,
            count(a.id) filter (where a.outcome = 'ok')::int as ok,
            count(a.id) filter (where a.outcome = 'contested')::int as lost
       from public.item_locations p
       left join public.audit_logs a on a.row_id = p.id and a.action = 'update'
      where p.id = any($1::uuid[])
      group by p.id, p.row_version`,
    [[...new Set(acks.filter(({ table }) => table === 'item_locations').map(({ id }) => id))]],
  );
  for (const { id, version, ok, lost } of edited.rows) {
    found.checked('audit entries', ok + lost);
    // A write that lost every field is audited and changes nothing.
    if (version - 1 < ok || version - 1 > ok + lost) {
      found.problem(`${id} was written ${version - 1} times, audited ${ok} + ${lost} contested`);
    }
  }
  const chains = await clinic.admin.query<{ device: string; checked: number; fault: string }>(
    `select h.device_id as device, v.checked, v.fault
       from private.audit_heads h, private.verify_audit(h.device_id) v`,
  );
  for (const { device, fault } of chains.rows) {
    found.checked('audit chains');
    if (fault !== null) found.problem(`the audit chain of ${device} is ${fault}`);
  }
}

/** What was on a screen is in the audit, once; the chains of devices are whole. */
async function checkReadChains(
  found: Findings,
  clinic: Clinic,
  patients: readonly string[],
): Promise<void> {
  const missing = async (): Promise<string[]> => {
    const { rows } = await clinic.admin.query<{ id: string }>(
      `select w.id from unnest($1::uuid[]) w(id) where not exists (
         select from private.device_entries e where e.patient_ids @> array[w.id])`,
      [patients],
    );
    return rows.map(({ id }) => id);
  };
  const until = Date.now() + SETTLE_WITHIN_MS;
  let lost = await missing();
  while (lost.length > 0 && Date.now() < until) {
    await sleep(250);
    lost = await missing();
  }
  if (patients.length > 0) found.checked('reads in the audit', patients.length);
  for (const id of lost) found.problem(`a read of ${id} is not in the audit`);
  const twice = await clinic.admin.query<{ id: string; n: number }>(
    `select p.id, count(*)::int as n from private.device_entries e, unnest(e.patient_ids) p(id)
      where e.action = 'read' group by p.id having count(*) > 1`,
  );
  for (const { id, n } of twice.rows) found.problem(`one read of ${id} is ${n} times in the audit`);
  const chains = await clinic.admin.query<{ id: string; fault: string | null; unsigned: boolean }>(
    `select c.id, v.fault, c.seq > 0 and c.signature is null as unsigned
       from private.device_chains c, private.verify_device_chain(c.id) v`,
  );
  for (const { id, fault, unsigned } of chains.rows) {
    found.checked('chains of reads');
    if (fault !== null) found.problem(`the chain of reads ${id} is ${fault}`);
    if (unsigned) found.problem(`the head of the chain of reads ${id} is not signed`);
  }
}

/** A session reads what it wrote and never goes back, also after the process was killed. */
export async function checkOwnReads(
  found: Findings,
  device: Device,
  stamps: boolean,
): Promise<void> {
  for (const words of await device.call('missing', { acks: device.acks, stamps })) {
    found.lost(`own write: ${words}`);
  }
  found.checked('own reads', device.acks.length);
}
