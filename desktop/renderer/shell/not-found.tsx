import { Button } from '@mantine/core';
import { IconMapOff } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { EmptyState } from '../ui/empty-state.tsx';
import { useI18n } from '../ui/i18n.tsx';
import { usePlaces } from './places.ts';

/** An address that leads nowhere, with the way to where the person begins. */
export function NotFound() {
  const { t } = useI18n();
  const [first] = usePlaces();
  return (
    <EmptyState
      isPage
      icon={IconMapOff}
      title={t('home.notFound')}
      help={t('home.notFoundHelp')}
      action={
        first && (
          <Button component={Link} to={first.to} variant="default">
            {t('home.goTo', { place: first.title })}
          </Button>
        )
      }
    />
  );
}
