import { Button } from '@mantine/core';
import { IconLock, IconLockOpen } from '@tabler/icons-react';
import { useCallback, useEffect, useState } from 'react';
import { toAppError } from '#shared/errors/app-error.ts';
import type { AppError } from '#shared/errors/app-error.ts';
import type { KeyStatus } from '#shared/ipc/store-contract.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { focusWhenShown } from '../../ui/field-focus.ts';
import { useI18n } from '../../ui/i18n.tsx';
import { Loading } from '../../ui/loading.tsx';
import { StatusPill } from '../../ui/status-pill.tsx';
import { useTask } from '../../ui/use-task.ts';
import { useToasts } from '../../ui/toasts.tsx';
import { keychainWords } from './keychain-words.ts';
import { NewPinForm, RemovePinForm } from './pin-form.tsx';
import { useProfileCalls, useStoreWork } from './use-profile.ts';
import { WorkProgress } from './work-progress.tsx';

/** PIN and key of the open profile. `toLock`: the person wanted to lock and has no PIN yet. */
export function KeyDialog(props: { toLock: boolean; close: () => void }) {
  const { t } = useI18n();
  const calls = useProfileCalls();
  const [status, setStatus] = useState<KeyStatus | null>(null);
  const [failure, setFailure] = useState<AppError | null>(null);
  const [busy, setBusy] = useState(false);
  const ask = useCallback(() => {
    calls.keyStatus().then(
      (next) => {
        setStatus(next);
        setFailure(null);
      },
      (error: unknown) => setFailure(toAppError(error)),
    );
  }, [calls]);
  useEffect(ask, [ask]);
  return (
    <Dialog title={t('keys.title')} close={props.close} busy={busy} testId="key-dialog">
      {failure && <ErrorNote error={failure} retry={ask} />}
      {!status && !failure && <Loading lines={4} />}
      {status && (
        <>
          <PinPart status={status} toLock={props.toLock} changed={ask} />
          <KeyPart status={status} changed={ask} setBusy={setBusy} />
        </>
      )}
    </Dialog>
  );
}

function PinPart(props: { status: KeyStatus; toLock: boolean; changed: () => void }) {
  const { hasPin } = props.status;
  const { t } = useI18n();
  const { done } = useToasts();
  const [form, setForm] = useState<'change' | 'remove' | null>(null);
  const finish = (words: string) => () => {
    done(words);
    setForm(null);
    props.changed();
  };
  const cancel = () => setForm(null);
  return (
    <section className="g-stack" aria-labelledby="key-dialog-pin">
      <div className="g-row">
        <h2 id="key-dialog-pin" className="g-spread">
          {t('pin.title')}
        </h2>
        <StatusPill tone={hasPin ? 'green' : 'grey'} icon={hasPin ? IconLock : IconLockOpen}>
          {t(hasPin ? 'pin.isSet' : 'pin.isNone')}
        </StatusPill>
      </div>
      <p className="g-dim">{t(props.toLock && !hasPin ? 'pin.lockNeeds' : 'pin.help')}</p>
      {!hasPin && (
        <NewPinForm hasPin={false} takeFocus={props.toLock} done={finish(t('pin.wasSet'))} />
      )}
      {hasPin && form === 'change' && (
        <NewPinForm hasPin takeFocus done={finish(t('pin.wasChanged'))} cancel={cancel} />
      )}
      {hasPin && form === 'remove' && (
        <RemovePinForm done={finish(t('pin.wasRemoved'))} cancel={cancel} />
      )}
      {hasPin && form === null && (
        <div className="g-row g-wrap">
          <Button variant="default" onClick={() => setForm('change')} data-testid="pin-change">
            {t('pin.change')}
          </Button>
          <Button variant="default" onClick={() => setForm('remove')} data-testid="pin-remove">
            {t('pin.remove')}
          </Button>
        </div>
      )}
    </section>
  );
}

function KeyPart(props: {
  status: KeyStatus;
  changed: () => void;
  setBusy: (busy: boolean) => void;
}) {
  const { status, changed, setBusy } = props;
  const { t, fmt } = useI18n();
  const calls = useProfileCalls();
  const work = useStoreWork();
  const { done } = useToasts();
  const task = useTask();
  const [asking, setAsking] = useState(false);
  const rotate = async () => {
    setBusy(true);
    const went = await task.run(() => calls.rotate());
    setBusy(false);
    if (!went) return;
    setAsking(false);
    done(t('keys.rotated'));
    changed();
  };
  return (
    <section className="g-stack g-part" aria-labelledby="key-dialog-key">
      <h2 id="key-dialog-key">{t('keys.key')}</h2>
      <p className="g-dim">{t('keys.help')}</p>
      <dl className="g-facts">
        <dt>{t('keys.since')}</dt>
        <dd>{fmt.exact(status.since)}</dd>
        <dt>{t('keys.kept')}</dt>
        <dd>{keychainWords(t, status.keychain)}</dd>
        <dt>{t('keys.recovery')}</dt>
        <dd data-testid="key-recovery" data-has={status.hasRecovery}>
          {t(status.hasRecovery ? 'keys.recoveryYes' : 'keys.recoveryNo')}
        </dd>
      </dl>
      {task.error && <ErrorNote error={task.error} testId="rotate-error" />}
      {task.busy && work && <WorkProgress work={work} stay />}
      {asking ? (
        <>
          <p>{t('keys.rotateAsk')}</p>
          <div className="g-row g-wrap">
            <Button
              ref={focusWhenShown}
              disabled={task.busy}
              onClick={() => {
                void rotate();
              }}
              data-testid="rotate-now"
            >
              {t('keys.rotateNow')}
            </Button>
            <Button variant="default" disabled={task.busy} onClick={() => setAsking(false)}>
              {t('common.cancel')}
            </Button>
          </div>
        </>
      ) : (
        <div>
          <Button variant="default" onClick={() => setAsking(true)} data-testid="rotate">
            {t('keys.rotate')}
          </Button>
        </div>
      )}
    </section>
  );
}
