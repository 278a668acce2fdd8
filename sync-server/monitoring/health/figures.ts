import { z } from 'zod';
import type { TrafficFigures } from './traffic.ts';

const Count = z.number().min(0);

const Traffic: z.ZodType<TrafficFigures> = z.object({
  requests: Count,
  errors: Count,
  durations: z.array(Count),
  refusals: Count,
  slowStatements: Count,
  slowest: z.string().nullable(),
  cacheHits: Count,
  cacheLookups: Count,
  connectionFailures: Count,
});

/** What a replica says of itself, every round; others read it as it stands in the database. */
export const ReplicaFigures = z.object({
  memoryBytes: Count,
  /** What it may take; null: nobody has said. */
  memoryLimit: Count.nullable(),
  liveConnections: Count,
  /** off: not set up. */
  redis: z.enum(['off', 'ok', 'away']),
  pool: z.object({ used: Count, waiting: Count, most: Count }),
  /** How long the database took for a look, milliseconds. */
  databaseMs: Count,
  traffic: Traffic,
  partners: z.array(
    z.object({
      partner: z.string(),
      lastOkAt: Count.nullable(),
      lastFailureAt: Count.nullable(),
      code: z.string().nullable(),
    }),
  ),
  /** Names of jobs whose last round failed. */
  failedJobs: z.array(z.string()),
});
export type ReplicaFigures = z.infer<typeof ReplicaFigures>;

export interface Replica {
  readonly id: string;
  readonly startedAt: number;
  readonly seenAt: number;
  readonly stoppedAt: number | null;
  readonly figures: ReplicaFigures;
}

/** How everything is at one moment, as the replica that judges sees it. */
export interface SystemState {
  readonly now: number;
  readonly replicas: readonly Replica[];
  /** For so long no replica was alive before this one, milliseconds; null: some was. */
  readonly wasDownMs: number | null;
  readonly outbox: {
    readonly waiting: number;
    readonly failed: number;
    readonly oldestMs: number;
  };
  readonly devices: {
    readonly active: number;
    /** With changes that wait there, and not heard of for a day. */
    readonly silent: number;
    /** Changes that wait on all machines, as they said last. */
    readonly waiting: number;
    /** The longest queue of one machine that is in contact. */
    readonly longestQueue: number;
    readonly versions: Readonly<Record<string, number>>;
  };
  readonly security: {
    /** Refused acts by machine, in the last five minutes: the most of one machine. */
    readonly refusedActs: number;
    /** Chains of machines in which something is wrong that was found in the last week. */
    readonly brokenChains: number;
  };
  readonly backup: {
    /** The database hands its log to an archive. */
    readonly isOn: boolean;
    readonly lastAt: number | null;
    readonly lastFailedAt: number | null;
  };
}
