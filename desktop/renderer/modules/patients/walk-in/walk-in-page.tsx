import { Button, SegmentedControl } from '@mantine/core';
import { IconCheck, IconUserCheck } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Described } from '#shared/ipc/patient-views.ts';
import { clinicDate } from '#shared/kernel/dates.ts';
import { newId } from '#shared/kernel/ids.ts';
import { text } from '#shared/schema/define.ts';
import { appointments } from '#shared/schema/tables/appointments.ts';
import { patients } from '#shared/schema/tables/patients.ts';
import { usePageKeys } from '../../../shell/actions/page-keys.ts';
import { useSession } from '../../../shell/session.tsx';
import { useSites } from '../../../shell/sites.tsx';
import { DateField } from '../../../ui/date-field.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { FormField, problemWords } from '../../../ui/form-field.tsx';
import { LANGUAGE_NAMES, useI18n } from '../../../ui/i18n.tsx';
import { Note } from '../../../ui/note.tsx';
import { PageHeader } from '../../../ui/page-header.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { FormSummary, useForm } from '../../../ui/use-form.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { useTask } from '../../../ui/use-task.ts';
import { Candidates } from '../candidates.tsx';
import type { Choice } from '../candidates.tsx';
import { useMatches, usePatient } from '../use-patients.ts';
import { ageWords, listName } from '../words.ts';
import { useWalkIn } from './use-walk-in.ts';
import type { NewPerson } from './walk-in-rows.ts';

const route = getRouteApi('/visits/walk-in');

const VISIT = { type: appointments.fields.type, reason: appointments.fields.reason } as const;
const PERSON = {
  family_name: patients.fields.family_name,
  given_name: patients.fields.given_name,
  birth_date: patients.fields.birth_date,
  sex: patients.fields.sex,
  phone: text({ phi: 'P1', merge: 'CEN', nullable: true, max: 30 }),
  language: patients.fields.language,
} as const;
const PAIR = {
  display: 'grid',
  gridTemplateColumns: 'repeat(auto-fit, minmax(240px, 1fr))',
  gap: 12,
  alignItems: 'start',
} as const;
type PersonField = keyof typeof PERSON;
type VisitField = keyof typeof VISIT;
const EMPTY = {
  family_name: null,
  given_name: null,
  birth_date: null,
  sex: 'unknown',
  phone: null,
  language: 'en',
} as const;

