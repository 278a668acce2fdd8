import { defineTable, instant, int, oneOf, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** Who holds a seat of a slot. Granted by the server alone; the database lets one live claim stand. */
export const slotClaims = defineTable({
  name: 'slot_claims',
  module: 'pharma',
  kind: 'central',
  scope: { location: 'location_id' },
  priority: 4,
  retentionYears: 7,
  stays: { ends: 'starts_at' },
  fields: {
    location_id: uuid({ ...P0.cen, references: 'locations' }),
    activity_id: uuid({ ...P0.cen, references: 'scheduling_activities' }),
    starts_at: instant(P0.cen),
    seat_no: int({ ...P0.cen, min: 1, max: 20 }),
    appointment_id: uuid({ ...P0.cen, references: 'pharma_appointments' }),
    state: oneOf(['hold', 'confirmed', 'released', 'lost'], P0.cen),
    hold_expires_at: instant({ ...P0.cen, nullable: true }),
  },
  uniqueWhere: [
    {
      columns: ['location_id', 'activity_id', 'starts_at', 'seat_no'],
      field: 'state',
      values: ['hold', 'confirmed'],
    },
  ],
});
