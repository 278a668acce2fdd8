import { z } from 'zod';
import { defineTable, instant, int, json, oneOf, text, uuid } from '../define.ts';

/** What is written down: changes by the server, reads and the rest by devices. */
export const AUDIT_ACTIONS = [
  'insert',
  'update',
  'refuse',
  'expand',
  'post',
  'read',
  'list',
  'print',
  'export',
  'sign_in',
  'sign_out',
  'break_glass',
] as const;

/**
 * Who did what, when, with which outcome. A chain of hashes per device, written by the server in the
 * transaction of the change that it records. Field names only; values never stand here.
 */
export const auditLogs = defineTable({
  name: 'audit_logs',
  module: 'sync',
  kind: 'log',
  scope: { location: 'location_id', own: 'actor_id' },
  priority: 9,
  retentionYears: null,
  fields: {
    location_id: uuid({ phi: 'P0', merge: 'AO', nullable: true, references: 'locations' }),
    seq: int({ phi: 'P0', merge: 'AO' }),
    prev_hash: text({ phi: 'P0', merge: 'AO', max: 64 }),
    hash: text({ phi: 'P0', merge: 'AO', max: 64 }),
    actor_id: uuid({ phi: 'P0', merge: 'AO', nullable: true, references: 'users' }),
    action: oneOf(AUDIT_ACTIONS, { phi: 'P0', merge: 'AO' }),
    table_name: text({ phi: 'P0', merge: 'AO', max: 63 }),
    row_id: uuid({ phi: 'P0', merge: 'AO' }),
    outcome: text({ phi: 'P0', merge: 'AO', max: 63 }),
    field_names: json(z.array(z.string().max(63)), { phi: 'P0', merge: 'AO' }),
    /** Whose part somebody played, for impersonation. */
    acting_as: uuid({ phi: 'P0', merge: 'AO', nullable: true, references: 'users' }),
    purpose: text({ phi: 'P0', merge: 'AO', nullable: true, max: 63 }),
    patient_ref: uuid({ phi: 'P1', merge: 'AO', nullable: true }),
    occurred_at: instant({ phi: 'P0', merge: 'AO', nullable: true }),
    recorded_at: instant({ phi: 'P0', merge: 'AO' }),
  },
  unique: [['device_id', 'seq']],
});
