import { IconMapOff } from '@tabler/icons-react';
import { EmptyState } from '../ui/empty-state.tsx';
import { useI18n } from '../ui/i18n.tsx';

/** An address that leads nowhere. */
export function NotFound() {
  const { t } = useI18n();
  return <EmptyState icon={IconMapOff} title={t('home.notFound')} />;
}
