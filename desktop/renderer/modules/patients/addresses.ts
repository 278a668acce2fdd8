import { z } from 'zod';
import { TIMELINE_KINDS } from '#shared/ipc/patient-views.ts';
import { isIsoDate } from '#shared/kernel/dates.ts';

/**
 * What the addresses of this module can say: ids, days and kinds. Names, numbers and what is typed into
 * the search never stand in an address.
 */
const Id = z.guid().optional().catch(undefined);

export const PatientsSearch = z.object({
  patient: Id,
  /** Which part of the timeline is shown; all without it. */
  kind: z.enum(TIMELINE_KINDS).optional().catch(undefined),
});
export type PatientsSearch = z.infer<typeof PatientsSearch>;

export const VisitsSearch = PatientsSearch.extend({
  /** The day; without it today. */
  date: z.string().refine(isIsoDate).optional().catch(undefined),
  visit: Id,
});
export type VisitsSearch = z.infer<typeof VisitsSearch>;

export const WalkInSearch = z.object({
  /** Somebody who is known already. */
  patient: Id,
});
export type WalkInSearch = z.infer<typeof WalkInSearch>;
