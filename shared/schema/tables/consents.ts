import { defineTable, instant, oneOf, text, uuid } from '../define.ts';
import { P0, P1 } from '../marks.ts';

/**
 * What a patient agreed to, declined or took back. The newest counts; taking back wins ties. Nobody
 * who said nothing has agreed.
 */
export const consents = defineTable({
  name: 'consents',
  module: 'shared',
  kind: 'fact',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 3,
  retentionYears: 7,
  stays: { with: 'patient_id' },
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    patient_id: uuid({ ...P1.ao, references: 'patients' }),
    purpose: oneOf(['sms', 'email', 'treatment', 'photo', 'financial', 'ai', 'e_signature'], P1.ao),
    decision: oneOf(['given', 'declined', 'revoked'], P1.ao),
    method: oneOf(['verbal', 'written', 'digital', 'kiosk'], P1.ao),
    document_version_id: uuid({ ...P1.ao, nullable: true }),
    proxy_name: text({ ...P1.ao, nullable: true, max: 120 }),
    proxy_relation: text({ ...P1.ao, nullable: true, max: 40 }),
    given_at: instant(P1.ao),
  },
  indexes: [['patient_id', 'purpose']],
});
