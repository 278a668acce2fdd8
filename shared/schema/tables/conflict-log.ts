import { z } from 'zod';
import { defineTable, json, oneOf, text, uuid } from '../define.ts';

/**
 * Two people changed the same field without seeing each other: which value was kept and which lost.
 * The losing value stays readable and can be restored by an ordinary later edit.
 */
export const conflictLog = defineTable({
  name: 'conflict_log',
  module: 'sync',
  kind: 'log',
  scope: { location: 'location_id' },
  priority: 5,
  retentionYears: 7,
  fields: {
    location_id: uuid({ phi: 'P0', merge: 'AO', nullable: true, references: 'locations' }),
    table_name: text({ phi: 'P0', merge: 'AO', max: 63 }),
    row_id: uuid({ phi: 'P0', merge: 'AO' }),
    field: text({ phi: 'P0', merge: 'AO', max: 63 }),
    rule: oneOf(['LWW', 'HR'], { phi: 'P0', merge: 'AO' }),
    kept_value: json(z.json(), { phi: 'P0', merge: 'AO', nullable: true }),
    kept_hlc: text({ phi: 'P0', merge: 'AO', max: 31 }),
    kept_by: uuid({ phi: 'P0', merge: 'AO', nullable: true, references: 'users' }),
    lost_value: json(z.json(), { phi: 'P0', merge: 'AO', nullable: true }),
    lost_hlc: text({ phi: 'P0', merge: 'AO', max: 31 }),
    lost_by: uuid({ phi: 'P0', merge: 'AO', nullable: true, references: 'users' }),
  },
  indexes: [['row_id']],
});
