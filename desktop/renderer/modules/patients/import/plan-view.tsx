import { Button, CloseButton, SegmentedControl } from '@mantine/core';
import {
  IconAlertTriangle,
  IconDatabaseImport,
  IconFilterOff,
  IconHelpCircle,
  IconUserCheck,
  IconUserPlus,
} from '@tabler/icons-react';
import type { Icon } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { IsoDate } from '#shared/kernel/dates.ts';
import { usePageKeys } from '../../../shell/actions/page-keys.ts';
import { DataTable } from '../../../ui/data-table.tsx';
import type { Column } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { Note } from '../../../ui/note.tsx';
import { StatusPill } from '../../../ui/status-pill.tsx';
import type { Tone } from '../../../ui/status-pill.tsx';
import { isOddAge } from '../age.ts';
import { Candidates } from '../candidates.tsx';
import type { Choice } from '../candidates.tsx';
import { ageWords, listName } from '../words.ts';
import type { Problem } from './drafts.ts';
import { tally } from './plan.ts';
import type { Plan, PlannedPerson } from './plan.ts';
import { resolved } from './use-import.ts';

const VERDICTS = ['new', 'match', 'ambiguous', 'wrong'] as const;
type Verdict = (typeof VERDICTS)[number];
const LOOKS: Readonly<Record<Verdict, readonly [Tone, Icon]>> = {
  new: ['green', IconUserPlus],
  match: ['blue', IconUserCheck],
  ambiguous: ['violet', IconHelpCircle],
  wrong: ['red', IconAlertTriangle],
};

interface Line {
  readonly key: string;
  readonly row: number;
  readonly name: string;
  readonly birth: IsoDate | null;
  readonly mrn: string | null;
  readonly visits: number;
  readonly verdict: Verdict;
  readonly problem: Problem | null;
  readonly person: PlannedPerson | null;
}

function linesOf(plan: Plan): Line[] {
  const people = plan.people.map((person): Line => {
    const { draft, verdict, candidates } = person;
    const named = draft.fields ?? candidates[0];
    return {
      key: draft.key,
      row: draft.row,
      name: named ? listName(named) : (draft.mrn ?? ''),
      birth: named?.birth_date ?? null,
      mrn: draft.mrn,
      visits: draft.visits.length,
      verdict,
      problem: null,
      person,
    };
  });
  const wrong = plan.wrong.map(({ row, problem, about }, at): Line => ({
    key: `wrong ${at}`,
    row,
    name: about,
    birth: null,
    mrn: null,
    visits: 0,
    verdict: 'wrong',
    problem,
    person: null,
  }));
  return [...people, ...wrong].toSorted((a, b) => a.row - b.row);
}

/** What a file would do, row by row, before anything is written; unclear people are chosen here. */
export function PlanView(props: {
  plan: Plan;
  choices: ReadonlyMap<string, Choice>;
  choose: (key: string, choice: Choice) => void;
  today: IsoDate;
  start: () => void;
}) {
  const { plan, choices, today } = props;
  const { t, fmt } = useI18n();
  const counts = useMemo(() => tally(plan), [plan]);
  const lines = useMemo(() => linesOf(plan), [plan]);
  const [only, setOnly] = useState<Verdict | 'all'>(counts.ambiguous > 0 ? 'ambiguous' : 'all');
  const [openKey, setOpenKey] = useState<string | null>(null);
  usePageKeys('importPatients', { close: openKey === null ? null : () => setOpenKey(null) });
  const opened = lines.find(({ key }) => key === openKey)?.person ?? null;
  const shown = only === 'all' ? lines : lines.filter(({ verdict }) => verdict === only);
  const undecided = plan.people.filter(
    (person) => resolved(person, choices.get(person.draft.key) ?? null) === null,
  );
  const taken = plan.people.length - undecided.length;
  const odd = lines.filter(({ birth }) => birth !== null && isOddAge(birth, today)).length;

  const columns = useMemo<readonly Column<Line>[]>(
    () => [
      {
        id: 'row',
        title: t('patientImport.row'),
        minWidth: 56,
        number: true,
        sort: (line) => line.row,
        cell: (line) => line.row,
      },
      {
        id: 'name',
        title: t('patients.name'),
        minWidth: 170,
        grow: 2,
        sort: (line) => line.name,
        cell: (line) => <span className="g-strong">{line.name}</span>,
      },
      {
        id: 'birth',
        title: t('patients.birthDate'),
        minWidth: 104,
        drop: 1,
        sort: (line) => line.birth ?? '',
        cell: (line) => (line.birth === null ? '' : fmt.date(line.birth)),
      },
      {
        id: 'age',
        title: t('patients.age'),
        minWidth: 96,
        cell: (line) =>
          line.birth === null ? (
            ''
          ) : isOddAge(line.birth, today) ? (
            <StatusPill tone="red" icon={IconAlertTriangle}>
              {ageWords(t, line.birth, today)}
            </StatusPill>
          ) : (
            ageWords(t, line.birth, today)
          ),
      },
      {
        id: 'mrn',
        title: t('patients.mrn'),
        minWidth: 104,
        drop: 3,
        sort: (line) => line.mrn ?? '',
        cell: (line) => <span className="g-code">{line.mrn ?? ''}</span>,
      },
      {
        id: 'visits',
        title: t('visits.title'),
        minWidth: 56,
        number: true,
        drop: 4,
        sort: (line) => line.visits,
        cell: (line) => line.visits || '',
      },
      {
        id: 'what',
        title: t('patientImport.what'),
        minWidth: 180,
        grow: 2,
        sort: (line) => VERDICTS.indexOf(line.verdict),
        cell: (line) => <What line={line} choice={choices.get(line.key) ?? null} />,
      },
    ],
    [t, fmt, today, choices],
  );
  return (
    <>
      <div className="g-filters" style={{ flexWrap: 'wrap' }}>
        <SegmentedControl
          aria-label={t('patientImport.show')}
          size="xs"
          value={only}
          onChange={(value) => setOnly(VERDICTS.find((one) => one === value) ?? 'all')}
          data={[
            { value: 'all', label: t('patientImport.all', { n: lines.length }) },
            ...VERDICTS.map((one) => ({
              value: one,
              label: `${t(`patientVerdict.${one}`)} (${fmt.number(counts[one])})`,
            })),
          ]}
          data-testid="plan-filter"
        />
        <span className="g-spread" />
        <Button
          leftSection={<IconDatabaseImport size={18} stroke={1.5} />}
          disabled={taken === 0}
          onClick={props.start}
          data-testid="import-start"
        >
          {t('patientImport.start', { n: taken })}
        </Button>
      </div>
      <div className="g-stack" style={{ padding: '0 16px 8px', gap: 8 }}>
        <p className="g-small g-dim" data-testid="plan-says">
          {t('patientImport.nothingYet', { visits: fmt.number(counts.visits) })}{' '}
          {undecided.length > 0 && t('patientImport.undecided', { n: undecided.length })}
        </p>
        {odd > 0 && (
          <Note tone="red" icon={IconAlertTriangle} role="status" testId="plan-odd">
            {t('patientImport.odd', { n: odd })}
          </Note>
        )}
      </div>
      <div className="g-split" data-open={opened !== null}>
        <section className="g-list" aria-label={t('patientImport.title')}>
          <DataTable
            label={t('patientImport.title')}
            rows={shown}
            columns={columns}
            rowId={(line) => line.key}
            rowTestId={() => 'plan-row'}
            rowData={(line) => ({ 'data-verdict': line.verdict, 'data-row': String(line.row) })}
            chosen={openKey}
            onOpen={(line) => setOpenKey(line.key)}
            empty={<EmptyState icon={IconFilterOff} title={t('patientImport.noneOfThese')} />}
          />
        </section>
        {opened && (
          <PersonPanel
            key={opened.draft.key}
            person={opened}
            choice={choices.get(opened.draft.key) ?? null}
            choose={(choice) => props.choose(opened.draft.key, choice)}
            today={today}
            close={() => setOpenKey(null)}
          />
        )}
      </div>
    </>
  );
}

