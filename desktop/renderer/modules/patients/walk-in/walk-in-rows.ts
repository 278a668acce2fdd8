import { clinicDate } from '#shared/kernel/dates.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';
import { derivedId } from '#shared/kernel/ids.ts';
import type { NewRow } from '#desktop/collections/tables.ts';

/** What the desk asks of somebody who is not known yet. */
export interface NewPerson {
  readonly family_name: string;
  readonly given_name: string;
  readonly birth_date: IsoDate;
  readonly sex: 'female' | 'male' | 'other' | 'unknown';
  readonly phone: string | null;
  readonly language: 'en' | 'es';
}

/** The site at which somebody stands. */
export interface Place {
  readonly id: string;
  readonly time_zone: string;
}

/** A visit that nobody planned takes as long as a short one. */
const MINUTES = 15;
/** Nothing of it comes from the EHR: whatever comes from there later is newer. */
const FROM_HERE = 0;

/** The record of somebody new, as the desk makes it before the EHR knows them. */
export function newPatient(
  id: string,
  person: NewPerson,
  siteIds: readonly string[],
): NewRow<'patients'> {
  const { phone, ...known } = person;
  return {
    id,
    ...known,
    family_name: person.family_name.trim(),
    given_name: person.given_name.trim(),
    site_ids: siteIds.toSorted(),
    ehr_id: null,
    mrn: null,
    phones: phone === null ? [] : [phone.trim()],
    email: null,
    address: null,
    deceased_on: null,
    merged_into_id: null,
    source_version: FROM_HERE,
    proxy: null,
    desk_note: null,
  };
}

/**
 * What a walk-in writes: a visit now, booked as the machine of visits begins, and that somebody has
 * come for it. Ids follow from that of the walk-in, so finishing twice makes one.
 */
export function walkInRows(
  id: string,
  patientId: string,
  site: Place,
  visit: { readonly type: string; readonly reason: string | null },
  now: number,
): { appointment: NewRow<'appointments'>; arrival: NewRow<'check_in_records'> } {
  const date = clinicDate(now, site.time_zone);
  // The minute that has begun, so that the list of the day reads as others do.
  const startsAt = now - (now % 60_000);
  return {
    appointment: {
      id,
      location_id: site.id,
      ehr_id: null,
      patient_id: patientId,
      provider_id: null,
      starts_at: startsAt,
      ends_at: startsAt + MINUTES * 60_000,
      local_date: date,
      type: visit.type.trim(),
      reason: visit.reason,
      status: 'booked',
      source_version: FROM_HERE,
    },
    arrival: {
      id: derivedId('walk_in_arrival', id),
      location_id: site.id,
      appointment_id: id,
      patient_id: patientId,
      session_id: null,
      event: 'arrived',
      source: 'desk',
      occurred_at: now,
      local_date: date,
      undoes_id: null,
    },
  };
}
