import { useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { RestoreForm } from './restore-form.tsx';
import { useUnsent } from './use-profile.ts';

/** Restore from a backup, in place of the data that is open. */
export function RestoreDialog(props: { close: () => void }) {
  const { t } = useI18n();
  const unsent = useUnsent();
  const [busy, setBusy] = useState(false);
  return (
    <Dialog title={t('restore.title')} close={props.close} busy={busy} testId="restore-dialog">
      <RestoreForm
        unsent={unsent}
        cancel={props.close}
        cancelWords={t('common.cancel')}
        busy={setBusy}
        done={props.close}
      />
    </Dialog>
  );
}
