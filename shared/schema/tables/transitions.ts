import { defineTable, text, uuid } from '../define.ts';

/** A step of a state machine that the server accepted, written by the server. */
export const transitions = defineTable({
  name: 'transitions',
  module: 'sync',
  kind: 'log',
  scope: { location: 'location_id' },
  priority: 6,
  retentionYears: 7,
  fields: {
    location_id: uuid({ phi: 'P0', merge: 'AO', nullable: true, references: 'locations' }),
    table_name: text({ phi: 'P0', merge: 'AO', max: 63 }),
    row_id: uuid({ phi: 'P0', merge: 'AO' }),
    from_state: text({ phi: 'P0', merge: 'AO', max: 40, nullable: true }),
    to_state: text({ phi: 'P0', merge: 'AO', max: 40 }),
    actor_id: uuid({ phi: 'P0', merge: 'AO', nullable: true, references: 'users' }),
    basis_version: text({ phi: 'P0', merge: 'AO', max: 40, nullable: true }),
  },
  indexes: [['row_id']],
});
