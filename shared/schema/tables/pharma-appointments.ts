import { z } from 'zod';
import { defineTable, instant, int, json, oneOf, text, texts, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** A visit of a representative, from request to completion. Confirmed is only what holds its slot. */
export const pharmaAppointments = defineTable({
  name: 'pharma_appointments',
  module: 'pharma',
  kind: 'record',
  scope: { location: 'location_id', own: 'rep_user_id' },
  priority: 4,
  retentionYears: 7,
  stays: { ends: 'ends_at' },
  machine: { field: 'status', name: 'pharma_appointment' },
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    activity_id: uuid({ ...P0.ao, references: 'scheduling_activities' }),
    rep_id: uuid({ ...P0.ao, references: 'pharma_representatives' }),
    rep_user_id: uuid({ ...P0.ao, nullable: true, references: 'users' }),
    starts_at: instant(P0.clm),
    ends_at: instant(P0.clm),
    seat_no: int({ ...P0.clm, min: 1, max: 20 }),
    topic: text({ ...P0.lww, nullable: true, max: 200 }),
    products: texts({ ...P0.lww, max: 80, items: 20 }),
    expected_heads: int({ ...P0.lww, max: 200 }),
    catering: json(z.record(z.string().max(40), z.json()), { ...P0.lww, nullable: true }),
    booking_source: oneOf(['desk', 'phone', 'web', 'email'], P0.ao),
    confirmation_no: text({ ...P0.cen, nullable: true, max: 20 }),
    status: oneOf(
      [
        'requested',
        'held',
        'confirmed',
        'arrived',
        'completed',
        'declined',
        'cancelled_by_rep',
        'cancelled_by_clinic',
        'no_show',
        'conflict',
      ],
      P0.sm,
    ),
  },
  indexes: [['location_id', 'starts_at']],
});