/** What would happen with a row, and why. */
function What(props: { line: Line; choice: Choice }) {
  const { line, choice } = props;
  const { t } = useI18n();
  const [tone, icon] = LOOKS[line.verdict];
  const [first] = line.person?.candidates ?? [];
  const why =
    line.problem !== null
      ? t(`patientProblem.${line.problem}`)
      : choice === 'new'
        ? t('patientImport.choseNew')
        : choice !== null
          ? t('patientImport.choseKnown')
          : first?.why.map((reason) => t(`patientMatch.${reason}`)).join(', ');
  return (
    <span className="g-row" style={{ gap: 6 }}>
      <StatusPill tone={tone} icon={icon}>
        {t(`patientVerdict.${line.verdict}`)}
      </StatusPill>
      {why !== undefined && (
        <span className="g-cut g-small g-dim" title={why}>
          {why}
        </span>
      )}
    </span>
  );
}

function PersonPanel(props: {
  person: PlannedPerson;
  choice: Choice;
  choose: (choice: Choice) => void;
  today: IsoDate;
  close: () => void;
}) {
  const { person, choice, today } = props;
  const { t, fmt } = useI18n();
  const { fields, visits } = person.draft;
  return (
    <aside className="g-detail" aria-label={t('patientImport.person')} data-testid="plan-person">
      <div className="g-detail-head g-row" style={{ paddingBottom: 12 }}>
        <h2 className="g-spread" style={{ fontSize: 16 }}>
          {fields ? listName(fields) : t('patientImport.referred')}
        </h2>
        <CloseButton
          aria-label={t('common.close')}
          title={t('common.closeEsc')}
          onClick={props.close}
        />
      </div>
      <div className="g-detail-body g-stack" style={{ gap: 16 }}>
        {fields && (
          <dl className="g-facts">
            <dt>{t('patients.birthDate')}</dt>
            <dd>
              {fmt.date(fields.birth_date)} ({ageWords(t, fields.birth_date, today)})
            </dd>
            <dt>{t('patients.mrn')}</dt>
            <dd>{fields.mrn ?? '–'}</dd>
            <dt>{t('patients.phone')}</dt>
            <dd>{fields.phones.join(', ') || '–'}</dd>
            <dt>{t('patients.email')}</dt>
            <dd>{fields.email ?? '–'}</dd>
            <dt>{t('patients.address')}</dt>
            <dd>{fields.address ?? '–'}</dd>
          </dl>
        )}
        {visits.length > 0 && (
          <ul aria-label={t('visits.title')} style={{ margin: 0, paddingLeft: 18 }}>
            {visits.map(({ row, fields: visit, site }) => (
              <li key={row}>
                {fmt.exact(visit.starts_at)} · {visit.type} {site !== null && `· ${site}`}
              </li>
            ))}
          </ul>
        )}
        {person.verdict === 'new' ? (
          <p className="g-dim">{t('patientImport.isNew')}</p>
        ) : (
          <Candidates
            label={
              person.verdict === 'match' ? t('patientImport.isKnown') : t('patientImport.whoIs')
            }
            candidates={person.candidates}
            choice={resolved(person, choice)}
            onChange={props.choose}
            mayBeNew={fields !== null}
            today={today}
            testId="plan-candidates"
          />
        )}
      </div>
    </aside>
  );
}
