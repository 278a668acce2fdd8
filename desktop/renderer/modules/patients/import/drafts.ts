import { z } from 'zod';
import { isIsoDate } from '#shared/kernel/dates.ts';
import { nameWords, phoneDigits } from '#shared/kernel/fold.ts';
import { appointments } from '#shared/schema/tables/appointments.ts';
import { patients } from '#shared/schema/tables/patients.ts';

/** What a file says of one person: fields as the table has them. */
export const PersonFields = z.object({
  ehr_id: patients.fields.ehr_id.zod as z.ZodType<string | null>,
  mrn: patients.fields.mrn.zod as z.ZodType<string | null>,
  family_name: patients.fields.family_name.zod as z.ZodType<string>,
  given_name: patients.fields.given_name.zod as z.ZodType<string>,
  birth_date: z.string().refine(isIsoDate),
  sex: patients.fields.sex.zod as z.ZodType<'female' | 'male' | 'other' | 'unknown'>,
  phones: patients.fields.phones.zod as z.ZodType<string[]>,
  email: patients.fields.email.zod as z.ZodType<string | null>,
  address: patients.fields.address.zod as z.ZodType<string | null>,
  deceased_on: patients.fields.deceased_on.zod as z.ZodType<string | null>,
  language: patients.fields.language.zod as z.ZodType<'en' | 'es'>,
});
export type PersonFields = z.infer<typeof PersonFields>;

/** What a file says of one visit. */
export const VisitFields = z.object({
  ehr_id: appointments.fields.ehr_id.zod as z.ZodType<string | null>,
  starts_at: appointments.fields.starts_at.zod as z.ZodType<number>,
  ends_at: appointments.fields.ends_at.zod as z.ZodType<number>,
  type: appointments.fields.type.zod as z.ZodType<string>,
  reason: appointments.fields.reason.zod as z.ZodType<string | null>,
});
export type VisitFields = z.infer<typeof VisitFields>;

/** Why a row of a file cannot be taken; the screen has words for each. */
export const PROBLEMS = [
  'quote',
  'entry',
  'name',
  'birth_date',
  'mrn',
  'ehr_id',
  'phones',
  'email',
  'address',
  'sex',
  'language',
  'deceased_on',
  'conflict',
  'replaced',
  'time',
  'ends',
  'type',
  'reason',
  'status',
  'site',
  'patient',
  'person',
] as const;
export type Problem = (typeof PROBLEMS)[number];

/** A row that is left out, with what stood in it. */
export interface WrongRow {
  /** Line of a CSV file, or number of an entry of a bundle, from 1. */
  readonly row: number;
  readonly problem: Problem;
  /** What it was about, in short. */
  readonly about: string;
}

export interface VisitDraft {
  readonly row: number;
  readonly fields: VisitFields;
  /** Site as the file names it; null: the one chosen for the file. */
  readonly site: string | null;
  readonly provider: string | null;
}

export interface PersonDraft {
  /** Names the person in this file. */
  readonly key: string;
  readonly row: number;
  /** Null for somebody whom the file only refers to, by record number or id. */
  readonly fields: PersonFields | null;
  readonly ehr_id: string | null;
  readonly mrn: string | null;
  readonly visits: readonly VisitDraft[];
}

/** All that a file says. */
export interface Draft {
  readonly people: readonly PersonDraft[];
  readonly wrong: readonly WrongRow[];
}

const FIELD_PROBLEMS: Readonly<Record<string, Problem>> = {
  family_name: 'name',
  given_name: 'name',
  starts_at: 'time',
  ends_at: 'time',
};

/** The first field of a refused row as a problem. */
export function problemIn(error: z.ZodError): Problem {
  const field = String(error.issues[0]?.path[0] ?? '');
  const known = PROBLEMS.find((one) => one === field);
  return FIELD_PROBLEMS[field] ?? known ?? 'entry';
}

/** By what two rows of a file are the same person. */
export function personKey(
  of: Pick<PersonFields, 'ehr_id' | 'mrn'> & Partial<PersonFields>,
): string {
  if (of.mrn !== null) return `mrn ${of.mrn.toLowerCase()}`;
  if (of.ehr_id !== null) return `ehr ${of.ehr_id}`;
  const name = nameWords(`${of.family_name ?? ''} ${of.given_name ?? ''}`).join(' ');
  return `name ${name} ${of.birth_date ?? ''} ${phoneDigits(of.phones?.[0] ?? '')}`;
}

/** Gathers rows of a file into people; several rows may be about one. */
export class Gathering {
  readonly #people = new Map<string, PersonDraft>();
  readonly #wrong: WrongRow[] = [];

  wrong(row: number, problem: Problem, about: string): void {
    this.#wrong.push({ row, problem, about: about.slice(0, 120) });
  }

  /**
   * A person as a row describes them; the same again adds nothing, another name or birth date under
   * the same number is wrong.
   * @returns the key, or null when the row is wrong
   */
  person(row: number, fields: PersonFields): string | null {
    const key = personKey(fields);
    const known = this.#people.get(key);
    if (!known?.fields) {
      const { ehr_id, mrn } = fields;
      this.#people.set(key, { key, row, fields, ehr_id, mrn, visits: known?.visits ?? [] });
      return key;
    }
    const name = (of: PersonFields): string =>
      nameWords(`${of.family_name} ${of.given_name}`).join(' ');
    const isSame =
      known.fields.birth_date === fields.birth_date && name(known.fields) === name(fields);
    if (isSame) return key;
    this.wrong(row, 'conflict', `${fields.family_name}, ${fields.given_name}`);
    return null;
  }

  /** Somebody whom the file only refers to. @returns the key */
  reference(row: number, of: Pick<PersonFields, 'ehr_id' | 'mrn'>): string {
    const key = personKey(of);
    if (!this.#people.has(key))
      this.#people.set(key, { key, row, fields: null, ...of, visits: [] });
    return key;
  }

  visit(key: string, visit: VisitDraft): void {
    const person = this.#people.get(key);
    if (!person) return;
    const isTwice = person.visits.some(
      ({ fields, site }) =>
        (fields.ehr_id !== null && fields.ehr_id === visit.fields.ehr_id) ||
        (fields.starts_at === visit.fields.starts_at && site === visit.site),
    );
    if (isTwice) return;
    this.#people.set(key, { ...person, visits: [...person.visits, visit] });
  }

  done(): Draft {
    return {
      people: [...this.#people.values()].toSorted((a, b) => a.row - b.row),
      wrong: this.#wrong.toSorted((a, b) => a.row - b.row),
    };
  }
}
