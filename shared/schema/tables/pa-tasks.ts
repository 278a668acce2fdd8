import { defineTable, instant, oneOf, text, uuid } from '../define.ts';
import { P0, P1, P2 } from '../marks.ts';

/** The next thing that somebody does for a request. */
export const paTasks = defineTable({
  name: 'pa_tasks',
  module: 'authorizations',
  kind: 'record',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 4,
  retentionYears: 7,
  machine: { field: 'status', name: 'pa_task' },
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    patient_id: uuid({ ...P1.ao, references: 'patients' }),
    request_id: uuid({ ...P2.ao, references: 'authorization_requests' }),
    title: text({ ...P2.lww, min: 1, max: 200 }),
    assigned_to: uuid({ ...P0.lww, nullable: true, references: 'users' }),
    due_at: instant({ ...P2.lww, nullable: true }),
    status: oneOf(['open', 'in_progress', 'done', 'cancelled'], P2.sm),
  },
});
