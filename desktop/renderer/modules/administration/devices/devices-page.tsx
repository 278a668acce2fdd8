import { IconDeviceDesktop } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { usePageKeys } from '../../../shell/actions/page-keys.ts';
import { useSession } from '../../../shell/session.tsx';
import { DataTable } from '../../../ui/data-table.tsx';
import type { Column } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { When } from '../../../ui/when.tsx';
import { AdminError } from '../admin-error.tsx';
import { AdminFrame } from '../admin-frame.tsx';
import { useAdminAnswer, useDevices, useLocations, useNames } from '../use-admin.ts';
import { DeviceDetail } from './device-detail.tsx';
import { MachineStatus } from './machine.tsx';
import type { Machine } from './machine.tsx';

const route = getRouteApi('/administration/devices');

/** The machines that hold a replica: who was on them last, and whether they may sync. */
export function DevicesPage() {
  const { t } = useI18n();
  const { who } = useSession();
  const { id } = route.useSearch();
  const navigate = useNavigate();
  const now = useNow();
  const { data: rows, error } = useDevices();
  const { data: locations } = useLocations();
  const answer = useAdminAnswer('admin.devices');
  const names = useNames();
  const told = answer.data?.devices;

  const machines = useMemo<readonly Machine[] | undefined>(() => {
    if (!rows || !locations) return undefined;
    const sites = new Map(locations.map((site) => [site.id, site.code]));
    const known = new Map(told?.map((device) => [device.id, device]));
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      kind: row.kind,
      status: row.status,
      site: row.location_id === null ? '' : (sites.get(row.location_id) ?? ''),
      enrolledBy: row.enrolled_by,
      enrolledAt: row.created_at,
      told: known.get(row.id),
    }));
  }, [rows, locations, told]);
  const chosen = machines?.find((machine) => machine.id === id);
  const open = (machine: string | undefined) =>
    void navigate({ to: '/administration/devices', search: machine ? { id: machine } : {} });
  usePageKeys('administration', { close: () => open(undefined) });

  const columns = useMemo<readonly Column<Machine>[]>(
    () => [
      {
        id: 'name',
        title: t('devices.name'),
        minWidth: 150,
        grow: 2,
        sort: (row) => row.name,
        cell: (row) =>
          row.id === who.deviceId
            ? `${row.name} (${t('devices.thisOne').toLowerCase()})`
            : row.name,
      },
      {
        id: 'kind',
        title: t('devices.kind'),
        minWidth: 84,
        drop: 3,
        sort: (row) => t(`devices.kind.${row.kind}`),
        filter: (row) => row.kind,
        filterWord: (kind) => t(`devices.kind.${kind as Machine['kind']}`),
        cell: (row) => t(`devices.kind.${row.kind}`),
      },
      {
        id: 'site',
        title: t('devices.site'),
        minWidth: 56,
        drop: 2,
        sort: (row) => row.site,
        filter: (row) => row.site,
        cell: (row) => row.site || <span className="g-dim">–</span>,
      },
      {
        id: 'status',
        title: t('devices.status'),
        minWidth: 120,
        sort: (row) => t(`devices.status.${row.status}`),
        filter: (row) => row.status,
        filterWord: (status) => t(`devices.status.${status as Machine['status']}`),
        cell: (row) => <MachineStatus status={row.status} />,
      },
      {
        id: 'person',
        title: t('devices.lastPerson'),
        minWidth: 130,
        grow: 1,
        sort: (row) => names.get(row.told?.lastPersonId ?? '') ?? '',
        cell: (row) => names.get(row.told?.lastPersonId ?? '') ?? <span className="g-dim">–</span>,
      },
      {
        id: 'version',
        title: t('devices.version'),
        minWidth: 84,
        drop: 1,
        sort: (row) => row.told?.appVersion ?? '',
        filter: (row) => row.told?.appVersion ?? '',
        cell: (row) => row.told?.appVersion ?? <span className="g-dim">–</span>,
      },
      {
        id: 'queue',
        title: t('devices.queue'),
        minWidth: 72,
        drop: 2,
        number: true,
        sort: (row) => row.told?.waiting ?? -1,
        cell: (row) => row.told?.waiting ?? <span className="g-dim">–</span>,
      },
      {
        id: 'seen',
        title: t('devices.lastSeen'),
        minWidth: 116,
        sort: (row) => seenAt(row),
        cell: (row) =>
          seenAt(row) > 0 ? (
            <When instant={seenAt(row)} now={now} />
          ) : (
            <span className="g-dim">–</span>
          ),
      },
    ],
    [t, who.deviceId, names, now],
  );
  return (
    <AdminFrame part="devices" count={machines && t('devices.count', { n: machines.length })}>
      {answer.error && answer.error.code !== 'SERVER_UNREACHABLE' && (
        <div className="g-admin-note">
          <AdminError error={answer.error} retry={answer.reload} />
        </div>
      )}
      <div className="g-split" data-open={chosen !== undefined}>
        <section className="g-list" aria-label={t('admin.devices')}>
          {machines ? (
            <DataTable
              label={t('admin.devices')}
              rows={machines}
              columns={columns}
              rowId={(row) => row.id}
              rowTestId={() => 'device-row'}
              rowData={(row) => ({ 'data-id': row.id, 'data-status': row.status })}
              chosen={id ?? null}
              onOpen={(row) => open(row.id)}
              initialSort={BY_NAME}
              name="admin.devices"
              exportName={t('admin.devices').toLowerCase()}
              empty={
                <EmptyState
                  icon={IconDeviceDesktop}
                  title={t('devices.empty')}
                  help={t('devices.emptyHelp')}
                />
              }
            />
          ) : (
            <div style={{ padding: 16 }}>{error ? <ErrorNote error={error} /> : <Loading />}</div>
          )}
        </section>
        {chosen && (
          <DeviceDetail
            key={chosen.id}
            machine={chosen}
            names={names}
            now={now}
            changed={answer.reload}
            close={() => open(undefined)}
          />
        )}
      </div>
    </AdminFrame>
  );
}

const BY_NAME = [{ id: 'name', desc: false }];

/** What it reported last is more exact than what the server noted. */
const seenAt = ({ told }: Machine): number =>
  Math.max(told?.lastSeenAt ?? 0, told?.reportedAt ?? 0);
