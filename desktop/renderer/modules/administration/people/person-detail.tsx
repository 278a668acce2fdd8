import { CloseButton } from '@mantine/core';
import { IconCloudOff, IconInfoCircle } from '@tabler/icons-react';
import { useState } from 'react';
import { givableRoles } from '#shared/access/administration.ts';
import type { ProposalView } from '#shared/ipc/administration.ts';
import { useSession } from '../../../shell/session.tsx';
import { useSites } from '../../../shell/sites.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { Note } from '../../../ui/note.tsx';
import { ServerButton } from '../server-button.tsx';
import { useOnline, useOwnGrants } from '../use-admin.ts';
import { Account } from './account.tsx';
import { EndRoleDialog } from './end-role-dialog.tsx';
import { GrantsTable } from './grants-table.tsx';
import { PersonStatus } from './person.tsx';
import type { Grant, Person } from './person.tsx';
import { Proposals } from './proposals.tsx';
import { RoleDialog } from './role-dialog.tsx';

/** One person: roles with their days, the account, and what a change of them does to devices. */
export function PersonDetail(props: {
  person: Person;
  names: ReadonlyMap<string, string>;
  proposals: readonly ProposalView[];
  now: number;
  /** Something was proposed or decided. */
  changed: () => void;
  close: () => void;
}) {
  const { person, names, proposals, now } = props;
  const { t } = useI18n();
  const { mayRow } = useSession();
  const { byId } = useSites();
  const { userId, grants } = useOwnGrants();
  const isOnline = useOnline();
  const [isGiving, setGiving] = useState(false);
  const [ending, setEnding] = useState<Grant | null>(null);
  const isOwn = person.id === userId;
  const places = [null, ...byId.keys()];
  const mayGive =
    !isOwn &&
    person.status !== 'left' &&
    places.some((site) => givableRoles(grants, userId, site).length > 0);
  const mayChange = mayRow('users', 'update', { id: person.id, home_location_id: person.homeId });
  return (
    <aside className="g-detail" aria-label={person.name} data-testid="person-detail">
      <div className="g-detail-head g-row">
        <h2 className="g-spread" style={{ fontSize: 16 }}>
          {person.name}
        </h2>
        <PersonStatus status={person.status} />
        <CloseButton
          aria-label={t('common.close')}
          title={t('common.closeEsc')}
          onClick={props.close}
        />
      </div>
      <div className="g-detail-body g-sections">
        <section aria-labelledby="person-grants">
          <div className="g-row" style={{ marginBottom: 8 }}>
            <h3 id="person-grants" className="g-spread" style={{ margin: 0 }}>
              {t('people.grants')}
            </h3>
            {mayGive && (
              <ServerButton size="xs" testId="person-give" onClick={() => setGiving(true)}>
                {t('people.give')}
              </ServerButton>
            )}
          </div>
          {person.grants.length === 0 ? (
            <p className="g-dim">{t('people.noGrants')}</p>
          ) : (
            <GrantsTable person={person} names={names} now={now} end={setEnding} />
          )}
          {person.status === 'invited' && <p className="g-dim">{t('people.invitedHelp')}</p>}
        </section>
        {proposals.length > 0 && (
          <section aria-label={t('people.proposals')}>
            <h3>{t('people.proposals')}</h3>
            <Proposals proposals={proposals} names={names} done={props.changed} />
          </section>
        )}
        {mayChange && <Account person={person} now={now} />}
        {(mayGive || mayChange) && !isOnline && (
          <Note tone="amber" icon={IconCloudOff} role="status" testId="person-offline">
            {t('admin.needsServer')}
          </Note>
        )}
        <section aria-labelledby="person-effects">
          <h3 id="person-effects">{t('people.effects')}</h3>
          <p>{t('people.effectServer')}</p>
          <p>{t('people.effectDevice')}</p>
          <p>{t('people.effectData')}</p>
          <p>{t('people.effectQueue')}</p>
        </section>
        {!mayGive && !mayChange && !isOwn && (
          <Note tone="blue" icon={IconInfoCircle} testId="people-read-only">
            {t('people.readOnly')}
          </Note>
        )}
      </div>
      {isGiving && (
        <RoleDialog person={person} done={props.changed} close={() => setGiving(false)} />
      )}
      {ending && <EndRoleDialog person={person} grant={ending} close={() => setEnding(null)} />}
    </aside>
  );
}
