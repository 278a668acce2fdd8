import { IconInfoCircle } from '@tabler/icons-react';
import { useState } from 'react';
import type { PersonView } from '#shared/ipc/administration.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { Note } from '../../../ui/note.tsx';
import { When } from '../../../ui/when.tsx';
import { AdminError } from '../admin-error.tsx';
import { ServerButton } from '../server-button.tsx';
import { useAdminAnswer, useOwnGrants } from '../use-admin.ts';
import { FactorsDialog } from './factors-dialog.tsx';
import type { Person } from './person.tsx';
import { actsFrom } from './person-acts.ts';
import type { PersonAct } from './person-acts.ts';
import { PersonDialog } from './person-dialog.tsx';
import { StateDialog } from './state-dialog.tsx';

type Open = PersonAct | 'edit' | 'factors' | null;

/** The account of a person, and what can be done with it; for those who may change people. */
export function Account(props: { person: Person; now: number }) {
  const { person, now } = props;
  const { t } = useI18n();
  const { userId } = useOwnGrants();
  const answer = useAdminAnswer('admin.person', { userId: person.id }, { of: person.status });
  const [open, setOpen] = useState<Open>(null);
  const told = answer.data?.person;
  const isOwn = person.id === userId;
  const close = () => setOpen(null);
  const isState = open !== null && open !== 'edit' && open !== 'factors';
  return (
    <section aria-labelledby="person-account">
      <h3 id="person-account">{t('people.account')}</h3>
      {answer.error && answer.error.code !== 'SERVER_UNREACHABLE' && (
        <AdminError error={answer.error} retry={answer.reload} />
      )}
      {told ? <AccountFacts told={told} now={now} /> : answer.busy && <Loading lines={3} />}
      {!told && answer.error?.code === 'SERVER_UNREACHABLE' && (
        <p className="g-dim">{t('admin.detailsLater')}</p>
      )}
      {isOwn ? (
        <Note tone="blue" icon={IconInfoCircle} testId="person-own">
          {t('people.ownAccount')}
        </Note>
      ) : (
        <div className="g-row" style={{ flexWrap: 'wrap', marginTop: 12 }}>
          {told && (
            <ServerButton testId="person-edit" onClick={() => setOpen('edit')}>
              {t('people.edit')}
            </ServerButton>
          )}
          {actsFrom(person.status).map((act) => (
            <ServerButton key={act} testId={`person-${act}`} onClick={() => setOpen(act)}>
              {t(`people.${act}`)}
            </ServerButton>
          ))}
          {told && told.factors > 0 && (
            <ServerButton testId="person-factors" onClick={() => setOpen('factors')}>
              {t('people.factors')}
            </ServerButton>
          )}
        </div>
      )}
      {open === 'edit' && told && (
        <PersonDialog
          person={{ id: person.id, name: person.name, homeId: person.homeId, told }}
          done={answer.reload}
          close={close}
        />
      )}
      {open === 'factors' && <FactorsDialog person={person} done={answer.reload} close={close} />}
      {isState && (
        <StateDialog
          person={person}
          act={open}
          devices={told?.devices ?? []}
          done={answer.reload}
          close={close}
        />
      )}
    </section>
  );
}

function AccountFacts(props: { told: PersonView; now: number }) {
  const { told, now } = props;
  const { t } = useI18n();
  return (
    <dl className="g-facts">
      <dt>{t('people.email')}</dt>
      <dd data-testid="account-email">{told.email}</dd>
      <dt>{t('people.signIn')}</dt>
      <dd data-testid="account-sign-in">{t(`people.signIn.${told.signIn}`)}</dd>
      <dt>{t('people.lastSignIn')}</dt>
      <dd data-testid="account-last">
        {told.lastSignInAt === null ? (
          t('admin.never')
        ) : (
          <When instant={told.lastSignInAt} now={now} />
        )}
      </dd>
      <dt>{t('people.secondFactor')}</dt>
      <dd data-testid="account-factors">
        {t(told.mfaRequired ? 'people.factorsNeeded' : 'people.factorsFree', { n: told.factors })}
      </dd>
      <dt>{t('people.pin')}</dt>
      <dd>{t('people.pinHelp')}</dd>
    </dl>
  );
}
