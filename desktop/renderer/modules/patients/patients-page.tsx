import { Button, CloseButton, TextInput } from '@mantine/core';
import { IconFileImport, IconInfoCircle, IconSearch, IconUsers } from '@tabler/icons-react';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useDeferredValue, useEffect, useMemo, useRef } from 'react';
import { clinicDate } from '#shared/kernel/dates.ts';
import { usePageKeys } from '../../shell/actions/page-keys.ts';
import { useSession } from '../../shell/session.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { Loading } from '../../ui/loading.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { useNow } from '../../ui/use-now.ts';
import type { PatientsSearch } from './addresses.ts';
import { PatientDetail } from './patient-detail.tsx';
import { PatientList } from './patient-list.tsx';
import { useSearchDraft } from './search-draft.ts';
import { readSearch } from './search-text.ts';
import { WalkInButton } from './walk-in/walk-in-button.tsx';
import { usePatientSearch, useWindowDays } from './use-patients.ts';

const route = getRouteApi('/patients');

/** Finding a patient; the chosen one beside the list. */
export function PatientsPage() {
  const { t, timeZone } = useI18n();
  const { who, may } = useSession();
  const { patient, kind } = route.useSearch();
  const navigate = useNavigate();
  const today = clinicDate(useNow(60_000), timeZone);
  const { text, type, start } = useSearchDraft();
  useEffect(() => start(who.userId), [start, who.userId]);
  const field = useRef<HTMLInputElement>(null);
  const days = useWindowDays();

  const typed = useDeferredValue(text);
  const terms = useMemo(() => readSearch(typed, today), [typed, today]);
  const { found, error } = usePatientSearch(terms, today);
  const set = (changes: Partial<PatientsSearch>, replace: boolean) => {
    void navigate({ to: '/patients', search: { patient, kind, ...changes }, replace });
  };
  const open = (id: string) => set({ patient: id }, patient !== undefined);
  const close = () => set({ patient: undefined, kind: undefined }, false);
  usePageKeys('patients', {
    search: () => field.current?.focus(),
    close: patient === undefined ? null : close,
  });

  return (
    <>
      <PageHeader
        title={t('patients.title')}
        count={found && countWords(t, found, terms.length > 0)}
      >
        {may('patients', 'create') && (
          <>
            <Button
              component={Link}
              to="/patients/import"
              variant="default"
              leftSection={<IconFileImport size={18} stroke={1.5} />}
              data-testid="import-open"
            >
              {t('patientImport.title')}
            </Button>
            <WalkInButton />
          </>
        )}
      </PageHeader>
      <div className="g-filters" role="search">
        <TextInput
          ref={field}
          w={380}
          aria-label={t('patients.search')}
          placeholder={t('patients.searchPlaceholder')}
          aria-keyshortcuts="/"
          autoComplete="off"
          spellCheck={false}
          leftSection={<IconSearch size={16} stroke={1.5} />}
          rightSection={
            text ? (
              <CloseButton size="sm" aria-label={t('common.clear')} onClick={() => type('')} />
            ) : null
          }
          value={text}
          onChange={(event) => type(event.currentTarget.value)}
          onKeyDown={({ key }) => {
            const first = found?.rows[0];
            if (key === 'Enter' && first) open(first.id);
          }}
          maxLength={200}
          data-testid="patient-search"
        />
        <span className="g-row g-small g-dim">
          <IconInfoCircle size={16} stroke={1.5} aria-hidden />
          {t('patients.window', { n: days })}
        </span>
      </div>
      <div className="g-split" data-open={patient !== undefined}>
        <section className="g-list" aria-label={t('patients.title')}>
          {found ? (
            <PatientList
              patients={found.rows}
              today={today}
              chosen={patient ?? null}
              open={open}
              empty={
                terms.length > 0 ? (
                  <EmptyState
                    icon={IconSearch}
                    title={t('patients.nothingFound')}
                    help={t('patients.nothingFoundHelp', { n: days })}
                    action={
                      <Button variant="default" onClick={() => type('')}>
                        {t('patients.showAll')}
                      </Button>
                    }
                  />
                ) : (
                  <EmptyState
                    icon={IconUsers}
                    title={t('patients.empty')}
                    help={t('patients.emptyHelp', { n: days })}
                  />
                )
              }
            />
          ) : (
            <div style={{ padding: 16 }}>
              {error ? <ErrorNote error={error} /> : <Loading lines={10} />}
            </div>
          )}
        </section>
        {patient !== undefined && (
          <PatientDetail
            key={patient}
            patientId={patient}
            today={today}
            kind={kind ?? null}
            setKind={(next) => set({ kind: next ?? undefined }, true)}
            close={close}
          />
        )}
      </div>
    </>
  );
}

function countWords(
  t: ReturnType<typeof useI18n>['t'],
  found: { held: number; total: number; rows: readonly unknown[] },
  isFiltered: boolean,
): string {
  if (found.rows.length < found.total) {
    return t('patients.firstOf', { shown: found.rows.length, n: found.total });
  }
  return isFiltered
    ? t('patients.countOf', { shown: found.total, n: found.held })
    : t('patients.count', { n: found.held });
}
