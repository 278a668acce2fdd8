import { Button, Select } from '@mantine/core';
import { useRef, useState } from 'react';
import { AppError } from '#shared/errors/app-error.ts';
import { clinicDate } from '#shared/kernel/dates.ts';
import { BackTo } from '../../../shell/back-to.tsx';
import { useSession } from '../../../shell/session.tsx';
import { useSites } from '../../../shell/sites.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { FileDrop } from '../../../ui/file-drop.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { PageHeader } from '../../../ui/page-header.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { useTask } from '../../../ui/use-task.ts';
import type { Choice } from '../candidates.tsx';
import { ColumnMap } from './column-map.tsx';
import { guessMapping, readRows } from './csv-map.ts';
import type { Mapping } from './csv-map.ts';
import { guessSeparator, readCsv } from '../../../ui/csv-read.ts';
import type { CsvRecord } from '../../../ui/csv-read.ts';
import type { Draft } from './drafts.ts';
import { readFhir } from './fhir.ts';
import { MAX_FILE_BYTES, isJson, textOf } from './file-text.ts';
import { ImportResult } from './import-result.tsx';
import { planOf } from './plan.ts';
import type { Plan } from './plan.ts';
import { PlanView } from './plan-view.tsx';
import { resolved, useImport } from './use-import.ts';
import type { Outcome } from './use-import.ts';

type Step =
  | { readonly at: 'choose' }
  | { readonly at: 'map'; readonly records: readonly CsvRecord[] }
  | { readonly at: 'plan'; readonly plan: Plan }
  | { readonly at: 'done'; readonly plan: Plan; readonly outcome: Outcome };

/** More people than this are parted into several files: a person looks at each that is not clear. */
const MAX_PEOPLE = 20_000;

/** Patients and visits of a file: choose it, say what its columns mean, look at it, take it in. */
export function ImportPage() {
  const { t, timeZone } = useI18n();
  const { mayRow } = useSession();
  const { sites, site: current } = useSites();
  const today = clinicDate(useNow(60_000), timeZone);
  const [step, setStep] = useState<Step>({ at: 'choose' });
  const [mapping, setMapping] = useState<Mapping>({});
  const [choices, setChoices] = useState<ReadonlyMap<string, Choice>>(new Map());
  const [siteId, setSiteId] = useState<string | null>(null);
  const [progress, setProgress] = useState<{ done: number; total: number } | null>(null);
  const stopped = useRef(false);
  const task = useTask();
  const { match, run } = useImport();

  const open =
    sites?.filter(({ id }) => mayRow('appointments', 'create', { location_id: id })) ?? [];
  const site =
    open.find(({ id }) => id === siteId) ?? open.find(({ id }) => id === current?.id) ?? open[0];

  const plan = async (draft: Draft): Promise<void> => {
    if (draft.people.length > MAX_PEOPLE) throw new AppError('IMPORT_TOO_LARGE');
    const total = draft.people.length;
    setProgress({ done: 0, total });
    const matches = await match(draft, (done) => setProgress({ done, total }));
    setChoices(new Map());
    setStep({ at: 'plan', plan: planOf(draft, matches, open) });
  };
  const take = (file: File | undefined): void => {
    if (!file) return;
    void task
      .run(async () => {
        if (file.size > MAX_FILE_BYTES) throw new AppError('IMPORT_TOO_LARGE');
        const text = textOf(new Uint8Array(await file.arrayBuffer()));
        if (isJson(text)) return plan(readFhir(text));
        const records = readCsv(text, guessSeparator(text));
        if (records.length < 2) throw new AppError('IMPORT_EMPTY');
        setMapping(guessMapping(records[0]?.cells ?? []));
        setStep({ at: 'map', records });
      })
      .finally(() => setProgress(null));
  };
  const look = (records: readonly CsvRecord[]): void => {
    void task
      .run(() => plan(readRows(records, mapping, { zone: site?.time_zone ?? timeZone, today })))
      .finally(() => setProgress(null));
  };
  const start = (made: Plan): void => {
    if (!site) return;
    const people = made.people.filter(
      (person) => resolved(person, choices.get(person.draft.key) ?? null) !== null,
    );
    const total = people.length;
    stopped.current = false;
    setProgress({ done: 0, total });
    void task
      .run(async () => {
        const outcome = await run({
          people,
          choices,
          sites: open,
          site,
          mayPropose: mayRow('patient_field_changes', 'create', { location_id: site.id }),
          onProgress: (done) => setProgress({ done, total }),
          isStopped: () => stopped.current,
        });
        setStep({ at: 'done', plan: made, outcome });
      })
      .finally(() => setProgress(null));
  };

  return (
    <>
      <PageHeader title={t('patientImport.title')}>
        <BackTo to="/patients">{t('patients.title')}</BackTo>
        {step.at !== 'choose' && !task.busy && (
          <Button
            variant="default"
            onClick={() => {
              task.clear();
              setStep({ at: 'choose' });
            }}
            data-testid="import-again"
          >
            {t('patientImport.otherFile')}
          </Button>
        )}
      </PageHeader>
      {task.error && (
        <div style={{ padding: '0 16px' }}>
          <ErrorNote error={task.error} testId="import-error" />
        </div>
      )}
      {progress && (
        <div className="g-work" data-inline="true" style={{ padding: 16 }} role="status">
          <p>{t('patientImport.progress', progress)}</p>
          <progress value={progress.done} max={Math.max(1, progress.total)} />
          {step.at === 'plan' && (
            <Button
              variant="default"
              size="compact-sm"
              onClick={() => {
                stopped.current = true;
              }}
              data-testid="import-stop"
            >
              {t('patientImport.stop')}
            </Button>
          )}
        </div>
      )}
      {!progress && (step.at === 'choose' || step.at === 'map') && (
        <div className="g-scroll">
          <div className="g-stack g-column" style={{ maxWidth: 760, gap: 16 }}>
            {open.length > 1 && (
              <Select
                label={t('patientImport.site')}
                description={t('patientImport.siteHelp')}
                w={320}
                data={open.map(({ id, name }) => ({ value: id, label: name }))}
                value={site?.id ?? null}
                onChange={setSiteId}
                allowDeselect={false}
                data-testid="import-site"
              />
            )}
            {step.at === 'choose' ? (
              <>
                <FileDrop
                  label={t('patientImport.choose')}
                  help={t('patientImport.chooseHelp')}
                  dropWords={t('patientImport.drop')}
                  accept=".csv,.tsv,.txt,.json,text/csv,application/json,application/fhir+json"
                  take={([file]) => take(file)}
                  testId="import-file"
                />
                <p className="g-small g-dim">{t('patientImport.help')}</p>
              </>
            ) : (
              <ColumnMap
                records={step.records}
                mapping={mapping}
                onChange={setMapping}
                look={() => look(step.records)}
              />
            )}
          </div>
        </div>
      )}
      {!progress && step.at === 'plan' && (
        <PlanView
          plan={step.plan}
          choices={choices}
          choose={(key, choice) => setChoices(new Map(choices).set(key, choice))}
          today={today}
          start={() => start(step.plan)}
        />
      )}
      {step.at === 'done' && (
        <ImportResult plan={step.plan} choices={choices} outcome={step.outcome} />
      )}
    </>
  );
}
