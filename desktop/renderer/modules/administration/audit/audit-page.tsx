import { Button } from '@mantine/core';
import { IconDownload, IconFilterOff } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { AuditEntryView } from '#shared/ipc/administration.ts';
import { usePageKeys } from '../../../shell/actions/page-keys.ts';
import { useSites } from '../../../shell/sites.tsx';
import { useSync } from '../../../shell/use-sync.ts';
import { saveText } from '../../../ui/copy-text.ts';
import { toCsv } from '../../../ui/csv.ts';
import { DataTable } from '../../../ui/data-table.tsx';
import type { Column } from '../../../ui/data-table.tsx';
import { fieldWord, tableWord } from '../../../ui/domain-words.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { useTask } from '../../../ui/use-task.ts';
import { AdminError } from '../admin-error.tsx';
import { AdminFrame } from '../admin-frame.tsx';
import type { AuditSearch } from '../search.ts';
import { useAuditCalls, useDevices, useNames } from '../use-admin.ts';
import { AuditFilters } from './audit-filters.tsx';
import { SERVER_DEVICE, csvOf, filterOf } from './audit-words.ts';
import type { AuditNames } from './audit-words.ts';
import { ChainStrip } from './chain-strip.tsx';
import { EntryDetail } from './entry-detail.tsx';
import { ReadChainStrip } from './read-chains.tsx';
import { useAuditList, useChainCheck } from './use-audit.ts';

const route = getRouteApi('/administration/audit');

