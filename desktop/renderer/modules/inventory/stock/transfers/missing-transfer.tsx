import { IconTruckDelivery } from '@tabler/icons-react';
import type { AppError } from '#shared/errors/app-error.ts';
import { BackTo } from '../../../../shell/back-to.tsx';
import { EmptyState } from '../../../../ui/empty-state.tsx';
import { ErrorNote } from '../../../../ui/error-note.tsx';
import { useI18n } from '../../../../ui/i18n.tsx';
import { Loading } from '../../../../ui/loading.tsx';

/** In place of the form of a transfer that is not read yet, cannot be read, or is not on this device. */
export function MissingTransfer(props: { isRead: boolean; error: AppError | null }) {
  const { isRead, error } = props;
  const { t } = useI18n();
  if (isRead) {
    return (
      <EmptyState
        isPage
        icon={IconTruckDelivery}
        title={t('transfers.notHere')}
        help={t('transfers.notHereHelp')}
        action={<BackTo to="/inventory/transfers">{t('transfers.title')}</BackTo>}
      />
    );
  }
  return <div style={{ padding: 16 }}>{error ? <ErrorNote error={error} /> : <Loading />}</div>;
}
