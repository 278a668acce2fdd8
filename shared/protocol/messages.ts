import { z } from 'zod';
import { isHlc } from '#shared/kernel/hlc.ts';
import { CODES } from '#shared/errors/codes.ts';
import type { Code } from '#shared/errors/codes.ts';
import { GRANTED_ROLES } from '#shared/schema/roles.ts';
import type { GrantedRole } from '#shared/schema/roles.ts';
import { TABLE_NAMES } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { PresenceNotice, RefusedNotice } from './presence.ts';

/** Version of the wire that this build speaks. */
export const PROTOCOL_VERSION = 2;
/** Oldest version that this build can serve; until when it does, `served.ts` knows. */
export const OLDEST_PROTOCOL_VERSION = 1;

/** Header names of every request. */
export const PROTOCOL_HEADER = 'x-ganger-protocol';
export const DEVICE_HEADER = 'x-ganger-device';

export const LIMITS = {
  /** Rows of one push. */
  pushRows: 200,
  /** Names in the lineage of a push. */
  lineage: 48,
  /** Rows of one table in one page of a pull. */
  pullRows: 1000,
  /** Size of a request body in bytes. */
  bodyBytes: 2 * 1024 * 1024,
  /** Approximate size of one pull answer in bytes before it is cut. */
  pullBytes: 2 * 1024 * 1024,
} as const;

const Table = z.enum(TABLE_NAMES as [TableName, ...TableName[]]);
const Id = z.guid().toLowerCase();
const Stamps = z.record(z.string().max(63), z.string().refine(isHlc));
const Instant = z.int().min(0);
const CodeName = z.enum(Object.keys(CODES) as [Code, ...Code[]]);
/** A row travels as it is; each table's own schema judges it, so that one bad row harms no other. */
const LooseRow = z.record(z.string(), z.unknown());

export const ErrorReply = z.object({
  error: z.object({
    code: CodeName,
    say: z.string(),
    details: z.record(
      z.string(),
      z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]),
    ),
  }),
});
export type ErrorReply = z.infer<typeof ErrorReply>;

export const SessionRequest = z.strictObject({
  device: z.strictObject({
    id: Id,
    name: z.string().min(1).max(80),
    kind: z.enum(['desktop', 'kiosk', 'tablet']),
  }),
});
export type SessionRequest = z.infer<typeof SessionRequest>;

export const GrantMessage = z.object({
  role: z.enum(GRANTED_ROLES as [GrantedRole, ...GrantedRole[]]),
  locationId: Id.nullable(),
  /** Set for what follows from being a member of a team. */
  teamId: Id.nullable().optional(),
  validFrom: Instant,
  validTo: Instant.nullable(),
});

export const SessionReply = z.object({
  user: z.object({ id: Id, displayName: z.string(), email: z.string() }),
  grants: z.array(GrantMessage),
  /** Database identity: changes when the server was restored, so that cursors start anew. */
  epoch: z.string(),
  serverTime: Instant,
});
export type SessionReply = z.infer<typeof SessionReply>;

/** Place in one part of a table: transaction id (decimal text of an xid8) and row id. */
export const Cursor = z.tuple([
  z
    .string()
    .regex(/^\d{1,20}$/, { abort: true })
    .refine((xid) => BigInt(xid) < 2n ** 64n),
  Id,
]);
export type Cursor = z.infer<typeof Cursor>;

export const PullRequest = z.strictObject({
  epoch: z.string().max(80).nullable(),
  tables: z
    .array(
      z.strictObject({
        table: Table,
        /** Part of the table → how far this device has it. An absent part starts at zero. */
        cursors: z.record(z.string().max(60), Cursor),
        limit: z.int().min(1).max(LIMITS.pullRows),
      }),
    )
    .min(1)
    .max(TABLE_NAMES.length),
});
export type PullRequest = z.infer<typeof PullRequest>;

export const PullReply = z.object({
  epoch: z.string(),
  serverTime: Instant,
  tables: z.array(
    z.object({
      table: Table,
      rows: z.array(LooseRow),
      cursors: z.record(z.string(), Cursor),
      /** Parts that this device asked for and may no longer hold: purge them. */
      ended: z.array(z.string()),
      /** True when the same question, asked again with the new cursors, has more rows. */
      more: z.boolean(),
      /** Rows that a client of this version cannot read and was not given; from version 2 on. */
      withheld: z.int().min(1).optional(),
    }),
  ),
});
export type PullReply = z.infer<typeof PullReply>;

