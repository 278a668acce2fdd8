import type { ServerApi } from '#desktop/replication/server-api.ts';
import type { PullReply } from '#shared/protocol/messages.ts';
import type { Access, PushStore } from '#server/sync/ports.ts';
import type { EnginePorts } from './world/sim-server.ts';
import type { Broken } from './world/world.ts';

/** Something broken on purpose. */
export interface Mutation {
  readonly name: string;
  readonly broken: () => Broken;
}

const pushThrough =
  (change: (store: PushStore) => Partial<PushStore>) =>
  (ports: EnginePorts): EnginePorts => ({
    ...ports,
    openPush: (caller, work) =>
      ports.openPush(caller, (store) => work({ ...store, ...change(store) })),
  });

/** Rows of one table are said to be written, and are not. */
const loses = (lost: string) =>
  pushThrough((store) => ({
    insertAsEngine: async (table, rows) =>
      table === lost ? new Set(rows.map(({ id }) => id)) : store.insertAsEngine(table, rows),
  }));

const replying =
  (change: (reply: PullReply) => PullReply) =>
  (api: ServerApi): ServerApi => ({
    ...api,
    pull: async (request, signal) => change(await api.pull(request, signal)),
  });

/** What somebody might do is what they may do for ever. */
function neverForgetsRights(ports: EnginePorts): EnginePorts {
  const seen = new Map<string, Access['grants']>();
  const remembering = (userId: string, access: Access | null): Access | null => {
    if (!access) return null;
    const known = seen.get(userId) ?? [];
    const grants = access.grants.length > 0 ? access.grants : known;
    seen.set(userId, grants);
    return { ...access, grants };
  };
  return {
    ...ports,
    openPush: (caller, work) =>
      ports.openPush(caller, (store) =>
        work({
          ...store,
          access: async () => remembering(caller.userId, await store.access()),
        }),
      ),
    openPull: (caller, work) =>
      ports.openPull(caller, (store) =>
        work({
          ...store,
          access: async () => remembering(caller.userId, await store.access()),
        }),
      ),
  };
}

/** Faults of the engine, the database and the device that the simulation has to find. */
export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'readers see rows behind which older ones may still come',
    // Slow statements let one transaction overtake another often enough to be seen.
    broken: () => ({ database: { noFence: true }, statementMs: 300 }),
  },
  {
    name: 'commits are answered and forgotten',
    broken: () => ({ database: { losesCommits: true } }),
  },
  {
    name: 'a restored database keeps its name',
    broken: () => ({ database: { noNewEpoch: true } }),
  },
  {
    name: 'what a device pushed is not remembered',
    broken: () => ({ ports: pushThrough(() => ({ recall: async () => new Map() })) }),
  },
  {
    name: 'stamps from the future stay',
    broken: () => ({ serverSkewMs: 10 * 365 * 86_400_000 }),
  },
  {
    name: 'changes are not audited',
    broken: () => ({
      ports: pushThrough((store) => ({
        leave: (memories, entries, effects) =>
          store.leave(
            memories,
            entries.filter(({ action }) => action !== 'update'),
            effects,
          ),
      })),
    }),
  },
  {
    name: 'an act arrives without its movements',
    broken: () => ({ ports: loses('stock_movements') }),
  },
  { name: 'losers are not written down', broken: () => ({ ports: loses('conflict_log') }) },
  {
    name: 'rights that have ended still count',
    broken: () => ({ database: { noPolicies: true }, ports: neverForgetsRights }),
  },
  {
    name: 'a device does nothing in its write transactions',
    broken: () => ({ device: { onWrite: () => undefined } }),
  },
  {
    name: 'the cursor goes past a row that was not stored',
    broken: () => ({
      device: {
        api: replying((reply) => ({
          ...reply,
          tables: reply.tables.map((share) =>
            share.table === 'issues' ? { ...share, rows: share.rows.slice(0, -1) } : share,
          ),
        })),
      },
    }),
  },
  {
    name: 'pushes are taken for answered that never left',
    broken: () => ({
      device: {
        api: (api) => ({
          ...api,
          push: async ({ rows }) => ({
            serverTime: Date.now(),
            results: rows.map(({ table, row }) => ({
              outcome: 'ok' as const,
              table,
              id: String(row['id']),
            })),
          }),
        }),
      },
    }),
  },
  {
    name: 'the last to arrive wins, whatever the stamps say',
    broken: () => ({
      ports: pushThrough((store) => ({
        records: async (table, ids) => {
          const found = await store.records(table, ids);
          return new Map(
            [...found].map(([id, master]) => [
              id,
              { ...master, row: { ...master.row, field_hlc: {} } },
            ]),
          );
        },
      })),
    }),
  },
];
