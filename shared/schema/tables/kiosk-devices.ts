import { z } from 'zod';
import { defineTable, json, oneOf, text, uuid } from '../define.ts';
import { P0, P3 } from '../marks.ts';

/** A kiosk as it is set up. Enrolled by IT; the key that proves it stays on the machine. */
export const kioskDevices = defineTable({
  name: 'kiosk_devices',
  module: 'kiosk',
  kind: 'central',
  scope: { location: 'location_id' },
  priority: 2,
  retentionYears: 7,
  stays: { until: { field: 'status', is: ['retired'] } },
  fields: {
    location_id: uuid({ ...P0.cen, references: 'locations' }),
    machine_id: uuid({ ...P0.cen, references: 'devices' }),
    name: text({ ...P0.cen, min: 1, max: 80 }),
    public_key: text({ ...P3.cen, nullable: true, max: 200 }),
    mode: oneOf(['check_in', 'forms_only', 'exit_survey'], P0.cen),
    config: json(z.record(z.string().max(60), z.json()), P0.cen),
    reader_id: text({ ...P0.cen, nullable: true, max: 80 }),
    status: oneOf(['enrolled', 'locked', 'retired'], P0.cen),
  },
});
