import { MATCH_BATCH } from '#shared/ipc/patient-views.ts';
import type { PatientMatch } from '#shared/ipc/patient-views.ts';
import { toAppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import { derivedId, newId } from '#shared/kernel/ids.ts';
import { canonicalJson } from '#shared/kernel/json.ts';
import { useStore } from '#desktop/collections/hooks.tsx';
import { readOnce } from '#desktop/collections/read-once.ts';
import type { Tables } from '#desktop/collections/tables.ts';
import type { Choice } from '../candidates.tsx';
import { insertOnce } from '../insert-once.ts';
import type { Draft } from './drafts.ts';
import {
  appointmentRow,
  describedOf,
  isThere,
  patientRow,
  proposalsOf,
  providerOf,
  siteOf,
} from './plan.ts';
import type { OpenSite, PlannedPerson } from './plan.ts';

/** What an import has done. */
export interface Outcome {
  readonly patients: number;
  readonly visits: number;
  /** Visits that were here already. */
  readonly there: number;
  readonly proposals: number;
  /** People who could not be saved, by their row, and why. */
  readonly failed: readonly { readonly row: number; readonly code: Code }[];
  readonly wasStopped: boolean;
}

export interface ImportJob {
  readonly people: readonly PlannedPerson[];
  /** What somebody chose, by the person's key in the file. */
  readonly choices: ReadonlyMap<string, Choice>;
  readonly sites: readonly OpenSite[];
  /** Where a visit belongs for which the file names no site. */
  readonly site: OpenSite;
  readonly mayPropose: boolean;
  readonly onProgress: (done: number) => void;
  readonly isStopped: () => boolean;
}

/** People who are written at the same time. */
const AT_ONCE = 6;

/** Whom a planned person is: somebody known, somebody new, or nobody yet. */
export function resolved(person: PlannedPerson, choice: Choice): Choice {
  if (person.verdict === 'new') return 'new';
  const [first] = person.candidates;
  if (person.verdict === 'match' && first) return choice ?? { patientId: first.id };
  return choice;
}

/** Asking whom a file means, and taking it in. Each record is saved on the device as any other is. */
export function useImport() {
  const { client, tables } = useStore();
  return {
    /** Who of the people of a file is known here. @throws AppError when the store cannot be read */
    match: async (draft: Draft, onProgress: (done: number) => void): Promise<PatientMatch[]> => {
      const found: PatientMatch[] = [];
      const people = draft.people.map(describedOf);
      for (let from = 0; from < people.length; from += MATCH_BATCH) {
        const batch = people.slice(from, from + MATCH_BATCH);
        found.push(...(await readOnce(client, 'patients.matches', { people: batch })));
        onProgress(from + batch.length);
      }
      return found;
    },

    /** Writes what was planned; who cannot be saved harms nobody else. */
    run: async (job: ImportJob): Promise<Outcome> => {
      const staff = await tables.find('users', {});
      const sum = { patients: 0, visits: 0, there: 0, proposals: 0 };
      const failed: { row: number; code: Code }[] = [];
      let done = 0;
      for (let from = 0; from < job.people.length; from += AT_ONCE) {
        if (job.isStopped()) return { ...sum, failed, wasStopped: true };
        await Promise.all(
          job.people.slice(from, from + AT_ONCE).map(async (person) => {
            try {
              const part = await takeIn(tables, job, person, staff);
              for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += part[key];
            } catch (error) {
              failed.push({ row: person.draft.row, code: toAppError(error).code });
            }
            done += 1;
          }),
        );
        job.onProgress(done);
      }
      return { ...sum, failed, wasStopped: false };
    },
  };
}

async function takeIn(
  tables: Tables,
  job: ImportJob,
  person: PlannedPerson,
  staff: readonly { readonly id: string; readonly display_name: string }[],
): Promise<Omit<Outcome, 'failed' | 'wasStopped'>> {
  const { draft } = person;
  const sum = { patients: 0, visits: 0, there: 0, proposals: 0 };
  const who = resolved(person, job.choices.get(draft.key) ?? null);
  if (who === null) return sum;
  const visits = draft.visits.map((visit) => ({
    visit,
    site: (visit.site === null ? null : siteOf(visit.site, job.sites)) ?? job.site,
  }));
  const isNew = who === 'new';
  let patientId: string;
  if (isNew) {
    if (!draft.fields) return sum;
    const siteIds = visits.length > 0 ? visits.map(({ site }) => site.id) : [job.site.id];
    const isLikeOthers = person.verdict !== 'new';
    const row = patientRow(draft.fields, siteIds, ...(isLikeOthers ? [newId()] : []));
    patientId = row.id;
    if (await insertOnce(tables, 'patients', row)) sum.patients += 1;
  } else {
    patientId = who.patientId;
    if (draft.fields && job.mayPropose) {
      sum.proposals += await propose(tables, job.site.id, patientId, draft.fields);
    }
  }
  const known = isNew ? [] : await tables.find('appointments', { patient_id: patientId });
  for (const { visit, site } of visits) {
    const row = appointmentRow(visit, patientId, site, providerOf(visit.provider, staff));
    const isAdded = !isThere(row, known) && (await insertOnce(tables, 'appointments', row));
    if (isAdded) sum.visits += 1;
    else sum.there += 1;
  }
  return sum;
}

/** What the file says otherwise of somebody known, as proposals; the same again is the same. */
async function propose(
  tables: Tables,
  siteId: string,
  patientId: string,
  fields: NonNullable<PlannedPerson['draft']['fields']>,
): Promise<number> {
  const patient = await tables.read('patients', patientId);
  if (!patient) return 0;
  let made = 0;
  for (const { field, value } of proposalsOf(fields, patient)) {
    const isAdded = await insertOnce(tables, 'patient_field_changes', {
      id: derivedId('import proposal', patientId, field, canonicalJson(value)),
      location_id: siteId,
      patient_id: patientId,
      session_id: null,
      field,
      base_value: patient[field],
      new_value: value,
      source: 'import',
    });
    if (isAdded) made += 1;
  }
  return made;
}
