import { ActionIcon, Button } from '@mantine/core';
import {
  IconCalendarEvent,
  IconCheck,
  IconChevronLeft,
  IconChevronRight,
  IconClock,
} from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { DayVisit } from '#shared/ipc/patient-views.ts';
import { clinicDate } from '#shared/kernel/dates.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';
import { usePageKeys } from '../../shell/actions/page-keys.ts';
import { useSession } from '../../shell/session.tsx';
import { useSites } from '../../shell/sites.tsx';
import type { Site } from '../../shell/sites.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { DateField } from '../../ui/date-field.tsx';
import { addDays } from '../../ui/date-text.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { Loading } from '../../ui/loading.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { StatusPill } from '../../ui/status-pill.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { useNow } from '../../ui/use-now.ts';
import { useTask } from '../../ui/use-task.ts';
import type { VisitsSearch } from './addresses.ts';
import { PatientDetail } from './patient-detail.tsx';
import { useDay, useDesk, useWindowDays } from './use-patients.ts';
import { VisitPill, isExpected, visitState } from './visit-status.tsx';
import { WalkInButton } from './walk-in/walk-in-button.tsx';
import { ageWords, listName, visitStatusWord } from './words.ts';

const route = getRouteApi('/visits');

/** The visits of one day at the chosen site, today at first; the chosen one's patient beside them. */
export function VisitsPage() {
  const { t, fmt, timeZone } = useI18n();
  const { may } = useSession();
  const { site } = useSites();
  const search = route.useSearch();
  const navigate = useNavigate();
  const today = clinicDate(useNow(60_000), timeZone);
  const date = search.date ?? today;
  const { data: visits, error } = useDay(site?.id ?? null, date);
  const days = useWindowDays();
  const chosen = visits?.find(({ id }) => id === search.visit);

  const set = (changes: Partial<VisitsSearch>, replace: boolean): void => {
    void navigate({ to: '/visits', search: { ...search, ...changes }, replace });
  };
  const go = (to: IsoDate): void =>
    set({ date: to === today ? undefined : to, visit: undefined, kind: undefined }, false);
  const close = (): void => set({ visit: undefined, kind: undefined }, false);
  usePageKeys('visits', { close: search.visit === undefined ? null : close });
  const here = visits?.filter((visit) => !isExpected(visit) && visit.desk !== 'expected').length;

  return (
    <>
      <PageHeader
        title={date === today ? t('visits.today') : t('visits.on', { date: fmt.date(date) })}
        count={visits && t('visits.count', { n: visits.length, here: here ?? 0 })}
      >
        {may('appointments', 'create') && <WalkInButton />}
      </PageHeader>
      <div className="g-filters" style={{ alignItems: 'flex-end' }}>
        <ActionIcon
          size={32}
          variant="default"
          aria-label={t('visits.before')}
          onClick={() => go(addDays(date, -1))}
          data-testid="visits-before"
        >
          <IconChevronLeft size={18} stroke={1.5} />
        </ActionIcon>
        <div style={{ width: 180 }}>
          <DateField
            label={t('visits.day')}
            value={date}
            onChange={(next) => go(next ?? today)}
            today={today}
            testId="visits-date"
          />
        </div>
        <ActionIcon
          size={32}
          variant="default"
          aria-label={t('visits.after')}
          onClick={() => go(addDays(date, 1))}
          data-testid="visits-after"
        >
          <IconChevronRight size={18} stroke={1.5} />
        </ActionIcon>
        {date !== today && (
          <Button variant="default" onClick={() => go(today)}>
            {t('visits.goToday')}
          </Button>
        )}
        <span className="g-small g-dim" style={{ lineHeight: '32px' }}>
          {t('visits.window', { n: days })}
        </span>
      </div>
      <div className="g-split" data-open={chosen !== undefined}>
        <section className="g-list" aria-label={t('visits.title')}>
          {visits ? (
            <VisitList
              visits={visits}
              today={today}
              fileName={`${t('visits.title').toLowerCase()} ${date}`}
              chosen={chosen?.id ?? null}
              open={(id) => set({ visit: id }, search.visit !== undefined)}
              days={days}
            />
          ) : (
            <div style={{ padding: 16 }}>
              {error ? <ErrorNote error={error} /> : <Loading lines={10} />}
            </div>
          )}
        </section>
        {chosen && site && (
          <PatientDetail
            key={chosen.id}
            patientId={chosen.patient_id}
            today={today}
            kind={search.kind ?? null}
            setKind={(kind) => set({ kind: kind ?? undefined }, true)}
            close={close}
          >
            <VisitCard visit={chosen} site={site} isToday={date === today} />
          </PatientDetail>
        )}
      </div>
    </>
  );
}

