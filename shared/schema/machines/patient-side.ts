import { machine } from './steps.ts';

const TEMPLATE = `active > retired : approve
  retired > active : approve`;
/** Who wrote a text does not approve it. */
const TEMPLATE_VERSION = `draft > in_review : update
  in_review, rejected > draft : update
  in_review > approved : approve not-author
  in_review > rejected : approve
  approved > superseded, recalled : server`;

export const PATIENT_SIDE_MACHINES = {
  /** FHIR Appointment.status; the EHR is master, so the server makes every step. */
  appointment: machine(
    { table: 'appointments', field: 'status', initial: 'booked' },
    `proposed > pending, booked, cancelled : server
     pending, waitlist, cancelled > booked : server
     booked, noshow > arrived : server
     booked, arrived > checked-in : server
     arrived, checked-in > fulfilled : server
     pending, booked, arrived, checked-in, waitlist > cancelled : server
     booked > noshow, waitlist, pending : server
     proposed, pending, booked, arrived, checked-in, fulfilled, cancelled, noshow, waitlist > entered-in-error : server`,
  ),
  handout_template: machine(
    { table: 'handout_templates', field: 'status', initial: 'active' },
    TEMPLATE,
  ),
  handout_template_version: machine(
    {
      table: 'handout_template_versions',
      field: 'status',
      initial: 'draft',
      author: 'author_id',
    },
    TEMPLATE_VERSION,
  ),
  recall_target: machine(
    { table: 'handout_recall_targets', field: 'status', initial: 'todo' },
    `todo > done : update
     done > todo : update`,
  ),
  form_template: machine({ table: 'form_templates', field: 'status', initial: 'active' }, TEMPLATE),
  form_template_version: machine(
    { table: 'form_template_versions', field: 'status', initial: 'draft', author: 'author_id' },
    TEMPLATE_VERSION,
  ),
  kiosk_session: machine(
    { table: 'kiosk_sessions', field: 'state', initial: 'started' },
    `started > identified : update
     identified > verifying, forms : update
     verifying > forms, signing : update
     forms > signing, payment, complete : update
     signing > payment, complete : update
     payment, handed_to_staff > complete : update
     started, identified, verifying, forms, signing, payment > abandoned, handed_to_staff : update
     started, identified, verifying, forms, signing, payment > expired : server`,
  ),
  /** Handed in, a form does not change; an amendment is another one that names it. */
  form_submission: machine(
    { table: 'form_submissions', field: 'progress', initial: 'draft' },
    `draft > submitted : create
     submitted > reviewed : approve
     submitted, reviewed > amended : server`,
  ),
  /** Of the facts of one payment; see `derive/payment.ts`. */
  payment: machine(
    {
      table: 'payment_transactions',
      field: 'event',
      initial: 'created',
      of: 'events',
      subject: 'intent_id',
    },
    `created, deferred, failed > processing : server
     created, deferred > succeeded : create
     processing > succeeded, failed : server
     created > failed : server
     created > deferred : create
     succeeded > refunded, voided : approve
     succeeded, refunded, voided > reconciled : create`,
  ),
};