/** Who did what, as the server wrote it down; read there each time, and kept nowhere else. */
export function AuditPage() {
  const { t, fmt, timeZone } = useI18n();
  const search = route.useSearch();
  const navigate = useNavigate();
  const { done } = useToasts();
  const { byId } = useSites();
  const { noteExport } = useAuditCalls();
  const online = useSync().status?.online ?? false;
  const people = useNames();
  const { data: devices } = useDevices();
  const [patient, setPatient] = useState('');
  const filter = filterOf(search, patient, timeZone);
  const list = useAuditList(filter);
  const check = useChainCheck();
  const exporting = useTask();

  const names = useMemo<AuditNames>(() => {
    const machines = new Map(devices?.map(({ id, name }) => [id, name] as const));
    return {
      person: (id) => (id === null ? t('admin.nobody') : (people.get(id) ?? t('admin.unknown'))),
      device: (id) =>
        id === SERVER_DEVICE ? t('audit.server') : (machines.get(id ?? '') ?? t('admin.unknown')),
      site: (id) => (id === null ? '' : (byId.get(id)?.code ?? '')),
    };
  }, [devices, people, byId, t]);
  const set = (changes: Partial<AuditSearch>) =>
    void navigate({
      to: '/administration/audit',
      search: { ...search, ...changes },
      replace: !('id' in changes),
    });
  const close = () => set({ id: undefined });
  usePageKeys('administration', { close });
  const chosen = list.entries?.find(({ id }) => id === search.id);

  const save = () =>
    exporting.run(async () => {
      const { entries = [] } = list;
      // First it is noted; what cannot be noted does not leave.
      await noteExport({ filter, rows: entries.length });
      saveText(toCsv(csvOf(entries, names)), `${t('audit.fileName')}.csv`, 'text/csv');
      done(t('audit.exported', { n: entries.length }));
    });

  const columns = useMemo<readonly Column<AuditEntryView>[]>(
    () => [
      {
        id: 'when',
        title: t('audit.when'),
        minWidth: 176,
        cell: (row) => fmt.exact(row.recordedAt),
      },
      {
        id: 'who',
        title: t('audit.who'),
        minWidth: 112,
        grow: 1,
        cell: (row) => names.person(row.actorId),
      },
      {
        id: 'action',
        title: t('audit.action'),
        minWidth: 90,
        cell: (row) => t(`audit.action.${row.action}`),
      },
      {
        id: 'table',
        title: t('audit.table'),
        minWidth: 120,
        grow: 1,
        cell: (row) => <span title={row.tableName}>{tableWord(t, row.tableName)}</span>,
      },
      {
        id: 'fields',
        title: t('audit.fields'),
        minWidth: 140,
        grow: 2,
        drop: 2,
        cell: (row) => (
          <span title={row.screen ?? row.fieldNames.join(', ')}>
            {row.screen === null ? (
              row.fieldNames.map((field) => fieldWord(t, field)).join(', ')
            ) : (
              // The name of a view, for IT: of no language.
              <span className="g-code" lang="zxx">
                {row.screen}
              </span>
            )}
          </span>
        ),
      },
      {
        id: 'outcome',
        title: t('audit.outcome'),
        minWidth: 100,
        grow: 1,
        drop: 1,
        cell: (row) => <span className="g-code g-cut">{row.outcome}</span>,
      },
      {
        id: 'device',
        title: t('audit.device'),
        minWidth: 110,
        grow: 1,
        drop: 3,
        cell: (row) => names.device(row.deviceId),
      },
    ],
    [t, fmt, names],
  );
  const { entries } = list;
  const chains = useMemo(() => [...(devices?.map(({ id }) => id) ?? []), SERVER_DEVICE], [devices]);
  const choices = useMemo(
    () => ({
      people: [...people].map(([value, label]) => ({ value, label })),
      devices: chains.map((value) => ({ value, label: names.device(value) })),
    }),
    [people, chains, names],
  );
  return (
    <AdminFrame
      part="audit"
      count={entries && t(list.more ? 'audit.countMore' : 'audit.count', { n: entries.length })}
      actions={
        <Button
          variant="default"
          leftSection={<IconDownload size={18} stroke={1.5} />}
          title={t('audit.exportHelp')}
          disabled={!online || !entries || entries.length === 0}
          loading={exporting.busy}
          onClick={() => void save()}
          data-testid="audit-export"
        >
          {t('audit.export')}
        </Button>
      }
    >
      <AuditFilters
        search={search}
        set={set}
        patient={patient}
        setPatient={setPatient}
        people={choices.people}
        devices={choices.devices}
      />
      <div className="g-admin-notes">
        <ReadChainStrip nameOf={names.device} disabled={!online} />
        <ChainStrip check={check} deviceIds={chains} nameOf={names.device} disabled={!online} />
      </div>
      {(list.error ?? exporting.error) && (
        <div className="g-admin-note">
          {exporting.error && <AdminError error={exporting.error} />}
          {list.error && entries && <AdminError error={list.error} retry={list.reload} />}
        </div>
      )}
      <div className="g-split" data-open={chosen !== undefined}>
        <section className="g-list" aria-label={t('admin.audit')}>
          {entries ? (
            <>
              <DataTable
                label={t('admin.audit')}
                rows={entries}
                columns={columns}
                rowId={(row) => row.id}
                rowTestId={() => 'audit-row'}
                rowData={(row) => ({
                  'data-action': row.action,
                  'data-table': row.tableName,
                  'data-source': row.chainId === null ? 'server' : 'device',
                })}
                chosen={search.id ?? null}
                onOpen={(row) => set({ id: row.id })}
                empty={
                  <EmptyState
                    icon={IconFilterOff}
                    title={t('audit.empty')}
                    help={t('audit.emptyHelp')}
                  />
                }
              />
              {list.more && (
                <div style={{ padding: 8, textAlign: 'center' }}>
                  <Button
                    variant="default"
                    loading={list.busy}
                    disabled={!online}
                    onClick={list.loadMore}
                    data-testid="audit-more"
                  >
                    {t('audit.more')}
                  </Button>
                </div>
              )}
            </>
          ) : (
            <div style={{ padding: 16 }}>
              {list.error ? (
                <AdminError error={list.error} retry={list.reload} />
              ) : (
                <Loading lines={8} />
              )}
            </div>
          )}
        </section>
        {chosen && (
          <EntryDetail
            key={chosen.id}
            entry={chosen}
            names={names}
            check={check}
            disabled={!online}
            close={close}
          />
        )}
      </div>
    </AdminFrame>
  );
}
