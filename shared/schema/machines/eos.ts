import { machine } from './steps.ts';

export const EOS_MACHINES = {
  l10_meeting: machine(
    { table: 'l10_meetings', field: 'status', initial: 'scheduled' },
    `scheduled, suspended > in_progress : update
     in_progress > suspended : update
     in_progress, suspended > concluded : update
     concluded > archived : update
     scheduled > cancelled : update`,
  ),
  /** Solving, dropping and moving are acts (`issue_resolutions`); the server takes the step. */
  issue: machine(
    { table: 'issues', field: 'state', initial: 'open' },
    `open > discussing : update
     discussing > open : update
     open, discussing > solved, dropped, moved : server
     solved, dropped > open : update`,
  ),
  /** Done stays done whatever else is edited; opening again is a step of its own. */
  todo: machine(
    { table: 'todos', field: 'state', initial: 'open' },
    `open > done, dropped : update
     done, dropped > open : update`,
  ),
};
