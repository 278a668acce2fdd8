import { Select } from '@mantine/core';
import {
  IconBuildingCommunity,
  IconCalendarEvent,
  IconClock,
  IconCoin,
  IconFileText,
  IconForms,
  IconHistory,
  IconPencil,
  IconShieldCheck,
  IconStethoscope,
} from '@tabler/icons-react';
import type { Icon } from '@tabler/icons-react';
import { useMemo } from 'react';
import { clinicDate } from '#shared/kernel/dates.ts';
import { TIMELINE_KINDS } from '#shared/ipc/patient-views.ts';
import type { PatientEvent, PatientTimeline, TimelineKind } from '#shared/ipc/patient-views.ts';
import type { AppError } from '#shared/errors/app-error.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { Loading } from '../../ui/loading.tsx';
import { StatusPill } from '../../ui/status-pill.tsx';
import type { Tone } from '../../ui/status-pill.tsx';
import { Timeline } from '../../ui/timeline.tsx';
import type { TimelineEvent } from '../../ui/timeline.tsx';
import { useNow } from '../../ui/use-now.ts';
import { eventDetail, eventTitle } from './words.ts';

const ICONS: Readonly<Record<TimelineKind, Icon>> = {
  visit: IconStethoscope,
  desk: IconBuildingCommunity,
  handout: IconFileText,
  payment: IconCoin,
  authorization: IconShieldCheck,
  consent: IconForms,
  form: IconForms,
  proposal: IconPencil,
};
/** What came out well, badly, or still waits; everything else is grey. */
const TONES: Readonly<Record<string, Tone>> = {
  fulfilled: 'green',
  succeeded: 'green',
  reconciled: 'green',
  approved: 'green',
  given: 'green',
  noshow: 'amber',
  cancelled: 'amber',
  deferred: 'amber',
  proposed: 'violet',
  denied: 'red',
  failed: 'red',
  opted_out: 'amber',
  revoked: 'amber',
};

/** All that happened with a patient, as far as it is on this device; what is to come stands above. */
export function PatientHistory(props: {
  timeline: { readonly data?: PatientTimeline | undefined; readonly error: AppError | null };
  kind: TimelineKind | null;
  setKind: (kind: TimelineKind | null) => void;
  /** Whose it is, for screen readers. */
  name: string;
}) {
  const { kind } = props;
  const { data, error } = props.timeline;
  const { t, fmt, timeZone } = useI18n();
  const now = useNow();
  const chosen = useMemo(
    () => data?.events.filter((event) => kind === null || event.kind === kind) ?? [],
    [data, kind],
  );
  if (!data) return error ? <ErrorNote error={error} /> : <Loading lines={5} />;
  const coming = chosen.filter(({ at }) => at > now).toReversed();
  const past = chosen.filter(({ at }) => at <= now);
  const missing = TIMELINE_KINDS.filter((one) => !data.kinds.includes(one));
  const event = (one: PatientEvent): TimelineEvent => ({
    key: one.key,
    icon: ICONS[one.kind],
    tone: TONES[one.code] ?? 'grey',
    title: eventTitle(t, one),
    instant: one.at,
    who: [one.location_code, one.who].filter((part) => part !== null).join(' · '),
    body: <Body event={one} />,
  });
  return (
    <section className="g-stack" aria-label={t('patients.timeline')} data-testid="patient-timeline">
      <div className="g-row" style={{ flexWrap: 'wrap' }}>
        <h3 className="g-spread" style={{ fontSize: 14, fontWeight: 600 }}>
          {t('patients.timeline')}
        </h3>
        <Select
          aria-label={t('patients.show')}
          size="xs"
          w={170}
          data={[
            { value: 'all', label: t('patients.everything') },
            ...data.kinds
              .toSorted((a, b) => TIMELINE_KINDS.indexOf(a) - TIMELINE_KINDS.indexOf(b))
              .map((value) => ({ value, label: t(`patients.kind.${value}`) })),
          ]}
          value={kind ?? 'all'}
          onChange={(value) => props.setKind(TIMELINE_KINDS.find((one) => one === value) ?? null)}
          allowDeselect={false}
          data-testid="timeline-kind"
        />
      </div>
      {coming.length > 0 && (
        <ul className="g-stack" aria-label={t('patients.coming')} style={PLAIN}>
          {coming.map((one) => (
            <li key={one.key} className="g-row" data-testid="coming-visit">
              <IconCalendarEvent size={16} stroke={1.5} aria-hidden />
              <span className="g-spread">
                <span className="g-strong">
                  {fmt.date(clinicDate(one.at, timeZone))}, {fmt.time(one.at)}
                </span>{' '}
                {eventTitle(t, one)}
                <span className="g-dim"> {one.location_code}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
      {past.length > 0 ? (
        <Timeline label={props.name} events={past.map(event)} now={now} />
      ) : (
        <EmptyState
          icon={IconHistory}
          title={t('patients.noEvents')}
          help={t('patients.noEventsHelp')}
        />
      )}
      {missing.length > 0 && (
        <p className="g-small g-dim" data-testid="timeline-missing">
          {t('patients.notOnDevice', {
            kinds: missing.map((one) => t(`patients.kind.${one}`).toLowerCase()).join(', '),
          })}
        </p>
      )}
    </section>
  );
}

const PLAIN = { gap: 6, listStyle: 'none', margin: 0, padding: 0 } as const;

function Body(props: { event: PatientEvent }) {
  const { event } = props;
  const { t, fmt } = useI18n();
  const detail = eventDetail(t, event);
  if (detail === null && event.cents === null && !event.waiting) return null;
  return (
    <span className="g-row" style={{ flexWrap: 'wrap' }}>
      {event.cents !== null && <span>{fmt.money(event.cents)}</span>}
      {detail !== null && <span className="g-dim">{detail}</span>}
      {event.waiting && (
        <StatusPill tone="amber" icon={IconClock} title={t('history.waitingHelp')}>
          {t('history.waiting')}
        </StatusPill>
      )}
    </span>
  );
}
