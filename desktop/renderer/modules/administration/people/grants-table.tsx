import { IconCircleCheck, IconClock, IconHistory, IconPlayerPause } from '@tabler/icons-react';
import type { Icon } from '@tabler/icons-react';
import { useSession } from '../../../shell/session.tsx';
import { useSites } from '../../../shell/sites.tsx';
import { roleWord } from '../../../ui/domain-words.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { StatusPill } from '../../../ui/status-pill.tsx';
import type { Tone } from '../../../ui/status-pill.tsx';
import { ServerButton } from '../server-button.tsx';
import { dayOfBound, grantState } from './grant-state.ts';
import type { GrantState } from './grant-state.ts';
import type { Grant, Person } from './person.tsx';

const STATES: Readonly<Record<GrantState, { tone: Tone; icon: Icon }>> = {
  now: { tone: 'green', icon: IconCircleCheck },
  later: { tone: 'blue', icon: IconClock },
  ended: { tone: 'grey', icon: IconHistory },
  void: { tone: 'amber', icon: IconPlayerPause },
};

const NO_WRAP = { whiteSpace: 'nowrap' } as const;

/** The roles of a person with their days, and a way to let each end that is theirs to end. */
export function GrantsTable(props: {
  person: Person;
  names: ReadonlyMap<string, string>;
  now: number;
  end: (grant: Grant) => void;
}) {
  const { person, names, now } = props;
  const { t, fmt, timeZone } = useI18n();
  const { byId } = useSites();
  const { who, mayRow } = useSession();
  const isActive = person.status === 'active';
  const mayEnd = (grant: Grant): boolean =>
    person.id !== who.userId &&
    grantState(grant, isActive, now) !== 'ended' &&
    mayRow('user_roles', 'update', { ...grant });
  const hasActs = person.grants.some(mayEnd);
  return (
    <table className="g-plain-table" aria-labelledby="person-grants">
      <thead>
        <tr>
          <th scope="col">{t('people.role')}</th>
          <th scope="col">{t('people.site')}</th>
          <th scope="col">
            {t('people.from')} – {t('people.to')}
          </th>
          <th scope="col">{t('people.status')}</th>
          {hasActs && (
            <th scope="col">
              <span className="g-hidden">{t('people.acts')}</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {person.grants.map((grant) => {
          const state = grantState(grant, isActive, now);
          const { tone, icon } = STATES[state];
          const by = grant.granted_by === null ? null : names.get(grant.granted_by);
          const role = roleWord(t, grant.role);
          const place = grant.location_id === null ? undefined : byId.get(grant.location_id);
          const site =
            grant.location_id === null ? t('user.allSites') : (place?.code ?? t('admin.unknown'));
          const bound = (instant: number, which: 'first' | 'last') => (
            <time title={fmt.exact(instant)} style={NO_WRAP}>
              {fmt.date(dayOfBound(instant, which, place?.time_zone ?? timeZone))}
            </time>
          );
          return (
            <tr key={grant.id} data-testid="grant-row" data-state={state}>
              <td>
                {role}
                {by !== null && by !== undefined && (
                  <div className="g-small g-dim">
                    {t('people.grantedBy')}: <span style={NO_WRAP}>{by}</span>
                  </div>
                )}
              </td>
              <td>{site}</td>
              <td>
                {bound(grant.valid_from, 'first')} –{' '}
                {grant.valid_to === null ? t('people.toOpen') : bound(grant.valid_to, 'last')}
              </td>
              <td>
                <StatusPill
                  tone={tone}
                  icon={icon}
                  {...(state === 'void' ? { title: t('people.grant.voidHelp') } : {})}
                >
                  {t(`people.grant.${state}`)}
                </StatusPill>
              </td>
              {hasActs && (
                <td>
                  {mayEnd(grant) && (
                    <ServerButton
                      size="xs"
                      label={t('people.endThis', { role, site })}
                      testId="grant-end"
                      onClick={() => props.end(grant)}
                    >
                      {t('people.end')}
                    </ServerButton>
                  )}
                </td>
              )}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