function VisitList(props: {
  visits: readonly DayVisit[];
  today: IsoDate;
  fileName: string;
  chosen: string | null;
  open: (id: string) => void;
  days: number;
}) {
  const { t, fmt } = useI18n();
  const { today } = props;
  const columns = useMemo<readonly Column<DayVisit>[]>(
    () => [
      {
        id: 'time',
        title: t('visits.time'),
        minWidth: 56,
        sort: (row) => row.starts_at,
        text: (row) => fmt.time(row.starts_at),
        cell: (row) => fmt.time(row.starts_at),
      },
      {
        id: 'name',
        title: t('patients.name'),
        minWidth: 160,
        grow: 2,
        sort: nameOf,
        cell: (row) => (
          <span className="g-row" style={{ gap: 6 }}>
            <span className="g-cut g-strong">{nameOf(row) || t('visits.notHere')}</span>
            {row.waiting && (
              <StatusPill tone="amber" icon={IconClock} title={t('history.waitingHelp')}>
                {t('history.waiting')}
              </StatusPill>
            )}
          </span>
        ),
      },
      {
        id: 'age',
        title: t('patients.age'),
        minWidth: 84,
        drop: 2,
        cell: (row) => (row.birth_date === null ? '–' : ageWords(t, row.birth_date, today)),
      },
      {
        id: 'type',
        title: t('visits.type'),
        minWidth: 120,
        grow: 1,
        drop: 3,
        sort: (row) => row.type,
        filter: (row) => row.type,
        cell: (row) => row.type,
      },
      {
        id: 'provider',
        title: t('visits.provider'),
        minWidth: 130,
        grow: 1,
        drop: 4,
        sort: (row) => row.provider ?? '',
        filter: (row) => row.provider ?? '',
        cell: (row) => row.provider ?? '–',
      },
      {
        id: 'status',
        title: t('visits.status'),
        minWidth: 116,
        sort: (row) => visitStatusWord(t, visitState(row)),
        filter: visitState,
        filterWord: (value) => visitStatusWord(t, value),
        cell: (row) => <VisitPill visit={row} />,
      },
    ],
    [t, fmt, today],
  );
  return (
    <DataTable
      label={t('visits.title')}
      name="visits"
      exportName={props.fileName}
      rows={props.visits}
      columns={columns}
      rowId={(row) => row.id}
      rowTestId={() => 'visit-row'}
      rowData={(row) => ({ 'data-state': visitState(row) })}
      chosen={props.chosen}
      onOpen={(row) => props.open(row.id)}
      initialSort={BY_TIME}
      empty={
        <EmptyState
          icon={IconCalendarEvent}
          title={t('visits.empty')}
          help={t('visits.emptyHelp', { n: props.days })}
        />
      }
    />
  );
}

const BY_TIME = [{ id: 'time', desc: false }];
const nameOf = (row: DayVisit): string =>
  row.family_name === null || row.given_name === null
    ? ''
    : listName({ family_name: row.family_name, given_name: row.given_name });

/** The visit itself, and that somebody has come for it. */
function VisitCard(props: { visit: DayVisit; site: Site; isToday: boolean }) {
  const { visit, site, isToday } = props;
  const { t, fmt } = useI18n();
  const { mayRow } = useSession();
  const { done } = useToasts();
  const desk = useDesk();
  const task = useTask();
  const mayMark =
    isToday && isExpected(visit) && mayRow('check_in_records', 'create', { location_id: site.id });
  const arrive = (): void => {
    void task.run(async () => {
      const arrival = await desk.arrived(visit, site);
      done(t('visits.arrivedDone'), () => desk.undo(visit, site, arrival));
    });
  };
  usePageKeys('visit', { arrived: mayMark ? arrive : null });
  return (
    <div className="g-card g-stack" style={{ gap: 8 }} data-testid="visit-card">
      <div className="g-row" style={{ flexWrap: 'wrap' }}>
        <span className="g-strong">
          {fmt.time(visit.starts_at)}–{fmt.time(visit.ends_at)}
        </span>
        <span className="g-spread">{visit.type}</span>
        <VisitPill visit={visit} />
      </div>
      {(visit.reason ?? visit.provider) !== null && (
        <p className="g-dim">
          {[visit.reason, visit.provider].filter((part) => part !== null).join(' · ')}
        </p>
      )}
      {task.error && <ErrorNote error={task.error} />}
      {mayMark && (
        <div>
          <Button
            leftSection={<IconCheck size={18} stroke={1.5} />}
            onClick={arrive}
            aria-keyshortcuts="Alt+A"
            title="Alt+A"
            data-testid="visit-arrived"
          >
            {t('visits.arrived')}
          </Button>
        </div>
      )}
    </div>
  );
}
