import type { Described } from '#shared/ipc/patient-views.ts';
import { useStore } from '#desktop/collections/hooks.tsx';
import { readOnce } from '#desktop/collections/read-once.ts';
import { insertOnce } from '../insert-once.ts';
import { newPatient, walkInRows } from './walk-in-rows.ts';
import type { NewPerson, Place } from './walk-in-rows.ts';

/** A walk-in: who may be the same person, and writing it. */
export function useWalkIn() {
  const { client, tables } = useStore();
  /**
   * Writes the patient, where they are new, then the visit, then that they have come. A failure in
   * between leaves what was written, and finishing again goes on from there.
   */
  const finish = async (walkIn: {
    /** Of the visit; made when the form was opened. */
    readonly id: string;
    readonly patientId: string;
    /** Null where the patient is known. */
    readonly person: NewPerson | null;
    readonly site: Place;
    readonly type: string;
    readonly reason: string | null;
  }): Promise<void> => {
    const { id, patientId, person, site } = walkIn;
    if (person) await insertOnce(tables, 'patients', newPatient(patientId, person, [site.id]));
    const { appointment, arrival } = walkInRows(id, patientId, site, walkIn, Date.now());
    await insertOnce(tables, 'appointments', appointment);
    await insertOnce(tables, 'check_in_records', arrival);
  };

  /** True when somebody on this device is like the person described. */
  const mayBeDouble = async (person: Described | null): Promise<boolean> => {
    if (person === null) return false;
    const [match] = await readOnce(client, 'patients.matches', { people: [person] });
    return match !== undefined && match.candidates.length > 0;
  };
  return { finish, mayBeDouble };
}
