import type { PatientEvent } from '#shared/ipc/patient-views.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';
import { EN } from '#shared/i18n/messages.en.ts';
import type { MessageKey } from '#shared/i18n/messages.en.ts';
import type { T } from '../../ui/i18n.tsx';
import { ageOn } from './age.ts';

/** "64 years", "7 months"; what cannot be an age is said. */
export function ageWords(t: T, birth: IsoDate, today: IsoDate): string {
  const age = ageOn(birth, today);
  return age === null ? t('patients.notBorn') : t(`patients.age.${age.unit}`, { n: age.n });
}

/** A name as lists are sorted: family name first. */
export const listName = (of: { family_name: string; given_name: string }): string =>
  `${of.family_name}, ${of.given_name}`;

/** Where values of the schema have their words; all of these keys are without parameters. */
type Place =
  | 'patientEvent.desk'
  | 'patientEvent.payment'
  | 'patientEvent.purpose'
  | 'patientEvent.paidBy'
  | 'patientEvent.authorization'
  | 'patientEvent.consent'
  | 'patientEvent.consentTo'
  | 'patientEvent.form'
  | 'patientEvent.formOf'
  | 'patientEvent.by'
  | 'visitStatus'
  | 'patientField';
type Plain = Extract<MessageKey, `${Place}.${string}`>;

/** Words of a value of the schema; a value of a newer build stands as it is. */
function wordOf(t: T, place: Place, value: string): string {
  const key = `${place}.${value}`;
  return Object.hasOwn(EN, key) ? t(key as Plain) : value;
}

export const visitStatusWord = (t: T, status: string): string => wordOf(t, 'visitStatus', status);

/** What an event of the timeline was, in a few words. */
export function eventTitle(t: T, { kind, code, about, n }: PatientEvent): string {
  switch (kind) {
    case 'visit':
      return `${about ?? ''} · ${visitStatusWord(t, code)}`;
    case 'desk':
      return wordOf(t, 'patientEvent.desk', code);
    case 'handout':
      if (about !== null) return t('patientEvent.handoutOf', { title: about });
      return t('patientEvent.handouts', { n: n ?? 1 });
    case 'payment':
      return `${wordOf(t, 'patientEvent.purpose', about ?? '')} · ${wordOf(t, 'patientEvent.payment', code)}`;
    case 'authorization':
      return `${t('patientEvent.request', { no: about ?? '' }).trim()} · ${wordOf(t, 'patientEvent.authorization', code)}`;
    case 'consent':
      return `${wordOf(t, 'patientEvent.consentTo', about ?? '')} · ${wordOf(t, 'patientEvent.consent', code)}`;
    case 'form':
      return `${wordOf(t, 'patientEvent.formOf', about ?? '')} · ${wordOf(t, 'patientEvent.form', code)}`;
    case 'proposal':
      return t('patientEvent.proposed', { field: wordOf(t, 'patientField', about ?? '') });
  }
}

/** The second line of an event, where there is more to say. */
export function eventDetail(t: T, { kind, detail }: PatientEvent): string | null {
  if (detail === null) return null;
  if (kind === 'visit' || kind === 'authorization') return detail;
  if (kind === 'handout') return null;
  return wordOf(t, kind === 'payment' ? 'patientEvent.paidBy' : 'patientEvent.by', detail);
}
