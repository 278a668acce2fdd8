import { Button, Kbd, Select } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useI18n } from '../ui/i18n.tsx';
import { useSites } from './sites.tsx';
import { SyncChip } from './sync-chip.tsx';
import { UserMenu } from './user-menu.tsx';

/** Site, search and commands, state of the data, user. */
export function TopBar(props: { openPalette: () => void }) {
  const { t } = useI18n();
  const { sites, site, choose } = useSites();
  return (
    <header className="g-top">
      {sites && sites.length > 1 ? (
        <Select
          aria-label={t('top.site')}
          data={sites.map(({ id, name }) => ({ value: id, label: name }))}
          value={site?.id ?? null}
          onChange={(id) => id && choose(id)}
          allowDeselect={false}
          w={210}
          data-testid="site-select"
        />
      ) : (
        <span className="g-strong g-cut">{site?.name}</span>
      )}
      <Button
        variant="default"
        fw={400}
        c="dimmed"
        leftSection={<IconSearch size={16} stroke={1.5} />}
        rightSection={<Kbd size="xs">Ctrl K</Kbd>}
        onClick={props.openPalette}
        aria-keyshortcuts="Control+K"
        data-testid="palette-open"
      >
        {t('top.search')}
      </Button>
      <span className="g-spread" />
      <SyncChip />
      <UserMenu />
    </header>
  );
}
