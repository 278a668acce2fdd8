import { z } from 'zod';
import { isIsoDate } from '#shared/kernel/dates.ts';
import { isUuid, derivedId } from '#shared/kernel/ids.ts';
import { date, bool, defineTable, json, oneOf, text, uuid } from '../define.ts';
import { filled } from '../text.ts';
import { P0 } from '../marks.ts';

/** An issue is solved, dropped or moved, and what is to be done about it becomes to-dos: one act. */
export const ResolutionTodo = z.strictObject({
  title: filled(200),
  owner_id: z.string().refine(isUuid, 'is not an id'),
  due_on: z.string().refine(isIsoDate, 'is not a date of the calendar'),
});
export type ResolutionTodo = z.infer<typeof ResolutionTodo>;

export const issueResolutions = defineTable({
  name: 'issue_resolutions',
  module: 'eos',
  kind: 'fact',
  scope: { team: 'team_id', location: 'location_id', own: 'created_by' },
  priority: 4,
  retentionYears: 7,
  fields: {
    team_id: uuid({ ...P0.ao, references: 'eos_teams' }),
    location_id: uuid({ ...P0.ao, nullable: true, references: 'locations' }),
    issue_id: uuid({ ...P0.ao, references: 'issues' }),
    meeting_id: uuid({ ...P0.ao, nullable: true, references: 'l10_meetings' }),
    outcome: oneOf(['solved', 'dropped', 'moved'], P0.ao),
    moved_to_team_id: uuid({ ...P0.ao, nullable: true, references: 'eos_teams' }),
    note: text({ ...P0.ao, nullable: true, max: 1000 }),
    /** As the issue. */
    private: bool(P0.ao),
    local_date: date(P0.ao),
    lines: json(z.array(ResolutionTodo).max(20), P0.ao),
  },
  expand: (act) =>
    (act['lines'] as readonly ResolutionTodo[]).map((line, index) => ({
      table: 'todos',
      row: {
        id: derivedId('todo', act.id, String(index)),
        created_at: act.created_at,
        created_by: act.created_by,
        device_id: act.device_id,
        field_hlc: {},
        team_id: act['team_id'],
        location_id: act['location_id'] ?? null,
        title: line.title,
        owner_id: line.owner_id,
        due_on: line.due_on,
        state: 'open',
        origin_table: 'issues',
        origin_id: act['issue_id'],
        group_id: null,
        week_created: act['local_date'],
      },
    })),
});
