import { Button, Menu } from '@mantine/core';
import {
  IconChevronDown,
  IconCopyCheck,
  IconFileImport,
  IconFlame,
  IconListCheck,
  IconPlus,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useSession } from '../../../shell/session.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { makesItems } from './item-rights.ts';

const ICON = { size: 16, stroke: 1.5 } as const;

/** What is done with the catalogue, from the page of items. */
export function CatalogMenu() {
  const { t } = useI18n();
  const session = useSession();
  const makes = makesItems(session) !== null;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="default"
          rightSection={<IconChevronDown size={16} stroke={1.5} />}
          data-testid="catalog-menu"
        >
          {t('catalog.menu')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {makes && (
          <Menu.Item
            component={Link}
            to="/inventory/new"
            leftSection={<IconPlus {...ICON} />}
            rightSection={<span className="g-code g-dim">Alt+N</span>}
            data-testid="catalog-new"
          >
            {t('catalog.new')}
          </Menu.Item>
        )}
        <Menu.Item
          component={Link}
          to="/inventory/levels"
          leftSection={<IconListCheck {...ICON} />}
          rightSection={<span className="g-code g-dim">Alt+B</span>}
          data-testid="catalog-levels"
        >
          {t('levels.title')}
        </Menu.Item>
        {makes && (
          <Menu.Item
            component={Link}
            to="/inventory/import"
            leftSection={<IconFileImport {...ICON} />}
            rightSection={<span className="g-code g-dim">Alt+I</span>}
            data-testid="catalog-import"
          >
            {t('import.title')}
          </Menu.Item>
        )}
        {session.may('item_merges', 'create') && (
          <Menu.Item
            component={Link}
            to="/inventory/duplicates"
            leftSection={<IconCopyCheck {...ICON} />}
            rightSection={<span className="g-code g-dim">Alt+Shift+J</span>}
            data-testid="catalog-duplicates"
          >
            {t('duplicates.title')}
          </Menu.Item>
        )}
        {session.may('sds_documents', 'read') && (
          <Menu.Item
            component={Link}
            to="/inventory/safety"
            leftSection={<IconFlame {...ICON} />}
            rightSection={<span className="g-code g-dim">Alt+E</span>}
            data-testid="catalog-safety"
          >
            {t('safety.title')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
