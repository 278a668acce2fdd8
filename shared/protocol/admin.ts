import { z } from 'zod';
import { CHAIN_FAULTS, READ_ACTIONS } from './audit.ts';
import { AUDIT_ACTIONS } from '#shared/schema/tables/audit-logs.ts';
import { ROLES } from '#shared/schema/roles.ts';
import { TABLE_NAMES, TABLES } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { MONITOR_CALLS } from './admin-monitor.ts';
import { OUTBOX_CALLS } from './admin-outbox.ts';

/**
 * What people of the administration ask of the server. It is no part of the exchange of rows: nothing
 * of it is kept on a device or queued, so it works only while the server is in reach.
 */

const Id = z.guid().toLowerCase();
const Instant = z.int().min(0);
const Table = z.enum(TABLE_NAMES as [TableName, ...TableName[]]);

export const ADMIN_LIMITS = {
  /** Entries of the audit in one answer. */
  auditRows: 200,
  /** Devices of one list: more than the group has. */
  devices: 2_000,
  /** Proposals of one list. */
  proposals: 200,
} as const;

export const DEVICE_STATES = ['active', 'suspended', 'retired'] as const;
export const PERSON_STATES = ['invited', 'active', 'suspended', 'left'] as const;
/** Which versions of the app a device is offered. */
export const UPDATE_CHANNELS = ['stable', 'early'] as const;
export const UpdateChannel = z.enum(UPDATE_CHANNELS);
export type UpdateChannel = z.infer<typeof UpdateChannel>;

/** A machine, with what only the server knows of it. */
export const DeviceView = z.object({
  id: Id,
  name: z.string(),
  kind: z.enum(['desktop', 'kiosk', 'tablet']),
  status: z.enum(DEVICE_STATES),
  locationId: Id.nullable(),
  enrolledBy: Id,
  enrolledAt: Instant,
  /** To a quarter of an hour: a machine is not noted as seen more often. */
  lastSeenAt: Instant.nullable(),
  /** Who wrote from it last, by its chain of the audit. */
  lastPersonId: Id.nullable(),
  lastWriteAt: Instant.nullable(),
  /** Changes that came from it after its rights had ended, and wait for a decision. */
  quarantined: z.int().min(0),
  /** What it said of itself last; null: nothing yet, or nobody was in. */
  reportedAt: Instant.nullable(),
  appVersion: z.string().nullable(),
  waiting: z.int().min(0).nullable(),
  needsYou: z.int().min(0).nullable(),
  updateChannel: UpdateChannel,
  /** It was reported as lost, and removes its profiles at its next contact; and when it has. */
  wipeOrderedAt: Instant.nullable(),
  wipedAt: Instant.nullable(),
});
export type DeviceView = z.infer<typeof DeviceView>;

/** What only the server knows of a person. */
export const PersonView = z.object({
  id: Id,
  email: z.string(),
  mfaRequired: z.boolean(),
  status: z.enum(PERSON_STATES),
  /** How the account for signing in is; `unknown` where the server may not look or got no answer. */
  signIn: z.enum(['open', 'closed', 'none', 'unknown']),
  lastSignInAt: Instant.nullable(),
  /** Second factors that work. */
  factors: z.int().min(0),
  /** Machines that the person brought, or from which they wrote last, and that are not retired. */
  devices: z.array(z.object({ id: Id, name: z.string(), brought: z.boolean() })),
});
export type PersonView = z.infer<typeof PersonView>;

/** A role that waits for a second person. */
export const ProposalView = z.object({
  id: Id,
  userId: Id,
  role: z.enum(ROLES),
  locationId: Id.nullable(),
  from: Instant,
  to: Instant.nullable(),
  proposedBy: Id,
  proposedAt: Instant,
});
export type ProposalView = z.infer<typeof ProposalView>;

/** Whether the account for signing in went along: `off` where the server may not, or `failed`. */
const SignInDone = z.enum(['done', 'off', 'failed']);