/** Somebody who comes without an appointment: who they are, likely doubles first, and the visit. */
export function WalkInPage() {
  const { t, timeZone } = useI18n();
  const { mayRow } = useSession();
  const { sites, site: current } = useSites();
  const { patient: knownId } = route.useSearch();
  const navigate = useNavigate();
  const { done } = useToasts();
  const today = clinicDate(useNow(60_000), timeZone);
  const [ids] = useState(() => ({ visit: newId(), patient: newId() }));
  const person = useForm<PersonField>(PERSON, EMPTY);
  const visit = useForm<VisitField>(VISIT, { type: t('walkIn.type'), reason: null });
  const { data: known } = usePatient(knownId ?? null);
  const [choice, setChoice] = useState<{ readonly about: string; readonly is: Choice } | null>(
    null,
  );
  const [asks, setAsks] = useState(false);
  const task = useTask();
  const { finish, mayBeDouble } = useWalkIn();

  const open = sites?.filter(({ id }) =>
    mayRow('appointments', 'create', { location_id: id, status: 'booked' }),
  );
  const [siteId, setSiteId] = useState<string | null>(null);
  const site =
    open?.find(({ id }) => id === siteId) ??
    open?.find(({ id }) => id === current?.id) ??
    open?.[0];

  const { family_name: family, given_name: given, birth_date: birth, phone } = person.values;
  const described: Described | null =
    !knownId && typeof family === 'string' && typeof given === 'string'
      ? {
          key: 'walk-in',
          ehr_id: null,
          mrn: null,
          family_name: family.slice(0, 80),
          given_name: given.slice(0, 80),
          birth_date: typeof birth === 'string' ? birth : null,
          phones: typeof phone === 'string' ? [phone.slice(0, 30)] : [],
        }
      : null;
  const { data: matches } = useMatches(described);
  const candidates = matches?.[0]?.candidates ?? [];
  // What was chosen holds for what was typed then, and for nothing else.
  const about = JSON.stringify(described);
  const chosen = choice?.about === about ? choice.is : null;
  const knownPatient = knownId ?? (chosen !== null && chosen !== 'new' ? chosen.patientId : null);

  const submit = async (): Promise<void> => {
    if (!site) return;
    const isPersonFine = knownPatient !== null || person.check();
    const isVisitFine = visit.check();
    if (!isPersonFine || !isVisitFine) return;
    let isDouble = false;
    const went = await task.run(async () => {
      // Asked now, since who types fast is done before the list is there.
      isDouble = knownPatient === null && chosen === null && (await mayBeDouble(described));
      if (isDouble) return;
      await finish({
        id: ids.visit,
        patientId: knownPatient ?? ids.patient,
        person: knownPatient === null ? (person.values as unknown as NewPerson) : null,
        site,
        type: String(visit.values.type),
        reason: typeof visit.values.reason === 'string' ? visit.values.reason : null,
      });
    });
    setAsks(isDouble);
    if (!went || isDouble) return;
    done(t('walkIn.done', { site: site.name }));
    await navigate({ to: '/visits', search: { visit: ids.visit } });
  };
  usePageKeys('walkIn', { finish: () => void submit() });

  const label = (name: PersonField): string => t(`patientField.${name}`);
  const focus = (name: string): void =>
    document.querySelector<HTMLElement>(`[data-testid="walk-in-${name}"]`)?.focus();
  const field = (name: PersonField) => (
    <FormField
      {...person.bind(name)}
      label={label(name)}
      words={(value) =>
        name === 'language'
          ? LANGUAGE_NAMES[value as 'en' | 'es']
          : t(`patients.sex.${value as NewPerson['sex']}`)
      }
      today={today}
      testId={`walk-in-${name}`}
    />
  );
  const birthBind = person.bind('birth_date');
  return (
    <>
      <PageHeader title={t('walkIn.title')}>
        <Button variant="default" onClick={() => void navigate({ to: '/visits' })}>
          {t('common.cancel')}
        </Button>
        <Button
          leftSection={<IconCheck size={18} stroke={1.5} />}
          onClick={() => void submit()}
          disabled={!site}
          aria-keyshortcuts="Control+Enter"
          title="Ctrl+Enter"
          data-testid="walk-in-finish"
        >
          {t('walkIn.finish')}
        </Button>
      </PageHeader>
      <div className="g-scroll">
        <form
          className="g-stack g-column"
          style={{ maxWidth: 720, gap: 16 }}
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          {task.error && <ErrorNote error={task.error} testId="walk-in-error" />}
          {knownPatient === null && (
            <FormSummary form={person} fields={PERSON} label={label} focus={focus} />
          )}
          <FormSummary
            form={visit}
            fields={VISIT}
            label={(name) => t(`visits.${name}`)}
            focus={focus}
          />
          {open && open.length > 1 && (
            <SegmentedControl
              aria-label={t('walkIn.site')}
              value={site?.id ?? ''}
              onChange={setSiteId}
              data={open.map(({ id, name }) => ({ value: id, label: name }))}
            />
          )}
          {knownId ? (
            <Note tone="blue" icon={IconUserCheck} testId="walk-in-known">
              {known
                ? `${listName(known)} · ${ageWords(t, known.birth_date, today)}`
                : t('patients.notHere')}
            </Note>
          ) : (
            <>
              <div style={PAIR}>
                {field('family_name')}
                {field('given_name')}
                <DateField
                  label={label('birth_date')}
                  value={typeof birth === 'string' ? birth : null}
                  onChange={birthBind.onChange}
                  onBlur={birthBind.onBlur}
                  error={birthBind.problem && problemWords(t, birthBind.problem, PERSON.birth_date)}
                  today={today}
                  max={today}
                  prefer="past"
                  required
                  {...(typeof birth === 'string' ? { help: ageWords(t, birth, today) } : {})}
                  testId="walk-in-birth_date"
                />
                {field('phone')}
                {field('sex')}
                {field('language')}
              </div>
              {candidates.length > 0 && (
                <div className="g-card" data-testid="walk-in-doubles">
                  <Candidates
                    label={t('walkIn.doubles')}
                    candidates={candidates}
                    choice={chosen}
                    onChange={(next) => {
                      setChoice({ about, is: next });
                      setAsks(false);
                    }}
                    today={today}
                    error={asks ? t('walkIn.choose') : null}
                    testId="walk-in-candidates"
                  />
                </div>
              )}
            </>
          )}
          <div style={PAIR}>
            <FormField
              {...visit.bind('type')}
              label={t('visits.type')}
              today={today}
              testId="walk-in-type"
            />
            <FormField
              {...visit.bind('reason')}
              label={t('visits.reason')}
              today={today}
              testId="walk-in-reason"
            />
          </div>
          <p className="g-small g-dim">{t('walkIn.help')}</p>
          <button type="submit" hidden aria-label={t('walkIn.finish')} />
        </form>
      </div>
    </>
  );
}
