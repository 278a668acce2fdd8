import { IconAlertTriangle } from '@tabler/icons-react';
import type { AppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import type { T } from '../../ui/i18n.tsx';
import { Note } from '../../ui/note.tsx';

/** Why the server did not do it, in the words of the administration where it has its own. */
export function AdminError(props: { error: AppError; retry?: () => void }) {
  const { t } = useI18n();
  const { code, safe } = props.error;
  const words = ownWords(t, code, safe);
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

/** The words of the administration, where it has its own. */
function ownWords(t: T, code: Code, safe: AppError['safe']): string | null {
  switch (code) {
    case 'CALL_NOT_ALLOWED':
      return t(safe['reason'] === 'own' ? 'admin.ownDevice' : 'admin.notAllowed');
    case 'SYNC_TRANSITION_REFUSED':
      return t('admin.movedOn');
    case 'SERVER_UNREACHABLE':
      return t('admin.offlineOnly');
    case 'REQUEST_INVALID':
      return Array.isArray(safe['fields']) && safe['fields'].includes('time_zone')
        ? t('admin.zoneWrong')
        : null;
    case 'SYNC_UNIQUE_TAKEN': {
      const { fields } = safe;
      if (!Array.isArray(fields)) return null;
      if (fields.includes('email')) return t('admin.emailTaken');
      return fields.includes('code') ? t('admin.codeTaken') : null;
    }
    default:
      return null;
  }
}
