import { machine } from './steps.ts';

export const AUTHORIZATION_MACHINES = {
  /** From the signature on, the steps follow from facts: signature, submission, answer. */
  authorization_request: machine(
    { table: 'authorization_requests', field: 'status', initial: 'draft' },
    `draft > gathering : update
     gathering > ready_for_review : update
     ready_for_review, signed > gathering : update
     ready_for_review > signed : server signed
     signed > submitted : server signed
     submitted > pended : server answered
     submitted, pended > more_info : server answered
     more_info > submitted : server
     submitted, pended, more_info > approved, partially_approved, denied : server answered
     submitted, pended > deemed_granted : update
     submitted > duplicate_submission : server
     approved, partially_approved, deemed_granted > expired : server
     draft, gathering, ready_for_review, signed, submitted, pended, more_info > withdrawn : update`,
  ),
  appeal: machine(
    { table: 'appeals', field: 'status', initial: 'preparing' },
    `preparing > filed : update
     filed > upheld, overturned : update
     preparing, filed > withdrawn : update`,
  ),
  pa_task: machine(
    { table: 'pa_tasks', field: 'status', initial: 'open' },
    `open > in_progress, done, cancelled : update
     in_progress > open, done, cancelled : update
     done > open : update`,
  ),
};
