import { defineTable, instant, oneOf, text, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** A version was wrong: who got it is told. */
export const handoutRecalls = defineTable({
  name: 'handout_recalls',
  module: 'handouts',
  kind: 'central',
  scope: {},
  priority: 4,
  retentionYears: 7,
  fields: {
    version_id: uuid({ ...P0.cen, references: 'handout_template_versions' }),
    reason: text({ ...P0.cen, min: 1, max: 500 }),
    severity: oneOf(['low', 'medium', 'high'], P0.cen),
    action: oneOf(['print_notice', 'resend', 'call'], P0.cen),
    recalled_by: uuid({ ...P0.cen, references: 'users' }),
    recalled_at: instant(P0.cen),
  },
});
