import { CloseButton } from '@mantine/core';
import {
  IconCircleCheck,
  IconClock,
  IconHistory,
  IconInfoCircle,
  IconPlayerPause,
} from '@tabler/icons-react';
import type { Icon } from '@tabler/icons-react';
import { useSites } from '../../../shell/sites.tsx';
import { roleWord } from '../../../ui/domain-words.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { Note } from '../../../ui/note.tsx';
import { StatusPill } from '../../../ui/status-pill.tsx';
import type { Tone } from '../../../ui/status-pill.tsx';
import { grantState } from './grant-state.ts';
import type { GrantState } from './grant-state.ts';
import { PersonStatus } from './person.tsx';
import type { Person } from './person.tsx';

const STATES: Readonly<Record<GrantState, { tone: Tone; icon: Icon }>> = {
  now: { tone: 'green', icon: IconCircleCheck },
  later: { tone: 'blue', icon: IconClock },
  ended: { tone: 'grey', icon: IconHistory },
  void: { tone: 'amber', icon: IconPlayerPause },
};

/** One person: grants with their days, and what a change of them does to devices. */
export function PersonDetail(props: {
  person: Person;
  names: ReadonlyMap<string, string>;
  now: number;
  close: () => void;
}) {
  const { person, names, now } = props;
  const { t, fmt } = useI18n();
  const { byId } = useSites();
  const isActive = person.status === 'active';
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
          <h3 id="person-grants">{t('people.grants')}</h3>
          {person.grants.length === 0 ? (
            <p className="g-dim">{t('people.noGrants')}</p>
          ) : (
            <table className="g-plain-table" aria-labelledby="person-grants">
              <thead>
                <tr>
                  <th scope="col">{t('people.role')}</th>
                  <th scope="col">{t('people.site')}</th>
                  <th scope="col">{t('people.from')}</th>
                  <th scope="col">{t('people.to')}</th>
                  <th scope="col">{t('people.status')}</th>
                </tr>
              </thead>
              <tbody>
                {person.grants.map((grant) => {
                  const state = grantState(grant, isActive, now);
                  const { tone, icon } = STATES[state];
                  const by = grant.granted_by === null ? null : names.get(grant.granted_by);
                  return (
                    <tr key={grant.id} data-testid="grant-row" data-state={state}>
                      <td>
                        {roleWord(t, grant.role)}
                        {by !== null && by !== undefined && (
                          <div className="g-small g-dim">
                            {t('people.grantedBy')}: {by}
                          </div>
                        )}
                      </td>
                      <td>
                        {grant.location_id === null
                          ? t('user.allSites')
                          : (byId.get(grant.location_id)?.code ?? t('admin.unknown'))}
                      </td>
                      <td>{fmt.exact(grant.valid_from)}</td>
                      <td>
                        {grant.valid_to === null ? t('people.toOpen') : fmt.exact(grant.valid_to)}
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
                    </tr>
                  );
                })}
              </tbody>
            </table>
          )}
        </section>
        <section aria-labelledby="person-effects">
          <h3 id="person-effects">{t('people.effects')}</h3>
          <p>{t('people.effectServer')}</p>
          <p>{t('people.effectDevice')}</p>
          <p>{t('people.effectData')}</p>
          <p>{t('people.effectQueue')}</p>
        </section>
        <Note tone="blue" icon={IconInfoCircle} testId="people-read-only">
          {t('people.readOnly')}
        </Note>
      </div>
    </aside>
  );
}