const PersonFields = {
  name: TABLES.users.fields.display_name.zod as z.ZodType<string>,
  homeLocationId: Id.nullable(),
  mfaRequired: z.boolean(),
};
const site = TABLES.locations.fields;
/** Uses of a lot for patients. */
export const RecallView = z.object({
  /** By site, where the caller may read the stock. */
  sites: z.array(z.object({ locationId: Id, uses: z.int(), patients: z.int() })),
  /** Empty for those who may not know for whom. */
  uses: z.array(
    z.object({
      id: Id,
      locationId: Id,
      occurredAt: Instant,
      /** Null for one whose record the caller may not read. */
      patient: z
        .object({
          id: Id,
          familyName: z.string(),
          givenName: z.string(),
          birthDate: z.string(),
          mrn: z.string().nullable(),
          phone: z.string().nullable(),
        })
        .nullable(),
    }),
  ),
});
export type RecallView = z.infer<typeof RecallView>;

const SettingValue = z.union([z.string().max(200), z.number(), z.boolean()]);

/** What the audit says that somebody did: wrote, as the server has it, or read, as devices have it. */
export type AnyAction = (typeof AUDIT_ACTIONS)[number] | (typeof READ_ACTIONS)[number];
export const ALL_ACTIONS = [...new Set<AnyAction>([...AUDIT_ACTIONS, ...READ_ACTIONS])];
const Action = z.enum(ALL_ACTIONS as [AnyAction, ...AnyAction[]]);

/** Who wrote or read what, as the audit has it; names of fields, never values. */
export const AuditEntryView = z.object({
  id: Id,
  /** Place in the feed of the database, for the next page. */
  xid: z.string().regex(/^\d{1,20}$/),
  seq: z.int().min(0),
  deviceId: Id.nullable(),
  actorId: Id.nullable(),
  locationId: Id.nullable(),
  action: Action,
  tableName: z.string(),
  rowId: Id,
  outcome: z.string(),
  fieldNames: z.array(z.string()),
  purpose: z.string().nullable(),
  patientRef: Id.nullable(),
  occurredAt: Instant.nullable(),
  recordedAt: Instant,
  /** The device's own chain in which it stands; null: the server's chain of the device. */
  chainId: Id.nullable(),
  /** Of a read: through what it came, of how many entries it speaks, which records, about whom. */
  screen: z.string().nullable(),
  n: z.int().min(0).nullable(),
  rowIds: z.array(Id),
  patientRefs: z.array(Id),
});
export type AuditEntryView = z.infer<typeof AuditEntryView>;

/** What an entry has to say to be in the list; what is left out does not matter. */
export const AuditFilter = z.strictObject({
  patientRef: Id.optional(),
  userId: Id.optional(),
  deviceId: Id.optional(),
  table: Table.optional(),
  action: Action.optional(),
  /** What the server wrote itself, or what devices handed over; left out: both. */
  kind: z.enum(['writes', 'reads']).optional(),
  /** Recorded at or after, milliseconds. */
  from: Instant.optional(),
  /** Recorded before, milliseconds. */
  until: Instant.optional(),
});
export type AuditFilter = z.infer<typeof AuditFilter>;

/** A chain of the audit, reckoned again from its first entry. */
export const ChainView = z.object({
  deviceId: Id,
  checked: z.int().min(0),
  /** Number of the first entry that is not as it was written, or null: all are. */
  brokenAt: z.int().min(0).nullable(),
  fault: z.enum(['missing', 'unlinked', 'changed', 'cut', 'beyond']).nullable(),
});
export type ChainView = z.infer<typeof ChainView>;

/** A chain of what was read on a machine, as far as the server has it. */
export const ReadChainView = z.object({
  chainId: Id,
  deviceId: Id,
  begunAt: Instant,
  /** Entries that were taken, when the last came, and whether the server signed for them. */
  seq: z.int().min(0),
  takenAt: Instant.nullable(),
  isSigned: z.boolean(),
  /** The machine has begun no other one since. */
  isLast: z.boolean(),
  /** The first thing that was wrong with it. */
  fault: z.enum([...CHAIN_FAULTS, 'beyond']).nullable(),
  faultSeq: z.int().min(0).nullable(),
  faultAt: Instant.nullable(),
  /** When it was last reckoned again, and how many entries it had. */
  checkedAt: Instant.nullable(),
  checked: z.int().min(0).nullable(),
});
export type ReadChainView = z.infer<typeof ReadChainView>;

