import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { IconClock } from '@tabler/icons-react';
import type { FoundPatient, VisitDay } from '#shared/ipc/patient-views.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';
import { DataTable } from '../../ui/data-table.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { StatusPill } from '../../ui/status-pill.tsx';
import { ageWords, listName } from './words.ts';

/** Patients as a table, in the order in which the search gives them. */
export function PatientList(props: {
  patients: readonly FoundPatient[];
  today: IsoDate;
  chosen: string | null;
  open: (id: string) => void;
  empty: ReactNode;
}) {
  const { t, fmt } = useI18n();
  const { today } = props;
  const columns = useMemo<readonly Column<FoundPatient>[]>(() => {
    const day = (visit: VisitDay | null): ReactNode => {
      if (visit === null) return <span className="g-dim">–</span>;
      const isToday = visit.local_date === today;
      return (
        <time dateTime={visit.local_date} title={fmt.exact(visit.starts_at)}>
          {isToday
            ? t('patients.todayAt', { time: fmt.time(visit.starts_at) })
            : fmt.date(visit.local_date)}
        </time>
      );
    };
    return [
      {
        id: 'name',
        title: t('patients.name'),
        minWidth: 180,
        grow: 2,
        sort: listName,
        cell: (row) => (
          <span className="g-row" style={{ gap: 6 }}>
            <span className="g-cut g-strong">{listName(row)}</span>
            {row.deceased_on !== null && <span className="g-dim">{t('patients.deceased')}</span>}
            {row.waiting && (
              <StatusPill tone="amber" icon={IconClock} title={t('history.waitingHelp')}>
                {t('history.waiting')}
              </StatusPill>
            )}
          </span>
        ),
      },
      {
        id: 'birth',
        title: t('patients.birthDate'),
        minWidth: 104,
        sort: (row) => row.birth_date,
        cell: (row) => fmt.date(row.birth_date),
      },
      {
        id: 'age',
        title: t('patients.age'),
        minWidth: 84,
        drop: 2,
        cell: (row) => ageWords(t, row.birth_date, today),
      },
      {
        id: 'mrn',
        title: t('patients.mrn'),
        minWidth: 112,
        drop: 1,
        sort: (row) => row.mrn ?? '',
        cell: (row) => <span className="g-code">{row.mrn ?? '–'}</span>,
      },
      {
        id: 'phone',
        title: t('patients.phone'),
        minWidth: 120,
        drop: 5,
        cell: (row) => row.phone ?? '–',
      },
      {
        id: 'last',
        title: t('patients.lastVisit'),
        minWidth: 104,
        drop: 4,
        sort: (row) => row.last_visit?.starts_at ?? 0,
        cell: (row) => day(row.last_visit),
      },
      {
        id: 'next',
        title: t('patients.nextVisit'),
        minWidth: 104,
        drop: 3,
        sort: (row) => row.next_visit?.starts_at ?? Number.MAX_SAFE_INTEGER,
        cell: (row) => day(row.next_visit),
      },
    ];
  }, [t, fmt, today]);
  return (
    <DataTable
      label={t('patients.title')}
      name="patients"
      rows={props.patients}
      columns={columns}
      rowId={(row) => row.id}
      rowTestId={() => 'patient-row'}
      chosen={props.chosen}
      onOpen={(row) => props.open(row.id)}
      empty={props.empty}
    />
  );
}
