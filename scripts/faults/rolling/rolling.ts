import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { PushRequest } from '#shared/protocol/messages.ts';
import { startRedis } from '#stack/redis.ts';
import { startRoundRobin } from '#stack/round-robin.ts';
import type { RoundRobin } from '#stack/round-robin.ts';
import { freePort } from '#stack/free-port.ts';
import { asAdmin, withSyncDatabase } from '../../bench/sync/database.ts';
import type { SyncDatabase } from '../../bench/sync/database.ts';
import { percentile } from '../../bench/sync/figures.ts';
import { startIssuer } from '../../bench/sync/issuer.ts';
import { createLightDevice } from '../../bench/sync/light-device.ts';
import type { LightDevice } from '../../bench/sync/light-device.ts';
import { createBatches } from '../../bench/sync/push/batches.ts';
import { deviceAt, makePushWorld } from '../../bench/sync/push/world.ts';
import { startServerProcess } from '../../dev/server-process.ts';
import type { ServerProcess } from '../../dev/server-process.ts';

export interface RollingSize {
  readonly replicas: number;
  /** Devices that write and listen. */
  readonly devices: number;
  /** Each device writes so often, milliseconds: one act with two lines and one change of a record. */
  readonly everyMs: number;
  /** Load before the first restart, between two, and after the last, milliseconds. */
  readonly calmMs: number;
}

export const FULL_SIZE: RollingSize = { replicas: 3, devices: 100, everyMs: 2_000, calmMs: 5_000 };
export const SMALL_SIZE: RollingSize = { replicas: 3, devices: 12, everyMs: 400, calmMs: 800 };

/** What a run of it found. */
export interface RollingResult {
  readonly acknowledged: { readonly acts: number; readonly changes: number };
  /** Acknowledged writes that Postgres does not have, in words. */
  readonly lost: readonly string[];
  /** Writes that are there more than once, in words. */
  readonly doubled: readonly string[];
  /** Writes that the server did not take, in words. */
  readonly refused: readonly string[];
  /** From the first try of a write to its row on another device, milliseconds. */
  readonly lags: readonly number[];
  /** Writes that no other device has seen in the end. */
  readonly unseen: number;
  /** Times that something did not work at once, by what was asked and the code. */
  readonly errors: Readonly<Record<string, number>>;
  readonly restarts: number;
  readonly served: readonly number[];
}

interface Written {
  readonly table: 'stock_acts' | 'item_locations';
  readonly id: string;
  /** Of a change: the stamp of the field that it changed. */
  readonly stamp: string | null;
  readonly at: number;
}

/** In this time everything that waits is to be acknowledged and seen, milliseconds. */
const SETTLE_WITHIN_MS = 30_000;

/** Everything that one run is made of. */
interface Cluster {
  readonly replicas: ServerProcess[];
  readonly proxy: RoundRobin;
  readonly load: Awaited<ReturnType<typeof startLoad>>;
  /** Starts a replica at the address of one that has ended. */
  again(replica: ServerProcess): Promise<ServerProcess>;
}

/**
 * Replicas in processes of their own behind a round-robin proxy, with Redis between them, and devices
 * that write and listen.
 */
async function withCluster<T>(
  size: RollingSize,
  place: SyncDatabase,
  work: (cluster: Cluster) => Promise<T>,
): Promise<T> {
  await makePushWorld(place, size.devices);
  const stops: (() => unknown)[] = [];
  try {
    const redis = await startRedis();
    stops.push(() => redis.stop());
    const issuer = await startIssuer();
    stops.push(() => issuer.stop());
    const start = (port: number): Promise<ServerProcess> =>
      startServerProcess({
        port,
        log: () => undefined,
        env: {
          GANGER_DATABASE_URL: place.syncUrl,
          GANGER_AUTH_URL: issuer.url,
          GANGER_REDIS_URL: redis.url,
          GANGER_LOG_LEVEL: 'error',
          GANGER_POOL_SIZE: '6',
        },
      });
    const replicas: ServerProcess[] = [];
    stops.push(() => Promise.all(replicas.map((replica) => replica.stop())));
    for (let n = 0; n < size.replicas; n += 1) replicas.push(await start(await freePort()));
    const proxy = await startRoundRobin({ targets: replicas.map(({ url }) => url) });
    stops.push(() => proxy.close());
    const tokens = await Promise.all(
      Array.from({ length: size.devices }, (_, nth) => issuer.token(deviceAt(nth).userId)),
    );
    const load = await startLoad(size, proxy.url, tokens);
    stops.push(() => load.stop());
    const again = ({ url }: ServerProcess): Promise<ServerProcess> =>
      start(Number(new URL(url).port));
    return await work({ replicas, proxy, load, again });
  } finally {
    for (const stop of stops.toReversed()) await stop();
  }
}

