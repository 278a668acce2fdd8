import { Button } from '@mantine/core';
import { IconDownload, IconPrinter, IconUsersGroup } from '@tabler/icons-react';
import { useState } from 'react';
import type { RecallView } from '#shared/ipc/administration.ts';
import type { LotTrace } from '#shared/ipc/views.stock.ts';
import { useSession } from '../../../../shell/session.tsx';
import { useSites } from '../../../../shell/sites.tsx';
import { useSync } from '../../../../shell/use-sync.ts';
import { saveText } from '../../../../ui/copy-text.ts';
import { toCsv } from '../../../../ui/csv.ts';
import type { CsvCell } from '../../../../ui/csv.ts';
import { ErrorNote } from '../../../../ui/error-note.tsx';
import { useI18n } from '../../../../ui/i18n.tsx';
import { PrintTable } from '../../../../ui/print-table.tsx';
import type { Printed } from '../../../../ui/print-table.tsx';
import { useRecallPatients } from './use-recall.ts';

interface Line {
  readonly key: string;
  readonly who: string | null;
  readonly birth: string | null;
  readonly mrn: string | null;
  readonly phone: string | null;
  readonly site: string;
  readonly at: number;
}

/**
 * Whom a lot was used for. Clinical staff see names, as far as this device holds them, and all of them
 * once they ask the server; everybody else sees how many.
 */
export function PatientsOfLot({ trace }: { trace: LotTrace }) {
  const { t, fmt } = useI18n();
  const { may } = useSession();
  const { byId } = useSites();
  const online = useSync().status?.online ?? false;
  const recall = useRecallPatients(trace.lot_id);
  const [printed, setPrinted] = useState<Printed | null>(null);
  const mayName = may('patient_uses', 'read');
  const used = trace.events.filter(
    ({ for_patient: isFor, undoes, undone }) => isFor && !undoes && !undone,
  );
  if (used.length === 0 && recall.found === null && !mayName) return null;
  const here: Line[] = used.flatMap(({ id, patient, location_code: site, occurred_at: at }) =>
    patient
      ? [
          {
            key: id,
            who: `${patient.family_name}, ${patient.given_name}`,
            birth: patient.birth_date,
            mrn: null,
            phone: null,
            site,
            at,
          },
        ]
      : [],
  );
  const lines = recall.found ? linesOf(recall.found, (id) => byId.get(id)?.code ?? '') : here;
  const head = [
    t('patients.name'),
    t('patients.birthDate'),
    t('patients.mrn'),
    t('patients.phone'),
    t('stock.site'),
    t('history.when'),
  ];
  const rows = (): CsvCell[][] =>
    lines.map(({ who, birth, mrn, phone, site, at }) => [
      who ?? t('recallOf.unreadable'),
      birth,
      mrn,
      phone,
      site,
      fmt.exact(at),
    ]);
  const print = () =>
    setPrinted(
      onPaper({
        title: t('recallOf.printTitle', { lot: trace.lot_no, item: trace.item_name }),
        notes: [t(recall.found ? 'recallOf.complete' : 'recallOf.partial')],
        head,
        rows: rows(),
      }),
    );
  return (
    <section
      className="g-stack"
      style={{ gap: 8 }}
      aria-label={t('recallOf.title')}
      data-testid="lot-patients"
    >
      {printed && <PrintTable key={printed.at} printed={printed} done={() => setPrinted(null)} />}
      <div className="g-row" style={{ flexWrap: 'wrap', gap: 8 }}>
        <h2 style={{ fontSize: 16 }}>{t('recallOf.title')}</h2>
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconUsersGroup size={16} stroke={1.5} />}
          loading={recall.busy}
          disabled={!online}
          title={online ? undefined : t('recallOf.offline')}
          onClick={() => void recall.ask()}
          data-testid="lot-patients-ask"
        >
          {t('recallOf.ask')}
        </Button>
        {mayName && lines.length > 0 && (
          <>
            <Button
              variant="default"
              size="compact-sm"
              leftSection={<IconPrinter size={16} stroke={1.5} />}
              onClick={print}
              data-testid="lot-patients-print"
            >
              {t('trace.print')}
            </Button>
            <Button
              variant="default"
              size="compact-sm"
              leftSection={<IconDownload size={16} stroke={1.5} />}
              // The name of a file is seen by everybody who sees the folder: it names the lot alone.
              onClick={() =>
                saveText(
                  toCsv([head, ...rows()]),
                  `${t('recallOf.file', { lot: trace.lot_no.replaceAll(/[^\w-]/g, '-') })}.csv`,
                  'text/csv',
                )
              }
              data-testid="lot-patients-csv"
            >
              {t('recallOf.csv')}
            </Button>
          </>
        )}
      </div>
      {recall.error && <ErrorNote error={recall.error} />}
      {recall.found ? (
        <ul className="g-plain-list" data-testid="lot-patients-counts">
          {recall.found.sites.map(({ locationId, uses, patients }) => (
            <li key={locationId}>
              {byId.get(locationId)?.code ?? ''}: {t('recallOf.patients', { n: patients })},{' '}
              {t('recallOf.uses', { n: uses })}
            </li>
          ))}
          {recall.found.sites.length === 0 && <li>{t('recallOf.none')}</li>}
        </ul>
      ) : (
        <p data-testid="lot-patients-known">
          {t('trace.patients', { n: used.length })}
          {mayName && used.length > here.length && (
            <span className="g-dim">
              {' '}
              {t('recallOf.notHere', { n: used.length - here.length })}
            </span>
          )}
        </p>
      )}
      {mayName && lines.length > 0 && (
        <table className="g-table" style={{ maxWidth: 860 }} data-testid="lot-patients-table">
          <thead>
            <tr>
              {head.map((words) => (
                <th key={words} scope="col">
                  {words}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={line.key}>
                <td>{line.who ?? t('recallOf.unreadable')}</td>
                <td>{line.birth === null ? '–' : fmt.date(line.birth)}</td>
                <td className="g-code">{line.mrn ?? '–'}</td>
                <td>{line.phone ?? '–'}</td>
                <td>{line.site}</td>
                <td>{fmt.exact(line.at)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

const onPaper = (printed: Omit<Printed, 'at'>): Printed => ({ ...printed, at: Date.now() });

const linesOf = ({ uses }: RecallView, codeOf: (site: string) => string): Line[] =>
  uses.map(({ id, locationId, occurredAt, patient }) => ({
    key: id,
    who: patient ? `${patient.familyName}, ${patient.givenName}` : null,
    birth: patient?.birthDate ?? null,
    mrn: patient?.mrn ?? null,
    phone: patient?.phone ?? null,
    site: codeOf(locationId),
    at: occurredAt,
  }));
