import { clinicDate } from '#shared/kernel/dates.ts';
import { useView } from '#desktop/collections/hooks.tsx';
import { readSearch } from '../../modules/patients/index.ts';
import { useI18n } from '../../ui/i18n.tsx';
import { useNow } from '../../ui/use-now.ts';
import { useSession } from '../session.tsx';
import type { FoundRecord } from './use-records.ts';

/** Most patients that are shown: who looks for more of them looks in Patients. */
const MOST = 5;

/**
 * Patients who fit what is typed, as the search of Patients understands it: the store looks for them, so
 * that no list of patients lies in a window for the sake of a search. They are kept nowhere.
 */
export function usePatients(typed: string): readonly FoundRecord[] {
  const { fmt, timeZone } = useI18n();
  const { may } = useSession();
  const today = clinicDate(useNow(60_000), timeZone);
  const terms = may('patients', 'read') ? readSearch(typed, today) : [];
  const { data } = useView(
    'patients.search',
    terms.length > 0 ? { terms, today, limit: MOST } : null,
  );
  return (terms.length > 0 ? (data?.rows ?? []) : []).map((row) => ({
    id: `patient ${row.id}`,
    kind: 'patient',
    title: `${row.family_name}, ${row.given_name}`,
    hint: [fmt.date(row.birth_date), row.mrn].filter(Boolean).join(' · '),
    to: `/patients?patient=${row.id}`,
    search: { text: '' },
  }));
}
