import { z } from 'zod';
import { defineTable, instant, int, json, oneOf, text, texts, uuid } from '../define.ts';
import { AUTHORIZATION_STATES } from '../authorization-states.ts';
import { P0, P1, P2 } from '../marks.ts';

/**
 * A request to an insurer to pay for a drug. Edited while it is gathered; signed as it stands, and
 * every edit after the signature voids it. Due times are derived from events and dated rules.
 */
export const authorizationRequests = defineTable({
  name: 'authorization_requests',
  module: 'authorizations',
  kind: 'record',
  scope: { location: 'location_id', own: 'prescriber_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 3,
  retentionYears: 7,
  machine: { field: 'status', name: 'authorization_request' },
  editableIn: ['draft', 'gathering', 'ready_for_review'],
  openFields: ['assigned_to', 'next_action_at', 'next_action'],
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    request_no: text({ ...P2.cen, nullable: true, max: 20 }),
    patient_id: uuid({ ...P1.ao, references: 'patients' }),
    coverage_id: uuid({ ...P2.lww, nullable: true, references: 'coverages' }),
    /** The coverage as it was when the request was submitted. */
    coverage_snapshot: json(z.record(z.string().max(40), z.json()), { ...P2.cen, nullable: true }),
    medication_id: uuid({ ...P2.lww, references: 'medications' }),
    prescriber_id: uuid({ ...P0.ao, references: 'users' }),
    parent_id: uuid({ ...P2.ao, nullable: true, references: 'authorization_requests' }),
    benefit_type: oneOf(['pharmacy', 'medical'], P2.lww),
    regime: oneOf(['mi_commercial', 'medicare', 'medicaid', 'erisa', 'other'], P2.lww),
    kind: oneOf(['initial', 'renewal', 'appeal_of'], P2.ao),
    urgency: oneOf(['standard', 'expedited'], P2.hr),
    urgency_attested_by: uuid({ ...P2.hr, nullable: true, references: 'users' }),
    dx_codes: texts({ ...P2.lww, max: 10, items: 20 }),
    dose: text({ ...P2.lww, nullable: true, max: 120 }),
    quantity: text({ ...P2.lww, nullable: true, max: 60 }),
    days_supply: int({ ...P2.lww, nullable: true, max: 1000 }),
    duration_months: int({ ...P2.lww, nullable: true, max: 120 }),
    necessity: text({ ...P2.hr, nullable: true, max: 20_000 }),
    assigned_to: uuid({ ...P0.lww, nullable: true, references: 'users' }),
    next_action: text({ ...P2.lww, nullable: true, max: 200 }),
    next_action_at: instant({ ...P2.lww, nullable: true }),
    status: oneOf(AUTHORIZATION_STATES, P2.sm),
  },
  uniqueWhere: [{ columns: ['request_no'], field: 'request_no', values: null }],
  indexes: [['location_id', 'status'], ['patient_id']],
});
