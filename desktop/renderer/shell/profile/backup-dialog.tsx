import { Button, PasswordInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { Note } from '../../ui/note.tsx';
import { useTask } from '../../ui/use-task.ts';
import { useToasts } from '../../ui/toasts.tsx';
import { UnsentFiles } from '../files/unsent-files.tsx';
import { checkNewPassphrase, PASSPHRASE_MAX, passphraseStrength } from './passphrase.ts';
import { StrengthBar } from './strength-bar.tsx';
import { useProfileCalls, useStoreWork } from './use-profile.ts';
import { WorkProgress } from './work-progress.tsx';

/** Save a backup: a passphrase twice, then the place, then it is written. */
export function BackupDialog(props: { close: () => void }) {
  const { t } = useI18n();
  const calls = useProfileCalls();
  const work = useStoreWork();
  const { done } = useToasts();
  const task = useTask();
  const [passphrase, setPassphrase] = useState('');
  const [repeat, setRepeat] = useState('');
  const [touched, setTouched] = useState<{ passphrase?: true; repeat?: true }>({});
  const first = useRef<HTMLInputElement>(null);
  const second = useRef<HTMLInputElement>(null);
  const problems = checkNewPassphrase(t, { passphrase, repeat });

  const save = async (event: FormEvent) => {
    event.preventDefault();
    setTouched({ passphrase: true, repeat: true });
    if (problems.passphrase) first.current?.focus();
    else if (problems.repeat) second.current?.focus();
    if (problems.passphrase || problems.repeat) return;
    let saved = false;
    await task.run(async () => {
      saved = await calls.backup(passphrase);
    });
    if (!saved) return;
    done(t('backup.saved'));
    props.close();
  };
  return (
    <Dialog title={t('backup.title')} close={props.close} busy={task.busy} testId="backup-dialog">
      <form
        noValidate
        className="g-stack"
        onSubmit={(event) => {
          void save(event);
        }}
      >
        <p>{t('backup.help')}</p>
        <div>
          <PasswordInput
            ref={first}
            label={t('backup.passphrase')}
            description={t('backup.passphraseHelp')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            autoComplete="off"
            maxLength={PASSPHRASE_MAX}
            value={passphrase}
            error={touched.passphrase ? problems.passphrase : null}
            onChange={(event) => setPassphrase(event.currentTarget.value)}
            onBlur={() => passphrase !== '' && setTouched({ ...touched, passphrase: true })}
            visibilityToggleButtonProps={{ 'aria-label': t('backup.show') }}
            data-autofocus
            data-testid="backup-passphrase"
          />
          {passphrase !== '' && <StrengthBar strength={passphraseStrength(passphrase)} />}
        </div>
        <PasswordInput
          ref={second}
          label={t('backup.repeat')}
          autoComplete="off"
          maxLength={PASSPHRASE_MAX}
          value={repeat}
          error={touched.repeat ? problems.repeat : null}
          onChange={(event) => setRepeat(event.currentTarget.value)}
          onBlur={() => repeat !== '' && setTouched({ ...touched, repeat: true })}
          visibilityToggleButtonProps={{ 'aria-label': t('backup.show') }}
          data-testid="backup-repeat"
        />
        <Note tone="amber" icon={IconAlertTriangle}>
          {t('backup.warning')}
        </Note>
        <UnsentFiles words="files.notInBackup" />
        {task.error && <ErrorNote error={task.error} testId="backup-error" />}
        {task.busy && work && <WorkProgress work={work} />}
        <div className="g-row g-wrap">
          <Button type="submit" disabled={task.busy} data-testid="backup-save">
            {task.busy ? t('backup.busy') : t('backup.save')}
          </Button>
          <Button variant="default" disabled={task.busy} onClick={props.close}>
            {t('common.cancel')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
