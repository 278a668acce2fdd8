import { useState } from 'react';
import { REPLICA_WINDOWS, WINDOWS } from '#shared/access/windows.ts';
import { clinicDate } from '#shared/kernel/dates.ts';
import type { Described, PatientSearch, SearchTerm } from '#shared/ipc/patient-views.ts';
import { newId } from '#shared/kernel/ids.ts';
import { useDoc, useStore, useView } from '#desktop/collections/hooks.tsx';
import type { Changes, NewRow } from '#desktop/collections/tables.ts';
import type { TableRow } from '#shared/schema/tables.ts';
import { useSession } from '../../shell/session.tsx';
import type { Site } from '../../shell/sites.tsx';

export type Patient = TableRow<'patients'>;
/** Rows that a list of patients shows; who wants more of them types more. */
export const SHOWN = 200;
const EVENTS = 500;

/**
 * Patients that fit what is typed. While the next answer is on its way the last one stays, so that the
 * list does not flicker under somebody who types.
 */
export function usePatientSearch(terms: readonly SearchTerm[], today: string) {
  const { data, error } = useView('patients.search', { terms: [...terms], today, limit: SHOWN });
  const [last, setLast] = useState<PatientSearch | undefined>(data);
  if (data !== undefined && data !== last) setLast(data);
  return { found: data ?? last, error: data === undefined ? error : null };
}

export const usePatient = (id: string | null) => useDoc('patients', id);

export const usePatientTimeline = (patientId: string) =>
  useView('patients.timeline', { patientId, limit: EVENTS });

export const useDay = (locationId: string | null, date: string) =>
  useView('patients.day', locationId === null ? null : { locationId, date });

/** Who may be the person described; null asks nothing. */
export const useMatches = (person: Described | null) =>
  useView('patients.matches', person === null ? null : { people: [person] });

/** How many days around today a visit of a patient lies, so that this device holds them. */
export function useWindowDays(): number {
  const { who } = useSession();
  const days = who.grants.flatMap(({ role }) => {
    const name = REPLICA_WINDOWS[role];
    return name === undefined ? [] : [WINDOWS[name].daysAfter];
  });
  return Math.max(0, ...days);
}

/** Fields of a patient that the desk edits itself; all others are the EHR's. */
export type DeskField = 'language' | 'desk_note';

export function usePatientEdits() {
  const { tables } = useStore();
  return {
    save: (id: string, changes: Changes<'patients'>): Promise<void> =>
      tables.patch('patients', id, changes),

    /** Proposes another value of a field that the EHR owns: a fact that staff decide about. */
    propose: (
      patient: Patient,
      site: Site,
      field: 'phones' | 'email' | 'address' | 'family_name' | 'given_name' | 'birth_date',
      value: string | readonly string[] | null,
    ): Promise<void> =>
      tables.insert('patient_field_changes', {
        id: newId(),
        location_id: site.id,
        patient_id: patient.id,
        session_id: null,
        field,
        base_value: patient[field],
        new_value: value as NewRow<'patient_field_changes'>['new_value'],
        source: 'desk',
      }),
  };
}

/** What happens with a visit at the desk. Each is one fact; an undo is another one. */
export function useDesk() {
  const { tables } = useStore();
  const record = async (
    visit: { readonly id: string; readonly patient_id: string },
    site: Pick<Site, 'id' | 'time_zone'>,
    event: 'arrived' | 'undo',
    undoes: string | null,
  ): Promise<string> => {
    const now = Date.now();
    const id = newId();
    await tables.insert('check_in_records', {
      id,
      location_id: site.id,
      appointment_id: visit.id,
      patient_id: visit.patient_id,
      session_id: null,
      event,
      source: 'desk',
      occurred_at: now,
      local_date: clinicDate(now, site.time_zone),
      undoes_id: undoes,
    });
    return id;
  };
  return {
    /** @returns the id of the record, by which it can be taken back */
    arrived: (...[visit, site]: [Parameters<typeof record>[0], Parameters<typeof record>[1]]) =>
      record(visit, site, 'arrived', null),
    undo: async (
      visit: Parameters<typeof record>[0],
      site: Parameters<typeof record>[1],
      arrivalId: string,
    ): Promise<void> => {
      await record(visit, site, 'undo', arrivalId);
    },
  };
}
