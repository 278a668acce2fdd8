import { ActionIcon, CloseButton, Tabs } from '@mantine/core';
import {
  IconCalendar,
  IconHistory,
  IconInfoCircle,
  IconPaperclip,
  IconQrcode,
  IconStack2,
} from '@tabler/icons-react';
import { useState } from 'react';
import type { IsoDate } from '#shared/kernel/dates.ts';
import { usePageKeys } from '../../shell/actions/page-keys.ts';
import { OnScreen, OthersHere } from '../../shell/presence.tsx';
import { FilesPanel } from '../../shell/files/files-panel.tsx';
import { useSites } from '../../shell/sites.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { ItemTab } from './catalog/item-tab.tsx';
import { HistoryTab } from './history-tab.tsx';
import { ItemLabel } from './item-label.tsx';
import { LotsTab } from './lots-tab.tsx';
import { LevelPill } from './stock-pills.tsx';
import { stockAt } from './stock-status.ts';
import { StockTab } from './stock-tab.tsx';
import type { ListedItem } from './use-inventory.ts';

export type DetailTab = 'stock' | 'lots' | 'item' | 'files' | 'history';
const TABS = [
  { value: 'stock', icon: IconStack2, key: 'detail.stock' },
  { value: 'lots', icon: IconCalendar, key: 'detail.lots' },
  { value: 'item', icon: IconInfoCircle, key: 'catalog.tab' },
  { value: 'files', icon: IconPaperclip, key: 'detail.files' },
  { value: 'history', icon: IconHistory, key: 'detail.history' },
] as const;

/** An item belongs to all sites, and so do its files. */
const NO_SITE = { location_id: null };

/** One item beside the list: stock per site, lots, history. */
export function ItemDetail(props: {
  item: ListedItem;
  today: IsoDate;
  tab: DetailTab;
  setTab: (tab: DetailTab) => void;
  close: () => void;
}) {
  const { item, today, tab } = props;
  const { t } = useI18n();
  const { site } = useSites();
  const [label, setLabel] = useState(false);
  usePageKeys('item', { label: () => setLabel(true) });
  return (
    <OnScreen screen={{ module: 'inventory', table: 'inventory_items', id: item.item_id }}>
      <aside
        className="g-detail"
        aria-label={item.name}
        data-testid="item-detail"
        data-sku={item.sku}
      >
        <Tabs
          value={tab}
          onChange={(value) => {
            const next = TABS.find((known) => known.value === value);
            if (next) props.setTab(next.value);
          }}
          keepMounted={false}
        >
          {label && <ItemLabel item={item} close={() => setLabel(false)} />}
          <div className="g-detail-head">
            <div className="g-row" style={{ alignItems: 'flex-start' }}>
              <div className="g-spread">
                <h2 style={{ fontSize: 16, lineHeight: '24px', fontWeight: 600 }}>{item.name}</h2>
                <div className="g-row g-dim" style={{ flexWrap: 'wrap' }}>
                  <span className="g-code">{item.sku}</span>
                  {item.category && <span>{item.category}</span>}
                  <LevelPill stock={stockAt(item, site?.id ?? null)} />
                  {item.status === 'discontinued' && <span>{t('detail.discontinued')}</span>}
                  {item.status === 'draft' && <span>{t('catalog.status.draft')}</span>}
                </div>
                <OthersHere />
              </div>
              <ActionIcon
                size={28}
                aria-label={t('label.open')}
                title={`${t('label.open')} (Ctrl+P)`}
                aria-keyshortcuts="Control+P"
                onClick={() => setLabel(true)}
                data-testid="label-open"
              >
                <IconQrcode size={18} stroke={1.5} />
              </ActionIcon>
              <CloseButton
                aria-label={t('common.close')}
                title={t('common.closeEsc')}
                onClick={props.close}
                data-testid="detail-close"
              />
            </div>
            <Tabs.List mt={8}>
              {TABS.map(({ value, icon: Mark, key }) => (
                <Tabs.Tab
                  key={value}
                  value={value}
                  leftSection={<Mark size={16} stroke={1.5} />}
                  data-testid={`tab-${value}`}
                >
                  {t(key)}
                </Tabs.Tab>
              ))}
            </Tabs.List>
          </div>
          <div className="g-detail-body">
            <Tabs.Panel value="stock">
              <StockTab item={item} />
            </Tabs.Panel>
            <Tabs.Panel value="lots">
              <LotsTab item={item} today={today} />
            </Tabs.Panel>
            <Tabs.Panel value="item">
              <ItemTab itemId={item.item_id} today={today} />
            </Tabs.Panel>
            <Tabs.Panel value="files">
              <FilesPanel
                owner={{ table: 'inventory_items', id: item.item_id }}
                scope={NO_SITE}
                captionFromName
                emptyHelp={t('files.emptyHelp')}
              />
            </Tabs.Panel>
            <Tabs.Panel value="history">
              <HistoryTab item={item} />
            </Tabs.Panel>
          </div>
        </Tabs>
      </aside>
    </OnScreen>
  );
}
