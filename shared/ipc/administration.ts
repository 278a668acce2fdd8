import { z } from 'zod';
import { ADMIN_CALLS, UpdateChannel } from '#shared/protocol/admin.ts';
import type { AdminCall, AdminOut } from '#shared/protocol/admin.ts';

export type {
  DeadLetterView,
  DifferenceView,
  DisputeView,
  HubView,
  PaymentView,
  SandboxView,
} from '#shared/protocol/admin-outbox.ts';
/** What leaves the house, as the server says it. */
export type OutboxView = AdminOut<'admin.outbox'>;
/** Card payments, as the server says it. */
export type PaymentsView = AdminOut<'admin.payments'>;

export { ALERT_RULES, MONITOR_LIMITS } from '#shared/protocol/admin-monitor.ts';
export type {
  AlertView,
  HealthPoint,
  NoticeView,
  ReplicaView,
  SilenceView,
} from '#shared/protocol/admin-monitor.ts';
/** How the system fares, as the server says it. */
export type MonitorView = AdminOut<'admin.monitor'>;

export { ALL_ACTIONS } from '#shared/protocol/admin.ts';
// A window knows the answers of the server by this contract alone.
export type {
  AdminIn,
  AdminOut,
  AnyAction,
  AuditEntryView,
  AuditFilter,
  ChainView,
  DeviceView,
  HealthView,
  JobView,
  ReadChainView,
  PersonView,
  ProposalView,
  RecallView,
} from '#shared/protocol/admin.ts';

/** How this device is: its build, what it talks to, how much lies on its disk. */
export const DeviceFacts = z.object({
  deviceId: z.string(),
  deviceName: z.string(),
  deviceKind: z.enum(['desktop', 'kiosk', 'tablet']),
  appVersion: z.string(),
  protocol: z.int(),
  serverUrl: z.string(),
  authUrl: z.string(),
  hasRecoveryKey: z.boolean(),
  /** Bytes on the disk: of the rows, of what is not sent yet, of attached files, of all the rest. */
  bytes: z.object({
    rows: z.number(),
    unsent: z.number(),
    files: z.number(),
    rest: z.number(),
  }),
  lastBackupAt: z.number().nullable(),
  /** From which versions of the app it is to take its updates. */
  updateChannel: UpdateChannel,
});
export type DeviceFacts = z.infer<typeof DeviceFacts>;

/**
 * Calls of the administration. Those of the server go through the store process, which has the
 * session; a window has no network.
 */
export const ADMINISTRATION_CALLS = {
  'device.facts': { in: z.strictObject({}), out: DeviceFacts },
  ...ADMIN_CALLS,
} as const satisfies Record<string, { in: z.ZodType; out: z.ZodType }>;

export const ADMIN_CALL_NAMES = Object.keys(ADMIN_CALLS) as AdminCall[];
