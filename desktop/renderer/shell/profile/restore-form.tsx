import { Button, Checkbox, PasswordInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { Note } from '../../ui/note.tsx';
import { useTask } from '../../ui/use-task.ts';
import { useToasts } from '../../ui/toasts.tsx';
import { PASSPHRASE_MAX } from './passphrase.ts';
import { SyncFirst } from './sync-first.tsx';
import { useProfileCalls, useStoreWork } from './use-profile.ts';
import { WorkProgress } from './work-progress.tsx';

/**
 * Takes a profile out of a backup.
 * @param unsent changes that only this device has; null while nobody knows, which holds it back
 */
export function RestoreForm(props: {
  unsent: number | null;
  cancel: () => void;
  cancelWords: string;
  busy?: (busy: boolean) => void;
  done?: () => void;
}) {
  const { unsent } = props;
  const { t } = useI18n();
  const calls = useProfileCalls();
  const work = useStoreWork();
  const { done } = useToasts();
  const task = useTask();
  const [passphrase, setPassphrase] = useState('');
  const [touched, setTouched] = useState(false);
  const [agreed, setAgreed] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const problem = passphrase === '' ? t('backup.problem.missing') : null;
  const allowed = unsent === 0 || (unsent !== null && agreed);

  const restore = async (event: FormEvent) => {
    event.preventDefault();
    setTouched(true);
    if (problem !== null) field.current?.focus();
    if (problem !== null || !allowed) return;
    props.busy?.(true);
    let restored = false;
    const went = await task.run(async () => {
      restored = await calls.restore(passphrase);
    });
    props.busy?.(false);
    if (!went) field.current?.select();
    if (!restored) return;
    done(t('restore.done'));
    props.done?.();
  };
  return (
    <form
      noValidate
      className="g-stack"
      onSubmit={(event) => {
        void restore(event);
      }}
      data-testid="restore-form"
    >
      <p>{t('restore.help')}</p>
      {unsent === null && <p role="status">{t('wipe.unknown')}</p>}
      {unsent !== null && unsent > 0 && (
        <>
          <Note tone="amber" icon={IconAlertTriangle} role="status" testId="restore-waiting">
            {t('restore.waiting', { n: unsent })}
          </Note>
          <SyncFirst />
          <Checkbox
            label={t('restore.waitingCheck')}
            checked={agreed}
            onChange={(event) => setAgreed(event.currentTarget.checked)}
            data-testid="restore-agree"
          />
        </>
      )}
      <PasswordInput
        ref={field}
        label={t('restore.passphrase')}
        autoComplete="off"
        maxLength={PASSPHRASE_MAX}
        value={passphrase}
        error={touched ? problem : null}
        onChange={(event) => setPassphrase(event.currentTarget.value)}
        visibilityToggleButtonProps={{ 'aria-label': t('backup.show') }}
        data-autofocus
        data-testid="restore-passphrase"
      />
      {task.error && <ErrorNote error={task.error} testId="restore-error" />}
      {task.busy && work && <WorkProgress work={work} stay />}
      <div className="g-row g-wrap">
        <Button type="submit" disabled={task.busy || !allowed} data-testid="restore-now">
          {task.busy ? t('restore.busy') : t('restore.now')}
        </Button>
        <Button variant="default" disabled={task.busy} onClick={props.cancel}>
          {props.cancelWords}
        </Button>
      </div>
    </form>
  );
}