/** Compares what was acknowledged with Postgres, once every device has got its answer. */
async function judge(
  { load, proxy }: Cluster,
  place: SyncDatabase,
  restarts: number,
): Promise<RollingResult> {
  await load.settle();
  const found = await asAdmin(place.adminUrl, (admin) => compare(admin, load.written));
  const of = (table: Written['table']): number =>
    load.written.filter((one) => one.table === table).length;
  return {
    ...found,
    acknowledged: { acts: of('stock_acts'), changes: of('item_locations') },
    refused: load.refused,
    lags: load.lags,
    unseen: load.unseen(),
    errors: load.errors(),
    restarts,
    served: proxy.served(),
  };
}

const inPlace = <T>(
  database: SyncDatabase | undefined,
  work: (place: SyncDatabase) => Promise<T>,
): Promise<T> => (database ? work(database) : withSyncDatabase(work));

/**
 * Every replica is restarted in its turn, in order, while devices write.
 * @param database where it runs; by default one of its own, on the disk as in production
 */
export const runRolling = (size: RollingSize, database?: SyncDatabase): Promise<RollingResult> =>
  inPlace(database, (place) =>
    withCluster(size, place, async (cluster) => {
      await sleep(size.calmMs);
      for (const [index, replica] of cluster.replicas.entries()) {
        await replica.stop();
        cluster.replicas[index] = await cluster.again(replica);
        await sleep(size.calmMs);
      }
      return judge(cluster, place, cluster.replicas.length);
    }),
  );

/** What comes in before an outage and after it. */
export interface Outage extends RollingResult {
  /** Requests and connections a second while nothing is wrong: the mean, and the busiest second. */
  readonly usual: number;
  readonly usualPeak: number;
  /** The busiest second after the server is back. */
  readonly peak: number;
}

/** All replicas die at once, and come back after some seconds: how do devices come back? */
export const runOutage = (
  size: RollingSize,
  awayMs: number,
  database?: SyncDatabase,
): Promise<Outage> =>
  inPlace(database, (place) =>
    withCluster(size, place, async (cluster) => {
      const { replicas, proxy } = cluster;
      const sum = (): number => proxy.served().reduce((all, each) => all + each, 0);
      const seconds = async (forMs: number): Promise<number[]> => {
        const counts: number[] = [];
        for (let passed = 0; passed < forMs; passed += 1_000) {
          const before = sum();
          await sleep(1_000);
          counts.push(sum() - before);
        }
        return counts;
      };
      await sleep(size.calmMs);
      const usual = await seconds(size.calmMs * 2);
      await Promise.all(replicas.map((replica) => replica.kill()));
      await sleep(awayMs);
      const back = Promise.all(replicas.map((replica) => cluster.again(replica)));
      const after = await seconds(awayMs + size.calmMs * 2);
      replicas.splice(0, replicas.length, ...(await back));
      const result = await judge(cluster, place, replicas.length);
      return {
        ...result,
        usual: usual.reduce((all, each) => all + each, 0) / usual.length,
        usualPeak: Math.max(...usual),
        peak: Math.max(...after),
      };
    }),
  );

/** Devices that write until they are told to settle, and one of each site that also reads. */
async function startLoad(size: RollingSize, url: string, tokens: readonly string[]) {
  const agent = new Agent({ keepAlive: true, maxSockets: size.devices * 2 });
  const written: Written[] = [];
  const refused: string[] = [];
  const lags: number[] = [];
  /** Row and stamp → when its writing began, until another device sees it. */
  const unseen = new Map<string, number>();
  const keyOf = (table: string, id: unknown, stamp: unknown): string =>
    table === 'stock_acts' ? `${table}/${String(id)}` : `${table}/${String(id)}/${String(stamp)}`;
  let isWriting = true;

  const devices = tokens.map((token, nth): LightDevice => {
    const { userId, deviceId } = deviceAt(nth);
    return createLightDevice({
      url,
      userId,
      deviceId,
      token,
      agent,
      // The first of each of the three sites: sees what all others of its site write.
      pulls: nth < 3 ? ['stock_acts', 'item_locations'] : [],
      onRow(table, row) {
        if (row['device_id'] === deviceId && table === 'stock_acts') return;
        const stamps = row['field_hlc'] as Record<string, string> | undefined;
        const key = keyOf(table, row['id'], stamps?.['par']);
        const began = unseen.get(key);
        if (began === undefined) return;
        unseen.delete(key);
        lags.push(performance.now() - began);
      },
    });
  });
  await Promise.all(devices.map((device) => device.start()));

  const write = async (device: LightDevice, nth: number): Promise<void> => {
    const batches = createBatches(deviceAt(nth), 0);
    await sleep((size.everyMs * nth) / devices.length);
    while (isWriting) {
      const due = performance.now() + size.everyMs;
      const rows = batches.next(2, 0);
      const at = performance.now();
      const mine = rows.map((row) => writtenOf(row, at));
      // What the readers write themselves is no measure of what others see.
      if (nth >= 3) for (const one of mine) unseen.set(keyOf(one.table, one.id, one.stamp), at);
      for (const [index, result] of (await device.push(rows)).entries()) {
        const one = mine[index];
        if (!one) continue;
        if (result.outcome === 'ok') written.push(one);
        else refused.push(`${one.table} ${one.id}: ${result.outcome}`);
      }
      await sleep(Math.max(0, due - performance.now()));
    }
  };
  const writers = devices.map(write);

  return {
    written,
    refused,
    lags,
    unseen: () => unseen.size,
    errors(): Record<string, number> {
      const sum: Record<string, number> = {};
      for (const { counts } of devices) {
        for (const [what, times] of Object.entries(counts)) sum[what] = (sum[what] ?? 0) + times;
      }
      return sum;
    },
    /** Lets every device write to its end, and the readers see all. */
    async settle() {
      isWriting = false;
      const end = Date.now() + SETTLE_WITHIN_MS;
      const late = sleep(SETTLE_WITHIN_MS, undefined, { ref: false }).then(() => {
        throw new Error('not every write was acknowledged in time');
      });
      await Promise.race([Promise.all(writers), late]);
      while (unseen.size > 0 && Date.now() < end) await sleep(50);
    },
    async stop() {
      isWriting = false;
      for (const device of devices) device.stop();
      await Promise.allSettled(writers);
      agent.destroy();
    },
  };
}

