import { Button } from '@mantine/core';
import { IconShieldCheck, IconShieldOff } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useStore } from '#desktop/collections/hooks.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { focusWhenShown } from '../../ui/field-focus.ts';
import { useI18n } from '../../ui/i18n.tsx';
import { Loading } from '../../ui/loading.tsx';
import { StatusPill } from '../../ui/status-pill.tsx';
import { useTask } from '../../ui/use-task.ts';
import { useToasts } from '../../ui/toasts.tsx';
import { FactorSetUp } from '../second-factor/factor-set-up.tsx';

/** The second factor of who is signed in: whether there is one, and setting one up. */
export function FactorDialog(props: { close: () => void }) {
  const { close } = props;
  const { t } = useI18n();
  const { client } = useStore();
  const { done } = useToasts();
  const { error, run } = useTask();
  const [isSet, setIsSet] = useState<boolean | null>(null);
  const [settingUp, setSettingUp] = useState(false);
  const ask = () => void run(async () => setIsSet((await client.call('auth.factor', {})).isSet));
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- asked once; again by the button
  useEffect(ask, []);
  return (
    <Dialog title={t('factor.title')} close={close} testId="factor-dialog">
      {error && <ErrorNote error={error} retry={ask} />}
      {isSet === null && !error && <Loading lines={3} />}
      {settingUp && (
        <FactorSetUp
          done={() => {
            done(t('factor.wasSet'));
            close();
          }}
        />
      )}
      {isSet !== null && !settingUp && (
        <>
          <div>
            <StatusPill
              tone={isSet ? 'green' : 'grey'}
              icon={isSet ? IconShieldCheck : IconShieldOff}
            >
              {t(isSet ? 'factor.isSet' : 'factor.isNone')}
            </StatusPill>
          </div>
          <p className="g-dim">{t('factor.help')}</p>
          {isSet ? (
            <p className="g-dim">{t('factor.lost')}</p>
          ) : (
            <div>
              <Button
                ref={focusWhenShown}
                onClick={() => setSettingUp(true)}
                data-testid="factor-begin"
              >
                {t('factor.begin')}
              </Button>
            </div>
          )}
        </>
      )}
    </Dialog>
  );
}