/**
 * Which push of a profile this is, and which came before it: names that the client gives itself (a new
 * one at every opening), each with how many pushes were made under it, the latest first. A copy of
 * a machine goes on under a name that its original does not know.
 */
export const Lineage = z
  .array(z.tuple([z.string().regex(/^[0-9a-z]{8,16}$/), z.int().min(1)]))
  .min(1)
  .max(LIMITS.lineage);
export type Lineage = z.infer<typeof Lineage>;

export const PushRequest = z.strictObject({
  /** From version 2 on. */
  lineage: Lineage.optional(),
  rows: z
    .array(
      z.strictObject({
        table: Table,
        /** Stamps of the master that this device knew when it wrote; null when it knew none. */
        base: Stamps.nullable(),
        row: LooseRow,
      }),
    )
    .min(1)
    .max(LIMITS.pushRows),
});
export type PushRequest = z.infer<typeof PushRequest>;

/** A slot that was free when the answer was given, named as the columns of the visit are. */
export const SlotOffer = z.object({
  starts_at: Instant,
  ends_at: Instant,
  seat_no: z.int().min(1),
});
export type SlotOffer = z.infer<typeof SlotOffer>;
/** For a visit that did not get its slot, three at most; from version 2 on. */
const Alternatives = z.array(SlotOffer).max(3).optional();
/** What was decided about a row that the server keeps in quarantine; from version 2 on. */
export const KEPT_STATES = ['waiting', 'released', 'rejected'] as const;
export type KeptState = (typeof KEPT_STATES)[number];

export const PushResult = z.discriminatedUnion('outcome', [
  /** The master now equals what was sent. */
  z.object({ outcome: z.literal('ok'), table: Table, id: z.string() }),
  /** The master differs from what was sent (it was merged): take this state. */
  z.object({
    outcome: z.literal('master'),
    table: Table,
    id: z.string(),
    row: LooseRow,
    alternatives: Alternatives,
  }),
  /** The row was not written and will not be; the device keeps it as "needs you". */
  z.object({
    outcome: z.literal('refused'),
    table: Table,
    id: z.string(),
    code: CodeName,
    fields: z.array(z.string()),
    alternatives: Alternatives,
    /** With `SYNC_ROW_QUARANTINED` alone. */
    kept: z.enum(KEPT_STATES).optional(),
  }),
  /** Not now, for example because a row that this one refers to has not arrived. */
  z.object({ outcome: z.literal('retry'), table: Table, id: z.string(), code: CodeName }),
]);
export type PushResult = z.infer<typeof PushResult>;

/** One result for each row of the request, in the request's order. */
export const PushReply = z.object({
  results: z.array(PushResult),
  serverTime: Instant,
  /** As that of a pull, for who may not pull any more; from version 2 on. */
  epoch: z.string().optional(),
});
export type PushReply = z.infer<typeof PushReply>;

/** Why the server ends a live connection. */
export const BYE_REASONS = ['going-away', 'token-expired', 'no-access', 'too-many'] as const;

/**
 * What the server says on the live connection. Notices name what changed, never rows. A client of
 * version 1 hears `hello` and `changed` only.
 */
export const LiveMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), epoch: z.string(), serverTime: Instant }),
  z.object({ type: z.literal('changed'), tables: z.array(Table) }),
  PresenceNotice,
  RefusedNotice,
  z.object({
    type: z.literal('bye'),
    reason: z.enum(BYE_REASONS),
    /** Come back after so long and not before, milliseconds; each device is told another time. */
    retryMs: z.int().min(0),
  }),
]);
export type LiveMessage = z.infer<typeof LiveMessage>;

/** Paths of the sync API. */
export const PATHS = {
  session: '/v1/session',
  pull: '/v1/pull',
  push: '/v1/push',
  live: '/v1/live',
  liveEvents: '/v1/live/events',
  livePresence: '/v1/live/presence',
} as const;
