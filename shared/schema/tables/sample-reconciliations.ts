import { z } from 'zod';
import { isUuid } from '#shared/kernel/ids.ts';
import { date, defineTable, instant, json, text, uuid } from '../define.ts';
import { P0, PII } from '../marks.ts';
import { filled } from '../text.ts';

/** One lot of a sample: what the books say, what lies there, and why they differ where they do. */
export const ReconciledLine = z.strictObject({
  item_id: z.string().refine(isUuid, 'is not an id'),
  lot_id: z.string().refine(isUuid, 'is not an id').nullable(),
  /** 1/10,000 base units. */
  book: z.int().min(-100_000_000_000).max(100_000_000_000),
  counted: z.int().min(0).max(100_000_000_000),
  why: filled(300).nullable(),
});
export type ReconciledLine = z.infer<typeof ReconciledLine>;

/** The monthly comparison of the sample closet with its log, signed by whoever counted. */
export const sampleReconciliations = defineTable({
  name: 'sample_reconciliations',
  module: 'inventory',
  kind: 'fact',
  scope: { location: 'location_id' },
  priority: 6,
  retentionYears: 7,
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    /** First day of the month that is closed by it. */
    month: date(P0.ao),
    occurred_at: instant(P0.ao),
    lines: json(z.array(ReconciledLine).min(1).max(500), P0.ao),
    note: text({ ...P0.ao, max: 500, nullable: true }),
    /** As `sample_log.signature`. */
    signature: text({ ...PII.ao, min: 1, max: 40_000 }),
    /** Second person, where a controlled item is among them. */
    witnessed_by: uuid({ ...P0.ao, nullable: true, references: 'users' }),
  },
  indexes: [['location_id', 'month']],
});
