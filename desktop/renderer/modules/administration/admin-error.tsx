import { IconAlertTriangle } from '@tabler/icons-react';
import type { AppError } from '#shared/errors/app-error.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { Note } from '../../ui/note.tsx';

/** Why the server did not do it, in the words of the administration where it has its own. */
export function AdminError(props: { error: AppError; retry?: () => void }) {
  const { t } = useI18n();
  const { code, safe } = props.error;
  const words =
    code === 'CALL_NOT_ALLOWED'
      ? safe['reason'] === 'own'
        ? t('admin.ownDevice')
        : t('admin.notAllowed')
      : code === 'SYNC_TRANSITION_REFUSED'
        ? t('admin.movedOn')
        : code === 'SERVER_UNREACHABLE'
          ? t('admin.offlineOnly')
          : null;
  if (words === null) return <ErrorNote error={props.error} retry={props.retry} />;
  return (
    <Note
      tone={code === 'SERVER_UNREACHABLE' ? 'amber' : 'red'}
      icon={IconAlertTriangle}
      role="alert"
      testId="admin-error"
    >
      {words}
      <div className="g-small g-code" data-code={code}>
        {code}
      </div>
    </Note>
  );
}
