import { IconUsers } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { usePageKeys } from '../../../shell/actions/page-keys.ts';
import { useSession } from '../../../shell/session.tsx';
import { DataTable } from '../../../ui/data-table.tsx';
import type { Column } from '../../../ui/data-table.tsx';
import { roleWord } from '../../../ui/domain-words.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { AdminFrame } from '../admin-frame.tsx';
import { ServerButton } from '../server-button.tsx';
import { useAdminAnswer, useGrants, useLocations, useNames, usePeople } from '../use-admin.ts';
import { byState, grantState } from './grant-state.ts';
import { PersonDetail } from './person-detail.tsx';
import { PersonDialog } from './person-dialog.tsx';
import { PersonStatus } from './person.tsx';
import type { Person } from './person.tsx';

const route = getRouteApi('/administration/people');

/** Who works here and with which rights: from this device's copy, so it is there offline as well. */
export function PeoplePage() {
  const { t } = useI18n();
  const { who, may, holds, mayRow } = useSession();
  const { id } = route.useSearch();
  const navigate = useNavigate();
  const { data: users, error } = usePeople();
  const { data: grants } = useGrants();
  const now = useNow(undefined, grants);
  const { data: locations } = useLocations();
  const names = useNames();
  const mayInvite = mayRow('users', 'create', { home_location_id: null });
  const [isInviting, setInviting] = useState(false);
  const asked = useAdminAnswer(
    'admin.proposals',
    {},
    {
      isWanted: may('user_roles', 'create') || holds(PROPOSING, null) || may('users', 'create'),
      everyMs: PROPOSALS_EVERY_MS,
    },
  );
  const proposals = asked.data?.proposals;
  const waiting = useMemo(() => new Set(proposals?.map(({ userId }) => userId)), [proposals]);

  const people = useMemo<readonly Person[] | undefined>(() => {
    if (!users || !grants || !locations) return undefined;
    const sites = new Map(locations.map((site) => [site.id, site.code]));
    const ofPerson = Map.groupBy(grants, (grant) => grant.user_id);
    const siteOf = (site: string | null) =>
      site === null ? t('user.allSites') : (sites.get(site) ?? '');
    return users.map((user) => {
      const isActive = user.status === 'active';
      const own = (ofPerson.get(user.id) ?? []).toSorted(byState(isActive, now));
      const roles = own
        .filter((grant) => grantState(grant, isActive, now) === 'now')
        .map((grant) => `${roleWord(t, grant.role)} (${siteOf(grant.location_id)})`);
      return {
        id: user.id,
        name: user.display_name,
        status: user.status,
        homeId: user.home_location_id,
        home: user.home_location_id === null ? '' : (sites.get(user.home_location_id) ?? ''),
        grants: own,
        roles: roles.join(', '),
      };
    });
  }, [users, grants, locations, now, t]);
  const chosen = people?.find((person) => person.id === id);
  const open = (person: string | undefined) =>
    void navigate({ to: '/administration/people', search: person ? { id: person } : {} });
  usePageKeys('administration', { close: () => open(undefined) });

  const columns = useMemo<readonly Column<Person>[]>(
    () => [
      {
        id: 'name',
        title: t('people.name'),
        minWidth: 150,
        grow: 1,
        sort: (row) => row.name,
        cell: (row) => (row.id === who.userId ? `${row.name} (${t('people.you')})` : row.name),
      },
      {
        id: 'status',
        title: t('people.status'),
        minWidth: 116,
        sort: (row) => t(`people.status.${row.status}`),
        filter: (row) => row.status,
        filterWord: (status) => t(`people.status.${status as Person['status']}`),
        cell: (row) => <PersonStatus status={row.status} />,
      },
      {
        id: 'roles',
        title: t('people.roles'),
        minWidth: 160,
        grow: 2,
        sort: (row) => row.roles,
        cell: (row) =>
          [row.roles, waiting.has(row.id) ? t('people.waits') : ''].filter(Boolean).join(' · ') || (
            <span className="g-dim">{t('people.noRoles')}</span>
          ),
      },
      {
        id: 'home',
        title: t('people.home'),
        minWidth: 90,
        drop: 1,
        sort: (row) => row.home,
        filter: (row) => row.home,
        cell: (row) => row.home,
      },
    ],
    [t, who.userId, waiting],
  );
  return (
    <AdminFrame
      part="people"
      count={people && t('people.count', { n: people.length })}
      actions={
        mayInvite && (
          <ServerButton variant="filled" testId="person-invite" onClick={() => setInviting(true)}>
            {t('people.invite')}
          </ServerButton>
        )
      }
    >
      <div className="g-split" data-open={chosen !== undefined}>
        <section className="g-list" aria-label={t('admin.people')}>
          {people ? (
            <DataTable
              label={t('admin.people')}
              rows={people}
              columns={columns}
              rowId={(row) => row.id}
              rowTestId={() => 'person-row'}
              rowData={(row) => ({ 'data-id': row.id, 'data-status': row.status })}
              chosen={id ?? null}
              onOpen={(row) => open(row.id)}
              initialSort={BY_NAME}
              name="admin.people"
              empty={
                <EmptyState
                  icon={IconUsers}
                  title={t('people.empty')}
                  help={t('people.emptyHelp')}
                />
              }
            />
          ) : (
            <div style={{ padding: 16 }}>{error ? <ErrorNote error={error} /> : <Loading />}</div>
          )}
        </section>
        {chosen && (
          <PersonDetail
            key={chosen.id}
            person={chosen}
            names={names}
            proposals={proposals?.filter((one) => one.userId === chosen.id) ?? []}
            now={now}
            changed={asked.reload}
            close={() => open(undefined)}
          />
        )}
      </div>
      {isInviting && <PersonDialog done={(made) => open(made)} close={() => setInviting(false)} />}
    </AdminFrame>
  );
}

const PROPOSING: ReadonlySet<string> = new Set(['MG']);
const PROPOSALS_EVERY_MS = 60_000;
const BY_NAME = [{ id: 'name', desc: false }];
