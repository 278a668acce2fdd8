import { z } from 'zod';
import { CODES } from '#shared/errors/codes.ts';
import type { Code } from '#shared/errors/codes.ts';

const CodeName = z.enum(Object.keys(CODES) as [Code, ...Code[]]);

/** The eight states in which a person can find their data. */
export const SYNC_STATES = [
  'synced',
  'saved-here',
  'queued',
  'syncing',
  'offline',
  'needs-you',
  'paused',
  'failed',
] as const;
export type SyncState = (typeof SYNC_STATES)[number];

/** A change that the server refused; it is kept on this device until somebody decides. */
export const ParkedChange = z.object({
  table: z.string(),
  id: z.string(),
  code: CodeName,
  fields: z.array(z.string()),
  /** Milliseconds since the Unix epoch. */
  parkedAt: z.number(),
  /** What the person can have instead: values of columns of the row. Absent where nothing was offered. */
  alternatives: z.array(z.record(z.string(), z.union([z.string(), z.number()]))).optional(),
});
export type ParkedChange = z.infer<typeof ParkedChange>;

/** A change of this device that the server has not confirmed yet. */
export const WaitingChange = z.object({
  table: z.string(),
  id: z.string(),
  /** True for a row that the server does not have. */
  isNew: z.boolean(),
  /** What was changed, where the server has the row. */
  fields: z.array(z.string()),
  /** When the oldest part of it was made, milliseconds since the Unix epoch. */
  since: z.number(),
});
export type WaitingChange = z.infer<typeof WaitingChange>;

/** What the page about the state of the data says beyond the status. */
export const SyncDetails = z.object({
  /** When the server last answered; null while it has not since the app was opened. */
  lastContactAt: z.number().nullable(),
  /** In the order in which a first sync loads them. */
  tables: z.array(z.object({ table: z.string(), isLoaded: z.boolean() })),
});
export type SyncDetails = z.infer<typeof SyncDetails>;

export const SyncStatus = z.object({
  state: z.enum(SYNC_STATES),
  /** True while the live connection to the server stands. */
  online: z.boolean(),
  /** Local changes that the server has not confirmed yet. */
  waiting: z.number(),
  /** Refused changes. */
  needsYou: z.number(),
  /** When this device last had everything the server had, or null before the first time. */
  lastSyncedAt: z.number().nullable(),
  /** First sync: tables finished of all. Null once the first sync is complete. */
  firstSync: z.object({ done: z.number(), total: z.number() }).nullable(),
  /** What went wrong last, while it still does. */
  problem: CodeName.nullable(),
});
export type SyncStatus = z.infer<typeof SyncStatus>;
