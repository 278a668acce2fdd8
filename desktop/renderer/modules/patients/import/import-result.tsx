import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconDownload, IconInfoCircle } from '@tabler/icons-react';
import { saveText } from '../../../ui/copy-text.ts';
import { toCsv } from '../../../ui/csv.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { Note } from '../../../ui/note.tsx';
import type { Choice } from '../candidates.tsx';
import { useWindowDays } from '../use-patients.ts';
import { listName } from '../words.ts';
import type { Plan } from './plan.ts';
import { resolved } from './use-import.ts';
import type { Outcome } from './use-import.ts';

/** What an import has done, and what it left out, which can be saved as a file to work on. */
export function ImportResult(props: {
  plan: Plan;
  choices: ReadonlyMap<string, Choice>;
  outcome: Outcome;
}) {
  const { plan, choices, outcome } = props;
  const { t, say } = useI18n();
  const days = useWindowDays();
  const undecided = plan.people.filter(
    (person) => resolved(person, choices.get(person.draft.key) ?? null) === null,
  );
  const leftOut: readonly (readonly [number, string, string])[] = [
    ...plan.wrong.map(
      ({ row, problem, about }) => [row, t(`patientProblem.${problem}`), about] as const,
    ),
    ...undecided.map(
      ({ draft }) =>
        [
          draft.row,
          t('patientVerdict.ambiguous'),
          draft.fields ? listName(draft.fields) : '',
        ] as const,
    ),
    ...outcome.failed.map(({ row, code }) => [row, say(code), code] as const),
  ];
  return (
    <div className="g-scroll">
      <div
        className="g-stack g-column"
        style={{ maxWidth: 760, gap: 16 }}
        data-testid="import-result"
      >
        <Note tone="green" icon={IconCheck} role="status" testId="import-done">
          <p className="g-strong">
            {outcome.wasStopped ? t('patientImport.stopped') : t('patientImport.done')}
          </p>
          <ul style={{ margin: '4px 0 0', paddingLeft: 18 }}>
            <li>{t('patientImport.newPatients', { n: outcome.patients })}</li>
            <li>{t('patientImport.newVisits', { n: outcome.visits })}</li>
            {outcome.there > 0 && <li>{t('patientImport.thereVisits', { n: outcome.there })}</li>}
            {outcome.proposals > 0 && (
              <li>{t('patientImport.newProposals', { n: outcome.proposals })}</li>
            )}
          </ul>
        </Note>
        <Note tone="blue" icon={IconInfoCircle}>
          {t('patientImport.window', { n: days })}
        </Note>
        {leftOut.length > 0 && (
          <Note tone="amber" icon={IconAlertTriangle} testId="import-left-out">
            <p className="g-strong">{t('patientImport.leftOut', { n: leftOut.length })}</p>
            <p>{t('patientImport.leftOutHelp')}</p>
            <Button
              variant="default"
              mt={8}
              leftSection={<IconDownload size={18} stroke={1.5} />}
              onClick={() =>
                saveText(
                  toCsv([
                    [t('patientImport.row'), t('patientImport.why'), t('patientImport.about')],
                    ...leftOut,
                  ]),
                  'left-out.csv',
                  'text/csv',
                )
              }
              data-testid="import-save-left-out"
            >
              {t('patientImport.saveLeftOut')}
            </Button>
          </Note>
        )}
      </div>
    </div>
  );
}
