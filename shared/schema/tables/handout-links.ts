import { counter, defineTable, instant, int, text, uuid } from '../define.ts';
import { P0, P1, P3 } from '../marks.ts';

/** A link to a digital copy; the token itself is known to nobody but its holder. */
export const handoutLinks = defineTable({
  name: 'handout_links',
  module: 'handouts',
  kind: 'record',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 6,
  retentionYears: 7,
  inserted: false,
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    patient_id: uuid({ ...P1.ao, references: 'patients' }),
    pack_id: uuid({ ...P1.ao, references: 'handout_packs' }),
    token_hash: text({ ...P3.cen, min: 32, max: 64 }),
    expires_at: instant(P1.cen),
    max_opens: int({ ...P0.cen, min: 1, max: 1000 }),
    opens: counter({ phi: 'P1' }),
    revoked_at: instant({ ...P1.lww, nullable: true }),
  },
  unique: [['token_hash']],
});
