import { IconBuilding } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { usePageKeys } from '../../../shell/actions/page-keys.ts';
import { useSession } from '../../../shell/session.tsx';
import { DataTable } from '../../../ui/data-table.tsx';
import type { Column } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { AdminFrame } from '../admin-frame.tsx';
import { useLocations, useNames, useSettings } from '../use-admin.ts';
import { ServerButton } from '../server-button.tsx';
import { ALL_SITES } from './site.ts';
import type { Place } from './site.ts';
import { SiteDialog } from './site-dialog.tsx';
import { SiteDetail } from './site-detail.tsx';

const route = getRouteApi('/administration/sites');

/** The sites, and what is decided for each of them or for all, with the day from which it holds. */
export function SitesPage() {
  const { t } = useI18n();
  const { id = ALL_SITES } = route.useSearch();
  const navigate = useNavigate();
  // A value that holds from now on is seen to hold within moments.
  const now = useNow(2_000);
  const { data: locations, error } = useLocations();
  const { data: settings } = useSettings();
  const names = useNames();
  const { mayRow } = useSession();
  const [isMaking, setMaking] = useState(false);

  const places = useMemo<readonly Place[] | undefined>(() => {
    if (!locations) return undefined;
    const sites = locations.map((site) => ({ id: site.id, site, name: site.name }));
    if (sites.length === 0) return [];
    return [{ id: ALL_SITES, site: null, name: t('admin.allSites') }, ...sites];
  }, [locations, t]);
  const chosen = places?.find((place) => place.id === id);
  const open = (place: string | undefined) =>
    void navigate({ to: '/administration/sites', search: place ? { id: place } : {} });
  usePageKeys('administration', { close: () => open(undefined) });

  const columns = useMemo<readonly Column<Place>[]>(
    () => [
      {
        id: 'code',
        title: t('settings.code'),
        minWidth: 64,
        // What belongs to all sites stands first.
        sort: ({ site }) => site?.code ?? '',
        cell: ({ site }) => site?.code ?? '',
      },
      {
        id: 'name',
        title: t('settings.site'),
        minWidth: 130,
        grow: 2,
        sort: ({ name }) => name,
        cell: ({ name }) => name,
      },
      {
        id: 'zone',
        title: t('settings.zone'),
        minWidth: 130,
        grow: 1,
        drop: 1,
        sort: ({ site }) => site?.time_zone ?? '',
        cell: ({ site }) => site?.time_zone ?? '',
      },
      {
        id: 'active',
        title: t('settings.active'),
        minWidth: 64,
        drop: 2,
        sort: ({ site }) => (site?.active === false ? 0 : 1),
        cell: ({ site }) => (site ? (site.active ? t('common.yes') : t('common.no')) : ''),
      },
    ],
    [t],
  );
  return (
    <AdminFrame
      part="sites"
      count={locations && t('settings.count', { n: locations.length })}
      actions={
        mayRow('locations', 'create', {}) && (
          <ServerButton variant="filled" testId="site-new" onClick={() => setMaking(true)}>
            {t('settings.siteNewAct')}
          </ServerButton>
        )
      }
    >
      <div className="g-split" data-open={chosen !== undefined}>
        <section className="g-list" aria-label={t('admin.sites')}>
          {places ? (
            <DataTable
              label={t('admin.sites')}
              rows={places}
              columns={columns}
              rowId={(row) => row.id}
              rowTestId={(row) => `site-row-${row.site?.code ?? ALL_SITES}`}
              chosen={id}
              onOpen={(row) => open(row.id)}
              initialSort={BY_CODE}
              empty={
                <EmptyState
                  icon={IconBuilding}
                  title={t('settings.empty')}
                  help={t('settings.emptyHelp')}
                />
              }
            />
          ) : (
            <div style={{ padding: 16 }}>{error ? <ErrorNote error={error} /> : <Loading />}</div>
          )}
        </section>
        {chosen && (
          <SiteDetail
            key={chosen.id}
            place={chosen}
            settings={settings}
            names={names}
            now={now}
            close={() => open(undefined)}
          />
        )}
      </div>
      {isMaking && (
        <SiteDialog site={null} done={(made) => open(made)} close={() => setMaking(false)} />
      )}
    </AdminFrame>
  );
}

const BY_CODE = [{ id: 'code', desc: false }];
