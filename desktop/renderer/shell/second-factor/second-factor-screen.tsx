import { Button } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import type { AuthState } from '#shared/ipc/store-contract.ts';
import { useI18n } from '../../ui/i18n.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { Gate } from '../gate.tsx';
import { useProfileCalls } from '../profile/use-profile.ts';
import { CodeForm } from './code-form.tsx';
import { FactorSetUp } from './factor-set-up.tsx';

/** Between password and work: the code of the second factor, or setting one up where it is needed. */
export function SecondFactorScreen(props: {
  step: Extract<AuthState, { state: 'second-factor' }>['step'];
}) {
  const isNew = props.step === 'set-up';
  const { t } = useI18n();
  const { signOut } = useProfileCalls();
  const { failed } = useToasts();
  return (
    <Gate
      title={t(isNew ? 'factor.setUp' : 'factor.title')}
      lead={<p className="g-dim">{t(isNew ? 'factor.setUpLead' : 'factor.lead')}</p>}
      testId="second-factor"
    >
      {isNew ? <FactorSetUp /> : <CodeForm />}
      {!isNew && <p className="g-small g-dim">{t('factor.lost')}</p>}
      <div>
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          leftSection={<IconUsers size={18} stroke={1.5} />}
          onClick={() => {
            signOut().catch(failed);
          }}
          data-testid="factor-other-person"
        >
          {t('factor.otherPerson')}
        </Button>
      </div>
    </Gate>
  );
}
