import { Button } from '@mantine/core';
import { IconWalk } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useI18n } from '../../../ui/i18n.tsx';

/** Leads to the form of a walk-in. */
export function WalkInButton() {
  const { t } = useI18n();
  return (
    <Button
      component={Link}
      to="/visits/walk-in"
      leftSection={<IconWalk size={18} stroke={1.5} />}
      aria-keyshortcuts="Alt+W"
      title="Alt+W"
      data-testid="walk-in-open"
    >
      {t('walkIn.title')}
    </Button>
  );
}
