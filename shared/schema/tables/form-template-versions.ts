import { z } from 'zod';
import { date, defineTable, int, json, oneOf, text, texts, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** One text of a form in one language. Once handed in for review it never changes. */
export const formTemplateVersions = defineTable({
  name: 'form_template_versions',
  module: 'kiosk',
  kind: 'record',
  scope: {},
  priority: 3,
  retentionYears: 7,
  stays: { until: { field: 'status', is: ['draft', 'superseded', 'recalled', 'rejected'] } },
  machine: { field: 'status', name: 'form_template_version' },
  editableIn: ['draft'],
  actors: ['author_id'],
  fields: {
    template_id: uuid({ ...P0.ao, references: 'form_templates' }),
    version_no: int({ ...P0.cen, nullable: true }),
    locale: oneOf(['en', 'es'], P0.ao),
    source_version_id: uuid({ ...P0.ao, nullable: true, references: 'form_template_versions' }),
    body: json(z.array(z.record(z.string(), z.json())).max(300), P0.hr),
    required: texts({ ...P0.hr, max: 80, items: 300 }),
    signatures: texts({ ...P0.hr, max: 40, items: 10 }),
    review_by: date({ ...P0.lww, nullable: true }),
    author_id: uuid({ ...P0.ao, references: 'users' }),
    approved_by: uuid({ ...P0.cen, nullable: true, references: 'users' }),
    content_hash: text({ ...P0.cen, nullable: true, max: 64 }),
    status: oneOf(['draft', 'in_review', 'approved', 'superseded', 'recalled', 'rejected'], P0.sm),
  },
});