export const JobView = z.object({
  name: z.string(),
  everyMs: z.int().min(0),
  lastRunAt: Instant.nullable(),
  lastMs: z.int().min(0).nullable(),
  state: z.enum(['not-run', 'ok', 'failed']),
});
export type JobView = z.infer<typeof JobView>;

/** How the server that answers is, and what waits in its database. */
export const HealthView = z.object({
  startedAt: Instant,
  serverTime: Instant,
  protocol: z.int(),
  memoryBytes: z.int().min(0),
  liveConnections: z.int().min(0),
  hasRedis: z.boolean(),
  hasFiles: z.boolean(),
  database: z.object({
    ms: z.number().min(0),
    version: z.string(),
    bytes: z.int().min(0),
    /** Transactions that devices do not see yet, since an older one still runs. */
    held: z.int().min(0),
  }),
  queues: z.object({
    outboxWaiting: z.int().min(0),
    outboxFailed: z.int().min(0),
    oldestOutboxAt: Instant.nullable(),
    quarantined: z.int().min(0),
    openReviews: z.int().min(0),
  }),
  /** The last run of keeping that came to its end. */
  retentionAt: Instant.nullable(),
  jobs: z.array(JobView),
});
export type HealthView = z.infer<typeof HealthView>;

/** The calls of the administration: where each is, what it takes and what it answers. */
export const ADMIN_CALLS = {
  'admin.devices': {
    path: '/v1/admin/devices',
    in: z.strictObject({}),
    out: z.object({ devices: z.array(DeviceView) }),
  },
  /** Suspends a machine, lets it in again, or retires it. `was` is the state that the person saw. */
  'admin.setDevice': {
    path: '/v1/admin/devices/state',
    in: z.strictObject({
      deviceId: Id,
      was: z.enum(DEVICE_STATES),
      status: z.enum(DEVICE_STATES),
      /** Why, as the audit keeps it. */
      purpose: z.enum(['suspended', 'active-again', 'retired', 'lost']),
    }),
    out: z.object({ device: DeviceView }),
  },
  /** From which versions of the app a machine takes its updates. */
  'admin.setChannel': {
    path: '/v1/admin/devices/channel',
    in: z.strictObject({ deviceId: Id, channel: UpdateChannel }),
    out: z.object({ device: DeviceView }),
  },
  'admin.person': {
    path: '/v1/admin/people/one',
    in: z.strictObject({ userId: Id }),
    out: z.object({ person: PersonView }),
  },
  /** Makes an account and a person who is invited: they are here once they have signed in. */
  'admin.invitePerson': {
    path: '/v1/admin/people/invite',
    in: z.strictObject({ id: Id, email: z.email().max(254).toLowerCase(), ...PersonFields }),
    out: z.object({ id: Id }),
  },
  'admin.editPerson': {
    path: '/v1/admin/people/edit',
    in: z.strictObject({ userId: Id, ...PersonFields }),
    out: z.object({ changed: z.boolean() }),
  },
  /** Suspends, lets in again, lets leave or come back. `was` is the state that was seen. */
  'admin.setPerson': {
    path: '/v1/admin/people/state',
    in: z.strictObject({
      userId: Id,
      was: z.enum(PERSON_STATES),
      status: z.enum(PERSON_STATES),
      /** Machines that are retired with somebody who leaves. */
      deviceIds: z.array(Id).max(50),
    }),
    out: z.object({ status: z.enum(PERSON_STATES), ended: z.int().min(0), signIn: SignInDone }),
  },
  /** Forgets the second factors of somebody, who sets a new one. */
  'admin.resetFactors': {
    path: '/v1/admin/people/factors',
    in: z.strictObject({ userId: Id }),
    out: z.object({ removed: z.int().min(0) }),
  },
  /** Gives a role, or proposes it where a second person has to give it. */
  'admin.giveRole': {
    path: '/v1/admin/roles/give',
    in: z.strictObject({
      id: Id,
      userId: Id,
      role: z.enum(ROLES),
      locationId: Id.nullable(),
      from: Instant,
      to: Instant.nullable(),
    }),
    out: z.object({ id: Id, state: z.enum(['given', 'waiting', 'known']) }),
  },
  /** Lets a role end, now or on a later day. */
  'admin.endRole': {
    path: '/v1/admin/roles/end',
    in: z.strictObject({ grantId: Id, at: Instant }),
    out: z.object({ changed: z.boolean() }),
  },
  'admin.proposals': {
    path: '/v1/admin/roles/proposals',
    in: z.strictObject({}),
    out: z.object({ proposals: z.array(ProposalView) }),
  },
  'admin.decideRole': {
    path: '/v1/admin/roles/decide',
    in: z.strictObject({ id: Id, give: z.boolean() }),
    out: z.object({ changed: z.boolean() }),
  },
  /** Makes a site or changes one. */
  'admin.saveSite': {
    path: '/v1/admin/sites',
    in: z.strictObject({
      id: Id,
      code: site.code.zod as z.ZodType<string>,
      name: site.name.zod as z.ZodType<string>,
      timeZone: site.time_zone.zod as z.ZodType<string>,
      address: site.address.zod as z.ZodType<string | null>,
      phone: site.phone.zod as z.ZodType<string | null>,
      active: z.boolean(),
    }),
    out: z.object({ id: Id, fields: z.array(z.string()) }),
  },
  /** Lets a setting hold from an instant on. What was before stays. */
  'admin.setSetting': {
    path: '/v1/admin/settings',
    in: z.strictObject({
      id: Id,
      key: z.string().min(1).max(80),
      locationId: Id.nullable(),
      value: SettingValue,
      from: Instant,
    }),
    out: z.object({ id: Id }),
  },
  'admin.audit': {
    path: '/v1/admin/audit',
    in: z.strictObject({
      filter: AuditFilter,
      /** The last entry of the page before; null: the newest. */
      after: z.strictObject({ xid: z.string().regex(/^\d{1,20}$/), id: Id }).nullable(),
      limit: z.int().min(1).max(ADMIN_LIMITS.auditRows),
    }),
    out: z.object({ entries: z.array(AuditEntryView), more: z.boolean() }),
  },
  /** Reckons the chain of one machine again. */
  'admin.auditChain': {
    path: '/v1/admin/audit/chain',
    in: z.strictObject({ deviceId: Id }),
    out: ChainView,
  },
  'admin.readChains': {
    path: '/v1/admin/audit/reads',
    in: z.strictObject({}),
    out: z.object({ chains: z.array(ReadChainView) }),
  },
  /** Reckons one of them again, and keeps what comes out. */
  'admin.readChain': {
    path: '/v1/admin/audit/reads/check',
    in: z.strictObject({ chainId: Id }),
    out: ReadChainView,
  },
  /** Says in the audit that entries leave it as a file; only then may they. */
  'admin.auditExport': {
    path: '/v1/admin/audit/export',
    in: z.strictObject({ filter: AuditFilter, rows: z.int().min(1).max(100_000) }),
    out: z.object({ exportId: Id }),
  },
  'admin.health': { path: '/v1/admin/health', in: z.strictObject({}), out: HealthView },
  ...OUTBOX_CALLS,
  ...MONITOR_CALLS,
  /** For which patients a lot was used; numbers alone for those who may not know whom. */
  'recall.patients': {
    path: '/v1/recall/patients',
    in: z.strictObject({ lotId: Id }),
    out: RecallView,
  },
} as const satisfies Record<string, { path: string; in: z.ZodType; out: z.ZodType }>;

export type AdminCall = keyof typeof ADMIN_CALLS;
export type AdminIn<C extends AdminCall> = z.output<(typeof ADMIN_CALLS)[C]['in']>;
export type AdminOut<C extends AdminCall> = z.output<(typeof ADMIN_CALLS)[C]['out']>;
