import { bool, date, defineTable, int, oneOf, text } from '../define.ts';
import { P0 } from '../marks.ts';

/** The clocks of the law, as dated data: limits, from what they count, when silence is a yes. */
export const regimeRules = defineTable({
  name: 'regime_rules',
  module: 'authorizations',
  kind: 'central',
  scope: {},
  priority: 4,
  retentionYears: null,
  fields: {
    regime: oneOf(['mi_commercial', 'medicare', 'medicaid', 'erisa', 'other'], P0.cen),
    benefit_type: oneOf(['pharmacy', 'medical'], P0.cen),
    urgency: oneOf(['standard', 'expedited'], P0.cen),
    limit_hours: int({ ...P0.cen, min: 1, max: 10_000 }),
    /** hours run on; calendar_days end with the day, at the site. */
    counts: oneOf(['hours', 'calendar_days'], P0.cen),
    starts_at: oneOf(['submission', 'receipt'], P0.cen),
    restarts_on_more_info: bool(P0.cen),
    deemed_granted: bool(P0.cen),
    source: text({ ...P0.cen, min: 1, max: 300 }),
    effective_from: date(P0.cen),
  },
  unique: [['regime', 'benefit_type', 'urgency', 'effective_from']],
});
