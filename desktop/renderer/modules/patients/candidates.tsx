import { Radio } from '@mantine/core';
import type { MatchCandidate } from '#shared/ipc/patient-views.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';
import { useI18n } from '../../ui/i18n.tsx';
import { ageWords, listName } from './words.ts';

/** What is chosen: somebody who is known, somebody new, or nothing yet. */
export type Choice = { readonly patientId: string } | 'new' | null;

const NEW = 'new';

/** Records that may be the same person, with how likely and why; a person chooses. */
export function Candidates(props: {
  label: string;
  candidates: readonly MatchCandidate[];
  choice: Choice;
  onChange: (choice: Exclude<Choice, null>) => void;
  today: IsoDate;
  /** False where nothing is known of them but a number. */
  mayBeNew?: boolean;
  error?: string | null;
  testId: string;
}) {
  const { candidates, choice, onChange, today } = props;
  const { t, fmt } = useI18n();
  return (
    <Radio.Group
      label={props.label}
      value={choice === null ? null : choice === NEW ? NEW : choice.patientId}
      onChange={(value) => onChange(value === NEW ? NEW : { patientId: value })}
      error={props.error ?? null}
      data-testid={props.testId}
    >
      <div className="g-stack" style={{ gap: 8, margin: '6px 0' }}>
        {candidates.map((one) => (
          <Radio
            key={one.id}
            value={one.id}
            label={`${listName(one)} · ${fmt.date(one.birth_date)} (${ageWords(t, one.birth_date, today)})`}
            description={[
              t('patientMatch.score', { n: one.score }),
              one.why.map((reason) => t(`patientMatch.${reason}`)).join(', '),
              one.mrn === null ? null : `${t('patients.mrn')} ${one.mrn}`,
              one.phone,
            ]
              .filter((part) => part !== null)
              .join(' · ')}
            data-testid="candidate"
          />
        ))}
        {props.mayBeNew !== false && (
          <Radio value={NEW} label={t('patientMatch.none')} data-testid="candidate-new" />
        )}
      </div>
    </Radio.Group>
  );
}
