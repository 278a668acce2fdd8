import { z } from 'zod';
import { PAYMENT_STATES } from './payments.ts';

/**
 * What leaves the house, as the administration sees it: how the partners are, what nobody could carry
 * out, and, where nothing is really sent, what would have been.
 */

const Id = z.guid().toLowerCase();
const Instant = z.int().min(0);

/** A partner that a hub calls. */
export const HubView = z.object({
  hub: z.string(),
  partner: z.string(),
  /** live: it is called · sandbox: what would be sent is written down · off: not set up. */
  mode: z.enum(['live', 'sandbox', 'off']),
  /** paused: it failed again and again, and is left alone for a while. */
  state: z.enum(['unused', 'ok', 'failing', 'paused']),
  /** Since the server started. */
  calls: z.int().min(0),
  failures: z.int().min(0),
  lastOkAt: Instant.nullable(),
  lastFailureAt: Instant.nullable(),
  /** Name of an error code. */
  lastCode: z.string().nullable(),
  p95Ms: z.int().min(0).nullable(),
});
export type HubView = z.infer<typeof HubView>;

/** An effect that was given up. It names a row and says nothing about it. */
export const DeadLetterView = z.object({
  id: Id,
  kind: z.string(),
  tableName: z.string(),
  rowId: Id,
  locationId: Id.nullable(),
  createdAt: Instant,
  failedAt: Instant,
  attempts: z.int().min(0),
  /** How often a person has asked for it again. */
  runs: z.int().min(0),
  /** Name of an error code. */
  problem: z.string().nullable(),
  /** It may have been done: only a person can find out. */
  isUnknown: z.boolean(),
});
export type DeadLetterView = z.infer<typeof DeadLetterView>;

/** What would have been sent. */
export const SandboxView = z.object({
  key: z.string(),
  channel: z.string(),
  kind: z.string(),
  locationId: Id.nullable(),
  recordedAt: Instant,
  times: z.int().min(1),
  /** Null where it may say something about a patient. */
  content: z
    .object({ destination: z.string(), subject: z.string().nullable(), body: z.string() })
    .nullable(),
});
export type SandboxView = z.infer<typeof SandboxView>;

/** A card payment or refund that is not over, or that a person should look at. No patient is named. */
export const PaymentView = z.object({
  key: z.string(),
  does: z.enum(['take', 'refund', 'void']),
  state: z.enum(PAYMENT_STATES),
  locationId: Id,
  /** Null: the caller may not know amounts. So everywhere below. */
  amountCents: z.int().nullable(),
  /** Name of an error code. */
  problem: z.string().nullable(),
  /** How likely it is not what it seems, 0 to 1; null: nobody has judged it. */
  score: z.number().nullable(),
  /** Stripe's id of it: what to look for on its pages. */
  paymentRef: z.string().nullable(),
  createdAt: Instant,
});
export type PaymentView = z.infer<typeof PaymentView>;

/** A payment of which Stripe's books say something else than ours. */
export const DifferenceView = z.object({
  paymentRef: z.string(),
  locationId: Id.nullable(),
  /** false: that side knows nothing of it. */
  isOurs: z.boolean(),
  isTheirs: z.boolean(),
  ourCents: z.int().nullable(),
  theirCents: z.int().nullable(),
  foundAt: Instant,
});
export type DifferenceView = z.infer<typeof DifferenceView>;

/** A payment that its card holder disputes at their bank. */
export const DisputeView = z.object({
  disputeRef: z.string(),
  paymentRef: z.string(),
  locationId: Id.nullable(),
  amountCents: z.int().nullable(),
  /** As Stripe names it. */
  status: z.string(),
  since: Instant,
});
export type DisputeView = z.infer<typeof DisputeView>;

export const OUTBOX_LIMITS = { deadLetters: 100, sandbox: 100, payments: 100 } as const;

const OneLetter = z.strictObject({
  id: Id,
  /** As the person saw it: somebody else may have asked again meanwhile. */
  runs: z.int().min(0),
});

export const OUTBOX_CALLS = {
  'admin.outbox': {
    path: '/v1/admin/outbox',
    in: z.strictObject({}),
    out: z.object({
      /** record: the sandbox · send: partners are called · keep: nobody carries anything out. */
      mode: z.enum(['record', 'send', 'keep']),
      hubs: z.array(HubView),
      waiting: z.int().min(0),
      failed: z.int().min(0),
      recorded: z.int().min(0),
      /** The latest first. */
      deadLetters: z.array(DeadLetterView),
      sandbox: z.array(SandboxView),
    }),
  },
  /** Has an effect carried out again that was given up. */
  'admin.outboxAgain': {
    path: '/v1/admin/outbox/again',
    in: OneLetter,
    out: z.object({ id: Id }),
  },
  'admin.payments': {
    path: '/v1/admin/payments',
    in: z.strictObject({}),
    out: z.object({
      /** Not over, of unknown end or refused as unusual; the latest first. */
      payments: z.array(PaymentView),
      differences: z.array(DifferenceView),
      disputes: z.array(DisputeView),
      /** When both books were compared last; null: never. */
      comparedAt: Instant.nullable(),
      /** Events of Stripe that are kept, and those of them that belong to no payment of ours. */
      events: z.int().min(0),
      unmatched: z.int().min(0),
      lastEventAt: Instant.nullable(),
    }),
  },
  /** Asks Stripe what became of one. */
  'admin.paymentLook': {
    path: '/v1/admin/payments/look',
    in: z.strictObject({ key: z.string().min(8).max(80) }),
    out: z.object({ state: z.enum(PAYMENT_STATES) }),
  },
  /** Compares Stripe's books with ours. */
  'admin.paymentsCompare': {
    path: '/v1/admin/payments/compare',
    in: z.strictObject({}),
    out: z.object({ differences: z.int().min(0) }),
  },
  /** Takes stored events of Stripe of the last days in again: all, or those of no payment of ours. */
  'admin.paymentsReplay': {
    path: '/v1/admin/payments/replay',
    in: z.strictObject({ unmatchedOnly: z.boolean(), days: z.int().min(1).max(60) }),
    out: z.object({ events: z.int().min(0) }),
  },
  /** Says of one of which nobody knew that it has arrived. */
  'admin.outboxArrived': {
    path: '/v1/admin/outbox/arrived',
    in: OneLetter,
    out: z.object({ id: Id }),
  },
} as const satisfies Record<string, { path: string; in: z.ZodType; out: z.ZodType }>;
