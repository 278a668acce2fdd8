import { Button, CloseButton } from '@mantine/core';
import {
  IconAlertTriangle,
  IconInfoCircle,
  IconLanguage,
  IconMessageOff,
  IconWalk,
} from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { PatientEvent, TimelineKind } from '#shared/ipc/patient-views.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';
import { OnScreen, OthersHere } from '../../shell/presence.tsx';
import { useSession } from '../../shell/session.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Note } from '../../ui/note.tsx';
import { StatusPill } from '../../ui/status-pill.tsx';
import { PatientAbout } from './patient-about.tsx';
import { PatientHistory } from './patient-history.tsx';
import { usePatient, usePatientTimeline, useWindowDays } from './use-patients.ts';
import type { Patient } from './use-patients.ts';
import { ageWords, listName } from './words.ts';

/** One patient beside a list: who they are, what to mind, and one timeline over all that happened. */
export function PatientDetail(props: {
  patientId: string;
  today: IsoDate;
  kind: TimelineKind | null;
  setKind: (kind: TimelineKind | null) => void;
  close: () => void;
  /** What the list beside is about, for example a visit of today. */
  children?: ReactNode;
}) {
  const { patientId, today } = props;
  const { t } = useI18n();
  const days = useWindowDays();
  const { data: patient, error } = usePatient(patientId);
  const timeline = usePatientTimeline(patientId);
  const name = patient ? listName(patient) : t('patients.patient');
  return (
    <OnScreen screen={{ module: 'shared', table: 'patients', id: patientId }}>
      <aside
        className="g-detail"
        aria-label={name}
        data-testid="patient-detail"
        data-id={patientId}
      >
        <div className="g-detail-head" style={{ paddingBottom: 12 }}>
          <div className="g-row" style={{ alignItems: 'flex-start' }}>
            <div className="g-spread">
              {patient && <Head patient={patient} today={today} />}
              <OthersHere />
            </div>
            <CloseButton
              aria-label={t('common.close')}
              title={t('common.closeEsc')}
              onClick={props.close}
              data-testid="patient-close"
            />
          </div>
        </div>
        <div className="g-detail-body g-stack" style={{ gap: 20 }}>
          {patient === undefined && (error ? <ErrorNote error={error} /> : <Loading lines={8} />)}
          {patient === null && (
            <EmptyState
              icon={IconInfoCircle}
              title={t('patients.notHere')}
              help={t('patients.notHereHelp', { n: days })}
            />
          )}
          {patient && (
            <>
              {props.children}
              <Alerts patient={patient} events={timeline.data?.events ?? []} />
              <PatientAbout patient={patient} today={today} />
              <PatientHistory
                timeline={timeline}
                kind={props.kind}
                setKind={props.setKind}
                name={name}
              />
            </>
          )}
        </div>
      </aside>
    </OnScreen>
  );
}

function Head(props: { patient: Patient; today: IsoDate }) {
  const { patient, today } = props;
  const { t, fmt } = useI18n();
  const { may } = useSession();
  const navigate = useNavigate();
  return (
    <>
      <h2 style={{ fontSize: 16, lineHeight: '24px', fontWeight: 600 }} data-testid="patient-name">
        {listName(patient)}
      </h2>
      <div className="g-row g-dim" style={{ flexWrap: 'wrap', columnGap: 12 }}>
        <span data-testid="patient-age">
          {fmt.date(patient.birth_date)} · {ageWords(t, patient.birth_date, today)}
        </span>
        <span>{t(`patients.sex.${patient.sex}`)}</span>
        {patient.mrn !== null && (
          <span className="g-code">
            {t('patients.mrn')} {patient.mrn}
          </span>
        )}
        {may('patients', 'create') && (
          <Button
            onClick={() => {
              void navigate({ to: '/visits/walk-in', search: { patient: patient.id } });
            }}
            variant="default"
            size="compact-sm"
            leftSection={<IconWalk size={16} stroke={1.5} />}
            data-testid="patient-walk-in"
          >
            {t('walkIn.forThem')}
          </Button>
        )}
      </div>
    </>
  );
}

/** A language as the words around it call it. */
const languageWord = (spoken: string, language: string): string =>
  new Intl.DisplayNames([language], { type: 'language' }).of(spoken) ?? spoken;

/** What has to be minded, as far as the record says it. */
function Alerts(props: { patient: Patient; events: readonly PatientEvent[] }) {
  const { patient, events } = props;
  const { t, fmt, language } = useI18n();
  const isOptedOut = events.some(({ kind, code }) => kind === 'consent' && code === 'opted_out');
  return (
    <>
      {patient.deceased_on !== null && (
        <Note tone="violet" icon={IconAlertTriangle} testId="alert-deceased">
          {t('patients.deceasedOn', { date: fmt.date(patient.deceased_on) })}
        </Note>
      )}
      {patient.merged_into_id !== null && (
        <Note tone="violet" icon={IconAlertTriangle} testId="alert-merged">
          {t('patients.merged')}{' '}
          <Link to="/patients" search={{ patient: patient.merged_into_id }} className="g-link">
            {t('patients.mergedOpen')}
          </Link>
        </Note>
      )}
      {(patient.language !== 'en' || isOptedOut) && (
        <div className="g-row" style={{ flexWrap: 'wrap' }}>
          {patient.language !== 'en' && (
            <StatusPill tone="blue" icon={IconLanguage}>
              {t('patients.speaks', { language: languageWord(patient.language, language) })}
            </StatusPill>
          )}
          {isOptedOut && (
            <StatusPill tone="amber" icon={IconMessageOff} title={t('patients.optedOutHelp')}>
              {t('patients.optedOut')}
            </StatusPill>
          )}
        </div>
      )}
    </>
  );
}
