import { machine } from './steps.ts';

export const PHARMA_MACHINES = {
  pharma_representative: machine(
    { table: 'pharma_representatives', field: 'status', initial: 'invited' },
    `invited > verified : server
     verified, suspended > active : approve
     active > suspended : approve
     invited, verified, active, suspended > left : update`,
  ),
  /** Nothing is confirmed that does not hold its slot. */
  pharma_appointment: machine(
    { table: 'pharma_appointments', field: 'status', initial: 'requested' },
    `requested > held : server
     requested, held > confirmed : server claim-granted
     requested, held > conflict : server
     conflict > requested : update
     requested, held > declined : approve
     confirmed > arrived, no_show : update
     arrived > completed : update
     requested, held, confirmed, conflict > cancelled_by_rep, cancelled_by_clinic : update`,
  ),
  waitlist_entry: machine(
    { table: 'waitlist_entries', field: 'status', initial: 'waiting' },
    `waiting > offered : server
     offered > accepted, declined : update
     offered > expired : server
     waiting, offered > withdrawn : update`,
  ),
};
