import { Select } from '@mantine/core';
import { useState } from 'react';
import type { IsoDate } from '#shared/kernel/dates.ts';
import { useI18n } from '../../../../ui/i18n.tsx';
import { useChosenPatient, usePatientChoice } from './use-patient-choice.ts';

interface Named {
  readonly id: string;
  readonly family_name: string;
  readonly given_name: string;
  readonly birth_date: string;
}

/** Whom something is for: typed as in the search of patients. Only shown to those who may see patients. */
export function PatientField(props: {
  patientId: string | null;
  change: (id: string | null) => void;
  today: IsoDate;
  required?: boolean;
  error?: string | null;
  testId?: string;
}) {
  const { patientId, change, today, required = false } = props;
  const { t, fmt } = useI18n();
  const [text, setText] = useState('');
  const found = usePatientChoice(text, today);
  const chosen = useChosenPatient(patientId);
  const wordOf = (one: Named): string =>
    `${one.family_name}, ${one.given_name} · ${fmt.date(one.birth_date)}`;
  const options = new Map<string, string>(found.map((one) => [one.id, wordOf(one)]));
  if (chosen) options.set(chosen.id, wordOf(chosen));
  const isTyping = text !== '' && !(chosen && text === wordOf(chosen));
  return (
    <Select
      label={t('usedFor.patient')}
      description={t('usedFor.help')}
      placeholder={t(required ? 'usedFor.needed' : 'usedFor.nobody')}
      w={360}
      required={required}
      clearable={!required}
      searchable
      selectFirstOptionOnChange
      // The search is the store's: what it finds is shown as it is, in its order.
      filter={({ options: all }) => all}
      data={[...options].map(([value, label]) => ({ value, label }))}
      searchValue={text}
      onSearchChange={setText}
      nothingFoundMessage={isTyping ? t('usedFor.notFound') : null}
      value={patientId}
      onChange={change}
      error={props.error}
      inputWrapperOrder={ORDER}
      data-testid={props.testId ?? 'used-for'}
    />
  );
}

const ORDER = ['label', 'input', 'description', 'error'] as (
  | 'label'
  | 'input'
  | 'description'
  | 'error'
)[];
