import { Button } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useState } from 'react';
import { patients } from '#shared/schema/tables/patients.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';
import { useSession } from '../../shell/session.tsx';
import { useSites } from '../../shell/sites.tsx';
import { LANGUAGE_NAMES, useI18n } from '../../ui/i18n.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { ProposeChange } from './propose-change.tsx';
import { SavedField } from './saved-field.tsx';
import { usePatientEdits } from './use-patients.ts';
import type { DeskField, Patient } from './use-patients.ts';

/** How to reach a patient, and what the desk itself keeps about them. */
export function PatientAbout(props: { patient: Patient; today: IsoDate }) {
  const { patient, today } = props;
  const { t } = useI18n();
  const { mayRow } = useSession();
  const { site } = useSites();
  const { done } = useToasts();
  const edits = usePatientEdits();
  const [proposing, setProposing] = useState(false);
  const editable = mayRow('patients', 'update', { site_ids: patient.site_ids });
  const mayPropose =
    site !== null && mayRow('patient_field_changes', 'create', { location_id: site.id });

  const save = async (field: DeskField, value: unknown): Promise<void> => {
    const former = patient[field];
    await edits.save(patient.id, { [field]: value });
    done(t(`patients.saved.${field}`), () => edits.save(patient.id, { [field]: former }));
  };
  const language = (value: string): string =>
    LANGUAGE_NAMES[value as keyof typeof LANGUAGE_NAMES] ?? value;
  return (
    <section className="g-stack" aria-label={t('patients.about')}>
      <dl className="g-facts" data-testid="patient-facts">
        <dt>{t('patients.phone')}</dt>
        <dd>{patient.phones.join(', ') || '–'}</dd>
        <dt>{t('patients.email')}</dt>
        <dd>{patient.email ?? '–'}</dd>
        <dt>{t('patients.address')}</dt>
        <dd>{patient.address ?? '–'}</dd>
        {patient.proxy && (
          <>
            <dt>{t('patients.proxy')}</dt>
            <dd>
              {patient.proxy.name} ({patient.proxy.relation})
            </dd>
          </>
        )}
      </dl>
      {mayPropose && (
        <div>
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<IconPencil size={16} stroke={1.5} />}
            onClick={() => setProposing(true)}
            title={t('patientProposal.help')}
            data-testid="propose-open"
          >
            {t('patientProposal.open')}
          </Button>
        </div>
      )}
      {proposing && site && (
        <ProposeChange
          patient={patient}
          site={site}
          today={today}
          close={() => setProposing(false)}
        />
      )}
      {editable ? (
        <>
          <SavedField
            field={patients.fields.language}
            label={t('patients.language')}
            value={patient.language}
            save={(value) => save('language', value)}
            words={language}
            today={today}
            testId="patient-language"
          />
          <SavedField
            field={patients.fields.desk_note}
            label={t('patients.deskNote')}
            value={patient.desk_note}
            save={(value) => save('desk_note', value)}
            help={t('patients.deskNoteHelp')}
            today={today}
            testId="patient-note"
          />
        </>
      ) : (
        <dl className="g-facts">
          <dt>{t('patients.language')}</dt>
          <dd>{language(patient.language)}</dd>
          <dt>{t('patients.deskNote')}</dt>
          <dd>{patient.desk_note ?? '–'}</dd>
        </dl>
      )}
    </section>
  );
}
