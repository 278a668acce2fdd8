import { Button, Select } from '@mantine/core';
import { useState } from 'react';
import { patients } from '#shared/schema/tables/patients.ts';
import { text } from '#shared/schema/define.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';
import type { Site } from '../../shell/sites.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { problemOf } from '../../ui/field-rules.ts';
import { FormField } from '../../ui/form-field.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { useTask } from '../../ui/use-task.ts';
import { usePatientEdits } from './use-patients.ts';
import type { Patient } from './use-patients.ts';

/** One number of the list of phones, which is one value. */
const ONE_PHONE = text({ phi: 'P1', merge: 'CEN', min: 1, max: 30 });
const FIELDS = {
  phones: ONE_PHONE,
  email: patients.fields.email,
  address: patients.fields.address,
  family_name: patients.fields.family_name,
  given_name: patients.fields.given_name,
  birth_date: patients.fields.birth_date,
} as const;
type Proposed = keyof typeof FIELDS;
const NAMES = Object.keys(FIELDS) as Proposed[];

/**
 * Another value of what the EHR owns: it is written down as a proposal with what stands there now, and
 * staff decide. The record itself stays as the EHR has it.
 */
export function ProposeChange(props: {
  patient: Patient;
  site: Site;
  today: IsoDate;
  close: () => void;
}) {
  const { patient, site, today, close } = props;
  const { t } = useI18n();
  const { done } = useToasts();
  const { propose } = usePatientEdits();
  const task = useTask();
  const [name, setName] = useState<Proposed>('phones');
  const now = name === 'phones' ? (patient.phones[0] ?? null) : patient[name];
  const [value, setValue] = useState<string | null>(null);
  const [showsProblem, setShowsProblem] = useState(false);
  const problem = value === null ? ({ key: 'required' } as const) : problemOf(FIELDS[name], value);

  const finish = async (): Promise<void> => {
    setShowsProblem(true);
    if (problem !== null || value === null) return;
    const went = await task.run(() =>
      propose(patient, site, name, name === 'phones' ? [value, ...patient.phones.slice(1)] : value),
    );
    if (!went) return;
    close();
    done(t('patientProposal.done'));
  };
  return (
    <Dialog title={t('patientProposal.title')} close={close} testId="propose">
      <form
        className="g-stack"
        onSubmit={(event) => {
          event.preventDefault();
          void finish();
        }}
      >
        <p>{t('patientProposal.help')}</p>
        {task.error && <ErrorNote error={task.error} />}
        <Select
          label={t('patientProposal.field')}
          data={NAMES.map((field) => ({ value: field, label: t(`patientField.${field}`) }))}
          value={name}
          onChange={(next) => {
            setName(NAMES.find((known) => known === next) ?? 'phones');
            setValue(null);
            setShowsProblem(false);
          }}
          allowDeselect={false}
          data-testid="propose-field"
        />
        <FormField
          key={name}
          field={FIELDS[name]}
          label={t('patientProposal.value')}
          help={t('patientProposal.now', { value: now ?? '–' })}
          value={value}
          onChange={(next) => setValue(typeof next === 'string' ? next : null)}
          onBlur={() => undefined}
          problem={showsProblem ? problem : null}
          today={today}
          testId="propose-value"
        />
        <div className="g-row">
          <Button type="submit" data-testid="propose-finish">
            {t('patientProposal.finish')}
          </Button>
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