function writtenOf({ table, row }: PushRequest['rows'][number], at: number): Written {
  const stamps = row['field_hlc'] as Record<string, string> | undefined;
  return {
    table: table === 'stock_acts' ? table : 'item_locations',
    id: String(row['id']),
    stamp: stamps?.['par'] ?? null,
    at,
  };
}

/** Looks for every acknowledged write in Postgres, with its effects and its audit entry. */
async function compare(
  admin: pg.Client,
  written: readonly Written[],
): Promise<Pick<RollingResult, 'lost' | 'doubled'>> {
  const lost: string[] = [];
  const doubled: string[] = [];
  const expectCount = (what: string, found: number, wanted: number): void => {
    if (found < wanted) lost.push(`${what}: ${found} of ${wanted}`);
    if (found > wanted) doubled.push(`${what}: ${found} in place of ${wanted}`);
  };
  const acts = written.filter(({ table }) => table === 'stock_acts').map(({ id }) => id);
  const { rows: facts } = await admin.query<{
    id: string;
    acts: number;
    moves: number;
    audit: number;
  }>(
    `select a.id,
       (select count(*)::integer from public.stock_acts s where s.id = a.id) as acts,
       (select count(*)::integer from public.stock_movements m where m.act_id = a.id) as moves,
       (select count(*)::integer from public.audit_logs l
          where l.table_name = 'stock_acts' and l.row_id = a.id and l.action = 'insert') as audit
     from unnest($1::uuid[]) as a (id)`,
    [acts],
  );
  for (const fact of facts) {
    expectCount(`act ${fact.id}`, fact.acts, 1);
    expectCount(`movements of act ${fact.id}`, fact.moves, 2);
    expectCount(`audit of act ${fact.id}`, fact.audit, 1);
  }
  const changes = Map.groupBy(
    written.filter(({ table }) => table === 'item_locations'),
    ({ id }) => id,
  );
  const { rows: records } = await admin.query<{ id: string; stamp: string; audit: number }>(
    `select r.id, r.field_hlc ->> 'par' as stamp,
       (select count(*)::integer from public.audit_logs l
          where l.table_name = 'item_locations' and l.row_id = r.id and l.action = 'update') as audit
     from public.item_locations r where r.id = any($1::uuid[])`,
    [[...changes.keys()]],
  );
  const byId = new Map(records.map((record) => [record.id, record]));
  for (const [id, mine] of changes) {
    const record = byId.get(id);
    const last =
      mine
        .map(({ stamp }) => stamp ?? '')
        .toSorted()
        .at(-1) ?? '';
    if (!record || record.stamp < last) lost.push(`change of ${id}`);
    expectCount(`audit of ${id}`, record?.audit ?? 0, mine.length);
  }
  // Nothing of what was never acknowledged stands there twice either.
  const { rows: all } = await admin.query<{ acts: number; moves: number }>(
    `select (select count(*)::integer from public.stock_acts) as acts,
       (select count(*)::integer from public.stock_movements) as moves`,
  );
  expectCount('movements of all acts', all[0]?.moves ?? 0, (all[0]?.acts ?? 0) * 2);
  return { lost, doubled };
}

/** The figures in words, one a line. */
export function linesOf(size: RollingSize, result: RollingResult): string[] {
  const { acknowledged, lost, doubled, lags, unseen, errors, restarts, served } = result;
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => Math.round(percentile(lags, share)));
  const { connected = 0, ...failed } = errors;
  const told = Object.entries(failed)
    .toSorted(([, a], [, b]) => b - a)
    .map(([what, times]) => `${what} × ${times}`);
  return [
    `${size.replicas} replicas, ${restarts} restarts, ${size.devices} devices, each an act and a ` +
      `change every ${size.everyMs} ms; requests and connections by replica: ${served.join(', ')}`,
    `acknowledged: ${acknowledged.acts} acts, ${acknowledged.changes} changes; ` +
      `${lost.length} lost, ${doubled.length} doubled`,
    `written → seen on another device: p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms of ` +
      `${lags.length} (goal: p99 < 2,000 ms); ${unseen} not seen`,
    `connections ${connected}; tried again after: ${told.join(', ') || 'nothing'}`,
  ];
}
