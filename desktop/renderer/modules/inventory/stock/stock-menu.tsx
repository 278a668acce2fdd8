import { Button, Menu } from '@mantine/core';
import {
  IconBarcode,
  IconBell,
  IconCalendarStats,
  IconChevronDown,
  IconGift,
  IconPackageExport,
  IconTrash,
  IconTruckDelivery,
  IconVaccineBottle,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useSession } from '../../../shell/session.tsx';
import { useI18n } from '../../../ui/i18n.tsx';

/** The ways to all that is done with stock beside receiving it. */
export function StockMenu() {
  const { t } = useI18n();
  const { may } = useSession();
  const takes = (kind: string): boolean => may('stock_acts', 'create', { kind });
  const entries = [
    {
      to: '/inventory/issue',
      icon: IconPackageExport,
      label: t('take.title.issue'),
      key: 'Alt+G',
      when: takes('issue') || may('patient_uses', 'create'),
    },
    {
      to: '/inventory/waste',
      icon: IconTrash,
      label: t('take.title.waste'),
      key: 'Alt+Shift+U',
      when: takes('waste'),
    },
    {
      to: '/inventory/vials',
      icon: IconVaccineBottle,
      label: t('vials.title'),
      key: 'Alt+Shift+V',
      when: may('vial_acts', 'read'),
    },
    {
      to: '/inventory/samples',
      icon: IconGift,
      label: t('samples.title'),
      key: 'Alt+Shift+M',
      when: may('sample_log', 'create') || may('sample_log', 'read'),
    },
    {
      to: '/inventory/transfers',
      icon: IconTruckDelivery,
      label: t('transfers.title'),
      key: 'Alt+T',
      when: may('transfers', 'read'),
    },
    {
      to: '/inventory/alerts',
      icon: IconBell,
      label: t('alerts.title'),
      key: 'Alt+L',
      when: may('stock_movements', 'read'),
    },
    {
      to: '/inventory/expiry',
      icon: IconCalendarStats,
      label: t('expiry.title'),
      key: 'Alt+X',
      when: may('stock_movements', 'read'),
    },
    {
      to: '/inventory/lots',
      icon: IconBarcode,
      label: t('lots.title'),
      key: 'Alt+Q',
      when: may('inventory_lots', 'read'),
    },
  ] as const;
  const offered = entries.filter(({ when }) => when);
  if (offered.length === 0) return null;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="default"
          rightSection={<IconChevronDown size={16} stroke={1.5} />}
          data-testid="stock-menu"
        >
          {t('stockMenu.title')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {offered.map(({ to, icon: Mark, label, key }) => (
          <Menu.Item
            key={to}
            component={Link}
            to={to}
            leftSection={<Mark size={18} stroke={1.5} />}
            rightSection={<span className="g-code g-dim">{key}</span>}
            data-testid={`stock-menu-${to.split('/').at(-1)}`}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
