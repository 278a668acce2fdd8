import { Button } from '@mantine/core';
import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconCircleCheck,
  IconInfoCircle,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { DataTable } from '../../../ui/data-table.tsx';
import type { Column } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { Note } from '../../../ui/note.tsx';
import { PageHeader } from '../../../ui/page-header.tsx';
import { StatusPill } from '../../../ui/status-pill.tsx';
import { useTask } from '../../../ui/use-task.ts';
import { useImport } from './use-import.ts';
import type { ImportedRow, TakenBack } from './use-import.ts';
import { recordColumns } from './import-row-columns.tsx';

/** What an import has done, row by row, and the way back as far as there is one. */
export function ImportResult(props: {
  rows: readonly ImportedRow[];
  /** Records that were wrong and are not among the rows. */
  wrong: number;
  another: () => void;
}) {
  const { rows, wrong } = props;
  const { t, say } = useI18n();
  const navigate = useNavigate();
  const { takeBack } = useImport();
  const task = useTask();
  const [back, setBack] = useState<TakenBack | null>(null);
  const refused = rows.filter((row) => row.refused !== null).length;
  const columns = useMemo<readonly Column<ImportedRow>[]>(
    () => [
      ...recordColumns<ImportedRow>(t),
      {
        id: 'name',
        title: t('inventory.item'),
        minWidth: 180,
        grow: 3,
        sort: (row) => row.name,
        cell: (row) => <span title={row.name}>{row.name}</span>,
      },
      {
        id: 'done',
        title: t('import.what'),
        minWidth: 200,
        grow: 2,
        text: (row) =>
          row.refused === null ? t(`import.done.${row.planned.outcome}`) : say(row.refused),
        filter: (row) => (row.refused === null ? row.planned.outcome : 'refused'),
        filterWord: (value) => t(`import.done.${value as 'new'}`),
        cell: (row) =>
          row.refused === null ? (
            <StatusPill tone="green" icon={IconCircleCheck}>
              {t(`import.done.${row.planned.outcome}`)}
            </StatusPill>
          ) : (
            <StatusPill tone="red" icon={IconAlertTriangle} title={row.refused}>
              {say(row.refused)}
            </StatusPill>
          ),
      },
    ],
    [t, say],
  );
  return (
    <>
      <PageHeader
        title={t('import.resultTitle')}
        count={t('import.resultCount', { n: rows.length - refused })}
      >
        {back === null && rows.length > refused && (
          <Button
            variant="default"
            loading={task.busy}
            leftSection={<IconArrowBackUp size={18} stroke={1.5} />}
            onClick={() =>
              void task.run(async () => {
                setBack(await takeBack(rows));
              })
            }
            data-testid="import-undo"
          >
            {t('import.takeBack')}
          </Button>
        )}
        <Button variant="default" onClick={props.another}>
          {t('import.another')}
        </Button>
        <Button onClick={() => void navigate({ to: '/inventory' })} data-testid="import-close">
          {t('import.toItems')}
        </Button>
      </PageHeader>
      <div className="g-stack" style={{ padding: '0 16px 8px' }} data-testid="import-result">
        {task.error && <ErrorNote error={task.error} />}
        {wrong > 0 && (
          <Note tone="amber" icon={IconAlertTriangle}>
            {t('import.wrongLeft', { n: wrong })}
          </Note>
        )}
        {back ? (
          <Note tone="blue" icon={IconInfoCircle} role="status" testId="import-taken-back">
            {t('import.takenBack', { restored: back.restored, discontinued: back.discontinued })}
            {back.left > 0 ? ` ${t('import.takenBackLeft', { n: back.left })}` : ''}
          </Note>
        ) : (
          <p className="g-dim">{t('import.takeBackHelp')}</p>
        )}
      </div>
      <section className="g-list" aria-label={t('import.resultTitle')}>
        <DataTable
          label={t('import.resultTitle')}
          rows={rows}
          columns={columns}
          rowId={(row) => String(row.line)}
          rowTestId={() => 'import-result-row'}
          exportName={t('import.resultTitle').toLowerCase()}
          name="import-result"
          empty={<EmptyState icon={IconCircleCheck} title={t('import.noRows')} />}
        />
      </section>
    </>
  );
}
