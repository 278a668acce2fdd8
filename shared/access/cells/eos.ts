import { cell, cells } from '../cell.ts';

/** Rows of a team, the same for every role: what somebody is in the team decides. */
const TEAM_RECORDS = cells({
  leader: 'RCUAt',
  member: 'RCUt',
  viewer: 'Rt',
  MG: 'R*',
  LM: 'Rl',
  SA: 'M*',
});
const TEAM_FACTS = cells({
  'leader member': 'RCt',
  viewer: 'Rt',
  MG: 'R*',
  LM: 'Rl',
  SA: 'M*',
});
/** One's own say. */
const TEAM_VOICES = cells({
  'leader member': 'RCt Uo',
  viewer: 'Rt',
  MG: 'R*',
  LM: 'Rl',
  SA: 'M*',
});

/** Private ones are for leaders and their owners. */
const open = { field: 'private', values: ['false'] };
const PRIVATE_FACTS = cells({
  leader: 'RCt',
  member: cell('RCt', { read: open }),
  viewer: cell('Rt', { read: open }),
  MG: cell('R*', { read: open }),
  LM: cell('Rl', { read: open }),
  SA: 'M*',
});

export const EOS_CELLS = {
  eos_teams: cells({
    leader: 'RUt',
    'member viewer': 'Rt',
    'FD CS': 'Ml',
    'PR IT': 'M*',
    'MG SA': 'RCU*',
    LM: 'RCUl',
  }),
  eos_team_members: cells({
    'leader member viewer': 'Rt',
    'FD CS PR IT AS BUY': 'Ro',
    'MG SA': 'RCU*',
    LM: 'RCUl',
  }),
  l10_meetings: TEAM_RECORDS,
  meeting_events: TEAM_FACTS,
  rocks: TEAM_RECORDS,
  rock_checkins: TEAM_FACTS,
  milestones: TEAM_RECORDS,
  scorecard_metrics: TEAM_RECORDS,
  scorecard_goals: TEAM_FACTS,
  scorecard_entries: TEAM_RECORDS,
  issues: cells({
    leader: 'RCUAt',
    member: cell('RCUt', { read: open, update: open }),
    viewer: cell('Rt', { read: open }),
    MG: cell('R*', { read: open }),
    LM: cell('Rl', { read: open }),
    SA: 'M*',
  }),
  issue_votes: TEAM_VOICES,
  issue_resolutions: PRIVATE_FACTS,
  todos: TEAM_RECORDS,
  headlines: TEAM_RECORDS,
  cascading_messages: TEAM_FACTS,
  cascading_acks: TEAM_VOICES,
  meeting_ratings: TEAM_VOICES,
  meeting_notes: TEAM_RECORDS,
  vto_versions: TEAM_FACTS,
  vto_drafts: TEAM_RECORDS,
  comments: PRIVATE_FACTS,
  text_redactions: cells({
    leader: 'RCt',
    'member viewer': 'Rt',
    MG: 'RC*',
    LM: 'RCl',
    SA: 'M*',
  }),
};
