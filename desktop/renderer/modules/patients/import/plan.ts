import type { Described, MatchCandidate, PatientMatch } from '#shared/ipc/patient-views.ts';
import { clinicDate } from '#shared/kernel/dates.ts';
import { fold, nameWords, phoneDigits } from '#shared/kernel/fold.ts';
import { importedId } from '#shared/kernel/ids.ts';
import type { NewRow } from '#desktop/collections/tables.ts';
import type { TableRow } from '#shared/schema/tables.ts';
import { personKey } from './drafts.ts';
import type { Draft, PersonDraft, PersonFields, VisitDraft, WrongRow } from './drafts.ts';

/** A site at which this person may make visits. */
export interface OpenSite {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly time_zone: string;
}

/** What would become of one person of a file. */
export interface PlannedPerson {
  readonly draft: PersonDraft;
  readonly verdict: PatientMatch['verdict'];
  readonly candidates: readonly MatchCandidate[];
}

/** What would become of a whole file, before anything is written. */
export interface Plan {
  readonly people: readonly PlannedPerson[];
  readonly wrong: readonly WrongRow[];
}

/** The key under which a person of a file is asked about: an index, since keys may be long. */
export const describedOf = (draft: PersonDraft, at: number): Described => ({
  key: String(at),
  ehr_id: draft.ehr_id,
  mrn: draft.mrn,
  family_name: draft.fields?.family_name ?? '',
  given_name: draft.fields?.given_name ?? '',
  birth_date: draft.fields?.birth_date ?? null,
  phones: draft.fields?.phones ?? [],
});

/**
 * Joins what the file says with whom the device knows. Somebody whom the file only refers to must be
 * known for sure; a visit at a site that is none of this person's is wrong.
 */
export function planOf(
  draft: Draft,
  matches: readonly PatientMatch[],
  sites: readonly OpenSite[],
): Plan {
  const byKey = new Map(matches.map((match) => [match.key, match]));
  const wrong: WrongRow[] = [...draft.wrong];
  const people: PlannedPerson[] = [];
  draft.people.forEach((person, at) => {
    const match = byKey.get(String(at));
    const verdict = match?.verdict ?? 'new';
    const about = aboutOf(person);
    if (person.fields === null && verdict !== 'match') {
      const rows = person.visits.length > 0 ? person.visits.map(({ row }) => row) : [person.row];
      wrong.push(...rows.map((row) => ({ row, problem: 'patient' as const, about })));
      return;
    }
    const visits = person.visits.filter(({ row, site }) => {
      const isKnown = site === null || siteOf(site, sites) !== null;
      if (!isKnown) wrong.push({ row, problem: 'site', about: `${about}: ${site}` });
      return isKnown;
    });
    people.push({
      draft: { ...person, visits },
      verdict,
      candidates: match?.candidates ?? [],
    });
  });
  return { people, wrong: wrong.toSorted((a, b) => a.row - b.row) };
}

const aboutOf = ({ fields, mrn, ehr_id }: PersonDraft): string =>
  fields ? `${fields.family_name}, ${fields.given_name}` : (mrn ?? ehr_id ?? '');

/** A site by its code or name as a file writes it. */
export function siteOf(text: string, sites: readonly OpenSite[]): OpenSite | null {
  const wanted = nameWords(text).join(' ');
  return (
    sites.find(({ code, name }) => fold(code) === wanted || nameWords(name).join(' ') === wanted) ??
    null
  );
}

/** A provider by name as a file writes it, whatever the order of its words and its title. */
export function providerOf(
  text: string | null,
  people: readonly { readonly id: string; readonly display_name: string }[],
): string | null {
  if (text === null) return null;
  const words = (name: string): string =>
    nameWords(name)
      .filter((word) => !['dr', 'md', 'do', 'pa', 'np'].includes(word))
      .toSorted()
      .join(' ');
  const wanted = words(text);
  const found = people.filter(({ display_name: name }) => words(name) === wanted);
  return found.length === 1 ? (found[0]?.id ?? null) : null;
}

/**
 * Somebody new of a file as a record.
 * @param id another one where somebody said that they are none of those who are alike
 */
export function patientRow(
  fields: PersonFields,
  siteIds: readonly string[],
  id: string = importedId('patients', personKey(fields)),
): NewRow<'patients'> {
  return {
    id,
    ...fields,
    family_name: fields.family_name.trim(),
    given_name: fields.given_name.trim(),
    site_ids: [...new Set(siteIds)].toSorted(),
    merged_into_id: null,
    source_version: 0,
    proxy: null,
    desk_note: null,
  };
}

/** A visit of a file as a record: booked, as the machine of visits begins. */
export function appointmentRow(
  visit: VisitDraft,
  patientId: string,
  site: Pick<OpenSite, 'id' | 'time_zone'>,
  providerId: string | null,
): NewRow<'appointments'> {
  const { fields } = visit;
  const own = fields.ehr_id ?? `${patientId} ${site.id} ${fields.starts_at}`;
  return {
    id: importedId('appointments', own),
    ...fields,
    location_id: site.id,
    patient_id: patientId,
    provider_id: providerId,
    local_date: clinicDate(fields.starts_at, site.time_zone),
    status: 'booked',
    source_version: 0,
  };
}

/** True when a visit of the file is one that is here already. */
export const isThere = (
  row: NewRow<'appointments'>,
  known: readonly Pick<TableRow<'appointments'>, 'id' | 'ehr_id' | 'location_id' | 'starts_at'>[],
): boolean =>
  known.some(
    (one) =>
      one.id === row.id ||
      (row.ehr_id !== null && one.ehr_id === row.ehr_id) ||
      (one.location_id === row.location_id && one.starts_at === row.starts_at),
  );

type Contact = 'phones' | 'email' | 'address';

/**
 * What a file says otherwise about somebody who is known: proposals, since the EHR is master. What the
 * file leaves empty says nothing; a number that is on record in another writing is the same.
 */
export function proposalsOf(
  fields: PersonFields,
  known: Pick<TableRow<'patients'>, Contact>,
): { readonly field: Contact; readonly value: string | string[] }[] {
  const numbers = new Set(known.phones.map(phoneDigits));
  const added = fields.phones.filter((phone) => !numbers.has(phoneDigits(phone)));
  const differs = (mine: string | null, theirs: string | null): mine is string =>
    mine !== null && fold(mine) !== fold(theirs ?? '');
  return [
    ...(added.length > 0
      ? [{ field: 'phones' as const, value: [...added, ...known.phones].slice(0, 5) }]
      : []),
    ...(differs(fields.email, known.email)
      ? [{ field: 'email' as const, value: fields.email }]
      : []),
    ...(differs(fields.address, known.address)
      ? [{ field: 'address' as const, value: fields.address }]
      : []),
  ];
}

/** How many there are of each. */
export function tally(
  plan: Plan,
): Readonly<Record<PatientMatch['verdict'] | 'wrong' | 'visits', number>> {
  const of = (verdict: PatientMatch['verdict']): number =>
    plan.people.filter((person) => person.verdict === verdict).length;
  return {
    new: of('new'),
    match: of('match'),
    ambiguous: of('ambiguous'),
    wrong: plan.wrong.length,
    visits: plan.people.reduce((sum, { draft }) => sum + draft.visits.length, 0),
  };
}
