import { IconCloudOff, IconLock } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { isMac, keyWords } from '../../shell/actions/keys.ts';
import { ADMIN_KEYS, adminParts } from '../../shell/admin-rights.ts';
import type { AdminPart } from '../../shell/admin-rights.ts';
import { useSession } from '../../shell/session.tsx';
import { useSync } from '../../shell/use-sync.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { Note } from '../../ui/note.tsx';
import { PageHeader } from '../../ui/page-header.tsx';

/** One part of the administration, under the names of all of them. */
export function AdminFrame(props: {
  part: AdminPart;
  count?: string | undefined;
  /** Beside the title. */
  actions?: ReactNode;
  children: ReactNode;
}) {
  const { t } = useI18n();
  const session = useSession();
  const { status } = useSync();
  const parts = adminParts(session);
  if (!parts.includes(props.part)) {
    return <EmptyState isPage icon={IconLock} title={t('admin.none')} help={t('admin.noneHelp')} />;
  }
  return (
    <>
      <PageHeader title={t(`admin.${props.part}`)} count={props.count}>
        {props.actions}
      </PageHeader>
      <nav className="g-admin-tabs" aria-label={t('admin.tabs')}>
        {parts.map((part) => (
          <Link
            key={part}
            to={`/administration/${part}`}
            className="g-admin-tab"
            activeProps={{ 'aria-current': 'page' }}
            title={keyWords(ADMIN_KEYS[part], isMac())}
            data-testid={`admin-${part}`}
          >
            {t(`admin.${part}`)}
          </Link>
        ))}
      </nav>
      {status?.online === false && (
        <div className="g-admin-note">
          <Note tone="amber" icon={IconCloudOff} role="status" testId="admin-offline">
            {t('admin.offline')}
          </Note>
        </div>
      )}
      {props.children}
    </>
  );
}
