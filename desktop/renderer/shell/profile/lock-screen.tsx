import { Button } from '@mantine/core';
import { IconHelpCircle, IconHourglass, IconLockOpen, IconUsers } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { FormEvent } from 'react';
import type { AuthState } from '#shared/ipc/store-contract.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { Note } from '../../ui/note.tsx';
import { useTask } from '../../ui/use-task.ts';
import { useToasts } from '../../ui/toasts.tsx';
import { Gate } from '../gate.tsx';
import { clockWords, waitWords } from './countdown.ts';
import { PinInput } from './pin-input.tsx';
import { PIN_MAX, PIN_MIN } from './pin-rules.ts';
import { Recovery } from './recovery.tsx';
import { useCountdown } from './use-countdown.ts';
import { useProfileCalls, useStoreWork } from './use-profile.ts';
import { WorkProgress } from './work-progress.tsx';

export type Locked = Extract<AuthState, { state: 'locked' }>;

/** Somebody's profile is closed: their PIN opens it, or IT, or another person signs in. */
export function LockScreen(props: { auth: Locked }) {
  const { auth } = props;
  const { t } = useI18n();
  const calls = useProfileCalls();
  const { failed } = useToasts();
  const blocked = auth.triesLeft <= 0;
  const [recovering, setRecovering] = useState(false);
  return (
    <Gate
      title={auth.person.displayName}
      lead={<p className="g-dim">{t('lock.locked')}</p>}
      wide={recovering}
      testId="lock-screen"
    >
      {recovering ? (
        <Recovery hasRecovery={auth.hasRecovery} back={() => setRecovering(false)} />
      ) : (
        <>
          {blocked ? (
            <ErrorNote error="PIN_BLOCKED" testId="lock-blocked" />
          ) : (
            <PinForm auth={auth} />
          )}
          <div className="g-row g-wrap g-apart">
            <Button
              size={blocked ? 'sm' : 'compact-sm'}
              variant={blocked ? 'filled' : 'subtle'}
              color={blocked ? 'teal' : 'gray'}
              leftSection={<IconHelpCircle size={18} stroke={1.5} />}
              onClick={() => setRecovering(true)}
              data-testid="lock-forgotten"
            >
              {t(blocked ? 'recovery.title' : 'lock.forgotten')}
            </Button>
            <Button
              size="compact-sm"
              variant="subtle"
              color="gray"
              leftSection={<IconUsers size={18} stroke={1.5} />}
              onClick={() => {
                calls.signOut().catch(failed);
              }}
              data-testid="lock-other-person"
            >
              {t('lock.otherPerson')}
            </Button>
          </div>
        </>
      )}
    </Gate>
  );
}

function PinForm(props: { auth: Locked }) {
  const { auth } = props;
  const { t } = useI18n();
  const calls = useProfileCalls();
  const work = useStoreWork();
  const task = useTask();
  const [pin, setPin] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const wait = useCountdown(auth.waitUntil);
  useEffect(() => field.current?.focus(), []);

  const unlock = async (event: FormEvent) => {
    event.preventDefault();
    if (task.busy || wait !== null) return;
    if (pin.length < PIN_MIN || pin.length > PIN_MAX) {
      const word = pin === '' ? 'missing' : pin.length < PIN_MIN ? 'short' : 'long';
      setProblem(t(`pin.problem.${word}`));
      field.current?.focus();
      return;
    }
    const opened = await task.run(() => calls.unlock(pin));
    if (opened) return;
    setPin('');
    field.current?.focus();
  };
  const wrong = task.error?.code === 'PIN_WRONG';
  // The countdown says the same, and until when.
  const said = wrong || (task.error?.code === 'PIN_WAIT' && wait !== null);
  return (
    <form
      noValidate
      className="g-stack"
      onSubmit={(event) => {
        void unlock(event);
      }}
    >
      <PinInput
        ref={field}
        label={t('lock.pin')}
        value={pin}
        change={(next) => {
          setPin(next);
          setProblem(null);
        }}
        error={problem}
        testId="lock-pin"
      />
      {task.error && !said && <ErrorNote error={task.error} testId="lock-error" />}
      {wrong && !task.busy && (
        <div role="alert" className="g-small g-error" data-testid="lock-wrong">
          {t('lock.wrong', { n: auth.triesLeft })}
        </div>
      )}
      {wait !== null && (
        <Note tone="amber" icon={IconHourglass} testId="lock-wait">
          <span aria-hidden>{t('lock.waitUntil', { time: clockWords(wait) })}</span>
          {!wrong && <div className="g-small">{t('lock.left', { n: auth.triesLeft })}</div>}
        </Note>
      )}
      {task.busy && work && <WorkProgress work={work} />}
      <WaitAnnouncer seconds={wait} />
      <Button
        type="submit"
        leftSection={<IconLockOpen size={18} stroke={1.5} />}
        disabled={task.busy || wait !== null}
        data-testid="lock-unlock"
      >
        {task.busy ? t('lock.busy') : t('lock.unlock')}
      </Button>
    </form>
  );
}

/** Tells a screen reader in long steps what the eye sees every second, and when the wait is over. */
function WaitAnnouncer(props: { seconds: number | null }) {
  const { seconds } = props;
  const { t } = useI18n();
  const [waited, setWaited] = useState(seconds !== null);
  if (seconds !== null && !waited) setWaited(true);
  const words = seconds !== null ? waitWords(t, seconds) : waited ? t('lock.again') : '';
  return (
    <div role="status" className="g-hidden" data-testid="lock-wait-said">
      {words}
    </div>
  );
}
