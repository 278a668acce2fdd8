import { z } from 'zod';
import { date, defineTable, int, json, oneOf, text, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** One text of a handout in one language. Once handed in for review it never changes. */
export const handoutTemplateVersions = defineTable({
  name: 'handout_template_versions',
  module: 'handouts',
  kind: 'record',
  scope: {},
  priority: 3,
  retentionYears: 7,
  stays: { until: { field: 'status', is: ['draft', 'superseded', 'recalled', 'rejected'] } },
  machine: { field: 'status', name: 'handout_template_version' },
  editableIn: ['draft'],
  fields: {
    template_id: uuid({ ...P0.ao, references: 'handout_templates' }),
    version_no: int({ ...P0.cen, nullable: true }),
    locale: oneOf(['en', 'es'], P0.ao),
    /** The version that this one translates. */
    source_version_id: uuid({ ...P0.ao, nullable: true, references: 'handout_template_versions' }),
    body: json(z.array(z.record(z.string(), z.json())).max(500), P0.hr),
    fields_schema: json(z.array(z.record(z.string(), z.json())).max(200), P0.hr),
    rules: json(z.array(z.record(z.string(), z.json())).max(200), P0.hr),
    /** School grade in tenths. */
    reading_grade: int({ ...P0.lww, nullable: true, max: 300 }),
    review_by: date({ ...P0.lww, nullable: true }),
    evidence_note: text({ ...P0.lww, nullable: true, max: 2000 }),
    author_id: uuid({ ...P0.ao, references: 'users' }),
    approved_by: uuid({ ...P0.cen, nullable: true, references: 'users' }),
    content_hash: text({ ...P0.cen, nullable: true, max: 64 }),
    status: oneOf(['draft', 'in_review', 'approved', 'superseded', 'recalled', 'rejected'], P0.sm),
  },
  actors: ['author_id'],
});
