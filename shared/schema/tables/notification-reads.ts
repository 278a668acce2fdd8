import { defineTable, instant, membership, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** Read or put off, by its recipient; read on one device is read on all. */
export const notificationReads = defineTable({
  name: 'notification_reads',
  module: 'shared',
  kind: 'record',
  scope: { own: 'user_id' },
  priority: 3,
  retentionYears: 2,
  identity: ['notification_id', 'user_id'],
  actors: ['user_id'],
  fields: {
    notification_id: uuid({ ...P0.ao, references: 'notifications' }),
    user_id: uuid({ ...P0.ao, references: 'users' }),
    read: membership({ phi: 'P0' }),
    snoozed_until: instant({ ...P0.lww, nullable: true }),
  },
});
