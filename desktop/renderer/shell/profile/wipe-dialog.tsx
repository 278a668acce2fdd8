import { Button, Checkbox, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconCloudCheck } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { Note } from '../../ui/note.tsx';
import { UnsentFiles } from '../files/unsent-files.tsx';
import { useTask } from '../../ui/use-task.ts';
import { useToasts } from '../../ui/toasts.tsx';
import { useSession } from '../session.tsx';
import { isTheName, wipeAllowed } from './wipe-rules.ts';
import { SyncFirst } from './sync-first.tsx';
import { useProfileCalls, useUnsent } from './use-profile.ts';

/** Removes a person from this device for good; while changes wait it takes a second consent. */
export function WipeDialog(props: { close: () => void }) {
  const { t } = useI18n();
  const calls = useProfileCalls();
  const { who } = useSession();
  const { done } = useToasts();
  const unsent = useUnsent();
  const task = useTask();
  /** For how many lost changes there is consent: one more asks again. */
  const [consent, setConsent] = useState<number | null>(null);
  const [typed, setTyped] = useState('');
  const [touched, setTouched] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const allowed = wipeAllowed(unsent, consent);
  const named = isTheName(typed, who.displayName);

  const wipe = async (event: FormEvent) => {
    event.preventDefault();
    setTouched(true);
    if (!allowed) return;
    if (!named) {
      field.current?.focus();
      return;
    }
    await task.run(async () => {
      await calls.wipe();
      done(t('wipe.done'));
    });
  };
  return (
    <Dialog title={t('wipe.title')} close={props.close} busy={task.busy} testId="wipe-dialog">
      <form
        noValidate
        className="g-stack"
        onSubmit={(event) => {
          void wipe(event);
        }}
      >
        <p>{t('wipe.help')}</p>
        {unsent === null && <p role="status">{t('wipe.unknown')}</p>}
        {unsent === 0 && (
          <Note tone="green" icon={IconCloudCheck} role="status" testId="wipe-nothing-waits">
            {t('wipe.nothingWaits')}
          </Note>
        )}
        {unsent !== null && unsent > 0 && (
          <>
            <Note tone="red" icon={IconAlertTriangle} role="alert" testId="wipe-waiting">
              {t('wipe.waiting', { n: unsent })}
            </Note>
            <SyncFirst />
            <Checkbox
              label={t('wipe.waitingCheck', { n: unsent })}
              checked={allowed}
              onChange={(event) => setConsent(event.currentTarget.checked ? unsent : null)}
              data-testid="wipe-consent"
            />
          </>
        )}
        <UnsentFiles words="files.goWithWipe" />
        <TextInput
          ref={field}
          label={t('wipe.type', { name: who.displayName })}
          autoComplete="off"
          spellCheck={false}
          disabled={!allowed}
          value={typed}
          error={touched && allowed && !named ? t('wipe.typeWrong') : null}
          onChange={(event) => setTyped(event.currentTarget.value)}
          data-testid="wipe-name"
        />
        {task.error && <ErrorNote error={task.error} testId="wipe-error" />}
        <div className="g-row g-wrap">
          <Button type="submit" color="red" disabled={task.busy || !allowed} data-testid="wipe-now">
            {task.busy ? t('wipe.busy') : t('wipe.now')}
          </Button>
          <Button
            variant="default"
            disabled={task.busy}
            onClick={props.close}
            data-autofocus
            data-testid="wipe-cancel"
          >
            {t('common.cancel')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
