import { canonicalJson } from '#shared/kernel/json.ts';
import type { Row } from '#shared/schema/define.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { FaultKind } from '../fault-kind.ts';
import { ALWAYS_CHECKED, checkAll, checkSettled } from './checks.ts';
import { Clinic } from './clinic.ts';
import { postgresContent } from './content.ts';
import type { Content } from './content.ts';
import type { Device } from './device.ts';
import type { Pool } from './device-messages.ts';
import { MIXED_WORK } from './kills.ts';
import { caseIn } from './with-clinic.ts';
import type { InClinic } from './with-clinic.ts';

/**
 * Two satellites work a week without a network, with what they were granted for fourteen days: 5,000
 * edits each, one in twenty on records of both. The same two weeks are then merged twice, in both
 * orders, from copies of the same machines and the same database.
 */

const WEEK_MS = 7 * 24 * 3_600_000;
const MERGED_WITHIN_MS = 60_000;
const CHUNKS = 10;

/** Written by the server as it judges, in the order of arrival: states, claims, numbers, the audit. */
const OF_THE_ORDER: ReadonlySet<string> = new Set([
  'transitions',
  'audit_logs',
  'devices',
  'slot_claims',
  'slot_leases',
]);

export const week: FaultKind = {
  name: 'week',
  mustCheck: [
    ...ALWAYS_CHECKED,
    'actions offline',
    'rows equal in both orders',
    'conflicts LWW',
    'conflicts HR',
    'reviews',
  ],
  async start(context) {
    return { cases: [caseIn(context, 'both orders', bothOrders, { logLevel: 'warn' })] };
  },
};

async function bothOrders(inClinic: InClinic): Promise<void> {
  const { found, clinic, rng, small, folder, device } = inClinic;
  const actions = small ? 120 : 5_000;
  const pool = await clinic.pool(60);
  const other = await clinic.person(['MG', null]);
  const options = { skewMs: -WEEK_MS };
  const satellites = await Promise.all([
    device('satellite-a', options),
    device('satellite-b', { ...options, person: other }),
  ]);
  for (const { network } of satellites) network.cut();
  const [ownA, ownB, both] = poolsOf(pool);
  await Promise.all(
    satellites.map((satellite, at) =>
      workAWeek(satellite, at === 0 ? ownA : ownB, both, actions, rng.uint32()),
    ),
  );
  found.checked('actions offline', 2 * actions);
  for (const satellite of satellites) {
    const { auth, waiting } = await satellite.status();
    if (auth !== 'signed-in' || waiting === 0) {
      found.problem(`${satellite.name} after its week: ${auth}, ${waiting} waiting`);
    }
    await satellite.stop();
  }
  const acks = satellites.map((satellite) => satellite.acks);
  const { authLike, database } = clinic;
  await clinic.close();

  const merged: Content[] = [];
  for (const [first, second] of [
    [0, 1],
    [1, 0],
  ] as const) {
    const order = first === 0 ? 'A then B' : 'B then A';
    const again = await Clinic.open({
      folder: `${folder}/${order}`,
      copyOf: database,
      authLike,
      logLevel: 'warn',
    });
    try {
      const copies: Device[] = [];
      for (const [at, satellite] of satellites.entries()) {
        const dataDir = `${folder}/${order}/${satellite.name}`;
        satellite.copyTo(dataDir);
        const { person } = satellite;
        const copy = await again.device(satellite.name, { dataDir, person });
        copy.acks.push(...(acks[at] ?? []));
        copy.network.cut();
        await copy.start();
        copies.push(copy);
      }
      const began = Date.now();
      await comeBack(copies[first]);
      await comeBack(copies[second]);
      const sentMs = Date.now() - began;
      const settledMs = await checkSettled(found, again, copies, MERGED_WITHIN_MS);
      const seconds = (sentMs + settledMs) / 1_000;
      found.checked(`seconds of ${order}`, Math.round(seconds * 10) / 10);
      if (seconds * 1_000 > MERGED_WITHIN_MS) found.problem(`${order} took ${seconds} s`);
      await checkAll(found, again, copies, { stamps: false });
      merged.push(await postgresContent(again.admin));
    } finally {
      await again.close();
    }
  }
  const [one, two] = merged;
  if (one && two) compareOrders(inClinic, one, two);
}

