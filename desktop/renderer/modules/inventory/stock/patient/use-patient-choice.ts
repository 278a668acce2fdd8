import { useState } from 'react';
import type { FoundPatient, PatientSearch } from '#shared/ipc/patient-views.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';
import { useDoc, useView } from '#desktop/collections/hooks.tsx';
import { readSearch } from '../../../patients/index.ts';

const SHOWN = 12;

/** Patients that fit what is typed, as far as this device holds them; none while too little is typed. */
export function usePatientChoice(text: string, today: IsoDate): readonly FoundPatient[] {
  const terms = readSearch(text, today);
  const { data } = useView(
    'patients.search',
    terms.length > 0 ? { terms, today, limit: SHOWN } : null,
  );
  const [last, setLast] = useState<PatientSearch | undefined>(data);
  if (data !== undefined && data !== last) setLast(data);
  return terms.length === 0 ? [] : ((data ?? last)?.rows ?? []);
}

/** The patient who is chosen, as they are called now. */
export const useChosenPatient = (id: string | null) => useDoc('patients', id).data ?? null;
