import { derivedId } from '#shared/kernel/ids.ts';
import type { Described } from '#shared/ipc/patient-views.ts';
import type { Row } from '#shared/schema/define.ts';
import { at, rowOf } from './store.suite.ts';

/** Patients and visits for tests; all of them are invented. */

export const id = (name: string): string => derivedId('patients test', name);
export const SITE = id('site');

export const patientRow = (name: string, more: Record<string, unknown> = {}): Row => {
  const [given = '', family = ''] = name.split(' ');
  return rowOf('patients', {
    id: id(name),
    site_ids: [SITE],
    ehr_id: null,
    mrn: null,
    given_name: given,
    family_name: family,
    birth_date: '1961-03-04',
    sex: 'female',
    phones: [],
    source_version: 1,
    language: 'en',
    field_hlc: {},
    ...more,
  });
};

export const visitRow = (name: string, more: Record<string, unknown>): Row =>
  rowOf('appointments', {
    id: id(`visit ${name}`),
    location_id: SITE,
    starts_at: at(0).ms,
    ends_at: at(15).ms,
    local_date: '2026-11-30',
    type: 'Follow-up',
    status: 'booked',
    source_version: 1,
    field_hlc: {},
    ...more,
  });

/** Somebody as a form describes them. */
export const described = (more: Partial<Described>): Described => ({
  key: 'a',
  ehr_id: null,
  mrn: null,
  family_name: 'Delgado',
  given_name: 'Rosa',
  birth_date: '1961-03-04',
  phones: [],
  ...more,
});