/** Each satellite's own items and places, and those of both. */
function poolsOf(pool: Pool): readonly [Pool, Pool, Pool] {
  const third = (values: readonly string[], nth: number): string[] =>
    values.filter((_, at) => at % 3 === nth);
  const part = (nth: number): Pool => ({
    ...pool,
    items: third(pool.items, nth),
    places: third(pool.places, nth),
    sites: [pool.sites[nth % pool.sites.length] ?? ''],
  });
  // What both write to is little, so that they meet.
  const both = part(2);
  return [
    part(0),
    part(1),
    { ...both, items: both.items.slice(0, 2), places: both.places.slice(0, 8) },
  ];
}

async function workAWeek(
  device: Device,
  own: Pool,
  both: Pool,
  actions: number,
  seed: number,
): Promise<void> {
  const stepMs = Math.floor(WEEK_MS / actions);
  for (let chunk = 0; chunk < CHUNKS; chunk += 1) {
    const count = Math.floor(actions / CHUNKS);
    const shared = Math.max(2, Math.round(count / 20));
    const order = { seed: seed + chunk, everyMs: 0, stepMs, weights: MIXED_WORK };
    await device.call('work', { ...order, pool: own, count: count - shared });
    await device.call('work', {
      ...order,
      pool: both,
      count: shared,
      weights: { bin: 3, par: 2, packs: 3, act: 1 },
    });
  }
}

/** The network is back on one machine, and its system says so. */
async function comeBack(device: Device | undefined): Promise<void> {
  if (!device) return;
  device.network.restore();
  await device.call('sync', null);
  await device.until(
    ({ waiting, state }) => waiting === 0 && state !== 'offline',
    'sends its week',
    MERGED_WITHIN_MS,
  );
}

/** What differs between the orders is only what the server decides as things arrive. */
function compareOrders({ found }: InClinic, one: Content, two: Content): void {
  for (const [table, rows] of one) {
    if (OF_THE_ORDER.has(table)) continue;
    const others = new Map((two.get(table) ?? []).map((row) => [row.id, row]));
    const texts = (list: readonly Row[]): Set<string> =>
      new Set(list.map((row) => told(table, row)));
    const [mine, theirs] = [texts(rows), texts([...others.values()])];
    const differ = [...mine].filter((text) => !theirs.has(text));
    const more = [...theirs].filter((text) => !mine.has(text));
    found.checked('rows equal in both orders', mine.size - differ.length);
    for (const [at, text] of differ.slice(0, 3).entries()) {
      found.silent(`${table} differs by the order: ${text} and ${more[at] ?? 'nothing'}`);
    }
    if (differ.length === 0 && more.length > 0) {
      found.silent(`${table} has ${more.length} rows more in the second order: ${more[0]}`);
    }
  }
  const conflicts = one.get('conflict_log') ?? [];
  for (const rule of ['LWW', 'HR']) {
    found.checked(`conflicts ${rule}`, conflicts.filter((row) => row['rule'] === rule).length);
  }
  const reviews = one.get('review_items') ?? [];
  found.checked('reviews', reviews.length);
  let rows = 0;
  for (const list of one.values()) rows += list.length;
  found.checked('rows in all', rows);
}

/** A row without what follows from the order of arrival. */
function told(table: TableName, row: Row): string {
  const { fields } = tableOf(table);
  const kept = Object.entries(row).filter(([name]) => {
    const merge = fields[name]?.merge;
    return merge !== 'SM' && merge !== 'CEN' && merge !== 'CLM';
  });
  const content = Object.fromEntries(kept);
  if (table === 'inventory_lots') {
    // One lot whoever names it; who is said to have named it first is whoever arrived first.
    for (const name of ['created_at', 'created_by', 'device_id']) delete content[name];
  }
  if (table === 'conflict_log' || table === 'review_items') {
    // Made by the server when it found them.
    delete content['created_at'];
    delete content['field_hlc'];
  }
  if (content['field_hlc']) {
    content['field_hlc'] = Object.fromEntries(
      Object.entries(content['field_hlc'] as object).filter(
        ([name]) => fields[name]?.merge !== 'SM',
      ),
    );
  }
  return canonicalJson(content);
}
